#!/usr/bin/env bash
# Without keys or without the opt-in, programs make the same system calls as without the library, but
# for the loader's own of loading it. Compared call by call with strace.
set -euo pipefail
library=$1 work=$2
passed=0 failed=0

# The names and paths of all calls, without addresses; the loader's block for libshunt.so is cut out.
# Memory calls are left out: the loader's own heap grows by one library.
calls() { # OUT ENVIRONMENT… -- COMMAND…
    local out=$1
    shift
    local vars=()
    while [ "$1" != -- ]; do
        vars+=("$1")
        shift
    done
    shift
    env -i PATH="$PATH" HOME=/nonexistent LC_ALL=C strace -qq -o "$out.raw" \
        -E LD_PRELOAD -E SHUNT -E SHUNT_KEYS "${vars[@]/#/-E}" "$@" >/dev/null 2>&1 </dev/null || true
    awk '
        /^openat\(.*libshunt\.so/ { skip = 1 }
        skip { if (/^close\(/) skip = 0; next }
        /^(brk|mmap|munmap|mprotect|execve|exit_group|\+\+\+|---|futex|getrandom|madvise)/ { next }
        { sub(/ = .*/, ""); gsub(/0x[0-9a-f]+/, "ADDR"); gsub(/(tv_n?sec|st_[a-z]+)=[^,}]*/, "N"); print }
    ' "$out.raw" | sed -E 's/\(?[0-9]{3,}/N/g' >"$out"
}

compare() { # NAME BASE OTHER
    if diff -u "$2" "$3" >"$work/diff"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'not ok - %s\n' "$1"
        head -20 "$work/diff"
    fi
}

mkdir -p "$work"
for command in /bin/true 'ls /' 'git --version' 'bash -c :' 'curl --version' '/usr/bin/python3 -Sc pass'; do
    name=${command//[^a-z]/}
    # shellcheck disable=SC2086 # the command is a list of words
    {
        calls "$work/$name.none" -- $command
        calls "$work/$name.again" -- $command
        calls "$work/$name.unset" "LD_PRELOAD=$library" -- $command
        calls "$work/$name.off" "LD_PRELOAD=$library" SHUNT=off -- $command
        calls "$work/$name.nokeys" "LD_PRELOAD=$library" SHUNT=on SHUNT_KEYS=/nonexistent/keys -- $command
    }
    compare "$command is itself comparable" "$work/$name.none" "$work/$name.again"
    compare "$command, SHUNT unset" "$work/$name.none" "$work/$name.unset"
    compare "$command, SHUNT=off" "$work/$name.none" "$work/$name.off"
    # Opted in without keys, loading includes three look-ups: two for a plan, one for the keys.
    grep -vE '/shunt-[0-9N]+/.*/plan"|faccessat\(AT_FDCWD, "/nonexistent/keys"' \
        "$work/$name.nokeys" >"$work/$name.nokeys.rest" || true
    compare "$command, no keys" "$work/$name.none" "$work/$name.nokeys.rest"
done
printf 'syscalls: %d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
