#!/usr/bin/env bash
# What others think of the XML that we sign: xmlsec1, xml-crypto and xadesjs.
#
#     tests/interop/opinions/xml_signed.sh build/dev
set -euo pipefail
# shellcheck source=tests/interop/opinions/stand.sh
source "$(dirname "$0")/stand.sh"

xmlsec_holds() {
    xmlsec1 --verify --enabled-reference-uris empty,same-doc --trusted-pem "$PKI/root.crt" --untrusted-pem "$PKI/ca.crt" \
        --id-attr:Id http://uri.etsi.org/01903/v1.3.2#:SignedProperties "$1"
}

judge_signed() { # what it is, key's URI, its certificate, file
    local what=$1 certificate=$PKI/$3.crt signed=${4%.xml}.signed.xml spoilt=${4%.xml}.spoilt.xml
    check "$what: we sign it" signed_by "$2" "$4" "$signed"
    [[ -s $signed ]] || return 0
    sed 's/127/128/' "$signed" >"$spoilt"
    check "$what: xmlsec1 accepts it" xmlsec_holds "$signed"
    check_not "$what: changed, xmlsec1 refuses it" xmlsec_holds "$spoilt"
    if [[ $3 != *-ec ]]; then # xml-crypto knows no elliptic curves, xadesjs none in a certificate
        check "$what: xadesjs accepts it" node "$HERE/xadesjs.mjs" verify "$signed"
        check_not "$what: changed, xadesjs refuses it" node "$HERE/xadesjs.mjs" verify "$spoilt"
        check "$what: xml-crypto accepts it" node "$HERE/xml_crypto.mjs" verify "$certificate" "$signed"
        check_not "$what: changed, xml-crypto refuses it" node "$HERE/xml_crypto.mjs" verify "$certificate" "$spoilt"
    fi
    check "$what: we find it genuine" genuine "$signed" 1
    check "$what: changed, we do not" we_say TOTAL-FAILED "$spoilt" --trust "$PKI/chain.crt"
    sed 's/\(SigningTime>20\)[0-9][0-9]/\101/' "$signed" >"$spoilt"
    check_not "$what: with another time xmlsec1 refuses it" xmlsec_holds "$spoilt"
    check "$what: with another time so do we" we_say TOTAL-FAILED "$spoilt" --trust "$PKI/chain.crt"
}

cat >result.xml <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<ketQua xmlns="urn:mau:ket-qua" xmlns:k="urn:mau:khac" Id="kq-1">
  <so>127/GP-SNV</so>
  <nguoi k:loai='cá nhân'>Trần Thị Ví Dụ &amp; con</nguoi><!-- ghi chú -->
  <k:trong/>
</ketQua>
XML
printf '<a>127</a>' >small.xml
cp result.xml curve.xml
cp result.xml long.xml

judge_signed 'a result' "$LEADER_URI" leader result.xml
judge_signed 'the smallest document' "$AGENCY_URI" agency small.xml
judge_signed 'a result signed with RSA-3072' "$LEADER_RSA3072_URI" leader-rsa3072 long.xml
judge_signed 'a result signed with P-256' "$LEADER_EC_URI" leader-ec curve.xml
check_done
