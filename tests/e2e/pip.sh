#!/bin/bash
# pip, unmodified, against the lab's mirror: Debian's, and those of PyPI with their own certifi.
set -euo pipefail
# shellcheck source=../lab/lab.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lab/lab.sh"
lab_enter "$0" "$@"

python=/usr/bin/python3
mapfile -t wheels < <(find "$CLIENTS/" -maxdepth 1 -name 'pip-*.whl' 2>/dev/null | sort -V)
if [ ${#wheels[@]} = 0 ]; then
    skip 'pip with its bundled certifi' "not below $CLIENTS: make clients fetches it"
fi

# One virtual environment per pip, made once and copied: a venv's python finds itself by its place
# only, and `python -m pip` is not bound to the place where it was made.
mkdir "$WORK/venvs"
"$python" -m venv "$WORK/venvs/debian"
for wheel in "${wheels[@]}"; do
    name=$(basename "$wheel" -py3-none-any.whl)
    "$python" -m venv --without-pip "$WORK/venvs/$name"
    env -i PATH="$PATH" HOME="$WORK" PYTHONPATH="$wheel" "$WORK/venvs/$name/bin/python" \
        -m pip install -q --no-index --disable-pip-version-check "$wheel"
done

for template in "$WORK"/venvs/*; do
    name=${template##*/}
    if [ "$name" = debian ]; then
        name="Debian's pip"
    fi
    pip=(venv/bin/python -m pip)

    lab_keys basic
    lab_case "$name: install -r"
    cp -a "$template" "$PROJECT/venv"
    cp "$REPOSITORIES/pypi/project/requirements.txt" "$PROJECT"
    tool "${pip[@]}" install -r requirements.txt
    check 'succeeds' succeeded
    check 'the index is the mirror' mirror_gave '/pypi-proxy/simple/lab-alpha/'
    check 'a wheel came from the mirror' mirror_gave 'lab_gamma-2.0-py3-none-any.whl'
    check 'the sdist came from the mirror' mirror_gave 'lab_source-1.0.tar.gz'
    check 'the isolated build used the mirror' mirror_gave 'labbackend-1.0-py3-none-any.whl'
    check_clean
    tool venv/bin/python -c 'import lab_alpha, lab_source; print("with", lab_source.BUILT_WITH)'
    check 'the packages work' says 'with lab-delta'

    lab_keys wrong
    lab_case "$name: a wrong password"
    cp -a "$template" "$PROJECT/venv"
    tool "${pip[@]}" install lab-alpha
    check 'fails' refused
    check "with the mirror's 401" says 401
    check 'the mirror refused it' mirror_asked $'\t401\trefused\t'
    check 'the mirror served nothing' mirror_served_nothing
    check 'nothing went to a public host' nothing_public
    check_no_secret

    lab_keys token
    lab_case "$name: a token instead of a password"
    cp -a "$template" "$PROJECT/venv"
    tool "${pip[@]}" install lab-beta
    check 'succeeds' succeeded
    check 'with the token' mirror_asked $'\t200\tbearer\t'
    check_clean

    lab_keys basic
    lab_case "$name: the user's pip.conf has a private extra index and names the public one"
    cp -a "$template" "$PROJECT/venv"
    mkdir -p "$FAKE_HOME/.config/pip"
    cat >"$FAKE_HOME/.config/pip/pip.conf" <<EOF
[global]
# the team's index
extra-index-url = https://acme:$LAB_ACME_TOKEN@private.shunt.test/pypi/simple/
index-url = https://pypi.org/simple
no-color = true
EOF
    cp "$FAKE_HOME/.config/pip/pip.conf" "$HERE/before"
    tool "${pip[@]}" install acme-tools
    check 'succeeds' succeeded
    check 'the private package came from its own index' private_gave 'acme_tools-1.0'
    check 'its dependency came from the mirror' mirror_gave 'lab_beta-1.1'
    check "the user's file is unchanged" cmp "$FAKE_HOME/.config/pip/pip.conf" "$HERE/before"
    check_clean

    lab_case "$name: pip config set"
    cp -a "$template" "$PROJECT/venv"
    mkdir -p "$FAKE_HOME/.config/pip"
    printf '[global]\nindex-url = https://pypi.org/simple\ntimeout = 40\n' \
        >"$FAKE_HOME/.config/pip/pip.conf"
    tool "${pip[@]}" config set global.no-color true
    check 'succeeds' succeeded
    check 'was written' file_says "$FAKE_HOME/.config/pip/pip.conf" 'no-color = true'
    check "the user's setting is still there" \
        file_says "$FAKE_HOME/.config/pip/pip.conf" 'timeout = 40'
    check "the user's index is still there" \
        file_says "$FAKE_HOME/.config/pip/pip.conf" 'index-url = https://pypi.org/simple'
    check 'no URL of the mirror on disk' no_mirror_on_disk "$FAKE_HOME"
    check_no_secret
    tool "${pip[@]}" config --site set global.no-input true
    check 'set --site succeeds' succeeded
    check 'no URL of the mirror on disk' no_mirror_on_disk "$FAKE_HOME" "$PROJECT/venv/pip.conf"
    check_no_secret
    tool "${pip[@]}" install lab-beta
    check 'the next install comes from the mirror' mirror_gave 'lab_beta-1.1'
    check 'nothing went to a public host' nothing_public

    lab_case "$name: PIP_CONFIG_FILE=/dev/null"
    cp -a "$template" "$PROJECT/venv"
    EXTRA_ENV=(PIP_CONFIG_FILE=/dev/null)
    tool "${pip[@]}" install lab-beta
    check 'succeeds' succeeded
    check 'from the mirror' mirror_gave 'lab_beta-1.1'
    check 'nothing went to a public host' nothing_public
    check_no_secret

    lab_case "$name: PIP_INDEX_URL names the public index"
    cp -a "$template" "$PROJECT/venv"
    EXTRA_ENV=(PIP_INDEX_URL=https://pypi.org/simple/)
    tool "${pip[@]}" install lab-beta
    check 'succeeds' succeeded
    check 'from the mirror' mirror_gave 'lab_beta-1.1'
    check_clean

    lab_case "$name: the user's own index in the environment"
    cp -a "$template" "$PROJECT/venv"
    EXTRA_ENV=("PIP_INDEX_URL=https://acme:$LAB_ACME_TOKEN@private.shunt.test/pypi/simple/")
    tool "${pip[@]}" download --no-deps acme-tools
    check 'succeeds' succeeded
    check 'wins' private_gave 'acme_tools-1.0'
    check_clean

    lab_case "$name: the user's own CA bundle"
    cp -a "$template" "$PROJECT/venv"
    EXTRA_ENV=("PIP_CERT=$LAB_DIR/ca/user-ca.pem")
    tool "${pip[@]}" install lab-beta
    check 'succeeds' succeeded
    check_clean
done

lab_done
