#!/usr/bin/env bash
# What the file itself promises: nothing needed, no version asked for, and exactly the listed hooks.
set -euo pipefail
library=$1 hooks=$2
passed=0 failed=0

expect() { # NAME ACTUAL WANTED
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'not ok - %s\n  got:    %s\n  wanted: %s\n' "$1" "$2" "$3"
    fi
}

dynamic=$(readelf -dW "$library")
expect 'no NEEDED' "$(grep -c '(NEEDED)' <<<"$dynamic" || true)" 0
expect 'no RPATH or RUNPATH' "$(grep -cE '\((RPATH|RUNPATH)\)' <<<"$dynamic" || true)" 0
expect 'no RELR, TEXTREL or INITFIRST' "$(grep -cE 'RELR|TEXTREL|INITFIRST' <<<"$dynamic" || true)" 0
expect 'no versions' "$(readelf -VW "$library" | grep -c 'Version' || true)" 0
expect 'two loaded segments' "$(readelf -lW "$library" | grep -c LOAD)" 2
expect 'no executable stack' "$(readelf -lW "$library" | grep GNU_STACK | grep -c RWE || true)" 0
expect 'no thread-local storage, no ifunc' \
    "$(readelf -sW "$library" | grep -cE ' (TLS|IFUNC) ' || true)" 0
expect 'undefined: the weak four' \
    "$(nm -D --undefined-only "$library" | awk '{print $1 $2}' | sort | tr '\n' ' ')" \
    'w__errno_location w_dl_debug_addr w_r_debug wenviron '
expect 'exported: the hook list' \
    "$(nm -D --defined-only "$library" | awk '{print $3}' | sort | tr '\n' ' ')" \
    "$(sed -n 's/^HOOK(\(.*\))$/\1/p' "$hooks" | sort | tr '\n' ' ')"

# Every hook has its twins: a program compiled with large files or fortification calls those.
for base in open openat fopen freopen stat lstat fstatat __xstat __lxstat __fxstatat; do
    for twin in "$base" "${base}64"; do
        expect "twin $twin" "$(grep -c "^HOOK($twin)$" "$hooks")" 1
    done
done
for twin in __open_2 __open64_2 __openat_2 __openat64_2 __readlink_chk __readlinkat_chk __realpath_chk; do
    expect "twin $twin" "$(grep -c "^HOOK($twin)$" "$hooks")" 1
done
printf 'elf: %d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
