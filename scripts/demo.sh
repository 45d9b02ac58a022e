#!/bin/bash
# The picture: three unmodified builds in a network that holds a mirror and no public host, first
# with shunt, then without. Expects built binaries below $BUILD (make demo); writes below a
# temporary directory only. Colours on a terminal, unless NO_COLOR is set.
set -euo pipefail
# shellcheck source=../tests/lab/lab.sh
source "$(dirname "${BASH_SOURCE[0]}")/../tests/lab/lab.sh"
if [ -z "${LAB_DIR:-}" ]; then
    printf 'starting the lab ... '
fi
lab_enter "$0" "$@"
finished=yes

bold='' dim='' green='' red='' plain='' clear=''
if [ -t 1 ]; then
    clear=$'\r\e[K'
    if [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
        bold=$'\e[1m' dim=$'\e[2m' green=$'\e[32m' red=$'\e[31m' plain=$'\e[0m'
    fi
fi
progress() {
    if [ -n "$clear" ]; then
        printf '%s%s' "$clear" "$1"
    fi
}
human() { # BYTES
    if [ "$1" -ge 1000000 ]; then
        printf '%d.%d MB' $(($1 / 1000000)) $(($1 % 1000000 / 100000))
    else
        printf '%d kB' $((($1 + 999) / 1000))
    fi
}
build() { # TOOL
    case $1 in
        npm)
            cp -R "$REPOSITORIES/npm/project/." "$PROJECT"
            echo "//private.shunt.test/npm/:_authToken=$LAB_ACME_TOKEN" >"$FAKE_HOME/.npmrc"
            tool npm ci
            ;;
        pip)
            /usr/bin/python3 -m venv "$PROJECT/venv"
            cp "$REPOSITORIES/pypi/project/requirements.txt" "$PROJECT"
            tool venv/bin/python -m pip install -r requirements.txt
            ;;
        maven)
            cp -R "$REPOSITORIES/maven/project/." "$PROJECT"
            tool mvn -B package
            ;;
    esac
}
command_of() {
    case $1 in
        npm) echo 'npm ci' ;;
        pip) echo 'pip install -r requirements.txt' ;;
        maven) echo 'mvn -B package' ;;
    esac
}
# What the tool itself says of its failure.
reason() {
    grep -m1 -oE 'Client network socket .*|No matching distribution .*|Could not transfer artifact .*' \
        "$OUT" | sed -E -e 's/org\.apache\.maven\.plugins://' -e 's/ from\/to .*//' | cut -c1-74 ||
        true
}
count() { # N
    if [ "$1" = 1 ]; then
        echo '1 file'
    else
        echo "$1 files"
    fi
}

echo "${clear:-$'\n'}${bold}A step opts in; nothing else is changed.$plain"
echo
echo "  keys       pkg-{npm,python,maven}-{url,username,password}, mirror-ca"
echo "  network    mirror.shunt.test, private.shunt.test; no public host can be reached"
for name in npm pip maven; do
    echo "  ${dim}\$${plain} SHUNT=on LD_PRELOAD=libshunt.so $(command_of "$name")"
done
echo
printf "  $bold%-7s %-8s %-20s %-21s %-21s %s$plain\n" tool build fetched from 'authenticated as' \
    'public hosts'

bad=0
for name in npm pip maven; do
    progress "  $name ..."
    lab_case "$name"
    build "$name"
    result="${green}ok      $plain"
    if [ "$status" != 0 ]; then
        result="$red$(printf '%-8s' "exit $status")$plain"
        bad=1
        cp "$OUT" "$WORK/failed-$name"
    fi
    public=$(cut -f3 "$LAB_DIR/log/tripwire.log" | sort -u | tr '\n' ' ')
    if [ -n "$public" ]; then
        bad=1
    fi
    read -r files bytes host who < <(awk -F'\t' '$2 ~ /^2/ { n++; b += $4; host = $5; who[$3] = 1 }
        END { s = ""; for (w in who) s = s " " w; print n + 0, b + 0, host, s }' \
        "$LAB_DIR/log/mirror.log")
    if [ "$who" = user ]; then
        who=$LAB_USER
    fi
    printf "$clear  %-7s %s %-20s %-21s %-21s %s\n" "$name" "$result" "$(count "$files"), $(human "$bytes")" \
        "${host:--}" "${who:--}" "${public:-none}"
    if [ -s "$LAB_DIR/log/private.log" ]; then
        read -r files bytes < <(awk -F'\t' '$2 ~ /^2/ && $3 == "acme" { n++; b += $4 }
            END { print n + 0, b + 0 }' "$LAB_DIR/log/private.log")
        printf '  %-7s %-8s %-20s %-21s %s\n' '' '' "$(count "$files"), $(human "$bytes")" \
            private.shunt.test "the user's own token"
    fi
    if ! no_secret_on_disk >/dev/null; then
        leaks+="a file of $name; "
    fi
    if ! no_secret_in_output >/dev/null; then
        leaks+="the output of $name; "
    fi
    if ! no_secret_in_processes >/dev/null; then
        leaks+="a process of $name; "
    fi
done
if [ -n "${leaks:-}" ]; then
    bad=1
fi
echo
echo "  The mirror's password was found in: ${leaks:-no file, no output, no argument, no environment}."
echo
echo "${bold}The same without the library.$plain"
echo
printf "  $bold%-7s %-8s %-22s %s$plain\n" tool build 'wanted to go to' 'and said'
WITH=none
for name in npm pip maven; do
    progress "  $name ..."
    lab_case "$name"
    build "$name"
    if [ "$status" = 0 ]; then
        bad=1
    fi
    printf "$clear  %-7s ${red}%-8s$plain %-22s ${dim}%s$plain\n" "$name" "exit $status" \
        "$(cut -f3 "$LAB_DIR/log/tripwire.log" | sort | uniq -c | sort -rn |
            awk 'NR == 1 { print $2 }')" "$(reason)"
done
echo
echo "  ${dim}Also: shunt run -- npm ci (no variable at all), shunt config npm (what it was told).$plain"
for file in "$WORK"/failed-*; do
    if [ -f "$file" ]; then
        echo
        echo "${red}${file##*/failed-} failed:$plain"
        tail -15 "$file" | cut -c1-160
    fi
done
exit "$bad"
