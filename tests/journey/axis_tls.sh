#!/usr/bin/env bash
# The listener with TLS answers the axis protocol and everything else; who may do what over /api/v1.
#
#     tests/journey/axis_tls.sh build/dev
set -euo pipefail
# shellcheck source=tests/journey/server.sh
source "$(dirname "$0")/server.sh"
HUB_CHAIN=$DEMO/pki/server-chain.crt HUB_KEY=$DEMO/pki/server.key
secret_of() { # token's name: made, its hash beside it
    mkdir -p "$DEMO/secrets"
    random_secret >"$DEMO/secrets/$1"
    sha256sum <"$DEMO/secrets/$1" | cut -d' ' -f1 >"$DEMO/secrets/$1.sha256"
}
secret_of reader
secret_of nobody
HUB_SECTIONS="[token \"reader\"]
hash-file = $DEMO/secrets/reader.sha256
rights = read, verify
[token \"nobody\"]
hash-file = $DEMO/secrets/nobody.sha256"
hub_ports
hub_prepare
export CURL_HOME=$DEMO SSL_CERT_FILE=$DEMO/pki/root.crt
printf 'cacert = "%s"\n' "$DEMO/pki/root.crt" >"$DEMO/.curlrc"
hub_start
hub_register
work=$DEMO/work
sample 127 "$work/plain.pdf"
key=$(encoded "$LEADER_URI")
sign_url="$base/api/v1/sign?key=$key"

agencies() { axis "$THERE" getAgenciesList | jq -e '.status == "OK" and ([.data[].code] | index("H99.05"))'; }
plain_http() { curl -sS -o /dev/null --max-time 5 "${base/https/http}/healthz"; }
untrusted() { SSL_CERT_FILE=/dev/null CURL_HOME=/nowhere curl -sS -o /dev/null --capath /nowhere "$base/healthz"; }
old_tls() { curl -sS -o /dev/null --tls-max 1.1 "$base/healthz"; }
problem() { # status, code, curl's arguments
    answers "$1" "(.code == \"$2\" or (.type | ascii_downcase | test(\"$2\"; \"i\"))) and (.title | length > 0) and (.detail | length > 0)" "${@:3}"
}

check 'an axis system is answered over TLS' agencies
check 'the page too' curl -fsS -o /dev/null "$base/verify"
check_not 'plain HTTP on that port is not answered' plain_http
check_not 'a client that trusts other roots does not connect' untrusted
check_not 'TLS 1.1 is too old' old_tls

check 'a token that may signs' exits 0 curl -fsS -o "$work/signed.pdf" -H "$(bearer api-token)" --data-binary "@$work/plain.pdf" "$sign_url"
check 'without a token: 401' problem 401 UNAUTHENTICATED --data-binary "@$work/plain.pdf" "$sign_url"
check 'the refusal says how to authenticate' says 'WWW-Authenticate: Bearer' curl -sSi -X POST -d x "$sign_url"
check 'with an unknown token: 401' problem 401 UNAUTHENTICATED -H 'Authorization: Bearer abc' -d x "$sign_url"
check 'with a token that may only read: 403' problem 403 FORBIDDEN -H "$(bearer reader)" --data-binary "@$work/plain.pdf" "$sign_url"
check 'with one that may nothing: 403' problem 403 FORBIDDEN -H "$(bearer nobody)" "$base/api/v1/documents"
check 'a reader may list' answers 200 . -H "$(bearer reader)" "$base/api/v1/documents"
check 'a reader may not hand in' problem 403 FORBIDDEN -H "$(bearer reader)" -H 'Idempotency-Key: 1' \
    -F 'header={};type=application/json' "$base/api/v1/documents"
check 'a key that the token does not list: 403' problem 403 FORBIDDEN -H "$(bearer api-token)" --data-binary "@$work/plain.pdf" \
    "$base/api/v1/sign?key=$(encoded 'pkcs11:token=leader;object=leader-other')"
check 'nor one spelt otherwise' problem 403 FORBIDDEN -H "$(bearer api-token)" --data-binary "@$work/plain.pdf" \
    "$base/api/v1/sign?key=$(encoded "file:$DEMO/pki/leader.p12")"
check 'the public page needs no token' answers 200 '.conclusion == "genuine"' --data-binary "@$work/signed.pdf" \
    -H 'Content-Type: application/octet-stream' "$base/verify"
check 'metrics stand on the other listener alone' test "$(status_of "$base/metrics")" = 404
server_done
