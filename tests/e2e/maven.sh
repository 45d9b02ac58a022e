#!/bin/bash
# Maven and its wrapper, unmodified, against the lab's mirror.
set -euo pipefail
# shellcheck source=../lab/lab.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lab/lab.sh"
lab_enter "$0" "$@"

mapfile -t versions < <(find "$CLIENTS/" -maxdepth 1 -name 'maven-3*' 2>/dev/null | sort -V)
if [ ${#versions[@]} = 0 ]; then
    skip 'Maven 3.9' "not below $CLIENTS: make clients fetches it"
fi
versions=(system "${versions[@]}")
common=()
if [ "$WITH" = plain ]; then
    common=(-gs "$WORK/plain/settings.xml")
fi

# The user's own trust stores: they know a CA of the user's and nothing else.
declare -A types=([jks]=JKS [p12]=PKCS12)
for type in jks p12; do
    keytool -importcert -noprompt -alias own -file "$LAB_DIR/ca/user-ca.pem" -storetype "${types[$type]}" \
        -keystore "$WORK/own.$type" -storepass changeit 2>"$WORK/keytool.log"
done

for version in "${versions[@]}"; do
    if [ "$version" = system ]; then
        mvn=(mvn) name="system's Maven"
    else
        mvn=("$version/bin/mvn") name=${version##*/}
    fi
    mvn+=(-B "${common[@]}")

    lab_keys basic
    lab_case "$name: package"
    cp -R "$REPOSITORIES/maven/project/." "$PROJECT"
    tool "${mvn[@]}" package
    check 'succeeds' succeeded
    check 'a plugin came from the mirror' mirror_gave '/maven-compiler-plugin-3'
    check 'a dependency came from the mirror' mirror_gave '/lab/greeting/1.0/greeting-1.0.jar'
    check 'at least 100 requests' mirror_gave_at_least 100
    check 'nothing was left in ~/.m2 but the repository' \
        test "$(ls -A "$FAKE_HOME/.m2")" = repository
    check_clean
    greeting=$FAKE_HOME/.m2/repository/lab/greeting/1.0/greeting-1.0.jar
    tool java -cp "target/lab-app-1.0.jar:$greeting" lab.App
    check 'the program runs' says 'hello from the mirror'

    lab_keys wrong
    lab_case "$name: a wrong password"
    cp -R "$REPOSITORIES/maven/project/." "$PROJECT"
    tool "${mvn[@]}" package
    check 'fails' refused
    check "with the mirror's 401" grep -E '401|[Nn]ot authorized' "$OUT"
    check 'the mirror refused it' mirror_asked $'\t401\trefused\t'
    check 'the mirror served nothing' mirror_served_nothing
    check 'nothing went to a public host' nothing_public
    check_no_secret

    lab_keys token
    lab_case "$name: a token instead of a password"
    cp -R "$REPOSITORIES/maven/project/." "$PROJECT"
    tool "${mvn[@]}" package
    check 'succeeds' succeeded
    check 'with the token' mirror_asked $'\t200\tbearer\t'
    check_clean

    lab_keys basic
    lab_case "$name: the user's settings.xml has a private repository and a public mirror"
    cp -R "$REPOSITORIES/maven/project/." "$PROJECT"
    sed -i -e "s|  <build>|    <repositories><repository><id>acme</id><url>$PRIVATE/maven/</url>\
</repository></repositories>\n&|" -e 's|  </dependencies>|    <dependency><groupId>acme</groupId>\
<artifactId>sauce</artifactId><version>1.0</version></dependency>\n&|' "$PROJECT/pom.xml"
    mkdir "$FAKE_HOME/.m2"
    cat >"$FAKE_HOME/.m2/settings.xml" <<EOF
<?xml version="1.0" encoding="UTF-8"?>
<settings>
  <!-- the team's server -->
  <servers>
    <server>
      <id>acme</id>
      <username>acme</username>
      <password>$LAB_ACME_TOKEN</password>
    </server>
  </servers>
  <mirrors>
    <mirror>
      <id>nearby</id>
      <mirrorOf>central</mirrorOf>
      <url>https://repo1.maven.org/maven2</url>
    </mirror>
  </mirrors>
</settings>
EOF
    cp "$FAKE_HOME/.m2/settings.xml" "$HERE/before"
    tool "${mvn[@]}" package
    check 'succeeds' succeeded
    check 'the private artifact came from its own repository' private_gave 'sauce-1.0.jar'
    check 'plugins came from the mirror' mirror_gave '/maven-compiler-plugin-3'
    check "the user's file is unchanged" cmp "$FAKE_HOME/.m2/settings.xml" "$HERE/before"
    check_clean

    for type in jks p12; do
        lab_case "$name: the user's own ${types[$type]} trust store"
        cp -R "$REPOSITORIES/maven/project/." "$PROJECT"
        EXTRA_ENV=("MAVEN_OPTS=-Djavax.net.ssl.trustStore=$WORK/own.$type \
-Djavax.net.ssl.trustStorePassword=changeit -Djavax.net.ssl.trustStoreType=${types[$type]}")
        tool "${mvn[@]}" package
        check 'succeeds' succeeded
        check 'nothing went to a public host' nothing_public
        check_no_secret
    done
done

# The wrapper: its script is the user's, its properties name the public host.
wrapper=$(find "$CLIENTS/" -maxdepth 2 -path '*maven-wrapper*' -name mvnw 2>/dev/null |
    sort | head -1) || true
if [ -n "$wrapper" ] && [ "$WITH" = library ]; then
    lab_keys basic
    lab_case 'mvnw: package'
    cp -R "$REPOSITORIES/maven/project/." "$PROJECT"
    cp "$wrapper" "$PROJECT/mvnw"
    mkdir -p "$PROJECT/.mvn/wrapper"
    version=$(cat "$REPOSITORIES/maven/distribution-version")
    cat >"$PROJECT/.mvn/wrapper/maven-wrapper.properties" <<EOF
wrapperVersion=3.3.2
distributionType=only-script
distributionUrl=https://repo.maven.apache.org/maven2/org/apache/maven/apache-maven/$version/apache-maven-$version-bin.zip
EOF
    tool sh ./mvnw -B package
    check 'succeeds' succeeded
    check 'the distribution came from the mirror' mirror_gave "apache-maven-$version-bin.zip"
    check 'a plugin came from the mirror' mirror_gave '/maven-compiler-plugin-3'
    check_clean
elif [ -z "$wrapper" ]; then
    skip 'mvnw' "no wrapper script below $CLIENTS: make clients fetches it"
fi

lab_done
