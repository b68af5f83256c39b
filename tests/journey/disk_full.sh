#!/usr/bin/env bash
# The data directory's disk is full: whoever asks is told so and nothing is half done; when there is room again, work goes on.
#
#     tests/journey/disk_full.sh build/dev
#
# The disk is a tmpfs of 32 MB in a mount namespace of its own. Where that is forbidden, a /dev/shm of at most 256 MB will do, as
# containers have one; without either the test fails.
set -euo pipefail
if [[ -z ${SMALL_DISK-} ]]; then
    SMALL_DISK=$(mktemp -d "${TMPDIR:-/tmp}/small-disk.XXXXXX")
    export SMALL_DISK
    user=()
    ((EUID == 0)) || user=(--user --map-root-user)
    if unshare "${user[@]}" --mount true 2>/dev/null; then
        code=0
        # shellcheck disable=SC2016 # expanded inside
        unshare "${user[@]}" --mount bash -euc 'mount -t tmpfs -o size=32m,mode=0700 small-disk "$SMALL_DISK"; exec "$@"' - \
            "$0" "$@" || code=$?
        rmdir "$SMALL_DISK"
        exit $code
    fi
    rmdir "$SMALL_DISK"
    (($(df --output=size -B 1M /dev/shm | tail -n 1) <= 256)) || {
        echo 'disk_full: neither a mount namespace nor a small /dev/shm can be had' >&2 && exit 1
    }
    SMALL_DISK=$(mktemp -d /dev/shm/small-disk.XXXXXX)
fi
# shellcheck source=tests/journey/server.sh
source "$(dirname "$0")/server.sh"
HUB_DATA=$SMALL_DISK/data HUB_MODULE=$DEMO/token.so
cp "$BUILD/hsm/libpkcs11_shim.so" "$HUB_MODULE"
token() { "$BUILD/hsm/shim_say" "$HUB_MODULE.control" "$@"; }
token make
hub_ports
hub_prepare
ln -s "$PKCS11_MODULE" "$HUB_MODULE.module"
hub_start
hub_register
work=$DEMO/work
sample 127 "$work/small.pdf"
"$BUILD/sample-pdf" --number 128/GP-SNV --bytes 400K --force -o "$work/large.pdf"

fill() { cat /dev/zero >"$SMALL_DISK/ballast" 2>/dev/null || true; }
rows() { sqlite3 "file:$HUB_DATA/vanthu.db?mode=ro" 'select count(*) from documents'; }
files() { find "$HUB_DATA/blobs" "$HUB_DATA/spool" -type f 2>/dev/null | wc -l; }
refused_for_room() { # command that prints a status
    local code
    code=$("$@") || true
    echo "status $code"
    cat "$work/answer"
    [[ $code == 507 || $code == 503 ]] && jq -e '.detail_vi | length > 0' "$work/answer"
}
refused_by_axis() {
    local answer
    answer=$(axis $HERE sendEdoc --body "$work/130.edxml" servicetype=eDoc messagetype=edoc from=$DEPARTMENT)
    echo "$answer"
    jq -e '.status == "FAIL" and (.ErrorCode == "21" or .ErrorCode == "20")' <<<"$answer"
}
sent() { axis_ok $HERE .DocId sendEdoc --body "$work/130.edxml" servicetype=eDoc messagetype=edoc from=$DEPARTMENT; }
is() { document "$1" | jq -e "$2"; }

header_of 130 >"$work/header.json"
"$VANTHU" package make "$work/header.json" -a "$work/large.pdf" -o "$work/130.edxml"

# Two documents wait for their token when the disk fills up.
token removed 1
first=$(submitted 1 "$work/small.pdf") || true
second=$(submitted 2 "$work/large.pdf") || true
check 'two documents are accepted while the token is away' test -n "$first" -a -n "$second"
fill
before="$(rows) documents, $(files) files"
token removed 0

check 'with the disk full a small document is refused, with words' refused_for_room submit 3 "$work/small.pdf"
check 'a large one too' refused_for_room submit 4 "$work/large.pdf"
check 'a system that sends is told to try later' refused_by_axis
check 'nothing of them is kept' test "$(rows) documents, $(files) files" = "$before"
check 'the server is alive' within 10 curl -fsS -o /dev/null "$base/healthz"
check 'reading goes on' within 10 is "$first" '.id'
sleep 5
check 'what was accepted is still there' within 10 is "$second" '.stage != "refused"'

rm "$SMALL_DISK/ballast"
accepted() { [[ $(submit "$@") == 202 ]]; }
check 'with room again the small document is accepted under the same key' within 10 accepted 3 "$work/small.pdf"
check 'the large one too' within 10 accepted 4 "$work/large.pdf"
check 'and the package' within 10 sent
check 'what had waited is completed' within 60 is "$first" '.stage == "routed"'
check 'all of it' within 60 is "$second" '.stage == "routed" and ([.parts[] | .signed and .sealed] | all)'
check 'there is nothing twice' test "$(rows)" -eq 5
check 'the database is whole' says ok sqlite3 "$HUB_DATA/vanthu.db" 'pragma integrity_check'
server_done
