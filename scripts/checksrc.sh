#!/usr/bin/env bash
# House rules that no compiler checks. Prints each breach as file:line and exits 1 if there is one.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
bad=0

breach() { # RULE, then grep's lines on standard input
    local lines
    lines=$(cat)
    [ -z "$lines" ] && return
    printf '%s\n%s\n' "$1:" "$lines" | sed '2,$s/^/  /'
    bad=1
}

mapfile -t code < <(git ls-files -co --exclude-standard 'shim/*.c' 'shim/*.h' 'include/*.h')
mapfile -t all < <(git ls-files -co --exclude-standard '*.c' '*.h' '*.S' '*.sh' '*.py' '*.md' Makefile)

# Calls that overflow, lose errors or keep hidden state; and those that end a process we only visit.
grep -nE '\b(sprintf|vsprintf|strcpy|strcat|strtok|strncpy|strncat|sscanf|gets|atoi|atol|localtime|gmtime|asctime|ctime|system|popen|alloca|tmpnam|mktemp)\(' \
    "${code[@]}" | grep -v '__builtin_alloca' | breach 'banned call'
# The library calls nothing of libc but through real(), prints only through say(), and never exits.
grep -nE '\b(malloc|calloc|realloc|free|printf|fprintf|getenv|setenv|exit|abort|assert|pthread_[a-z_]+)\(' shim/preload/*.c |
    grep -vE '^[^:]+:[0-9]+: *(/?\*|//)' | breach 'not in the library'
grep -n '#include <' shim/preload/*.[ch] | grep -vE '<(std(def|int|bool|arg)|elf|asm/unistd)\.h>' | breach 'libc header in the library'
grep -nE '\b(TODO|FIXME|XXX)\b' "${all[@]}" | grep -v '^scripts/checksrc.sh' | breach 'unfinished'
grep -nP '\t' "${code[@]}" | breach 'tab'
grep -nP '.{101,}' "${code[@]}" | breach 'longer than 100 columns'
grep -nP '\s+$' "${code[@]}" Makefile | breach 'blank at the end of a line'
for file in "${code[@]}"; do
    lines=$(wc -l <"$file")
    [ "$lines" -le 350 ] || echo "$file: $lines lines"
done | breach 'file of more than 350 lines'
for file in "${code[@]}"; do
    head -1 "$file" | grep -q '^/\*' || echo "$file:1"
done | breach 'no comment that says what the file is'
for file in "${all[@]}"; do
    [ -z "$(tail -c1 "$file")" ] || echo "$file"
done | breach 'no line feed at the end'
exit "$bad"
