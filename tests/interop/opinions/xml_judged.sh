#!/usr/bin/env bash
# What we think of the XML that others sign: xmlsec1, xml-crypto and xadesjs.
#
#     tests/interop/opinions/xml_judged.sh build/dev
set -euo pipefail
# shellcheck source=tests/interop/opinions/stand.sh
source "$(dirname "$0")/stand.sh"

judge() { # what signed it, file
    local what=$1 file=$2 spoilt=${2%.xml}.spoilt.xml
    check "$what: genuine" we_say TOTAL-PASSED "$file" --trust "$PKI/chain.crt"
    check "$what: the exit code says so" exits 0 "$VANTHU" verify --trust "$PKI/chain.crt" "$file"
    check "$what: with no anchor nobody knows" we_say INDETERMINATE "$file"
    check "$what: the exit code says that too" exits 2 "$VANTHU" verify "$file"
    sed 's/127/128/' "$file" >"$spoilt"
    check "$what: changed, it failed" we_say TOTAL-FAILED "$spoilt" --trust "$PKI/chain.crt"
    check "$what: the exit code says no" exits 1 "$VANTHU" verify --trust "$PKI/chain.crt" "$spoilt"
}

result() { # what stands before its end
    printf '<?xml version="1.0" encoding="UTF-8"?>\n<ketQua xmlns="urn:mau:ket-qua"><so>127/GP-SNV</so>'
    printf '<nguoi>Trần Thị Ví Dụ</nguoi>%s</ketQua>\n' "$1"
}
template() { # reference, its transforms
    local dsig=http://www.w3.org/2000/09/xmldsig# c14n=http://www.w3.org/2001/10/xml-exc-c14n#
    cat <<-XML
	<Signature xmlns="$dsig"><SignedInfo><CanonicalizationMethod Algorithm="$c14n"/>
	<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>
	<Reference URI="$1">$2
	<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue/></Reference></SignedInfo>
	<SignatureValue/><KeyInfo><X509Data/></KeyInfo></Signature>
	XML
}
readonly ENVELOPED='<Transforms><Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>
<Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></Transforms>'
xmlsec_signs() { # in, out
    xmlsec1 --sign --privkey-pem "$PKI/leader.key,$PKI/leader.crt" --output "$2" "$1"
}

result '' >plain.xml
result "$(template '' "$ENVELOPED")" >template.xml
check 'xmlsec1 signs' xmlsec_signs template.xml xmlsec.xml
judge xmlsec1 xmlsec.xml
check 'xml-crypto signs' node "$HERE/xml_crypto.mjs" sign "$PKI/leader.key" "$PKI/leader.crt" plain.xml xml-crypto.xml
judge xml-crypto xml-crypto.xml
check 'xadesjs signs' node "$HERE/xadesjs.mjs" sign "$PKI/leader.key" "$PKI/leader.crt" plain.xml xadesjs.xml
judge xadesjs xadesjs.xml

# What is signed is what the reference names, here a file of this machine: nobody may be led to read it.
template file:///etc/hostname '' >outside.template.xml
check 'xmlsec1 signs a file beside the document' xmlsec_signs outside.template.xml outside.xml
check_not 'a signature over a file outside the document is not genuine' \
    "$VANTHU" verify --trust "$PKI/chain.crt" outside.xml

check 'we sign what xmlsec1 has signed' signed_by "$AGENCY_URI" xmlsec.xml both.xml
check 'of both, our own is genuine' says '"TOTAL-PASSED"' "$VANTHU" verify --json --trust "$PKI/chain.crt" both.xml
check_done
