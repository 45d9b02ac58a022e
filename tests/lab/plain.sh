#!/bin/bash
# Ordinary configuration for the lab's mirror, as a user without shunt would write it: plain.sh DIR
# It proves the lab (LAB_WITH=plain) and is what the library's work is compared with. Secrets are in
# these files, so it writes below DIR only, which no check for secrets looks into.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=${1:?usage: plain.sh DIR}
# shellcheck source=secrets.sh
source "$here/secrets.sh"
mkdir -p "$dir"

cat >"$dir/npmrc" <<EOF
registry=https://mirror.shunt.test/repository/npm-proxy/
//mirror.shunt.test/repository/npm-proxy/:username=$LAB_USER
//mirror.shunt.test/repository/npm-proxy/:_password="$(printf %s "$LAB_PASSWORD" | base64 -w0)"
cafile=$LAB_DIR/ca/mirror-ca.pem
EOF

escaped=$(printf '%s\n' "$LAB_USER" "$LAB_PASSWORD" |
    /usr/bin/python3 -c 'import sys, urllib.parse
print(":".join(urllib.parse.quote(line, safe="") for line in sys.stdin.read().splitlines()))')
cat >"$dir/pip.conf" <<EOF
[global]
index-url = https://$escaped@mirror.shunt.test/repository/pypi-proxy/simple/
cert = $LAB_DIR/ca/mirror-ca.pem
EOF

xml=$(printf %s "$LAB_PASSWORD" |
    /usr/bin/python3 -c 'import html, sys; print(html.escape(sys.stdin.read()))')
cat >"$dir/settings.xml" <<EOF
<settings>
  <mirrors>
    <mirror>
      <id>central</id>
      <mirrorOf>central</mirrorOf>
      <url>https://mirror.shunt.test/repository/maven-proxy/</url>
    </mirror>
  </mirrors>
  <servers>
    <server>
      <id>central</id>
      <username>$LAB_USER</username>
      <password>$xml</password>
    </server>
  </servers>
</settings>
EOF
keytool -importcert -noprompt -alias lab -file "$LAB_DIR/ca/mirror-ca.pem" -storetype JKS \
    -keystore "$dir/trust.jks" -storepass changeit 2>"$dir/keytool.log" || {
    cat "$dir/keytool.log" >&2
    exit 1
}
