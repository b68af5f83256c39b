#!/usr/bin/env bash
# Revocation with OpenSSL's own responder and a plain web server: good, revoked, offline, the list in the responder's
# place, and whoever may not be asked.
#
#     tests/journey/revocation.sh build/dev
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
VANTHU=$(cd "${1:?the build folder is missing, for example build/dev}" && pwd)/vanthu
# shellcheck source=tests/check.sh
source "$ROOT/tests/check.sh"
WORK=$(mktemp -d "${TMPDIR:-/tmp}/revocation.XXXXXX")
cd "$WORK"
umask 077
export LC_ALL=C.UTF-8 XDG_CACHE_HOME=$WORK/caches
first=$((20000 + 2 * (RANDOM % 5000)))
ocsp_port=$first list_port=$((first + 1)) ocsp='' lists=''

clean() {
    [[ -z $ocsp ]] || kill "$ocsp" 2>/dev/null || true
    [[ -z $lists ]] || kill "$lists" 2>/dev/null || true
    rm -rf "$WORK"
}
trap clean EXIT
trap 'exit 130' INT TERM

quietly() { "$@" >log 2>&1 || { cat log && return 1; }; }

make_authority() {
    cat >ca.cnf <<END
[ca]
default_ca = books
[books]
database = index.txt
serial = serial
crlnumber = crlnumber
new_certs_dir = .
default_md = sha256
default_crl_days = 7
policy = names
unique_subject = no
[names]
commonName = supplied
[req]
distinguished_name = names_asked
[names_asked]
commonName = name
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = keyCertSign,cRLSign
subjectKeyIdentifier = hash
[signer]
keyUsage = digitalSignature
authorityInfoAccess = OCSP;URI:http://127.0.0.1:$ocsp_port/
crlDistributionPoints = URI:http://127.0.0.1:$list_port/ca.crl
[ocsp]
keyUsage = digitalSignature
extendedKeyUsage = OCSPSigning
noCheck = ignored
END
    : >index.txt
    echo 01 >serial
    echo 01 >crlnumber
    openssl ecparam -name prime256v1 -genkey -noout -out ca.key
    quietly openssl req -x509 -new -key ca.key -subj /CN=Authority -days 30 -config ca.cnf -extensions authority -out ca.crt
}
issue() { # name, section
    openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"
    quietly openssl req -new -key "$1.key" -subj "/CN=$1" -config ca.cnf -out "$1.csr"
    quietly openssl ca -batch -config ca.cnf -cert ca.crt -keyfile ca.key -extensions "$2" -days 20 -in "$1.csr" -out "$1.crt" -notext
}
list() { openssl ca -gencrl -config ca.cnf -cert ca.crt -keyfile ca.key 2>log | openssl crl -outform DER -out served/ca.crl; }
revoke() { quietly openssl ca -config ca.cnf -cert ca.crt -keyfile ca.key -revoke "$1.crt" -crl_reason keyCompromise && list; }

respond() { # the responder reads the books when it starts
    if [[ -n $ocsp ]]; then
        kill "$ocsp"
        wait "$ocsp" || true
    fi
    openssl ocsp -index index.txt -CA ca.crt -rsigner ocsp.crt -rkey ocsp.key -nmin 60 -port "$ocsp_port" >ocsp.log 2>&1 &
    ocsp=$!
    within grep -q 'waiting for OCSP client' ocsp.log # it would wait long for a caller who asks nothing
}
within() { # command…: true within five seconds
    for _ in {1..100}; do
        if "$@" 2>/dev/null; then return; fi
        sleep 0.05
    done
    return 1
}
listens() { (: <>"/dev/tcp/127.0.0.1/$1"); }
serve_lists() {
    node -e 'const fs = require("fs");
        require("http").createServer((q, a) => {
            fs.appendFileSync("asked", q.url + "\n");
            try { a.end(fs.readFileSync("served" + q.url)); } catch { a.statusCode = 404; a.end(); }
        }).listen(+process.argv[1], "127.0.0.1");' "$list_port" &
    lists=$!
    within listens "$list_port"
}
sign() { # name
    openssl rand -hex 8 >pin
    openssl pkcs12 -export -inkey "$1.key" -in "$1.crt" -certfile ca.crt -passout file:pin -out "$1.p12"
    quietly "$VANTHU" sign --key "file:$1.p12" --pin-file pin -o "$1.xml" plain.xml
}
look() { # document, more options
    "$VANTHU" verify --trust ca.crt --allow-private --english "${@:2}" "$1.xml"
}
asked() { grep -c . asked 2>/dev/null || true; }

mkdir served
echo '<KetQua><So>127</So></KetQua>' >plain.xml
make_authority
issue good signer
issue bad signer
issue ocsp ocsp
list
sign good
sign bad
serve_lists
respond

check 'offline, with nothing kept, nobody can say' exits 2 look good --offline
check 'and the report says that nobody was asked' says 'Checking offline' look good --offline
check 'the responder says that the signer is good' exits 0 look good
check_not 'its list was not needed' test -s asked
check 'what it said is kept: offline the answer is the same' exits 0 look good --offline
check 'in a folder of the person'\''s own' test -d caches/vanthu/revocation
revoke bad
respond
check 'a revoked signer does not pass' says REVOKED look bad
check 'without a responder the list is asked' exits 0 env XDG_CACHE_HOME="$WORK/other" bash -c "kill $ocsp; sleep 0.2; exec '$VANTHU' verify --trust ca.crt --allow-private good.xml"
ocsp=''
check 'once' test "$(asked)" = 1
check 'the list, too, says who was revoked' says REVOKED env XDG_CACHE_HOME="$WORK/other" "$VANTHU" verify --trust ca.crt --allow-private --english bad.xml
check 'it was kept' test "$(asked)" = 1
check 'private addresses are asked only when that is allowed' exits 2 "$VANTHU" verify --trust ca.crt --cache "$WORK/third" good.xml
check 'nobody was' test "$(asked)" = 1
check 'a folder that cannot be written is done without' exits 0 look good --cache /proc/nothing
check_done
