#!/usr/bin/env bash
# The layers test can fail: each row is a line put into a small house of its own, and what is said about it.
set -euo pipefail
CHECK=$(cd "$(dirname "$0")/../.." && pwd)/tools/check-layers
readonly CHECK
HOUSE=$(mktemp -d)
readonly HOUSE
trap 'rm -rf "$HOUSE"' EXIT
failures=0

row() { # sentence, file, line, what the check must say ("" when it must be content)
    local said code=0
    rm -rf "${HOUSE:?}"/*
    mkdir -p "$HOUSE/$(dirname "$2")"
    printf '/* first line */\n%s\n' "$3" >"$HOUSE/$2"
    said=$("$CHECK" "$HOUSE" 2>&1) || code=$?
    if [[ -z $4 && $code == 0 ]] || [[ -n $4 && $code == 1 && $said == "$2:2: "*"$4"* ]]; then
        return
    fi
    printf 'does not hold: %s\n    exit code %s, said: %s\n' "$1" "$code" "$said"
    failures=$((failures + 1))
}

row 'a floor uses itself' signer/pades.c '#include "signer/format.h"' ''
row 'a floor uses those below' exchange/passage.c '#include "base/bytes.h"' ''
row 'the top uses everything' command/main.c '#include "service/http.h"' ''
row 'a room below is no room above' signer/signer.h '#include "exchange/store.h"' 'looks up'
row 'the ground knows nobody' base/log.c '#include "hsm/key.h"' 'looks up'
row 'angle brackets hide nothing' base/log.c '#include <command/main.h>' 'looks up'
row 'nor do blanks' hsm/key.c '  #  include "service/http.h" /* just this once */' 'looks up'
row 'nor does a deeper folder' signer/pdf/xref.c '#include "service/http.h"' 'looks up'
row 'a relative path is refused' hsm/key.c '#include "../service/http.h"' 'relative path'
row 'a comment is no include' base/log.c '/* #include "hsm/key.h" was here */' ''
row 'the service speaks HTTP' service/http.c '#include <microhttpd.h>' ''
row 'nobody else does' exchange/axis_client.c '#include <microhttpd.h>' 'service/* alone'
row 'not even the command line' command/serve.c '#include <microhttpd.h>' 'service/* alone'
row 'the keeper knows PKCS#11' hsm/key_pkcs11.c '#include <libp11.h>' ''
row 'nobody else knows libp11' signer/pades.c '#include <libp11.h>' 'hsm/* alone'
row 'nor the PKCS#11 headers' command/keys.c '#include <p11-kit/pkcs11.h>' 'hsm/* alone'
row 'the store knows SQLite' exchange/store_sqlite.c '#include <sqlite3.h>' ''
row 'nobody else knows SQLite' exchange/register.c '#include <sqlite3.h>' 'exchange/store* alone'
row 'nor PostgreSQL' service/admin_api.c '#include <libpq-fe.h>' 'exchange/store* alone'

rm -rf "${HOUSE:?}"/*
code=0
"$CHECK" "$HOUSE" >/dev/null 2>&1 || code=$?
if [[ $code != 66 ]]; then
    echo "does not hold: an empty house is not a clean one (exit code $code)"
    failures=$((failures + 1))
fi
exit $((failures > 0))
