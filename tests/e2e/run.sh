#!/bin/bash
# The command: shunt run, shunt config, and what they say.
set -euo pipefail
# shellcheck source=../lab/lab.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lab/lab.sh"
lab_enter "$0" "$@"

# The command itself is started without the library and without any variable of ours.
WITH=none
shunt=$SHUNT_COMMAND
run=("$shunt" run --keys "$KEYS" --)

lab_case 'shunt run npm'
cp -R "$REPOSITORIES/npm/project/." "$PROJECT"
echo "//private.shunt.test/npm/:_authToken=$LAB_ACME_TOKEN" >"$FAKE_HOME/.npmrc"
tool "${run[@]}" npm ci
check 'succeeds' succeeded
check 'fetched from the mirror' mirror_gave '@lab/core/-/core-1.0.0.tgz'
check 'one closing line says what was used' test "$(grep -c '^shunt: .*npm' "$OUT")" = 1
check_clean

lab_case 'shunt run mvn'
cp -R "$REPOSITORIES/maven/project/." "$PROJECT"
tool "${run[@]}" mvn -B -q package
check 'succeeds' succeeded
check 'fetched from the mirror' mirror_gave '/lab/greeting/1.0/greeting-1.0.jar'
check_clean

lab_case '--quiet'
tool "$shunt" run --keys "$KEYS" --quiet -- npm view lab-web version
check 'succeeds' succeeded
check 'no line of ours' not says 'shunt:'

lab_case 'keys from the environment'
EXTRA_ENV=("SHUNT_KEYS=$KEYS")
tool "$shunt" run -- npm view lab-web version
check 'succeeds' succeeded
check 'fetched from the mirror' mirror_gave /npm-proxy/lab-web

lab_case 'exit status'
tool "${run[@]}" sh -c 'exit 7'
check 'is passed on' test "$status" = 7
tool "${run[@]}" true
check 'zero too' succeeded
tool "${run[@]}" "$PROJECT/no-such-program"
check '127 where there is no such program' test "$status" = 127
tool "${run[@]}" "$FAKE_HOME"
check '126 where it cannot be executed' test "$status" = 126

lab_case 'standard streams'
# shellcheck disable=SC2016 # the inner shell expands
tool sh -c 'printf "one\ntwo\n" | "$0" run --quiet --keys "$1" -- cat' "$shunt" "$KEYS"
check 'standard input and output are the command'"'"'s' test "$(cat "$OUT")" = $'one\ntwo'
# A broker that kept the pipe open would keep cat waiting until the timeout.
# shellcheck disable=SC2016
TOOL_TIMEOUT=20 tool sh -c '"$0" run --keys "$1" -- npm view lab-web version 2>&1 | cat' \
    "$shunt" "$KEYS"
check 'nothing keeps a pipe of the step open' succeeded

lab_case 'signals'
tool "${run[@]}" sh -c 'kill -TERM $$'
check 'a command that a signal killed' test "$status" = 143
# The signal goes to shunt; the child must get it and shunt must die of it.
# shellcheck disable=SC2016
tool bash -c '"$0" run --quiet --keys "$1" -- sh -c "trap \"echo caught; exit 9\" TERM
    echo \$\$ >started; while :; do sleep 0.1; done" &
    for _ in $(seq 100); do [ -s started ] && break; sleep 0.1; done
    kill -TERM $!; wait $!' "$shunt" "$KEYS"
check 'SIGTERM reaches the command' says caught
check "whose answer is shunt's" test "$status" = 9

lab_case 'no keys'
tool "$shunt" run --keys "$HERE/absent" -- sh -c 'echo unchanged; exit 3'
check 'the command runs' says unchanged
check 'its status is passed on' test "$status" = 3

lab_case 'a bad key'
cp -R "$KEYS" "$HERE/bad"
printf 'not a url' >"$HERE/bad/..data/pkg-npm-url"
tool "$shunt" run --keys "$HERE/bad" -- npm view lab-web version
check 'fails' refused
check 'the sentence names the key' says pkg-npm-url
check 'nothing went to a public host' nothing_public

lab_case 'an unknown strategy'
tool "$shunt" run --keys "$KEYS" --strategy nonsense -- true
check 'fails' refused
check 'the sentence names the variable and what was expected' says 'SHUNT_STRATEGY: expected one of buildpack'

lab_case 'shunt config'
for ecosystem in npm python maven; do
    tool "$shunt" config --keys "$KEYS" "$ecosystem"
    check "$ecosystem succeeds" succeeded
    check "$ecosystem names the mirror" says mirror.shunt.test
    check "$ecosystem shows no secret" no_secret_in_output
    if [ "$ecosystem" = npm ]; then
        check 'npm says that one is there' says redacted
    fi
    check "$ecosystem leaves no secret on disk" no_secret_on_disk
done
tool "$shunt" config --keys "$KEYS" nonsense
check 'an unknown ecosystem is an error' refused

lab_case 'help'
tool "$shunt" --help
check '--help' succeeded
check '--help names run' says 'shunt run'
tool "$shunt" --version
check '--version' grep -E '^shunt [0-9]+\.[0-9]+' "$OUT"
tool "$shunt" nonsense
check 'an unknown command is an error' refused

lab_done
