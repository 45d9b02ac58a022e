#!/bin/bash
# All end-to-end tests in one lab: all.sh [NAME...]   (names without .sh; default: all)
# With CI=true, or 1, a skipped test is a failure.
set -euo pipefail
# shellcheck source=../lab/lab.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lab/lab.sh"
lab_enter "$0" "$@"

tests=("$@")
if [ ${#tests[@]} = 0 ]; then
    tests=(trust npm pip maven quiet run)
fi
export LAB_SUMMARY=$WORK/summary
: >"$LAB_SUMMARY"
finished=yes broken=0
for test in "${tests[@]}"; do
    "$LAB_HERE/../e2e/$test.sh" || broken=$((broken + 1))
done

read -r passed failed skipped < <(awk '{ p += $1; f += $2; s += $3 } END { print p+0, f+0, s+0 }' \
    "$LAB_SUMMARY")
echo "end-to-end: $passed passed, $failed failed, $skipped skipped"
if [ "$(wc -l <"$LAB_SUMMARY")" != ${#tests[@]} ]; then
    echo 'a test did not come to its end' >&2
    exit 1
fi
if [ "$skipped" != 0 ] && [[ ${CI:-} =~ ^(true|1)$ ]]; then
    echo 'skipped tests are failures where CI is true' >&2
    exit 1
fi
[ "$broken" = 0 ]
