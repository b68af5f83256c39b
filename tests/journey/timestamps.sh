#!/usr/bin/env bash
# Signatures of level B-T with OpenSSL's own timestamp authority: from the command line and over the API; others accept them; and
# what happens when no authority is to be had.
#
#     tests/journey/timestamps.sh build/dev
set -euo pipefail
# shellcheck source=tests/journey/server.sh
source "$(dirname "$0")/server.sh"
work=$DEMO/work pki=$DEMO/pki
mkdir -p "$work"
certs.example/make.sh "$pki" >/dev/null
echo stamp >"$work/tsa.manner"
node tests/journey/tsa.mjs "$pki" "$work" &
authority=$!
all_clean() {
    kill $authority 2>/dev/null || true
    server_clean
}
trap all_clean EXIT
within 20 test -s "$work/tsa.port"
tsa=http://127.0.0.1:$(<"$work/tsa.port")
nobody=http://127.0.0.1:1/

sign() { # output, input, more options
    local out=$1 in=$2
    shift 2
    "$VANTHU" sign --key "file:$pki/leader.p12" --pin-file "$pki/pin" --chain "$pki/ca.crt" --force -o "$out" "$@" "$in"
}
verify() { "$VANTHU" verify --offline --json --cache "$work/cache" --trust "$pki/root.crt" --trust "$pki/ca.crl" --trust "$pki/root.crl" "$@"; }
is_level() { # format, file, more options
    verify "${@:3}" "$2" | jq -e --arg format "$1" '.signatures | all(.format == $format and .indication == "TOTAL-PASSED"
        and (.best_signature_time != null) == ($format | endswith("-T")))'
}
sample 127 "$work/plain.pdf"
printf '<?xml version="1.0" encoding="UTF-8"?>\n<ketqua>Cấp phép</ketqua>\n' >"$work/plain.xml"

check 'a PDF is signed at level T' sign "$work/t.pdf" "$work/plain.pdf" --level B-T --tsa "$tsa/stamp" --tsa-trust "$pki/root.crt"
check 'it is what it claims, and says since when' is_level PAdES-BASELINE-T "$work/t.pdf"
check 'pdfsig accepts it' says 'Signature is Valid' pdfsig -nocert "$work/t.pdf"
check 'a second signature leaves it so' sign "$work/tt.pdf" "$work/t.pdf" --tsa "$tsa/stamp"
check 'and is at the same level' is_level PAdES-BASELINE-T "$work/tt.pdf"
check 'XML is signed at level T' sign "$work/t.xml" "$work/plain.xml" --level B-T --tsa "$tsa/stamp" --tsa-policy 1.2.3.4
check 'it is what it claims too' is_level XAdES-BASELINE-T "$work/t.xml"
check 'xmlsec1 accepts it' xmlsec1 --verify --trusted-pem "$pki/root.crt" --untrusted-pem "$pki/ca.crt" \
    --id-attr:Id http://uri.etsi.org/01903/v1.3.2#:SignedProperties "$work/t.xml"
check 'any file is signed at level T beside it' sign "$work/t.p7s" "$work/plain.xml" --format cades --tsa "$tsa/stamp"
check 'which is what it claims' is_level CAdES-BASELINE-T "$work/t.p7s" --content "$work/plain.xml"
check 'openssl cms accepts it' openssl cms -verify -binary -inform DER -in "$work/t.p7s" -content "$work/plain.xml" \
    -CAfile "$pki/root.crt" -purpose any -out /dev/null
check 'and in a container' sign "$work/t.asice" "$work/plain.xml" --format asic-e --tsa "$tsa/stamp"
check 'likewise' is_level CAdES-BASELINE-T "$work/t.asice"

