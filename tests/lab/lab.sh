# shellcheck shell=bash disable=SC2034
# What every end-to-end script shares. Source it; the first call is lab_enter "$0" "$@".
#
# Inside the lab:
#   lab_case NAME            a new empty HOME, project and TMPDIR; the logs begin anew
#   lab_keys KIND            $KEYS becomes a key directory: basic, token, wrong
#   tool CMD...              runs CMD in $PROJECT as a user's build step would, with the library;
#                            sets $status and writes the output to $OUT
#   check TEXT CMD...        one TAP line: ok if CMD succeeds
#   skip TEXT REASON         one TAP line for what cannot be tested here
#   lab_done                 the closing line; exit status 1 if something failed
# Variables that steer tool: WITH (library, off, unset, absent, none, plain), EXTRA_ENV (array).
# Writes below $LAB_DIR only.

LAB_HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=secrets.sh
source "$LAB_HERE/secrets.sh"

MIRROR=https://mirror.shunt.test/repository
PRIVATE=https://private.shunt.test
TOOL_TIMEOUT=${TOOL_TIMEOUT:-180}
WITH=${LAB_WITH:-library}
EXTRA_ENV=()
passed=0 failed=0 skipped=0 status=0 case_number=0 output_shown=no finished=no

lab_enter() {
    if [ -z "${LAB_DIR:-}" ]; then
        exec "$LAB_HERE/run-in-lab.sh" "$@"
    fi
    CLIENTS=${SHUNT_CLIENTS:-$BUILD/clients}
    LIBRARY=$BUILD/libshunt.so
    SHUNT_COMMAND=$BUILD/shunt
    REPOSITORIES=$LAB_REPOSITORIES
    FAKE_HOME=$LAB_DIR/home
    rm -rf "$FAKE_HOME"
    WORK=$(mktemp -d "$LAB_DIR/work.XXXXXX")
    printf '%s\n' "$LAB_USER" "$LAB_PASSWORD" "$LAB_TOKEN" |
        /usr/bin/python3 -B "$LAB_HERE/forms.py" >"$WORK/secrets"
    if [ "$WITH" = library ] && ! [ -f "$LIBRARY" ]; then
        echo "$LIBRARY is missing: run make first" >&2
        exit 1
    fi
    if [ "$WITH" = plain ]; then
        "$LAB_HERE/plain.sh" "$WORK/plain"
    fi
    trap lab_leave EXIT
    lab_keys basic
}

# The sampler ends when its pipe is closed; nothing else is left running.
lab_leave() {
    if [ -n "${sampler_pid:-}" ]; then
        kill "$sampler_pid" 2>/dev/null || true
    fi
    if [ "$finished" = no ]; then
        echo "Bail out! the script ended early (case: ${CASE:-none})"
    fi
}

lab_keys() {
    KEYS=$WORK/keys-$1
    if ! [ -d "$KEYS" ]; then
        "$LAB_HERE/keys.sh" "$KEYS" "$1"
    fi
}

lab_case() {
    CASE=$1
    case_number=$((case_number + 1))
    if [ "$case_number" = 1 ] && [ "$finished" = no ]; then
        echo "# ${0##*/}"
    fi
    # The lab's passwd names one home, for the JVM does not look at HOME: each case empties it.
    if [ -d "$FAKE_HOME" ] && [ -d "${HERE:-}" ]; then
        mv "$FAKE_HOME" "$HERE/home"
    fi
    HERE=$WORK/$case_number
    PROJECT=$HERE/project SCRATCH=$HERE/tmp OUT=$WORK/$case_number.out
    mkdir -p "$FAKE_HOME" "$PROJECT" "$SCRATCH"
    EXTRA_ENV=()
    lab_logs_anew
}

lab_sync() {
    curl -q -fsS -o /dev/null --cacert "$LAB_DIR/ca/mirror-ca.pem" \
        https://mirror.shunt.test/lab/sync
}

lab_logs_anew() {
    lab_sync
    : >"$LAB_DIR/log/mirror.log"
    : >"$LAB_DIR/log/private.log"
    : >"$LAB_DIR/log/tripwire.log"
}

tool_environment() {
    # No second attempts: a test that fails would otherwise take minutes to say so.
    ENVIRONMENT=(PATH="$PATH" HOME="$FAKE_HOME" LANG=C.UTF-8 TMPDIR="$SCRATCH"
        npm_config_fetch_retries=0 PIP_RETRIES=0)
    case $WITH in
        library) ENVIRONMENT+=(SHUNT=on SHUNT_KEYS="$KEYS" LD_PRELOAD="$LIBRARY") ;;
        off) ENVIRONMENT+=(SHUNT=off SHUNT_KEYS="$KEYS" LD_PRELOAD="$LIBRARY") ;;
        unset) ENVIRONMENT+=(SHUNT_KEYS="$KEYS" LD_PRELOAD="$LIBRARY") ;;
        absent) ENVIRONMENT+=(SHUNT=on SHUNT_KEYS="$HERE/no-such-keys" LD_PRELOAD="$LIBRARY") ;;
        plain)
            ENVIRONMENT+=(npm_config_globalconfig="$WORK/plain/npmrc"
                PIP_CONFIG_FILE="$WORK/plain/pip.conf"
                MAVEN_OPTS="-Djavax.net.ssl.trustStore=$WORK/plain/trust.jks")
            ;;
        none) ;;
    esac
}

