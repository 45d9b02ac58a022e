#!/bin/bash
# Runs inside the lab's namespaces as their process 1: names, servers, then the script.
#   setup.sh DIR SCRIPT [ARG...]
# DIR is the lab's temporary directory; nothing outside of it is written, and what is mounted here
# is seen by this mount namespace only.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=$1
shift
# shellcheck source=secrets.sh
source "$here/secrets.sh"
umask 022
mkdir -p "$dir"/{ca,etc,log,nginx,private,www/repository,www/lab}

# --- names: loopback only, public hosts at the tripwire, no resolver, a home of its own-------------------------
ip link set lo up
{
    echo '127.0.0.1 localhost'
    echo '127.0.0.20 mirror.shunt.test'
    echo '127.0.0.21 private.shunt.test'
    echo '127.0.0.22 user.shunt.test'
    sed 's/^/127.0.0.66 /' "$here/public-hosts.txt"
} >"$dir/etc/hosts"
echo '# no name server' >"$dir/etc/resolv.conf"
: >"$dir/etc/empty"
awk -F: -v OFS=: -v uid="$(id -u)" -v home="$dir/home" '$3 == uid { $6 = home } { print }' \
    /etc/passwd >"$dir/etc/passwd"
for name in hosts resolv.conf passwd; do
    target=$(realpath -m "/etc/$name")
    if [ -e "$target" ]; then
        mount --bind "$dir/etc/$name" "$target"
    fi
done
# What this machine configures for its own clients is no part of a test.
for file in /etc/npmrc /usr/etc/npmrc /usr/local/etc/npmrc /etc/pip.conf /etc/xdg/pip/pip.conf \
    /etc/gitconfig /etc/wgetrc /etc/curlrc; do
    if [ -f "$file" ]; then
        mount --bind "$dir/etc/empty" "$(realpath "$file")"
    fi
done
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
# JVMs of two labs have the same process ids, and meet where they publish their counters.
jvm=/tmp/hsperfdata_$(id -un)
mkdir -p "$jvm"
mount -t tmpfs -o mode=0755 tmpfs "$jvm"

# --- certificates: two authorities made for this run ----------------------------------------------
authority() { # FILE NAME
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
        -keyout "$dir/ca/$1.key" -out "$dir/ca/$1.pem" -subj "/O=Lab/CN=$2" \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
}
leaf() { # FILE AUTHORITY NAMES
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" \
        -keyout "$dir/ca/$1.key" -out "$dir/ca/$1.csr"
    printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\n' "$3" >"$dir/ca/$1.ext"
    openssl x509 -req -in "$dir/ca/$1.csr" -days 2 -CA "$dir/ca/$2.pem" -CAkey "$dir/ca/$2.key" \
        -CAcreateserial -extfile "$dir/ca/$1.ext" -out "$dir/ca/$1.pem"
}
{
    authority mirror-ca 'Lab mirror CA'
    authority user-ca 'Lab user CA'
    leaf lab mirror-ca DNS:mirror.shunt.test,DNS:private.shunt.test
    leaf user user-ca DNS:user.shunt.test
} >"$dir/log/openssl.log" 2>&1 || {
    cat "$dir/log/openssl.log" >&2
    exit 1
}

# --- content --------------------------------------------------------------------------------------
ln -s "$LAB_REPOSITORIES/npm/npm-proxy" "$dir/www/repository/npm-proxy"
ln -s "$LAB_REPOSITORIES/pypi/pypi-proxy" "$dir/www/repository/pypi-proxy"
ln -s "$LAB_REPOSITORIES/maven/maven-proxy" "$dir/www/repository/maven-proxy"
ln -s "$LAB_REPOSITORIES/npm/npm-private" "$dir/private/npm"
ln -s "$LAB_REPOSITORIES/pypi/pypi-private" "$dir/private/pypi"
ln -s "$LAB_REPOSITORIES/maven/maven-private" "$dir/private/maven"
echo 'hello from the mirror' >"$dir/www/lab/hello.txt"
(
    export HOME="$dir/etc" GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
    git init -q -b main "$dir/git"
    echo 'hello from git' >"$dir/git/README"
    git -C "$dir/git" add README
    git -C "$dir/git" -c user.name=lab -c user.email=lab@shunt.test commit -q -m lab
    git clone -q --bare "$dir/git" "$dir/www/lab/repo.git"
    git -C "$dir/www/lab/repo.git" update-server-info
)

# --- servers --------------------------------------------------------------------------------------
# A map is exact where a password file is not: a colon or a blank in a password is a byte like others.
quoted() { printf '"~^%s \\\\Q%s\\\\E$"' "$1" "$2"; }
# shellcheck disable=SC2016 # nginx's variables
{
    echo 'map $http_authorization $who {'
    echo '    default refused; "" -;'
    printf '    %s user;\n' "$(quoted Basic "$(printf %s "$LAB_USER:$LAB_PASSWORD" | base64 -w0)")"
    printf '    %s bearer;\n' "$(quoted Bearer "$LAB_TOKEN")"
    # How pip, which knows no bearer tokens, sends one.
    printf '    %s bearer;\n' "$(quoted Basic "$(printf %s "__token__:$LAB_TOKEN" | base64 -w0)")"
    echo '}'
    echo 'map $http_authorization $acme {'
    echo '    default foreign; "" -;'
    printf '    %s acme;\n' "$(quoted Bearer "$LAB_ACME_TOKEN")"
    printf '    %s acme;\n' "$(quoted Basic "$(printf %s "acme:$LAB_ACME_TOKEN" | base64 -w0)")"
    echo '}'
} >"$dir/who.conf"
modules=
if [ -f /usr/lib/nginx/modules/ngx_stream_module.so ]; then
    modules='load_module /usr/lib/nginx/modules/ngx_stream_module.so;'
fi
sed -e "s|@DIR@|$dir|g" -e "s|@MODULES@|$modules|" "$here/nginx.conf.in" >"$dir/nginx.conf"
if [ "$(id -u)" = 0 ]; then
    sed -i '1i user root;' "$dir/nginx.conf"
fi
PATH="$PATH:/usr/sbin:/sbin"
env -i "$(command -v nginx)" -p "$dir" -e "$dir/log/error.log" -c "$dir/nginx.conf" &
nginx_pid=$!
trap 'kill "$nginx_pid" 2>/dev/null; wait "$nginx_pid" 2>/dev/null' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
for _ in $(seq 100); do
    if curl -q -fsS --cacert "$dir/ca/mirror-ca.pem" https://mirror.shunt.test/lab/hello.txt \
        >/dev/null 2>"$dir/log/curl.log"; then
        break
    fi
    if ! kill -0 "$nginx_pid" 2>/dev/null; then
        break
    fi
    sleep 0.1
done
if ! [ -s "$dir/log/mirror.log" ]; then
    echo 'the lab: nginx does not answer:' >&2
    cat "$dir/log/error.log" "$dir/log/curl.log" >&2
    exit 1
fi

export LAB_DIR="$dir"
status=0
"$@" || status=$?
exit "$status"
