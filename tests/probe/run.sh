#!/usr/bin/env bash
# Runs every probe three ways: without the library, with it but not opted in, and opted in. Keys and the
# broker's directory are made here; nothing outside the work directory is touched and no network is used.
set -euo pipefail
build=$1
here=$(cd "$(dirname "$0")" && pwd)
library=$build/libshunt.so
work=$(mktemp -d)
brokers=$work/run
passed=0 failed=0
trap 'end_brokers; rm -rf "$work"' EXIT

# The brokers of this run are those that hold a lock below our directory.
end_brokers() {
    find "$brokers" -name lock -exec fuser --kill -TERM {} + >/dev/null 2>&1 || true
}

expect() { # NAME COMMAND…
    local name=$1
    shift
    if timeout 120 "$@" >"$work/out" 2>"$work/err" && [ ! -s "$work/err" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'not ok - %s (status %s)\n' "$name" "$?"
        head -20 "$work/out" "$work/err"
    fi
}

mkdir -p "$work/keys/..2026" "$work/home" "$work/lib/node_modules/npm" "$brokers"
chmod 700 "$brokers"
printf 'https://mirror.shunt.test/npm/\n' >"$work/keys/..2026/pkg-npm-url"
printf 'https://mirror.shunt.test/simple/\n' >"$work/keys/..2026/pkg-python-url"
ln -s ..2026 "$work/keys/..data"
ln -s ..data/pkg-npm-url "$work/keys/pkg-npm-url"
ln -s ..data/pkg-python-url "$work/keys/pkg-python-url"
served=$work/lib/node_modules/npm/npmrc
clean=(env -i "PATH=$PATH" "HOME=$work/home" "CARGO_HOME=${CARGO_HOME:-$HOME/.cargo}" "RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}")
off=("${clean[@]}" "LD_PRELOAD=$library")
on=("${off[@]}" SHUNT=on "SHUNT_KEYS=$work/keys" "SHUNT_RUNTIME=$brokers")

for probe in files exec host names variables; do
    for libc in '' -musl; do
        # npm's files are served to node alone.
        mkdir -p "$work/bin$libc/$probe"
        program=$work/bin$libc/$probe/node
        cp "$build/probe/$probe$libc" "$program"
        case $probe in
        files)
            plain=(plain "$served" registry= /etc/passwd)
            active=(served "$served" registry= /etc/passwd)
            ;;
        exec) plain=(off) active=(on) ;;
        host) plain=("$served") active=("$served") ;;
        names) plain=(pass) active=(pass) ;;
        variables)
            plain=(SHUNT_PROBE npm_config_registry) active=(SHUNT=on UV_USE_IO_URING=0)
            ;;
        esac
        expect "$probe$libc without the library" "${clean[@]}" "$program" "${plain[@]}"
        expect "$probe$libc not opted in" "${off[@]}" "$program" "${plain[@]}"
        expect "$probe$libc opted out" "${off[@]}" SHUNT=off "$program" "${plain[@]}"
        expect "$probe$libc without keys" "${off[@]}" SHUNT=on SHUNT_KEYS=/nonexistent "$program" "${plain[@]}"
        expect "$probe$libc opted in" "${on[@]}" "$program" "${active[@]}"
        expect "$probe$libc opted in, bound at start" "${on[@]}" LD_BIND_NOW=1 "$program" "${active[@]}"
    done
done

# A public value of the user's is replaced, a private one and everything else stays.
public=https://registry.npmjs.org/
for libc in '' -musl; do
    variables=$build/probe/variables$libc
    expect "public variable$libc" "${on[@]}" "npm_config_registry=$public" "NPM_CONFIG_REGISTRY=http://registry.npmjs.org" \
        "$variables" npm_config_registry=https://mirror.shunt.test/npm/ NPM_CONFIG_REGISTRY=https://mirror.shunt.test/npm/
    expect "private variable$libc" "${on[@]}" npm_config_registry=https://npm.corp.example/ \
        "$variables" npm_config_registry=https://npm.corp.example/
    expect "a name that only looks public$libc" "${on[@]}" npm_config_registry=https://registry.npmjs.org.evil.example/ \
        "$variables" npm_config_registry=https://registry.npmjs.org.evil.example/
    expect "list$libc" "${on[@]}" 'PIP_EXTRA_INDEX_URL=https://a.example/simple https://pypi.org/simple' \
        "$variables" 'PIP_EXTRA_INDEX_URL=https://a.example/simple https://mirror.shunt.test/simple/'
    expect "sanitizer options$libc" "${on[@]}" ASAN_OPTIONS=detect_leaks=0 \
        "$variables" ASAN_OPTIONS=detect_leaks=0:verify_asan_link_order=0
