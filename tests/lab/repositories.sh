#!/bin/bash
# Builds the lab's packages below $BUILD/lab unless they are there already.
# The stamp covers the generators and the Debian packages whose files they export, so that a
# changed generator or an upgraded Maven gives new repositories. Writes below $BUILD/lab only.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${1:?usage: repositories.sh OUT}
mkdir -p "$out"
exec 9>"$out/.lock"
flock -w 300 9

stamp=$(
    cd "$here"
    {
        cat archive.py make_npm.py make_pypi.py make_maven.py
        find /usr/share/maven-repo -name '*.pom' | LC_ALL=C sort
        realpath "$(command -v mvn)" "$(command -v javac)"
    } | sha256sum
)
if [ "$(cat "$out/stamp" 2>/dev/null)" = "$stamp" ]; then
    exit 0
fi

rm -rf "$out/npm" "$out/pypi" "$out/maven" "$out/stamp"
/usr/bin/python3 -B "$here/make_npm.py" "$out/npm" \
    https://mirror.shunt.test/repository/npm-proxy/ https://private.shunt.test/npm/
/usr/bin/python3 -B "$here/make_pypi.py" "$out/pypi"
/usr/bin/python3 -B "$here/make_maven.py" "$out/maven"
printf '%s\n' "$stamp" >"$out/stamp"
