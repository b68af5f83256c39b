# shellcheck shell=bash
# What the opinions stand on: the program under test, certificates and tokens that tools/dev-token made, and a folder to
# work in. The test's first argument is the build's folder; ctest makes fixtures/ in it first.

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$HERE/../../.." && pwd)
readonly HERE ROOT
# shellcheck source=tests/check.sh
source "$ROOT/tests/check.sh"
BUILD=$(cd "${1:?the build folder is missing, for example build/dev}" && pwd)
readonly VANTHU=$BUILD/vanthu PKI=$BUILD/fixtures/pki
[[ -x $VANTHU ]] || { echo "there is no $VANTHU: cmake --build --preset dev --target vanthu" >&2 && exit 69; }
# shellcheck disable=SC1090 # names and paths that tools/dev-token printed
source <(sed 's/=\(.*\)/="\1"/' "$BUILD/fixtures/tokens/env")
export SOFTHSM2_CONF

WORK=$(mktemp -d "${TMPDIR:-/tmp}/opinion.XXXXXX")
trap 'rm -rf "$WORK"' EXIT
cd "$WORK" || exit

signed_by() { # key's URI, in, out
    "$VANTHU" sign --key "$1" --module "$PKCS11_MODULE" --pin-file "$PIN_FILE" --chain "$PKI/ca.crt" --force -o "$3" "$2"
}

# What we think of a file; fails when it is not exactly that.
we_say() { # indications in the file's order, file, verify's options…
    local wanted=$1 file=$2 answer
    shift 2
    answer=$("$VANTHU" verify --json "$@" "$file") || true
    printf '%s\n' "$answer"
    [[ $(jq -r '[.signatures[]?.indication] | join(" ")' <<<"$answer") == "$wanted" ]]
}
genuine() { # file, signatures
    local passed
    passed=$(printf 'TOTAL-PASSED %.0s' $(seq "$2"))
    we_say "${passed% }" "$1" --trust "$PKI/root.crt" --trust "$PKI/ca.crt"
}

# A copy with one bit turned.
turn_bit() { # in, out, offset
    local byte
    cp "$1" "$2"
    byte=$(od -An -tu1 -j "$3" -N 1 "$1")
    printf '%b' "\\x$(printf %02x $((byte ^ 1)))" | dd of="$2" bs=1 seek="$3" conv=notrunc status=none
}
# Inside the first stream of a PDF: its content changes, nothing around it does.
spoil_pdf() { # in, out
    local at
    at=$(grep -abom1 'stream' "$1" | head -n 1 | cut -d: -f1)
    turn_bit "$1" "$2" $((at + 60))
}

# The trust store that pdfsig reads; leader's key in it, for pdfsig to sign with.
make_nss() { # folder
    mkdir -p "$1"
    certutil -N -d "sql:$1" --empty-password
    certutil -A -d "sql:$1" -n root -t CT,C,C -i "$PKI/root.crt"
    certutil -A -d "sql:$1" -n ca -t ,, -i "$PKI/ca.crt"
    pk12util -i "$PKI/leader.p12" -d "sql:$1" -W "$(<"$PKI/pin")" >/dev/null
}
# How often a sentence stands in what pdfsig says of a file.
pdfsig_counts() { # count, sentence, nss folder, file
    local said
    said=$(pdfsig -nssdir "$3" "$4" 2>&1) || true
    printf '%s\n' "$said"
    [[ $(grep -cF "$2" <<<"$said") == "$1" ]]
}
