#!/usr/bin/env bash
# kill -9 among the server's processes while documents are handed in, signed, sent and fetched: nothing that was accepted is
# lost, nothing is there twice.
#
#     tests/journey/kills.sh build/dev [--kills 6] [--seed N]
set -euo pipefail
# shellcheck source=tests/journey/server.sh
source "$(dirname "$0")/server.sh"
hub_ports
hub_prepare
sample 127 "$DEMO/work/result.pdf"
code=0
node tests/soak/kills.mjs --demo "$DEMO" --program "$VANTHU" --base "$base" --pdf "$DEMO/work/result.pdf" \
    --sign "$LEADER_URI" --seal "$AGENCY_URI" "${@:2}" || code=$?
check 'nothing accepted was lost, nothing doubled' exits 0 exit $code
check 'no process is left behind' port_is_free "$port"
check 'the database is whole' says ok sqlite3 "$DEMO/data/vanthu.db" 'pragma integrity_check'
check 'no sanitizer complained' no_complaints
check_done