tool() {
    local ENVIRONMENT
    tool_environment
    rm -f "$WORK/sampled"
    # The pipe's end is the sampler's signal to stop, however this script ends.
    exec {sampler_pipe}> >(exec /usr/bin/python3 -B "$LAB_HERE/sampler.py" "$WORK/secrets" \
        "$WORK/sampled")
    sampler_pid=$!
    status=0 output_shown=no
    # A tool that a signal ended makes bash say so; the status says it too.
    {
        (
            exec {sampler_pipe}>&-
            cd "$PROJECT"
            exec env -i "${ENVIRONMENT[@]}" "${EXTRA_ENV[@]}" \
                timeout -k 5 "$TOOL_TIMEOUT" "$@" >"$OUT" 2>&1 </dev/null
        ) || status=$?
    } 2>/dev/null
    exec {sampler_pipe}>&-
    wait "$sampler_pid" || true
    sampler_pid=
    lab_sync
}

check() {
    local text=$1
    shift
    if "$@" >"$WORK/check.out" 2>&1; then
        passed=$((passed + 1))
        echo "ok $((passed + failed + skipped)) - $CASE: $text"
    else
        failed=$((failed + 1))
        echo "not ok $((passed + failed + skipped)) - $CASE: $text"
        sed 's/^/#   /' "$WORK/check.out" | head -20
        if [ -s "$OUT" ] && [ "$output_shown" = no ]; then
            output_shown=yes
            echo "# output (exit status $status):"
            tail -25 "$OUT" | cut -c1-300 | sed 's/^/#   /'
        fi
    fi
}

skip() {
    skipped=$((skipped + 1))
    echo "ok $((passed + failed + skipped)) - $1 # SKIP $2"
}

lab_done() {
    finished=yes
    echo "$passed passed, $failed failed, $skipped skipped"
    if [ -n "${LAB_SUMMARY:-}" ]; then
        echo "$passed $failed $skipped" >>"$LAB_SUMMARY"
    fi
    [ "$failed" = 0 ]
}

# --- what to check --------------------------------------------------------------------------------

not() { ! "$@"; }
succeeded() { [ "$status" = 0 ]; }
# 124 and 137 are timeouts: a hang is not the failure that a test waits for.
refused() { [ "$status" != 0 ] && [ "$status" != 124 ] && [ "$status" != 137 ]; }
says() { grep -F -e "$1" "$OUT"; }
file_says() { grep -F -e "$2" "$1"; }

# The mirror answered a request whose line contains $1 with 2xx, to somebody it knows.
mirror_gave() {
    awk -F'\t' -v path="$1" '
        $2 ~ /^2/ && index($6, path) && ($3 == "user" || $3 == "bearer") { found = 1 }
        END { exit !found }' "$LAB_DIR/log/mirror.log" || {
        echo "no such request in the mirror's log: $1"
        cut -f2- "$LAB_DIR/log/mirror.log"
        return 1
    }
}
mirror_asked() { grep -F -e "$1" "$LAB_DIR/log/mirror.log"; }
mirror_gave_at_least() {
    local n
    n=$(awk -F'\t' '$2 ~ /^2/ && $3 != "-" { n++ } END { print n + 0 }' "$LAB_DIR/log/mirror.log")
    echo "$n requests"
    [ "$n" -ge "$1" ]
}
# Nothing was served to a stranger, and no wrong credential was sent. A first request without one,
# which the mirror answers with a challenge, is how Maven begins.
mirror_knew_everybody() {
    awk -F'\t' '$3 == "refused" || ($2 ~ /^2/ && $3 == "-" && $6 !~ /^GET \/lab\//) { print; bad = 1 }
        END { exit bad }' "$LAB_DIR/log/mirror.log"
}
mirror_served_nothing() { ! awk -F'\t' '$2 ~ /^2/ { print; found = 1 } END { exit !found }' \
    "$LAB_DIR/log/mirror.log"; }
private_gave() {
    awk -F'\t' -v path="$1" '$2 ~ /^2/ && index($6, path) && $3 == "acme" { found = 1 }
        END { exit !found }' "$LAB_DIR/log/private.log"
}
# The team's own registry never saw the mirror's credentials.
private_saw_no_stranger() { not grep -P '\tforeign\t' "$LAB_DIR/log/private.log"; }
nothing_public() {
    cat "$LAB_DIR/log/tripwire.log"
    ! [ -s "$LAB_DIR/log/tripwire.log" ]
}
went_public() { grep -F -e "$1" "$LAB_DIR/log/tripwire.log"; }

no_secret_on_disk() { ! grep -rlaF -f "$WORK/secrets" "$HERE" "$FAKE_HOME" /dev/shm; }
no_secret_in_output() { ! grep -naF -f "$WORK/secrets" "$OUT"; }
no_secret_in_processes() {
    cat "$WORK/sampled"
    [ "$(wc -l <"$WORK/sampled")" = 1 ] && ! grep -q 'looked at 0' "$WORK/sampled"
}
# npm's cache and logs name whom it asked, and may: they are no configuration.
no_mirror_on_disk() { ! grep -rlaF --exclude-dir=.npm mirror.shunt.test "$@"; }

# What holds after every build that was meant to work.
check_clean() {
    check 'the mirror knew who asked, each time' mirror_knew_everybody
    check 'the private registry saw no foreign credential' private_saw_no_stranger
    check 'nothing went to a public host' nothing_public
    check_no_secret
}
check_no_secret() {
    check 'no secret on disk' no_secret_on_disk
    check 'no secret in the output' no_secret_in_output
    check 'no secret in arguments or environments' no_secret_in_processes
}
