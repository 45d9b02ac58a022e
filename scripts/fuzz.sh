#!/usr/bin/env bash
# Runs each fuzz target for a time, two side by side, from the seeds in the tree: fuzz.sh BUILD SECONDS
# What a target finds is left below BUILD/found/, and its message is printed.
set -euo pipefail
build=$1 seconds=$2
here=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$build/found"

one() { # PROGRAM
    local name seeds corpus
    name=$(basename "$1" _fuzz)
    corpus=$build/corpus/$name
    seeds=$here/tests/fuzz/seeds/$name
    mkdir -p "$corpus"
    [ -d "$seeds" ] || seeds=
    # shellcheck disable=SC2086 # no seeds, no argument
    if "$1" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -verbosity=0 -print_final_stats=1 \
        -artifact_prefix="$build/found/$name-" "$corpus" $seeds >"$build/found/$name.log" 2>&1; then
        echo "ok - $name, $(sed -n 's/^stat::number_of_executed_units: *//p' "$build/found/$name.log") runs"
    else
        echo "not ok - $name"
        tail -40 "$build/found/$name.log"
        return 1
    fi
}
export -f one
export build seconds here

printf '%s\n' "$build"/fuzz/*_fuzz | xargs -P 2 -I{} bash -c 'one {}'
