#!/usr/bin/env bash
# Every face of a verdict, from the command line: screen, tree of checks, JSON, the XML of ETSI TS 119 102-2 and PDF, the last two
# signed too; what a signer saw can be saved; and profiles say who must have signed.
#
#     tests/journey/reports.sh build/dev
set -euo pipefail
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=$(cd "${1:?the build folder is missing, for example build/dev}" && pwd)
cd "$ROOT"
export LC_ALL=C.UTF-8
# shellcheck source=tests/check.sh
source tests/check.sh
work=$(mktemp -d "${TMPDIR:-/tmp}/reports.XXXXXX")
trap 'rm -rf "$work"' EXIT
pki=$work/pki
certs.example/make.sh "$pki" >/dev/null

verify() { "$BUILD/vanthu" verify --offline --cache "$work/cache" --trust "$pki/root.crt" --trust "$pki/ca.crl" --trust "$pki/root.crl" "$@"; }
sign() { # who, input, output
    "$BUILD/vanthu" sign --key "file:$pki/$1.p12" --pin-file "$pki/pin" --chain "$pki/ca.crt" -o "$3" "$2"
}
says() { # text, command…
    local wanted=$1
    shift
    "$@" | tee /dev/stderr | grep -F "$wanted" >/dev/null
}
"$BUILD/sample-pdf" --number 127/GP-SNV -o "$work/plain.pdf"
sign leader "$work/plain.pdf" "$work/leader.pdf"
sign agency "$work/leader.pdf" "$work/both.pdf"

check 'leader and agency have signed: genuine' says 'CHỮ KÝ HỢP LỆ' verify "$work/both.pdf"
check 'in English by one option' says GENUINE verify --english "$work/both.pdf"
check 'the tree of checks names the clauses' says '(EN 319 102-1, 5.2.2)' verify --report detailed "$work/both.pdf"
check 'and the data about revocation' says 'Chưa bị thu hồi, theo dữ liệu ngày' verify --report detailed "$work/both.pdf"
check 'the XML report is valid' sh -c '"$@" | xmllint --noout --schema schemas/validation-report.xsd -' sh \
    "$BUILD/vanthu" verify --offline --trust "$pki/root.crt" --report etsi "$work/both.pdf"

key=(--key "file:$pki/agency.p12" --pin-file "$pki/pin" --chain "$pki/ca.crt")
check 'it can be signed' verify --report etsi -o "$work/report.xml" "${key[@]}" "$work/both.pdf"
check 'and is valid still' xmllint --noout --schema schemas/validation-report.xsd "$work/report.xml"
check 'xmlsec1 accepts the signature' xmlsec1 --verify --trusted-pem "$pki/root.crt" --untrusted-pem "$pki/ca.crt" \
    --id-attr:Id http://uri.etsi.org/01903/v1.3.2#:SignedProperties "$work/report.xml"
check 'so do we' verify "$work/report.xml"
check 'the PDF report can be signed' verify --report pdf -o "$work/report.pdf" "${key[@]}" "$work/both.pdf"
check 'a report that is saved is named' says report-2.pdf verify --report pdf -o "$work/report-2.pdf" "$work/both.pdf"
check 'pdfsig accepts the signature' says 'Signature is Valid' pdfsig -nocert "$work/report.pdf"
check 'its text can be selected' says 'KẾT QUẢ KIỂM TRA CHỮ KÝ SỐ' pdftotext "$work/report.pdf" -
check 'a report that exists is not replaced' exits 65 verify --report pdf -o "$work/report.pdf" "$work/both.pdf"
check 'a document is never replaced by its report' exits 64 verify --report pdf --force -o "$work/both.pdf" "$work/both.pdf"
check 'nor by one of its revisions' exits 64 verify --extract-revision 2 --force -o "$work/./both.pdf" "$work/both.pdf"
check 'before its certificate was valid a signature is no signature' says 'CHỮ KÝ KHÔNG HỢP LỆ' \
    sh -c '"$@" || true' sh "$BUILD/vanthu" verify --offline --trust "$pki" --at 2019-01-01 "$work/both.pdf"
check 'what is missing in a command is said with its usage' says '[--json] FILE…' sh -c '"$@" 2>&1 || true' sh "$BUILD/vanthu" verify
check 'a PDF does not go to the screen' exits 64 verify --report pdf "$work/both.pdf"
check 'an unknown kind is refused' exits 64 verify --report nice "$work/both.pdf"

check 'what the leader saw is saved' verify --extract-revision 2 -o "$work/saw.pdf" "$work/both.pdf"
check 'it is the file the leader signed' cmp "$work/saw.pdf" "$work/leader.pdf"
check 'a revision that is not there is said so' exits 66 verify --extract-revision 9 -o "$work/none.pdf" "$work/both.pdf"

check 'a văn bản has both signatures, in that order' verify --policy van-ban "$work/both.pdf"
check 'without the seal it is not one' exits 2 verify --policy 'văn bản' "$work/leader.pdf"
check 'and the report says what is missing' says PROFILE_SIGNER_MISSING \
    sh -c '"$@" || true' sh "$BUILD/vanthu" verify --json --offline --trust "$pki" --policy van-ban "$work/leader.pdf"
check 'a policy of one'\''s own is read' verify --policy docs/policy.example.conf "$work/both.pdf"
check 'a policy that is none is said so' exits 66 verify --policy vanban "$work/both.pdf"
check_done
