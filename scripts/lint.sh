#!/usr/bin/env bash
# Everything that can be checked without running the program: house rules, layout, shell scripts, both
# compilers with warnings as errors, and clang-tidy. Prints what is wrong; exits 1 if anything is.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
failed=0

check() { # NAME COMMAND…
    local name=$1 out
    shift
    if out=$("$@" 2>&1); then
        echo "ok     $name"
    else
        echo "FAILED $name"
        printf '%s\n' "$out" | head -60
        failed=1
    fi
}

mapfile -t code < <(git ls-files -co --exclude-standard '*.c' '*.h')
mapfile -t scripts < <(git ls-files -co --exclude-standard '*.sh' .ci/run)
mapfile -t command < <(git ls-files -co --exclude-standard 'shim/*.c' | grep -v '^shim/preload/')
mapfile -t library < <(git ls-files -co --exclude-standard 'shim/preload/*.c')
read -ra flags <<<"$(pkg-config --cflags libcurl openssl libxml-2.0 jansson)"
common=(-std=gnu17 -Iinclude '-DSHUNT_VERSION="lint"')


# shellcheck disable=SC2317 # called through check
tidy() { # FLAGS… -- FILES…
    local options=() found
    while [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    shift
    # shellcheck disable=SC2016 # expanded by the inner shell
    found=$(printf '%s\n' "$@" | xargs -P "$(nproc)" -n 4 sh -c \
        'options=$1; shift; clang-tidy --quiet "$@" -- $options 2>&1' tidy "${options[*]}" |
        grep -E '(error|warning): ' | sort -u)
    [ -z "$found" ] || { printf '%s\n' "$found"; return 1; }
}

check 'house rules' scripts/checksrc.sh
check 'keys in the README' scripts/readme.sh --check
check 'layout' clang-format --dry-run -Werror "${code[@]}"
check 'shell scripts' shellcheck "${scripts[@]}"
check 'gcc' make --no-print-directory BUILD=build/lint-gcc -j"$(nproc)" all
check 'clang' make --no-print-directory BUILD=build/lint-clang CC=clang -j"$(nproc)" all
check 'clang-tidy, the command' tidy "${common[@]}" "${flags[@]}" -- "${command[@]}"
check 'clang-tidy, the library' tidy "${common[@]}" -ffreestanding -- "${library[@]}"
exit "$failed"