# The token taken out, and what it is about, without a word of ours.
stamp_verify() { # token, content
    openssl ts -verify -token_in -in "$1" -data "$2" -CAfile "$pki/root.crt" -untrusted "$pki/ca.crt"
}
inside() { xmllint --xpath "string(//*[local-name()='$1'])" "$work/t.xml"; }
xml_stamp() {
    inside EncapsulatedTimeStamp | base64 -d >"$work/xml.token"
    printf '<ds:SignatureValue xmlns:ds="http://www.w3.org/2000/09/xmldsig#">%s</ds:SignatureValue>' \
        "$(inside SignatureValue)" >"$work/xml.value"
    stamp_verify "$work/xml.token" "$work/xml.value"
}
pdf_cms() { # PDF → content.bin, cms.der
    local range
    read -r -a range <<<"$(grep -a -o 'ByteRange \[[0-9 ]*' "$1" | cut -d'[' -f2)"
    { head -c "${range[1]}" "$1" && tail -c "${range[3]}" "$1"; } >"$work/content.bin"
    tail -c +$((range[1] + 2)) "$1" | head -c $((range[2] - range[1] - 2)) |
        node -e 'process.stdout.write(Buffer.from(require("node:fs").readFileSync(0, "latin1"), "hex"))' >"$work/cms.der"
}
pdf_stamp() {
    pdf_cms "$work/t.pdf"
    openssl asn1parse -inform DER -in "$work/cms.der" >"$work/cms.txt" 2>/dev/null || true
    local at value
    value=$(sed -n '/timeStampToken/q; /OCTET STRING/p' "$work/cms.txt" | tail -n 1)
    at=$(sed -n '/timeStampToken/,$p' "$work/cms.txt" | sed -n 's/^ *\([0-9]*\):.*SEQUENCE.*/\1/p' | head -n 1)
    openssl asn1parse -inform DER -in "$work/cms.der" -strparse "$((${value%%:*}))" -noout -out "$work/pdf.value" || true
    openssl asn1parse -inform DER -in "$work/cms.der" -strparse "$at" -noout -out "$work/pdf.token"
    stamp_verify "$work/pdf.token" "$work/pdf.value"
}
check 'openssl ts accepts the timestamp in the XML' xml_stamp
check 'openssl ts accepts the timestamp in the PDF' pdf_stamp
check 'openssl cms accepts the signature around it' openssl cms -verify -binary -inform DER -in "$work/cms.der" \
    -content "$work/content.bin" -CAfile "$pki/root.crt" -purpose any -out /dev/null

# Authorities that are no use: the next one, or nothing at all, or what was asked for instead.
check 'the next authority is asked' sign "$work/next.pdf" "$work/plain.pdf" --tsa "$nobody" --tsa "$tsa/page" --tsa "$tsa/stamp"
check 'its product is at level T' is_level PAdES-BASELINE-T "$work/next.pdf"
curl -sS -H 'Content-Type: application/timestamp-query' --data-binary "@$work/tsa.tsq" -o /dev/null "$tsa/stale"
check 'an answer to somebody else is refused' exits 69 sign "$work/no.pdf" "$work/plain.pdf" --tsa "$tsa/stale"
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/other.key" -out "$work/other.crt" -subj /CN=other 2>/dev/null
check 'a root of other authorities refuses this one' exits 69 sign "$work/no.pdf" "$work/plain.pdf" \
    --tsa "$tsa/stamp" --tsa-trust "$work/other.crt"
check 'with no authority to be had the command says so' exits 69 sign "$work/no.pdf" "$work/plain.pdf" --tsa "$nobody"
check 'and writes nothing' test ! -e "$work/no.pdf"
check 'unless level B-B will do' says '"level":"B-B"' sign "$work/b.pdf" "$work/plain.pdf" --tsa "$nobody" --level-fallback --json
check 'which it then is' is_level PAdES-BASELINE-B "$work/b.pdf"
check 'level T without an authority is wrong usage' exits 64 sign "$work/no.pdf" "$work/plain.pdf" --level B-T
check 'so is an unknown level' exits 64 sign "$work/no.pdf" "$work/plain.pdf" --level B-X

# Over the API, with settings.
export HUB_SECTIONS="[timestamp]
urls = $tsa/
trust = $pki/root.crt
deadline = 1"
server_start
call() { # level, output: the headers
    curl -sS -D - -o "$2" -H "$(bearer api-token)" --data-binary "@$work/plain.pdf" \
        "$base/api/v1/sign?key=$(encoded "$LEADER_URI")&level=$1"
}
reaches() { # level, wanted level
    call "$1" "$work/api.pdf" | tr -d '\r' | tee /dev/stderr | grep -ix "X-Signature-Level: $2"
}
check 'the API signs at level T' reaches B-T B-T
check 'and does' is_level PAdES-BASELINE-T "$work/api.pdf"
check 'level B needs no authority' reaches B-B B-B
echo hang >"$work/tsa.manner"
check 'with the authority away the answer is marked' reaches B-T B-B
check 'the document is signed all the same' is_level PAdES-BASELINE-B "$work/api.pdf"
check 'the log says why' grep -q sign.lower "$DEMO/server.log"
check 'an unknown level is refused' says ' 400 ' call B-X "$work/api.pdf"
server_done
