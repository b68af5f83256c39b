#!/usr/bin/env bash
# The citizen's page in Chromium, against the server, with files that vanthu signed and what others made of them. The
# screenshots stay in the build's folder, under shots/.
#
#     tests/journey/browser.sh build/dev
set -euo pipefail
# shellcheck source=tests/journey/server.sh
source "$(dirname "$0")/server.sh"
server_start
work=$DEMO/work

signed_with() { # key's URI, in, out
    api --data-binary "@$2" -o "$3" "$base/api/v1/sign?key=$(encoded "$1")&format=pades"
}
# One bit of the first stream's content turned.
turn_bit() { # in, out
    local at byte
    at=$(($(grep -abom1 stream "$1" | head -n 1 | cut -d: -f1) + 60))
    cp "$1" "$2"
    byte=$(od -An -tu1 -j $at -N 1 "$1")
    printf '%b' "\\x$(printf %02x $((byte ^ 1)))" | dd of="$2" bs=1 seek=$at conv=notrunc status=none
}
# A page more, put in behind the signatures as editors do: an incremental update that nobody signed.
append_page() { # in, out
    node tests/journey/append_page.mjs "$1" "$2"
}

sample 127 "$work/unsigned.pdf"
signed_with "$LEADER_URI" "$work/unsigned.pdf" "$work/leader.pdf"
signed_with "$AGENCY_URI" "$work/leader.pdf" "$work/genuine.pdf"
turn_bit "$work/genuine.pdf" "$work/changed.pdf"
append_page "$work/genuine.pdf" "$work/longer.pdf"
node tests/journey/forge_signature.mjs "$work/leader.pdf" "$work/void.pdf"
signed_by_file() { # key and certificate, PIN, authority, out
    "$VANTHU" sign --key "file:$1" --pin-file "$2" --chain "$3" -o "$4" "$work/unsigned.pdf" >/dev/null
}
certs.example/make.sh "$DEMO/elsewhere" >/dev/null
signed_by_file "$DEMO/pki/revoked.p12" "$DEMO/pki/pin" "$DEMO/pki/ca.crt" "$work/revoked.pdf"
signed_by_file "$DEMO/elsewhere/leader.p12" "$DEMO/elsewhere/pin" "$DEMO/elsewhere/ca.crt" "$work/stranger.pdf"
check 'an expired certificate signs nothing' exits 65 signed_by_file "$DEMO/pki/expired.p12" "$DEMO/pki/pin" \
    "$DEMO/pki/ca.crt" "$work/expired.pdf"
head -c 5000 /dev/urandom >"$work/unreadable.bin"

# A document on its way, for what a QR code opens.
jq -n --arg from "$DEPARTMENT" --arg to "$COMMUNE" --arg day "$(TZ=Asia/Ho_Chi_Minh date +%Y-%m-%d)" '{
    from: {code: $from, name: "Sở Nội vụ tỉnh Mẫu"}, to: [{code: $to, name: "UBND xã Giả Định"}],
    number: "127", notation: "GP-SNV", place: "tỉnh Mẫu", date: $day, type: {group: 2, detail: 23, name: "Giấy chứng nhận"},
    subject: "Kết quả giải quyết thủ tục hành chính",
    signer: {competence: "GIÁM ĐỐC", position: "Giám đốc", name: "Nguyễn Văn Mẫu"}}' >"$work/header.json"
"$VANTHU" package make "$work/header.json" -a "$work/genuine.pdf" -o "$work/127.edxml" >/dev/null
document=$(axis_ok $HERE .DocId sendEdoc --body "$work/127.edxml" servicetype=eDoc messagetype=edoc from=$DEPARTMENT)
within 20 test -n "$(wait_for_copy $THERE edoc ".from == \"$DEPARTMENT\"" "$document")"
code_url=$(api "$base/api/v1/documents/$document" | jq -er .check_url)

code=0
node tests/browser/verify_page.mjs "$base" --shots "$BUILD/shots" --case "genuine=$work/genuine.pdf" \
    --case "changed=$work/changed.pdf" --case "changed=$work/longer.pdf" --case "void=$work/void.pdf" \
    --case "unknown=$work/revoked.pdf" --case "unknown=$work/stranger.pdf" \
    --case "unsigned=$work/unsigned.pdf" --case "unreadable=$work/unreadable.bin" \
    --code "$code_url" --original "$work/genuine.pdf" || code=$?
check 'every walk over the page holds' exits 0 exit $code
echo "screenshots: $BUILD/shots"
server_done
