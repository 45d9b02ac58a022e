#!/bin/bash
# Programs of every TLS library trust the mirror's CA, with the user's own bundles still in force.
set -euo pipefail
# shellcheck source=../lab/lab.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lab/lab.sh"
lab_enter "$0" "$@"

python=/usr/bin/python3
url=https://mirror.shunt.test/lab/hello.txt
urllib='import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=20).read())'
node_get='require("https").get(process.argv[1], (r) => r.pipe(process.stdout))
    .on("error", (e) => { console.log(e.code); process.exitCode = 1; });'

lab_case 'no variable set'
tool curl -sS "$url"
check 'curl' says 'hello from the mirror'
tool wget -nv -O - "$url"
check 'wget' says 'hello from the mirror'
tool git clone -q https://mirror.shunt.test/lab/repo.git clone
check 'git' file_says "$PROJECT/clone/README" 'hello from git'
tool "$python" -c "$urllib" "$url"
check 'python' says 'hello from the mirror'
tool node -e "$node_get" "$url"
check 'node' says 'hello from the mirror'
tool openssl s_client -verify_return_error -verify_hostname mirror.shunt.test \
    -connect mirror.shunt.test:443
check 'openssl s_client' says 'Verify return code: 0 (ok)'
check 'nothing went to a public host' nothing_public

# The mirror's CA opens no other door.
lab_case 'a server that no CA of the step signed'
tool curl -sS https://user.shunt.test/
check 'curl refuses it' refused
tool "$python" -c "$urllib" https://user.shunt.test/
check 'python refuses it' refused
tool node -e "$node_get" https://user.shunt.test/
check 'node refuses it' refused

own=$LAB_DIR/ca/user-ca.pem
for variable in SSL_CERT_FILE CURL_CA_BUNDLE NODE_EXTRA_CA_CERTS REQUESTS_CA_BUNDLE GIT_SSL_CAINFO; do
    case $variable in
        SSL_CERT_FILE) programs=(curl python openssl) ;;
        CURL_CA_BUNDLE) programs=(curl) ;;
        NODE_EXTRA_CA_CERTS) programs=(node) ;;
        GIT_SSL_CAINFO) programs=(git) ;;
        *) programs=(curl python node git) ;;
    esac
    for program in "${programs[@]}"; do
        lab_case "the user's own $variable, $program"
        EXTRA_ENV=("$variable=$own")
        for host in mirror user; do
            case $program in
                curl) command=(curl -sS "https://$host.shunt.test/lab/hello.txt") ;;
                python) command=("$python" -c "$urllib" "https://$host.shunt.test/lab/hello.txt") ;;
                node) command=(node -e "$node_get" "https://$host.shunt.test/lab/hello.txt") ;;
                git) command=(git ls-remote "https://$host.shunt.test/lab/repo.git") ;;
                openssl)
                    command=(openssl s_client -verify_return_error
                        -verify_hostname "$host.shunt.test" -connect "$host.shunt.test:443")
                    ;;
            esac
            # A variable that the program does not read adds nothing of the user's to trust.
            if [ "$host" = user ] && { [ "$variable" = REQUESTS_CA_BUNDLE ] ||
                [ "$program" = git ]; }; then
                continue
            fi
            tool "${command[@]}"
            check "$host.shunt.test" succeeded
        done
        check "the user's bundle is unchanged" not grep -q shunt "$own"
    done
done

declare -A types=([jks]=JKS [p12]=PKCS12)
for type in jks p12; do
    keytool -importcert -noprompt -alias own -file "$own" -storetype "${types[$type]}" \
        -keystore "$WORK/own.$type" -storepass changeit 2>"$WORK/keytool.log"
done
cat >"$WORK/Get.java" <<'EOF'
import java.net.URL;

public class Get {
    public static void main(String[] args) throws Exception {
        try (var in = new URL(args[0]).openStream()) {
            System.out.write(in.readAllBytes());
            System.out.flush();
        }
    }
}
EOF
lab_case 'java'
cp "$WORK/Get.java" "$PROJECT"
tool java Get.java "$url"
check 'its own trust store' says 'hello from the mirror'
tool java -Djavax.net.ssl.trustStore="$WORK/own.jks" Get.java "$url"
check "the user's JKS" says 'hello from the mirror'
tool java -Djavax.net.ssl.trustStore="$WORK/own.p12" \
    -Djavax.net.ssl.trustStorePassword=changeit Get.java "$url"
check "the user's PKCS12" says 'hello from the mirror'
tool java -Djavax.net.ssl.trustStore="$WORK/own.p12" \
    -Djavax.net.ssl.trustStorePassword=changeit Get.java https://user.shunt.test/
check "the user's own CA still counts" says 'hello from the user'

lab_done
