#!/bin/bash
# Without keys or without the opt-in nothing changes: the same output, the same exit status, the same
# hosts as without the library.
set -euo pipefail
# shellcheck source=../lab/lab.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lab/lab.sh"
lab_enter "$0" "$@"

# Times, versions of a cache's file names and process ids differ between any two runs.
normalise() { # FILE
    sed -e "s|$LAB_DIR/[A-Za-z0-9._/-]*|PATH|g" -e 's/[0-9][0-9]*/N/g' "$1"
}

python=/usr/bin/python3
"$python" -m venv "$WORK/venv"
for client in npm pip maven curl config; do
    for with in none unset off absent; do
        WITH=$with
        lab_case "$client, library $with"
        find /dev/shm -mindepth 1 -maxdepth 2 | sort >"$WORK/quiet-before"
        case $client in
            npm)
                cp -R "$REPOSITORIES/npm/project/." "$PROJECT"
                public=registry.npmjs.org
                # One connection, so that the order of messages is the same each time.
                tool npm view lab-web --no-update-notifier
                ;;
            pip)
                cp -a "$WORK/venv" "$PROJECT/venv"
                public=pypi.org
                tool venv/bin/python -m pip install --disable-pip-version-check lab-alpha
                ;;
            maven)
                cp -R "$REPOSITORIES/maven/project/." "$PROJECT"
                public=repo.maven.apache.org
                tool mvn -B -q package
                ;;
            curl)
                public=
                tool curl -sS https://mirror.shunt.test/lab/hello.txt
                ;;
            config)
                public=
                tool npm config list
                ;;
        esac
        normalise "$OUT" >"$WORK/quiet-$client-$with"
        if [ "$with" = none ]; then
            expected=$status
            cut -f2- "$LAB_DIR/log/tripwire.log" | sort -u >"$WORK/quiet-hosts"
        else
            check 'the same exit status' test "$status" = "$expected"
            check 'the same output' diff "$WORK/quiet-$client-none" "$WORK/quiet-$client-$with"
            check 'the same hosts' \
                diff "$WORK/quiet-hosts" <(cut -f2- "$LAB_DIR/log/tripwire.log" | sort -u)
        fi
        if [ -n "$public" ]; then
            check "it wanted to go to $public" went_public "$public"
        fi
        check 'the mirror was not asked' not mirror_asked /repository/
        # Brokers of earlier tests may still be there, and may leave meanwhile.
        check 'no broker was started' test -z \
            "$(find /dev/shm -mindepth 1 -maxdepth 2 | sort | comm -13 "$WORK/quiet-before" -)"
    done
done

lab_done
