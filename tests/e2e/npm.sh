#!/bin/bash
# npm and npx, unmodified, against the lab's mirror.
set -euo pipefail
# shellcheck source=../lab/lab.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lab/lab.sh"
lab_enter "$0" "$@"

mapfile -t versions < <(find "$CLIENTS/" -maxdepth 1 -name 'npm-*' 2>/dev/null | sort -V)
for wanted in 10 11; do
    if [[ " ${versions[*]##*/npm-}" != *" $wanted."* ]]; then
        skip "npm $wanted" "not below $CLIENTS: make clients fetches it"
    fi
done
if command -v npm >/dev/null; then
    versions=(system "${versions[@]}")
else
    skip "the system's npm" 'not installed'
fi

for version in "${versions[@]}"; do
    if [ "$version" = system ]; then
        npm=(npm) npx=(npx) name="system's npm"
    else
        npm=(node "$version/bin/npm-cli.js") npx=(node "$version/bin/npx-cli.js") name=${version##*/}
    fi

    lab_keys basic
    lab_case "$name: npm ci from a lockfile that names the public registry"
    cp -R "$REPOSITORIES/npm/project/." "$PROJECT"
    echo "//private.shunt.test/npm/:_authToken=$LAB_ACME_TOKEN" >"$FAKE_HOME/.npmrc"
    cp "$FAKE_HOME/.npmrc" "$HERE/npmrc-before"
    tool "${npm[@]}" ci
    check 'succeeds' succeeded
    check 'a scoped package came from the mirror' mirror_gave '@lab/core/-/core-1.0.0.tgz'
    check 'a nested version came from the mirror' mirror_gave 'lab-colors-1.1.0.tgz'
    check 'at least 20 requests' mirror_gave_at_least 20
    check 'the private scope came from its own registry' private_gave 'widget-1.0.0.tgz'
    check 'the mirror was not asked for the private scope' not mirror_asked acme
    check 'the lockfile is unchanged' \
        cmp "$PROJECT/package-lock.json" "$REPOSITORIES/npm/project/package-lock.json"
    check "the user's .npmrc is unchanged" cmp "$FAKE_HOME/.npmrc" "$HERE/npmrc-before"
    check "a dependency's install script ran" \
        test -s "$PROJECT/node_modules/lab-cli/environment.json"
    check_clean
    tool node app.js
    check 'the program runs' says 'lab-app loaded'

    lab_case "$name: npm install without a lockfile"
    tool "${npm[@]}" install lab-web lab-cli@1
    check 'succeeds' succeeded
    check 'metadata came from the mirror' mirror_gave '/npm-proxy/lab-router'
    check 'tarballs came from the mirror' mirror_gave 'lab-router-1.0.3.tgz'
    check_clean
    tool "$PROJECT/node_modules/.bin/lab-hello"
    check "the package's program runs" says 'hello from lab-cli 1.2.0'

    lab_case "$name: npx"
    tool "${npx[@]}" --yes --package=lab-cli lab-hello
    check 'succeeds' succeeded
    check 'the program ran' says 'hello from lab-cli 1.2.0'
    check_clean

    lab_keys wrong
    lab_case "$name: a wrong password"
    cp -R "$REPOSITORIES/npm/project/." "$PROJECT"
    tool "${npm[@]}" install lab-web
    check 'fails' refused
    check "with the mirror's E401" says E401
    check 'the mirror refused it' mirror_asked $'\t401\trefused\t'
    check 'the mirror served nothing' mirror_served_nothing
    check 'nothing went to a public host' nothing_public
    check_no_secret

    lab_keys token
    lab_case "$name: a token instead of a password"
    tool "${npm[@]}" install lab-fmt
    check 'succeeds' succeeded
    check 'with the token' mirror_asked $'\t200\tbearer\t'
    check_clean

    lab_keys basic
    lab_case "$name: the user's .npmrc names the public registry"
    printf 'registry=https://registry.npmjs.org/\nsave-exact=true\n' >"$FAKE_HOME/.npmrc"
    tool "${npm[@]}" install lab-fmt
    check 'succeeds' succeeded
    check 'from the mirror' mirror_gave 'lab-fmt-1.0.0.tgz'
    check "the user's other setting holds" file_says "$PROJECT/package.json" '"lab-fmt": "1.0.0"'
    check_clean

    lab_case "$name: the project's .npmrc names the public registry"
    echo 'registry=https://registry.npmjs.org' >"$PROJECT/.npmrc"
    tool "${npm[@]}" install lab-fmt
    check 'succeeds' succeeded
    check 'from the mirror' mirror_gave 'lab-fmt-1.0.0.tgz'
    check_clean

    for variable in NPM_CONFIG_REGISTRY npm_config_registry; do
        lab_case "$name: $variable names the public registry"
        EXTRA_ENV=("$variable=https://registry.npmjs.org/")
        tool "${npm[@]}" install lab-fmt
        check 'succeeds' succeeded
        check 'from the mirror' mirror_gave 'lab-fmt-1.0.0.tgz'
        check_clean
    done

    lab_case "$name: the user's own registry in the environment"
    echo "//private.shunt.test/npm/:_authToken=$LAB_ACME_TOKEN" >"$FAKE_HOME/.npmrc"
    EXTRA_ENV=("npm_config_registry=$PRIVATE/npm/")
    tool "${npm[@]}" install @acme/widget
    check 'succeeds' succeeded
    check 'wins' private_gave 'widget-1.0.0.tgz'
    check_clean

    lab_case "$name: the user's own cafile"
    echo "cafile=$LAB_DIR/ca/user-ca.pem" >"$FAKE_HOME/.npmrc"
    tool "${npm[@]}" install lab-fmt
    check 'succeeds' succeeded
    check_clean

    lab_case "$name: the user's own cafile in the environment"
    EXTRA_ENV=("npm_config_cafile=$LAB_DIR/ca/user-ca.pem")
    tool "${npm[@]}" install lab-fmt
    check 'succeeds' succeeded
    check_clean

    lab_case "$name: the user's own NODE_EXTRA_CA_CERTS"
    EXTRA_ENV=("NODE_EXTRA_CA_CERTS=$LAB_DIR/ca/user-ca.pem")
    tool "${npm[@]}" install lab-fmt
    check 'succeeds' succeeded
    check_clean

    lab_case "$name: npm config set"
    printf 'registry=https://registry.npmjs.org/\nsave-exact=true\n' >"$FAKE_HOME/.npmrc"
    tool "${npm[@]}" config set init-author-name Somebody
    check 'succeeds' succeeded
    check 'was written' file_says "$FAKE_HOME/.npmrc" init-author-name=Somebody
    check "the user's setting is still there" file_says "$FAKE_HOME/.npmrc" save-exact=true
    check "the user's registry is still there" \
        file_says "$FAKE_HOME/.npmrc" registry=https://registry.npmjs.org/
    check 'no URL of the mirror on disk' no_mirror_on_disk "$FAKE_HOME" "$PROJECT"
    check_no_secret
    check 'nothing went to a public host' nothing_public
    tool "${npm[@]}" config delete save-exact
    check 'delete succeeds' succeeded
    check 'no URL of the mirror on disk' no_mirror_on_disk "$FAKE_HOME" "$PROJECT"
    check_no_secret
    lab_logs_anew
    tool "${npm[@]}" install lab-fmt
    check 'the next install comes from the mirror' mirror_gave 'lab-fmt-1.0.0.tgz'
    check 'and nothing went to a public host' nothing_public
done

lab_done
