#!/usr/bin/env bash
# Keeps the README's table of keys equal to the table in the code: readme.sh [--check]
set -euo pipefail
cd "$(dirname "$0")/.."
build=${BUILD:-build/lint-gcc}
[ -x "$build/shunt" ] || make --no-print-directory BUILD="$build" "$build/shunt" >/dev/null
table=$(mktemp)
new=$(mktemp)
trap 'rm -f "$table" "$new"' EXIT
"$build/shunt" help keys >"$table"
awk -v table="$table" '
    /^<!-- keys:/ { print; print ""; while ((getline line < table) > 0) print line; print ""; skip = 1; next }
    /^<!-- keys end/ { skip = 0 }
    !skip { print }
' README.md >"$new"
if [ "${1:-}" = --check ]; then
    diff -u README.md "$new" || { echo 'README.md: run scripts/readme.sh' >&2; exit 1; }
else
    cat "$new" >README.md
fi
