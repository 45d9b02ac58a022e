#!/bin/bash
# Writes the lab's key directory as Kubernetes mounts a Secret: keys.sh DIR [basic|token|wrong]
#   DIR/..2024_01_01/KEY   the files
#   DIR/..data             a link to that folder, which the kubelet swaps in one step
#   DIR/KEY                links through ..data
# LAB_DIR names the lab whose CA is trusted. Values end without a line feed, as `kubectl create
# secret --from-file` stores what `echo -n` wrote; mirror-ca ends with one.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=${1:?usage: keys.sh DIR [basic|token|wrong]}
kind=${2:-basic}
# shellcheck source=secrets.sh
source "$here/secrets.sh"

data=$dir/..2024_01_01
mkdir -p "$data"
base=https://mirror.shunt.test/repository
printf %s "$base/npm-proxy/" >"$data/pkg-npm-url"
printf %s "$base/pypi-proxy/simple/" >"$data/pkg-python-url"
printf %s "$base/maven-proxy/" >"$data/pkg-maven-url"
cat "$LAB_DIR/ca/mirror-ca.pem" >"$data/mirror-ca"
for tool in npm python maven; do
    case $kind in
        basic | wrong)
            password=$LAB_PASSWORD
            if [ "$kind" = wrong ]; then
                password="not $LAB_PASSWORD"
            fi
            printf %s "$LAB_USER" >"$data/pkg-$tool-username"
            printf %s "$password" >"$data/pkg-$tool-password"
            ;;
        token) printf %s "$LAB_TOKEN" >"$data/pkg-$tool-token" ;;
        *)
            echo "keys.sh: unknown kind $kind" >&2
            exit 2
            ;;
    esac
done
ln -sfn "${data##*/}" "$dir/..data"
for file in "$data"/*; do
    ln -sfn "..data/${file##*/}" "$dir/${file##*/}"
done
