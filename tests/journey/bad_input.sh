#!/usr/bin/env bash
# Hostile input over every channel: the API, the citizen's page, the axis protocol, the command line.
#
#     tests/journey/bad_input.sh build/dev
set -euo pipefail
# shellcheck source=tests/journey/server.sh
source "$(dirname "$0")/server.sh"
server_start
work=$DEMO/work
sample 127 "$work/plain.pdf"
api --data-binary "@$work/plain.pdf" -o "$work/signed.pdf" "$base/api/v1/sign?key=$(encoded "$LEADER_URI")"
code=0
node tests/journey/bad_input.mjs --demo "$DEMO" --data "$DEMO/data" --base "$base" --key "$LEADER_URI" --server "$server" ||
    code=$?
check 'every row of bad input is refused as it should' exits 0 exit $code

# What is not known is refused by the nearest name.
near() { # nearest name, exit code, command…
    local nearest=$1 wanted=$2 said code=0
    shift 2
    said=$("$@" 2>&1) || code=$?
    printf '%s\nexit code %d\n' "$said" $code
    [[ $code == "$wanted" ]] && grep -qF -- "$nearest" <<<"$said"
}
settings_with() { # section's line, more lines
    sed "s|^$1\$|&\n$2|" "$DEMO/vanthu.conf" >"$work/wrong.conf"
    "$VANTHU" serve --config "$work/wrong.conf" --check
}
check 'an unknown command suggests the nearest' near verify 64 "$VANTHU" verfy
check 'an unknown option suggests the nearest' near --trust 64 "$VANTHU" verify --trsut x "$work/signed.pdf"
check 'an unknown option of sign does too' near --pin-file 64 "$VANTHU" sign --pinfile x -o y "$work/plain.pdf"
check 'an unknown key of the settings does' near listen 65 settings_with '\[server\]' 'lissten = 1'
check 'a misspelt section does' near limits 65 settings_with '\[data\]' '[limts]'
check 'settings that are right are printed with where they come from' says 'vanthu.conf' "$VANTHU" serve \
    --config "$DEMO/vanthu.conf" --check

# What goes in is never written over, whatever --force says.
check 'a package does not replace its attachment' near signed.pdf 64 "$VANTHU" package make --force -a "$work/signed.pdf" \
    -o "$work/signed.pdf" "$work/plain.pdf"
check 'nor its header' near plain.pdf 64 "$VANTHU" package make --force -a "$work/signed.pdf" -o "$work/plain.pdf" "$work/plain.pdf"
check 'a folder is no package' near 'is not a regular file' 65 "$VANTHU" package check "$work"

# The command line refuses the same files with 65, and writes nothing.
refused_by_sign() { # file
    local code=0
    rm -f "$work/out.pdf"
    "$VANTHU" sign --key "file:$DEMO/pki/leader.p12" --pin-file "$DEMO/pki/pin" -o "$work/out.pdf" "$1" || code=$?
    echo "exit code $code"
    [[ $code == 65 && ! -e $work/out.pdf ]]
}
printf 'không phải PDF\n' >"$work/text.pdf"
head -c 3000 "$work/plain.pdf" >"$work/cut.pdf"
printf '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>' >"$work/dtd.xml"
for file in text.pdf cut.pdf dtd.xml; do
    check "vanthu sign $file: 65, and nothing is written" refused_by_sign "$work/$file"
done
check 'vanthu verify of a file that is nothing: 65' exits 65 "$VANTHU" verify "$work/text.pdf"
check 'vanthu verify of XML with a DTD: 65' exits 65 "$VANTHU" verify "$work/dtd.xml"
check 'vanthu verify of no file: 66' exits 66 "$VANTHU" verify "$work/nothing.pdf"
check 'vanthu package check of a PDF: 65' exits 65 "$VANTHU" package check "$work/plain.pdf"
server_done
