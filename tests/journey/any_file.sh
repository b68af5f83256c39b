#!/usr/bin/env bash
# Any file can be signed: CAdES beside it or around it, ASiC-S and ASiC-E, from the command line and over the API. What comes out
# is accepted by vanthu verify, by OpenSSL and by unzip; what is signed already is refused with the way out.
#
#     tests/journey/any_file.sh build/dev
set -euo pipefail
# shellcheck source=tests/journey/server.sh
source "$(dirname "$0")/server.sh"
server_start
work=$DEMO/work pki=$DEMO/pki
mkdir -p "$work/out"
sheet=$work/'số liệu quý 3.csv'
printf 'Số hồ sơ;Kết quả\n127;đạt\n' >"$sheet"
name=$(basename "$sheet")

sign() { # options… input
    "$VANTHU" sign --key "file:$pki/leader.p12" --pin-file "$pki/pin" --chain "$pki/ca.crt" "$@"
}
verify() {
    "$VANTHU" verify --offline --cache "$work/cache" --trust "$pki/root.crt" --trust "$pki/ca.crl" --trust "$pki/root.crl" "$@"
}
openssl_accepts() { # arguments of openssl cms
    openssl cms -verify -binary -inform DER -CAfile "$pki/root.crt" -purpose any -out "$work/content" "$@"
}
# Unpacked by unzip; the document is the one that was put in, and OpenSSL accepts the signature of what it is about.
unpacks() { # container, signature, what it signs
    rm -rf "$work/in"
    unzip -q "$1" -d "$work/in"
    cmp "$work/in/$name" "$sheet"
    openssl_accepts -in "$work/in/$2" -content "$work/in/$3"
}
first_member() { # container, media type
    [[ $(head -c 69 "$1" | tail -c 39) == "mimetype$2" ]]
}

check 'a file is signed beside it' sign --format cades -o "$work/out/" "$sheet"
check 'around it' sign --format cades --packaging enveloping -o "$work/out/" "$sheet"
check 'in a simple container' sign --format asic-s -o "$work/out/" "$sheet"
check 'in an extended one' sign --format asic-e -o "$work/out/" "$sheet"
out=$work/out/$name

check 'the signature beside it is genuine with the file' verify --content "$sheet" "$out.p7s"
check 'without the file nothing is said' exits 2 verify "$out.p7s"
printf x | cat "$sheet" - >"$work/changed.csv"
check 'with a changed file it is not genuine' exits 1 verify --content "$work/changed.csv" "$out.p7s"
check 'OpenSSL accepts it' openssl_accepts -in "$out.p7s" -content "$sheet"
check 'the signature around it is genuine by itself' verify "$out.p7m"
check 'OpenSSL accepts that too' openssl_accepts -in "$out.p7m"
check 'and the file comes out of it' cmp "$work/content" "$sheet"
check 'its level is said' says CAdES-BASELINE-B verify "$out.p7m"

check 'the simple container is genuine' verify "$out.asics"
check 'it begins with its media type' first_member "$out.asics" application/vnd.etsi.asic-s+zip
check 'unzip and OpenSSL accept it' unpacks "$out.asics" META-INF/signature.p7s "$name"
check 'the extended container is genuine' verify "$out.asice"
check 'it begins with its media type too' first_member "$out.asice" application/vnd.etsi.asic-e+zip
check 'unzip and OpenSSL accept it as well' unpacks "$out.asice" META-INF/signature001.p7s META-INF/ASiCManifest.xml
sed 's/127;/128;/' "$out.asice" >"$work/forged.asice"
check 'a changed document in it is found' exits 1 verify "$work/forged.asice"

check 'an output that exists is not replaced' exits 65 sign --format asic-e -o "$work/out/" "$sheet"
check 'a signature is not signed again' exits 65 sign --format cades -o "$work/twice" "$out.p7s"
check 'and the way out is said' says 'Sign the document itself' sign --format asic-s -o "$work/twice" "$out.p7m"
check 'nor is a container' says 'Take the document out' sign --format asic-e -o "$work/twice" "$out.asics"
check 'of an empty file there is nothing to sign' exits 65 sign --format cades -o "$work/twice" /dev/null
check 'for such a file the format must be named' says 'Name one for other files' sign -o "$work/twice" "$sheet"
check 'a container has no other packaging' exits 64 sign --format asic-s --packaging enveloping -o "$work/twice" "$sheet"
check 'an unknown format is refused' exits 64 sign --format asic -o "$work/twice" "$sheet"
check_not 'nothing of what was refused is there' test -e "$work/twice"

# ---- over the API
signed_as() { # media type, query, more of curl's arguments; the answer is in $work/answer
    local wanted=$1 query=$2 said
    shift 2
    said=$(curl -sS -o "$work/answer" -w '%{http_code} %{content_type}' -H "$(bearer api-token)" --data-binary "@$sheet" "$@" \
        "$base/api/v1/sign?key=$(encoded "$LEADER_URI")&$query")
    echo "$said"
    [[ $said == "200 $wanted" ]]
}
check 'the API signs a file beside it' signed_as application/pkcs7-signature 'format=cades'
check 'which is genuine with the file' verify --content "$sheet" "$work/answer"
check 'around it' signed_as application/pkcs7-mime 'format=cades&packaging=enveloping'
check 'which is genuine by itself' verify "$work/answer"
check 'in a simple container' signed_as application/vnd.etsi.asic-s+zip 'format=asic-s'
check 'where the document gets a name' unzip -tqq "$work/answer" document.bin
check 'in an extended one, by its own name' signed_as application/vnd.etsi.asic-e+zip 'format=asic-e' \
    -H 'X-File-Name: s%E1%BB%91%20li%E1%BB%87u%20qu%C3%BD%203.csv'
check 'which is in there' unpacks "$work/answer" META-INF/signature001.p7s META-INF/ASiCManifest.xml
check 'and genuine' verify "$work/answer"
cp "$work/answer" "$work/once"
check 'a container is refused with the reason' answers 422 '.detail | test("Take the document out|lấy tài liệu")' \
    -H "$(bearer api-token)" --data-binary "@$work/once" "$base/api/v1/sign?key=$(encoded "$LEADER_URI")&format=asic-e"
check 'so is a packaging that is none' answers 400 '.detail | test("packaging")' -H "$(bearer api-token)" \
    --data-binary x "$base/api/v1/sign?key=$(encoded "$LEADER_URI")&format=cades&packaging=inside"
server_done
