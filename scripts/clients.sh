#!/bin/bash
# Fetches the client versions that the end-to-end tests run beside the system's own, with the
# ordinary clients of their registries: clients.sh [DIR]   (default build/clients)
# Versions and checksums are pinned here. Needs the network; writes below DIR only. What is there
# already is not fetched again.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=${1:-$root/build/clients}
mkdir -p "$out"
out=$(cd "$out" && pwd)
work=$(mktemp -d "$out/.fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT

# npm: the registry's own integrity string, base64 of SHA-512
npm_versions=(
    '10.9.9 1g+6jLQvaIuB4zwvHL7yrXuXcWZwDsCtBX8bbWDqbvJSSr9nPiDDWTHNgwXR27iIcTTW7v3A57hDW9RYv2W4Yg=='
    '11.21.2 7HPApk+AflMUavSseL1Pm6CnYqMIHk53x+KmuhqmTDqPkjPMgxIpTPcTqsE91EKNw4gFBJV9fnXiSdGm1DXq9A=='
)
# pip: 23.3 reads its bundled certifi, 25 the system's store (truststore). SHA-256
pip_versions=(
    '23.3.2 5052d7889c1f9d05224cd41741acb7c5d6fa735ab34e339624a614eaaa7e7d76'
    '25.0.1 c46efd13b6aa8279f33f2864459c8ce587ea6a1a59ee20de055868d8f7688f7f'
)
# Maven and its wrapper script. SHA-512
central=https://repo.maven.apache.org/maven2/org/apache/maven
maven=3.9.9
maven_sum=a555254d6b53d267965a3404ecb14e53c3827c09c3b94b5678835887ab404556bfaf78dcfe03ba76fa2508649dca8531c74bca4d5846513522404d48e8c4ac8b
wrapper=3.3.2
wrapper_sum=ca7bcaea7a15292c2ee7bb1b0f439cae092c51b27ff97a6b8551883bf70ba207d41267d865152e31b27ff661df5d321d6124b6d1b53b50a0d12a83d0642009cc

expect() { # FILE FOUND WANTED
    if [ "$2" != "$3" ]; then
        echo "clients.sh: $1 has the checksum $2, expected $3" >&2
        exit 1
    fi
}

for line in "${npm_versions[@]}"; do
    read -r version sum <<<"$line"
    if ! [ -d "$out/npm-$version" ]; then
        (cd "$work" && npm pack --silent "npm@$version" >/dev/null)
        file=$work/npm-$version.tgz
        expect "npm $version" "$(openssl dgst -sha512 -binary "$file" | base64 -w0)" "$sum"
        mkdir "$work/npm"
        tar -xzf "$file" -C "$work/npm" --strip-components=1
        mv "$work/npm" "$out/npm-$version"
    fi
done

for line in "${pip_versions[@]}"; do
    read -r version sum <<<"$line"
    name=pip-$version-py3-none-any.whl
    if ! [ -f "$out/$name" ]; then
        [ -d "$work/venv" ] || /usr/bin/python3 -m venv "$work/venv"
        "$work/venv/bin/pip" download -q --disable-pip-version-check --no-deps \
            --only-binary :all: -d "$work" "pip==$version"
        read -r found _ < <(sha256sum "$work/$name")
        expect "pip $version" "$found" "$sum"
        mv "$work/$name" "$out/$name"
    fi
done

if ! [ -d "$out/maven-$maven" ]; then
    file=$work/maven.tar.gz
    curl -fsSL --retry 2 --max-time 300 -o "$file" \
        "$central/apache-maven/$maven/apache-maven-$maven-bin.tar.gz"
    read -r found _ < <(sha512sum "$file")
    expect "Maven $maven" "$found" "$maven_sum"
    mkdir "$work/maven"
    tar -xzf "$file" -C "$work/maven" --strip-components=1
    mv "$work/maven" "$out/maven-$maven"
fi

if ! [ -d "$out/maven-wrapper-$wrapper" ]; then
    file=$work/wrapper.zip
    name="maven-wrapper-distribution"
    curl -fsSL --retry 2 --max-time 300 -o "$file" \
        "$central/wrapper/$name/$wrapper/$name-$wrapper-only-script.zip"
    read -r found _ < <(sha512sum "$file")
    expect "the Maven wrapper $wrapper" "$found" "$wrapper_sum"
    unzip -q "$file" -d "$work/wrapper"
    mv "$work/wrapper" "$out/maven-wrapper-$wrapper"
fi
echo "clients in $out: $(cd "$out" && printf '%s ' *)"
