#!/usr/bin/env bash
# The main job of ./run, twice: the second run keeps what the first one made.
#
#     tests/journey/main_job.sh build/dev
set -euo pipefail
# shellcheck source=tests/journey/server.sh
source "$(dirname "$0")/server.sh"
hub_ports

main_job() { VANTHU_DEMO=$DEMO VANTHU_BUILD=$BUILD VANTHU_PORT=$port ./run --exit; }
files() { find "$DEMO" "$@" -type f | wc -l; }
kept_byte_for_byte() { (cd "$DEMO" && sha256sum --quiet -c first.sums); }
rows() { sqlite3 "file:$DEMO/data/vanthu.db?mode=ro" 'select count(*) from documents'; }

check 'the main job is done from end to end' main_job
(cd "$DEMO" && find pki secrets work -type f ! -name number ! -name '*.lock' ! -name lock -exec sha256sum {} + >first.sums)
first=$(rows 2>/dev/null || echo 0)
check 'it left documents in the data directory' test "$first" -gt 0
started=$(date +%s)
check 'a second run is done too' main_job
check 'it is quick' test $(($(date +%s) - started)) -lt 60
check 'it keeps certificates, secrets and files' kept_byte_for_byte
check 'it keeps the documents and adds its own' test "$(rows)" -eq $((first * 2))
check 'no server is left behind' port_is_free "$port"
check 'a wrong option is refused' exits 64 ./run --nothing
check 'no sanitizer complained' no_complaints
check_done
