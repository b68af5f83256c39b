#!/usr/bin/env bash
# The sample document is a sound PDF that says what it was told to, the same twice, and as long as wanted.
set -euo pipefail
SAMPLE=$1
PLACE=$(mktemp -d)
readonly SAMPLE PLACE
trap 'rm -rf "$PLACE"' EXIT
failures=0

holds() { # sentence, command...
    "${@:2}" >"$PLACE/said" 2>&1 && return
    printf 'does not hold: %s\n' "$1"
    sed 's/^/    /' "$PLACE/said"
    failures=$((failures + 1))
}

says() { # words, file
    # The layout breaks lines and aligns words; only the words count.
    pdftotext "$2" - | tr -s '[:space:]' ' ' | tee /dev/stderr | grep -qF "$1"
}

exits() { # exit code, command...
    local code=0
    "${@:2}" || code=$?
    ((code == $1))
}

has_pages() { # number, file
    pdfinfo "$2" | tee /dev/stderr | grep -qxE "Pages: +$1"
}

set_in_one_family() { # file
    ! pdffonts "$1" | tail -n +3 | tee /dev/stderr | grep -vqE '^[A-Z]{6}\+Tinos'
}

is_about() { # bytes, file
    local size
    size=$(stat -c %s "$2")
    echo "$size bytes"
    ((size >= $1 && size < $1 + 1024))
}

one=$PLACE/one.pdf again=$PLACE/again.pdf large=$PLACE/large.pdf
"$SAMPLE" --number 9/GP-THU --date 2026-02-05 --holder 'Hộ kinh doanh <A & B>' -o "$one"
"$SAMPLE" --number 9/GP-THU --date 2026-02-05 --holder 'Hộ kinh doanh <A & B>' -o "$again"
"$SAMPLE" --pages 3 --bytes 20M -o "$large"
holds 'it is sound' qpdf --check "$one"
holds 'the number is told' says 'Số: 9/GP-THU' "$one"
holds 'the day is written with its zeros' says 'ngày 05 tháng 02 năm 2026' "$one"
holds 'the holder stands as given' says 'cho: Hộ kinh doanh <A & B>.' "$one"
holds 'it has one page' has_pages 1 "$one"
holds 'every letter is of one family' set_in_one_family "$one"
holds 'the same arguments give the same bytes' cmp "$one" "$again"
holds 'the large one is sound' qpdf --check "$large"
holds 'and has its pages' has_pages 3 "$large"
holds 'and its bytes' is_about $((20 * 1024 * 1024)) "$large"
holds 'it replaces nothing unasked' exits 65 "$SAMPLE" -o "$one"
holds 'unless forced' "$SAMPLE" --force -o "$one"
holds 'no page is no document' exits 64 "$SAMPLE" --pages 0 -o "$PLACE/x.pdf"
holds 'a size needs a number' exits 64 "$SAMPLE" --bytes much -o "$PLACE/x.pdf"
holds 'a day that is none is refused' exits 64 "$SAMPLE" --date 2026-02-30 -o "$PLACE/x.pdf"
exit $((failures > 0))
