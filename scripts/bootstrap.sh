#!/bin/bash
# Installs what the make targets need on Debian 12: bootstrap.sh [GROUP...]
# Groups: build, test (default: both, which is what `make demo` and `make test` need), lint, bench.
# As root installs what is missing with apt-get; otherwise prints the one line to run, and exits 1.
# With everything there it asks dpkg once and changes nothing.
set -euo pipefail

# package | group | skipped if this command is on PATH already (or -) | what for
packages='
gcc                            | build | - | compiler
libc6-dev                      | build | - | its headers
make                           | build | - | the Makefile
pkg-config                     | build | - | flags of the libraries
libcurl4-openssl-dev           | build | - | URLs
libssl-dev                     | build | - | certificates and trust stores
libxml2-dev                    | build | - | settings.xml of Maven
libjansson-dev                 | build | - | JSON output
uthash-dev                     | build | - | hash tables of the broker
libcmocka-dev                  | test  | - | unit tests
musl-tools                     | test  | - | probes under the other libc
strace                         | test  | - | probes that compare system calls
binutils                       | test  | - | readelf, which inspects the library
libjemalloc2                   | test  | - | an allocator that calls open in its constructor
util-linux                     | test  | - | unshare and mount: the namespaces of the lab
iproute2                       | test  | - | ip: the loopback of the lab
procps                         | test  | - | ps, pgrep
psmisc                         | test  | - | fuser: which process is the broker
nginx-light                    | test  | nginx | servers of the lab
libnginx-mod-stream            | test  | - | tripwire of the lab
openssl                        | test  | - | authorities of the lab, and a client
curl                           | test  | - | a client
wget                           | test  | - | a client, also of the Maven wrapper
git                            | test  | - | a client
unzip                          | test  | - | used by the Maven wrapper
python3                        | test  | - | /usr/bin/python3: makes the packages of the lab; a client
python3-venv                   | test  | - | virtual environments with pip
nodejs                         | test  | node | a client
npm                            | test  | npm | a client
default-jdk-headless           | test  | javac | a client; javac and keytool
maven                          | test  | mvn | a client
libmaven-resources-plugin-java | test  | - | served by the lab
libmaven-compiler-plugin-java  | test  | - | served by the lab
libsurefire-java               | test  | - | served by the lab
libmaven-jar-plugin-java       | test  | - | served by the lab
clang                          | lint  | - | the second compiler; sanitizers and fuzzing
clang-format                   | lint  | - | layout of the code
clang-tidy                     | lint  | - | static analysis
libclang-rt-14-dev             | lint  | - | run-time part of the sanitizers
shellcheck                     | lint  | - | shell scripts
proxychains4                   | bench | - | a preload library to compare with
fakechroot                     | bench | - | a preload library to compare with
'

groups=("$@")
if [ ${#groups[@]} = 0 ]; then
    groups=(build test)
fi
for group in "${groups[@]}"; do
    if [[ ! " build test lint bench " == *" $group "* ]]; then
        echo "bootstrap.sh: no group \"$group\": build, test, lint, bench" >&2
        exit 2
    fi
done
if ! command -v dpkg-query >/dev/null; then
    echo 'bootstrap.sh knows the packages of Debian 12 only; its list says what each is for.' >&2
    exit 1
fi

# nginx is in sbin, which is not on everybody's PATH.
PATH="$PATH:/usr/sbin:/sbin"
wanted=()
while IFS='|' read -r package group unless _; do
    package=${package// /} group=${group// /} unless=${unless// /}
    if [ -z "$package" ] || [[ ! " ${groups[*]} " == *" $group "* ]]; then
        continue
    fi
    if [ "$unless" = - ] || ! command -v "$unless" >/dev/null; then
        wanted+=("$package")
    fi
done <<<"$packages"

missing=()
declare -A installed=()
while read -r package state; do
    if [ "$state" = installed ]; then
        installed[$package]=1
    fi
done < <(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${wanted[@]}" 2>/dev/null || true)
for package in "${wanted[@]}"; do
    if [ -z "${installed[$package]:-}" ]; then
        missing+=("$package")
    fi
done
if [ ${#missing[@]} = 0 ]; then
    exit 0
fi

if [ "$(id -u)" != 0 ]; then
    echo "Not root, so nothing was installed. Run this, then try again:" >&2
    echo "    sudo apt-get install -y --no-install-recommends ${missing[*]}" >&2
    exit 1
fi
echo "installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -q -y --no-install-recommends "${missing[@]}"
