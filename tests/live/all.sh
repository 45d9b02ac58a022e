#!/usr/bin/env bash
# Real projects through a caching mirror of the public registries, which only this mirror can reach:
# for the clients every public host is a closed port. Needs the network and root; `make test` does not
# run it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=${BUILD:-$here/../../build}
if [ -z "${LIVE_WORK:-}" ]; then
    LIVE_WORK=$(mktemp -d /tmp/shunt-live.XXXXXX)
    export LIVE_WORK
    # A mount namespace of its own, for its own /etc/hosts; the network is the machine's.
    unshare --mount --propagation private "$0" "$@" && status=0 || status=$?
    [ ! -f "$LIVE_WORK/nginx.pid" ] || kill "$(cat "$LIVE_WORK/nginx.pid")" 2>/dev/null || true
    find "$LIVE_WORK/run" -name lock -exec fuser --kill -TERM {} + >/dev/null 2>&1 || true
    rm -rf "$LIVE_WORK"
    exit "$status"
fi
work=$LIVE_WORK
passed=0 failed=0

user='ci-user@corp' password="p@ss:w/r d&<>\"'%41+;#="
mkdir -p "$work"/{home,keys,run,project}
chmod 700 "$work/run"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=Live Test CA' \
    -keyout "$work/ca.key" -out "$work/ca.pem" 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=mirror.shunt.test' \
    -keyout "$work/mirror.key" -out "$work/mirror.csr" 2>/dev/null
openssl x509 -req -in "$work/mirror.csr" -CA "$work/ca.pem" -CAkey "$work/ca.key" -days 2 \
    -extfile <(echo 'subjectAltName=DNS:mirror.shunt.test') -out "$work/mirror.pem" 2>/dev/null
printf '%s:%s\n' "$user" "$(openssl passwd -apr1 -stdin <<<"$password")" >"$work/users"
chmod -R a+rX "$work"
chmod 700 "$work/run" "$work/home"
sed "s#@WORK@#$work#g" "$here/nginx.conf.in" >"$work/nginx.conf"
PATH=$PATH:/usr/sbin nginx -p "$work" -e "$work/error.log" -c "$work/nginx.conf"

{
    echo '127.0.0.1 localhost'
    echo '127.0.0.30 mirror.shunt.test'
    sed 's/^/127.0.0.66 /' "$here/../lab/public-hosts.txt"
} >"$work/hosts"
mount --bind "$work/hosts" /etc/hosts

for name in npm python maven; do
    printf %s "$user" >"$work/keys/pkg-$name-username"
    printf %s "$password" >"$work/keys/pkg-$name-password"
done
printf %s https://mirror.shunt.test/npm/ >"$work/keys/pkg-npm-url"
printf %s https://mirror.shunt.test/pypi/simple/ >"$work/keys/pkg-python-url"
printf %s https://mirror.shunt.test/maven/ >"$work/keys/pkg-maven-url"
cp "$work/ca.pem" "$work/keys/mirror-ca"

step() { # COMMAND…, in the project, opted in by the environment alone
    (cd "$work/project" && env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME="$work/home" \
        LANG=C.UTF-8 SHUNT=on SHUNT_KEYS="$work/keys" SHUNT_RUNTIME="$work/run" \
        LD_PRELOAD="$build/libshunt.so" timeout 900 "$@") >"$work/out" 2>&1
}

expect() { # NAME MINIMUM-OF-REQUESTS COMMAND…
    local name=$1 minimum=$2 requests
    shift 2
    : >"$work/mirror.log"
    local status=0
    step "$@" || status=$?
    requests=$(awk '$1 ~ /^2/ && $2 != "-"' "$work/mirror.log" | wc -l)
    if [ "$status" = 0 ] && [ "$requests" -ge "$minimum" ] && ! awk '$1 ~ /^2/ && $2 == "-"' "$work/mirror.log" | grep -q .; then
        passed=$((passed + 1))
        echo "ok - $name: $requests authenticated requests"
    else
        failed=$((failed + 1))
        echo "not ok - $name: status $status, $requests authenticated requests"
        tail -20 "$work/out"
    fi
}

rm -rf "$work/project"/*
echo '{"name":"live","version":"1.0.0","private":true,"dependencies":{"express":"4.21.2"},"devDependencies":{"jest":"29.7.0","webpack":"5.97.1"}}' \
    >"$work/project/package.json"
expect 'npm install of a project of more than 200 packages' 200 npm install --no-audit --no-fund
expect 'its lockfile, frozen' 200 npm ci --no-audit --no-fund --cache "$work/home/second-cache"

rm -rf "$work/project"/*
/usr/bin/python3 -m venv "$work/project/venv"
printf '%s\n' flask requests django sphinx black pytest >"$work/project/requirements.txt"
expect 'pip install of more than 30 packages' 30 venv/bin/pip install --disable-pip-version-check -r requirements.txt

rm -rf "$work/project"/*
mkdir -p "$work/project/src/main/java/live" "$work/project/src/test/java/live"
cat >"$work/project/pom.xml" <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>live</groupId><artifactId>live</artifactId><version>1</version>
  <properties>
    <maven.compiler.source>17</maven.compiler.source><maven.compiler.target>17</maven.compiler.target>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <dependencies>
    <dependency><groupId>com.google.guava</groupId><artifactId>guava</artifactId><version>33.3.1-jre</version></dependency>
    <dependency><groupId>junit</groupId><artifactId>junit</artifactId><version>4.13.2</version><scope>test</scope></dependency>
  </dependencies>
</project>
POM
cat >"$work/project/src/main/java/live/Live.java" <<'JAVA'
package live;
public class Live { public static int size() { return com.google.common.collect.ImmutableList.of(1, 2).size(); } }
JAVA
cat >"$work/project/src/test/java/live/LiveTest.java" <<'JAVA'
package live;
public class LiveTest { @org.junit.Test public void two() { org.junit.Assert.assertEquals(2, Live.size()); } }
JAVA
# The JVM takes the home from the password file, whatever HOME says.
expect 'mvn package with tests, the default plugins' 100 \
    mvn -B -Dmaven.repo.local="$work/home/m2" package

echo "live: $passed passed, $failed failed"
[ "$failed" = 0 ]