done

# Opted in, but nothing can serve: one sentence, however many processes there are, and no name resolves.
says_once() { # NAME PATTERN COMMAND…
    local name=$1 pattern=$2
    shift 2
    if timeout 60 "$@" >"$work/out" 2>"$work/err" && [ "$(wc -l <"$work/err")" = 1 ] && grep -q "$pattern" "$work/err"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'not ok - %s\n' "$name"
        head -20 "$work/out" "$work/err"
    fi
}
mkdir -p "$work/alone"
cp "$library" "$work/alone/"
alone=("${on[@]}" "LD_PRELOAD=$work/alone/libshunt.so" "SHUNT_STRATEGY=webapp")
for libc in '' -musl; do
    names=$build/probe/names$libc
    says_once "no broker can be started$libc" 'cannot be started' "${alone[@]}" "$names" refused
    says_once "a switch that is no switch$libc" 'SHUNT is neither' "${on[@]}" SHUNT=maybe "$names" refused
    says_once "an unknown strategy$libc" 'buildpack, ballerina' "${on[@]}" SHUNT_STRATEGY=nope "$names" refused
done
says_once 'said once by many processes' 'cannot be started' "${alone[@]}" sh -c "$build/probe/names refused && $build/probe/names refused && sh -c '$build/probe/names refused; true'"
rm -rf "$work/keys2"
cp -a "$work/keys" "$work/keys2"
printf 'not a url' >"$work/keys2/pkg-maven-url"
says_once 'a mistake in a key names it' 'pkg-maven-url' "${on[@]}" "SHUNT_KEYS=$work/keys2" "$build/probe/names" pass

# A broker that died is started again, also behind the back of a running process.
node=$work/bin/files/node
mkdir -m 700 "$brokers/again"
broker_there() { fuser "$(find "$brokers/again" -name lock)" 2>/dev/null | tr -d ' '; }
again=("${on[@]}" "SHUNT_RUNTIME=$brokers/again")
expect 'a first broker' "${again[@]}" "$node" served "$served" registry= /etc/passwd
first=$(broker_there)
kill -9 "$first"
expect 'a broker that was killed is replaced' "${again[@]}" "$node" served "$served" registry= /etc/passwd
second=$(broker_there)
expect 'by another' test "$first" != "$second"
expect 'while a process runs' "${again[@]}" bash -c "kill -9 $second; exec '$work/bin/host/node' '$served'"

# Nothing of the broker's keeps a pipe of the step open: the reader sees the end at once.
cp -a "$work/keys" "$work/keys4"
expect 'no pipe is kept' timeout 5 bash -c '"$@" | cat' pipe "${on[@]}" "SHUNT_KEYS=$work/keys4" /bin/true
mkdir -m 700 "$brokers/many"
# shellcheck disable=SC2016 # expanded by the inner shell
expect 'sixteen at once' bash -c 'for i in $(seq 16); do "$@" & done; wait' many "${on[@]}" "SHUNT_RUNTIME=$brokers/many" /bin/true
expect 'start one broker' test "$(fuser "$(find "$brokers/many" -name lock)" 2>/dev/null | wc -w)" = 1

expect 'elf' "$here/elf.sh" "$library" "$here/../../shim/preload/hooks.def"
expect 'syscalls' "$here/syscalls.sh" "$library" "$work/syscalls"

# The library beside others, and in the programs that every build starts.
for program in /bin/true 'bash -c :' 'dash -c :' 'git --version' 'curl --version' '/usr/bin/python3 -c pass' \
    'node -e 0' 'cargo --version' 'perl -e 1' 'java --version' 'env -i /bin/true'; do
    command -v "${program%% *}" >/dev/null || continue
    # shellcheck disable=SC2086 # the program is a list of words
    {
        expect "$program, not opted in" "${off[@]}" $program
        expect "$program, opted in" "${on[@]}" $program
    }
done
jemalloc=$(find /usr/lib -name 'libjemalloc.so.2' | head -1)
[ -z "$jemalloc" ] || expect 'behind jemalloc' "${on[@]}" "LD_PRELOAD=$jemalloc $library" "$work/bin/host/node" "$served"
[ -z "$jemalloc" ] || expect 'before jemalloc' "${on[@]}" "LD_PRELOAD=$library:$jemalloc" "$work/bin/host/node" "$served"

printf 'probes: %d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
