#!/usr/bin/env bash
# tools/format can say no: a small house with one crooked file, seen, mended and seen again.
set -euo pipefail
PROJECT=$(cd "$(dirname "$0")/../.." && pwd)
HOUSE=$(mktemp -d)
readonly PROJECT HOUSE
trap 'rm -rf "$HOUSE"' EXIT
failures=0

row() { # sentence, exit code, arguments
    local code=0
    "$HOUSE/tools/format" "${@:3}" >"$HOUSE/said" 2>&1 || code=$?
    ((code == $2)) && return
    printf 'does not hold: %s\n    exit code %s, said: %s\n' "$1" "$code" "$(<"$HOUSE/said")"
    failures=$((failures + 1))
}

mkdir -p "$HOUSE"/{base,tools}
cp "$PROJECT/.clang-format" "$HOUSE"
cp "$PROJECT/tools/format" "$HOUSE/tools"
row 'a house without sources is not a clean one' 66 --check --all
printf 'int straight(void)\n{\n    return 0;\n}\n' >"$HOUSE/base/straight.c"
row 'a straight file is let be' 0 --check --all
printf 'int crooked( void ) {\n  return 0; }\n' >"$HOUSE/base/crooked.c"
row 'a crooked one is seen' 1 --check --all
row 'and mended' 0 --all
row 'and then let be' 0 --check --all
row 'a strange option is refused' 64 --al
exit $((failures > 0))
