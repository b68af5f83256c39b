#!/usr/bin/env bash
# What we think of the PDFs that others sign: poppler's pdfsig (through NSS) and the library @signpdf.
#
#     tests/interop/opinions/pdf_judged.sh build/dev
set -euo pipefail
# shellcheck source=tests/interop/opinions/stand.sh
source "$(dirname "$0")/stand.sh"
make_nss nss

pdfsig_signs() { # in, out
    pdfsig "$1" "$2" -add-signature -nssdir nss -nick leader -reason 'Ky duyet'
    [[ -s $2 ]]
}
signpdf_signs() { # p12, pin file, in, out, more
    node "$HERE/signpdf.mjs" --p12 "$1" --pin-file "$2" "${@:5}" "$3" "$4"
}
# An authority whose name is ASCII: @signpdf's node-forge writes the names of others in UTF-8 twice over.
make_ascii_authority() { # folder
    mkdir -p "$1"
    echo 12345678 >"$1/pin"
    openssl req -x509 -newkey rsa:2048 -nodes -keyout "$1/ca.key" -out "$1/ca.crt" -days 900 \
        -subj '/C=VN/O=To chuc mau/CN=CA mau' -addext keyUsage=critical,keyCertSign,cRLSign
    openssl req -newkey rsa:2048 -nodes -keyout "$1/leader.key" -subj '/C=VN/O=So Noi vu/CN=Nguyen Van Mau' |
        openssl x509 -req -CA "$1/ca.crt" -CAkey "$1/ca.key" -days 800 -out "$1/leader.crt" \
            -extfile <(printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation')
    openssl pkcs12 -export -in "$1/leader.crt" -inkey "$1/leader.key" -certfile "$1/ca.crt" -passout "file:$1/pin" \
        -out "$1/leader.p12"
}

judge() { # what signed it, file, signatures, anchor
    local what=$1 file=$2 all spoilt=${2%.pdf}.spoilt.pdf
    all=$(printf 'TOTAL-PASSED %.0s' $(seq "$3")) all=${all% }
    check "$what: genuine" we_say "$all" "$file" --trust "$4"
    check "$what: the exit code says so" exits 0 "$VANTHU" verify --trust "$4" "$file"
    check "$what: with no anchor nobody knows" we_say "${all//TOTAL-PASSED/INDETERMINATE}" "$file"
    check "$what: the exit code says that too" exits 2 "$VANTHU" verify "$file"
    check "$what: the sentence names the missing chain" says NO_CERTIFICATE_CHAIN_FOUND "$VANTHU" verify --json "$file"
    spoil_pdf "$file" "$spoilt"
    check "$what: with one bit turned it failed" we_say "${all//PASSED/FAILED}" "$spoilt" --trust "$4"
    check "$what: the exit code says no" exits 1 "$VANTHU" verify --trust "$4" "$spoilt"
    printf x | cat "$file" - >"${file%.pdf}.longer.pdf"
    check "$what: with a letter behind its end it failed" we_say "${all//PASSED/FAILED}" "${file%.pdf}.longer.pdf" --trust "$4"
}

"$BUILD/sample-pdf" --number 127/GP-SNV -o plain.pdf
make_ascii_authority ascii 2>/dev/null

check 'pdfsig signs' pdfsig_signs plain.pdf pdfsig.pdf
judge 'pdfsig' pdfsig.pdf 1 "$PKI/chain.crt"
check 'pdfsig signs once more' pdfsig_signs pdfsig.pdf pdfsig2.pdf
judge 'pdfsig, twice' pdfsig2.pdf 2 "$PKI/chain.crt"

check '@signpdf signs' signpdf_signs ascii/leader.p12 ascii/pin plain.pdf signpdf.pdf
judge '@signpdf' signpdf.pdf 1 ascii/ca.crt
check '@signpdf signs once more' signpdf_signs ascii/leader.p12 ascii/pin signpdf.pdf signpdf2.pdf
judge '@signpdf, twice' signpdf2.pdf 2 ascii/ca.crt

check '@signpdf signs with names it cannot write' signpdf_signs "$PKI/leader.p12" "$PKI/pin" plain.pdf twice-utf8.pdf
check_not '@signpdf: a signature whose certificate cannot be found is not genuine' \
    "$VANTHU" verify --trust "$PKI/chain.crt" twice-utf8.pdf

check 'we sign what pdfsig has signed' signed_by "$AGENCY_URI" pdfsig.pdf both.pdf
judge 'pdfsig, then we' both.pdf 2 "$PKI/chain.crt"
check 'pdfsig, then we: both are valid to pdfsig' pdfsig_counts 2 'Signature is Valid.' nss both.pdf
# @signpdf announces its cross-reference a line too early: readers look past that, a writer must not build on it.
check 'we refuse by name to sign behind what @signpdf wrote' says 'cross-reference section' \
    signed_by "$AGENCY_URI" signpdf.pdf refused.pdf
check 'the exit code says so' exits 65 signed_by "$AGENCY_URI" signpdf.pdf refused.pdf
check_not 'nothing is written' test -e refused.pdf
check 'pdfsig signs what we have signed' pdfsig_signs both.pdf three.pdf
judge 'pdfsig, we, pdfsig' three.pdf 3 "$PKI/chain.crt"
check_done
