#!/usr/bin/env bash
# certs.example/make.sh makes what it promises: each row asks OpenSSL about a certificate of a new folder.
set -euo pipefail
MAKE=$(cd "$(dirname "$0")/../.." && pwd)/certs.example/make.sh
readonly MAKE
HOME_OF_ALL=$(mktemp -d)
PKI=$HOME_OF_ALL/pki
readonly HOME_OF_ALL PKI
trap 'rm -rf "$HOME_OF_ALL"' EXIT
failures=0

row() { # sentence, what must be said, command...
    local said
    said=$("${@:3}" 2>&1) || true
    [[ $said == *"$2"* ]] && return
    printf 'does not hold: %s\n    wanted "%s", got: %s\n' "$1" "$2" "$said"
    failures=$((failures + 1))
}

judge() { # name, further options
    openssl verify -CAfile "$PKI/root.crt" -untrusted "$PKI/ca.crt" -CRLfile "$PKI/ca.crl" -CRLfile "$PKI/root.crl" \
        -crl_check_all "${@:2}" "$PKI/$1.crt"
}

about() { # name, option
    openssl x509 -in "$PKI/$1.crt" -noout -nameopt utf8,sep_comma_plus "${@:2}"
}

refused() { # arguments; says the exit code
    local code=0
    "$MAKE" "$@" >/dev/null 2>&1 || code=$?
    echo "exit code $code"
}

everything() {
    find "$PKI" -type f -exec sha256sum {} + | LC_ALL=C sort
}

umask 022
"$MAKE" "$PKI"
for name in leader agency clerk server client tsa ocsp; do
    row "$name is good" OK judge $name
done
row 'revoked is on the list' 'certificate revoked' judge revoked
row 'expired is over' 'certificate has expired' judge expired
row 'expired was good in its time' OK openssl verify -CAfile "$PKI/chain.crt" -attime 1672531200 "$PKI/expired.crt"
row 'the server serves localhost' OK judge server -purpose sslserver -verify_hostname localhost
row 'and 127.0.0.1' OK judge server -purpose sslserver -verify_ip 127.0.0.1
row 'but nobody else' 'hostname mismatch' judge server -verify_hostname example.com
row 'a leader is no server' 'unsuitable certificate purpose' judge client -purpose sslserver
row 'the client is one' OK judge client -purpose sslclient
row 'the timestamp authority is one' OK judge tsa -purpose timestampsign
row 'timestamping alone, and critical' $'X509v3 Extended Key Usage: critical\n    Time Stamping' about tsa -ext extendedKeyUsage
row 'nobody asks about who answers' 'OCSP No Check' about ocsp -ext noCheck
row 'signers sign, critically' $'critical\n    Digital Signature, Non Repudiation' about leader -ext keyUsage
row 'the authority has nobody under it' 'CA:TRUE, pathlen:0' about ca -ext basicConstraints
row 'the leader has a name and an office' 'C=VN,O=Sở Nội vụ tỉnh Mẫu,title=Giám đốc,CN=Nguyễn Văn Mẫu' about leader -subject
row 'which is written in UTF-8' 'UTF8STRING        :Nguyễn Văn Mẫu' openssl asn1parse -in "$PKI/leader.crt"
row 'everyone names their issuer' 'Authority Key Identifier' about agency -ext authorityKeyIdentifier
row 'the leader has RSA of 2048 bits' 'Public-Key: (2048 bit)' about leader -text
row 'the bundle opens with the PIN' 'BEGIN PRIVATE KEY' \
    openssl pkcs12 -in "$PKI/leader.p12" -passin "file:$PKI/pin" -nodes -nocerts
row 'keys are for their owner' 600 stat -c %a "$PKI/leader.key"
row 'so is the PIN' 600 stat -c %a "$PKI/pin"
row 'certificates are for everybody' 644 stat -c %a "$PKI/leader.crt"

before=$(everything)
"$MAKE" "$PKI"
row 'a second run keeps what is there' "$before" everything
rm "$PKI/clerk.p12" "$PKI/ca.crl"
"$MAKE" "$PKI"
row 'and mends what is missing' 'BEGIN PRIVATE KEY' openssl pkcs12 -in "$PKI/clerk.p12" -passin "file:$PKI/pin" -nodes -nocerts
row 'the list too' 'certificate revoked' judge revoked
KEYTYPE=ec-p256 "$MAKE" "$PKI" leader-ec
row 'one more key of another type' 'ASN1 OID: prime256v1' about leader-ec -text
row 'a folder is needed' 'exit code 64' refused
row 'a strange name is refused' 'exit code 64' refused "$PKI" stranger
mkdir "$HOME_OF_ALL/other"
echo mine >"$HOME_OF_ALL/other/file"
row "somebody else's folder is left alone" 'exit code 65' refused "$HOME_OF_ALL/other"
row 'untouched' mine cat "$HOME_OF_ALL/other/file"
exit $((failures > 0))
