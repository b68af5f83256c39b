#!/usr/bin/env bash
# tools/dev-token makes tokens that sign: each key signs a line, and its certificate says that it did.
set -euo pipefail
TOOL=$(cd "$(dirname "$0")/../.." && pwd)/tools/dev-token
readonly TOOL
PLACE=$(mktemp -d)
readonly PLACE
trap 'rm -rf "$PLACE"' EXIT
failures=0

wrong() {
    printf 'does not hold: %s\n' "$1"
    failures=$((failures + 1))
}

value() { # name
    sed -n "s/^$1=//p" "$PLACE/env"
}

id_of() { # object
    openssl x509 -in "$PLACE/pki/$1.crt" -noout -ext subjectKeyIdentifier | awk 'NR == 2 { gsub(/[: ]/, ""); print }'
}

# What the URI says (token=…;object=…): the private key under that label.
is_labelled() { # token, object
    pkcs11-tool --module "$(value PKCS11_MODULE)" --token-label "$1" --login --pin "$(<"$(value PIN_FILE)")" \
        --list-objects --type privkey 2>/dev/null | grep -qxE " +label: +$2"
}

signs() { # token, object, mechanism, and "digest" for a mechanism that wants the digest
    local file=$PLACE/$2
    echo 'một dòng' >"$PLACE/line"
    openssl dgst -sha256 -binary "$PLACE/line" >"$PLACE/digest"
    pkcs11-tool --module "$(value PKCS11_MODULE)" --token-label "$1" --id "$(id_of "$2")" --login \
        --pin "$(<"$(value PIN_FILE)")" --sign --mechanism "$3" --signature-format openssl -i "$PLACE/${4:-line}" \
        -o "$file.signature" >"$file.log" 2>&1 &&
        openssl x509 -in "$PLACE/pki/$2.crt" -noout -pubkey >"$file.pub" &&
        openssl dgst -sha256 -verify "$file.pub" -signature "$file.signature" "$PLACE/line" >>"$file.log" 2>&1
}

"$TOOL" "$PLACE" --ec >"$PLACE/env"
SOFTHSM2_CONF=$(value SOFTHSM2_CONF)
export SOFTHSM2_CONF
[[ $(value LEADER_URI) == 'pkcs11:token=leader;object=leader' ]] || wrong "the leader's key has its URI"
[[ $(value AGENCY_URI) == 'pkcs11:token=agency;object=agency' ]] || wrong "the agency's key has its URI"
[[ $(value LEADER_EC_URI) == 'pkcs11:token=leader;object=leader-ec' ]] || wrong 'the further key has its URI'
signs leader leader SHA256-RSA-PKCS || wrong "the leader's key signs"
signs agency agency SHA256-RSA-PKCS || wrong "the agency's key signs"
signs leader leader-ec ECDSA digest || wrong 'the P-256 key signs'
for pair in 'leader leader' 'leader leader-ec' 'agency agency'; do
    # shellcheck disable=SC2086 # two words
    is_labelled $pair || wrong "token and label are as the URI says: $pair"
done

before=$(find "$PLACE/tokens" -type f -name '*.object' | LC_ALL=C sort)
"$TOOL" "$PLACE" --ec >"$PLACE/env.again"
cmp -s "$PLACE/env" "$PLACE/env.again" || wrong 'a second run says the same'
[[ $(find "$PLACE/tokens" -type f -name '*.object' | LC_ALL=C sort) == "$before" ]] || wrong 'a second run adds nothing'
exit $((failures > 0))
