#!/usr/bin/env bash
# The token is pulled out while people sign: they are told to try again, documents wait with a reason, and when the token is
# back everything goes on by itself.
#
#     tests/journey/token_away.sh build/dev
set -euo pipefail
# shellcheck source=tests/journey/server.sh
source "$(dirname "$0")/server.sh"
HUB_MODULE=$DEMO/token.so
cp "$BUILD/hsm/libpkcs11_shim.so" "$HUB_MODULE"
token() { "$BUILD/hsm/shim_say" "$HUB_MODULE.control" "$@"; }
token make
hub_ports
hub_prepare
ln -s "$PKCS11_MODULE" "$HUB_MODULE.module"
hub_start
hub_register
work=$DEMO/work
sample 127 "$work/plain.pdf"

sign() { # status, jq's condition on a problem
    answers "$1" "$2" -H "$(bearer api-token)" --data-binary "@$work/plain.pdf" "$base/api/v1/sign?key=$(encoded "$LEADER_URI")"
}
signs() { [[ $(status_of -H "$(bearer api-token)" --data-binary "@$work/plain.pdf" "$base/api/v1/sign?key=$(encoded "$LEADER_URI")") == 200 ]]; }
keeper() { pgrep -P "$server" -f keeper; }
document_is() { # jq's condition
    document "$waiting" | tee "$work/document.json" | jq -e "$1"
}
signer_log() { # seconds: one line a try, what came of it and how long it took
    local until=$(($(date +%s) + $1)) begin
    while (($(date +%s) < until)); do
        begin=$(date +%s%N)
        echo "$(status_of -H "$(bearer api-token)" --data-binary "@$work/plain.pdf" "$base/api/v1/sign?key=$(encoded "$LEADER_URI")") $((($(date +%s%N) - begin) / 1000000))"
    done
}

check 'with the token there a PDF is signed' signs

signer_log 6 >"$work/log" &
signer=$!
sleep 1
token removed 1
sleep 2
check 'without it the answer is 503 TOKEN_AWAY, and says that a retry helps' \
    sign 503 '(.type | test("TOKEN_AWAY|token-away"; "i")) or .code == "TOKEN_AWAY"'
check 'the answer carries Retry-After' says 'Retry-After' curl -sSi -H "$(bearer api-token)" --data-binary "@$work/plain.pdf" \
    "$base/api/v1/sign?key=$(encoded "$LEADER_URI")"
# More signers than the server has workers: none of them may stand in a citizen's way.
crowd() {
    local one
    for one in $(seq 24); do
        curl -sS -o /dev/null -H "$(bearer api-token)" --data-binary "@$work/plain.pdf" "$base/api/v1/sign?key=$(encoded "$LEADER_URI")&n=$one" &
    done
    sleep 0.5
}
crowd
check 'while many wait for the token a citizen is answered at once' answers 200 .conclusion --max-time 3 \
    --data-binary "@$work/plain.pdf" -H 'Content-Type: application/octet-stream' "$base/verify"
check 'and the server says that it is alive' curl -fsS --max-time 3 -o /dev/null "$base/healthz"

waiting=$(submitted 200 "$work/plain.pdf") || true
check 'a document is accepted nevertheless' test -n "$waiting"
check 'it waits, and says why, since when and when it is tried next' \
    within 25 document_is '.why.code != "" and (.why.vi | length) > 0 and (.why.since != null) and (.why.next != null)'

token removed 0
check 'with the token back, signing goes on within 5 s' within 5 signs
check 'the document is completed' within 30 document_is '.stage == "routed"'
wait $signer
check_not 'those who signed meanwhile got 200 or 503, nothing else' grep -vE '^(200|503) ' "$work/log"
# shellcheck disable=SC2016 # awk's own dollars
check 'and each answer within its deadline' awk '$2 > 11000 { late = 1 } END { exit late }' "$work/log"

token sign-hang 1
check 'a token that hangs is an answer too' sign 503 .
check 'and signing goes on' within 5 signs
check 'a keeper is there again' within 5 keeper # the one that hung may only just have been ended
before=$(keeper || true)
token sign-crash 1
check 'a module that crashes takes only its keeper with it: signing goes on' within 5 signs
check 'with another keeper' test "$(keeper || true)" != "$before"
check 'still the PIN was never given twice in vain' test ! -e "$DEMO/data/pin-notes/blocked"
server_done
