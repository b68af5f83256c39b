#!/usr/bin/env bash
# The axis protocol, spoken by the client that behaves as the published SDK does.
#
#     tests/journey/conformance.sh build/dev
set -euo pipefail
# shellcheck source=tests/journey/server.sh
source "$(dirname "$0")/server.sh"
server_start
code=0
node tests/interop/conformance.mjs --systems "$DEMO/systems.tsv" || code=$?
check 'every chapter of the conformance run holds' exits 0 exit $code
server_done
