#!/bin/bash
# Runs SCRIPT in a lab of its own: run-in-lab.sh SCRIPT [ARG...]
# New network, mount and process namespaces; when the command ends, the lab's processes end with it
# and its temporary directory is removed (LAB_KEEP=1 keeps it and says where it is).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
build=${BUILD:-build}
case $build in
    /*) ;;
    *) build=$root/$build ;;
esac
export BUILD=$build LAB_REPOSITORIES=$build/lab
PATH="$PATH:/usr/sbin:/sbin"

if [ $# -lt 1 ]; then
    echo 'usage: run-in-lab.sh SCRIPT [ARG...]' >&2
    exit 2
fi
namespaces=(--net --mount --pid --fork --mount-proc --kill-child)
if [ "$(id -u)" != 0 ]; then
    namespaces=(--user --map-root-user "${namespaces[@]}")
fi
if ! refusal=$(unshare "${namespaces[@]}" true 2>&1); then
    echo "the lab needs network, mount and process namespaces, which this system refuses" \
        "(${refusal#unshare: }): run as root, or allow unprivileged user namespaces." >&2
    exit 1
fi

"$here/repositories.sh" "$LAB_REPOSITORIES"
dir=$(mktemp -d "${TMPDIR:-/tmp}/shunt-lab.XXXXXX")
if [ -z "${LAB_KEEP:-}" ]; then
    trap 'rm -rf "$dir"' EXIT
fi
status=0
timeout --foreground -k 10 "${LAB_TIMEOUT:-1500}" \
    unshare "${namespaces[@]}" "$here/setup.sh" "$dir" "$@" || status=$?
if [ "$status" = 124 ]; then
    echo "the lab: ended after ${LAB_TIMEOUT:-1500} seconds" >&2
fi
if [ -n "${LAB_KEEP:-}" ]; then
    echo "the lab is kept in $dir" >&2
fi
exit "$status"
