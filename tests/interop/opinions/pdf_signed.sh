#!/usr/bin/env bash
# What others think of the PDFs that we sign: poppler's pdfsig, OpenSSL, qpdf and pkijs, each with its own trust.
#
#     tests/interop/opinions/pdf_signed.sh build/dev
set -euo pipefail
# shellcheck source=tests/interop/opinions/stand.sh
source "$(dirname "$0")/stand.sh"
make_nss nss

cms_holds() { # folder, number
    openssl cms -verify -cades -inform DER -in "$1/$2.der" -content "$1/$2.signed" -binary -CAfile "$PKI/root.crt" \
        -certfile "$PKI/ca.crt" -out /dev/null
}
pkijs_agrees() { # folder, number
    node "$HERE/pkijs.mjs" --anchor "$PKI/root.crt" --certificate "$PKI/ca.crt" "$1/$2.der" "$1/$2.signed"
}
is_prefix() { cmp -n "$(stat -c %s "$1")" "$1" "$2"; }

judge_twice_signed() { # what it is, first key, second key, file
    local what=$1 name=${4%.pdf} number
    check "$what: the leader's key signs it" signed_by "$2" "$4" "$name.1.pdf"
    check "$what: the agency's key signs it" signed_by "$3" "$name.1.pdf" "$name.2.pdf"
    [[ -s $name.2.pdf ]] || return 0
    check "$what: the original bytes stand unchanged" is_prefix "$4" "$name.2.pdf"
    check "$what: so do those of the first signature" is_prefix "$name.1.pdf" "$name.2.pdf"
    check "$what: qpdf finds nothing wrong" qpdf --check "$name.2.pdf"
    check "$what: both signatures are valid to pdfsig" pdfsig_counts 2 'Signature is Valid.' nss "$name.2.pdf"
    check "$what: both certificates are trusted by pdfsig" pdfsig_counts 2 'Certificate is Trusted.' nss "$name.2.pdf"
    check "$what: to pdfsig both are ETSI's" pdfsig_counts 2 'ETSI.CAdES.detached' nss "$name.2.pdf"
    check "$what: the last one signs the whole file" pdfsig_counts 1 '  - Total document signed' nss "$name.2.pdf"
    check "$what: two signatures are taken out" says 2 node "$HERE/pdf_signatures.mjs" "$name.2.pdf" "$name.cms"
    for number in 1 2; do
        check "$what: OpenSSL accepts number $number, its certificate named by an attribute" cms_holds "$name.cms" $number
        check "$what: pkijs accepts number $number" pkijs_agrees "$name.cms" $number
        turn_bit "$name.cms/$number.signed" "$name.cms/spoilt.signed" 600
        cp "$name.cms/$number.der" "$name.cms/spoilt.der"
        check_not "$what: with one bit turned OpenSSL refuses number $number" cms_holds "$name.cms" spoilt
        check_not "$what: and so does pkijs" pkijs_agrees "$name.cms" spoilt
    done
    check "$what: we find both genuine" genuine "$name.2.pdf" 2
    spoil_pdf "$name.2.pdf" "$name.spoilt.pdf"
    check "$what: with one bit turned neither is valid to pdfsig" pdfsig_counts 0 'Signature is Valid.' nss "$name.spoilt.pdf"
    check "$what: nor to us" we_say 'TOTAL-FAILED TOTAL-FAILED' "$name.spoilt.pdf" --trust "$PKI"
}

"$BUILD/sample-pdf" --number 127/GP-SNV -o table.pdf
qpdf --object-streams=generate table.pdf streams.pdf
qpdf --linearize table.pdf linear.pdf
cp table.pdf curve.pdf
cp streams.pdf long.pdf

judge_twice_signed 'a PDF with a table' "$LEADER_URI" "$AGENCY_URI" table.pdf
judge_twice_signed 'a PDF with object streams' "$LEADER_URI" "$AGENCY_URI" streams.pdf
judge_twice_signed 'a linearised PDF' "$LEADER_URI" "$AGENCY_URI" linear.pdf
judge_twice_signed 'a PDF signed with P-256' "$LEADER_EC_URI" "$AGENCY_URI" curve.pdf
judge_twice_signed 'a PDF signed with RSA-3072 and RSA-4096' "$LEADER_RSA3072_URI" "$LEADER_RSA4096_URI" long.pdf
check_done
