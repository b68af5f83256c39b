#!/usr/bin/env bash
# Every script passes shellcheck, stops at its first failure and can say what it is for.
set -euo pipefail
cd "$(dirname "$0")/../.."
failures=0

wrong() {
    printf '%s: %s\n' "$1" "$2"
    failures=$((failures + 1))
}

mapfile -t scripts < <(
    find . \( -name build -o -name node_modules -o -name .git -o -name .demo \) -prune -o -type f -perm -u+x -print |
        while read -r file; do
            if head -c 64 "$file" | grep -qE '^#!.*\b(ba)?sh$'; then echo "${file#./}"; fi
        done | LC_ALL=C sort
)
((${#scripts[@]} > 5)) || wrong . 'the scripts were not found'
# What scripts source carries this mark instead of a shebang.
mapfile -t sourced < <(grep -lrxF '# shellcheck shell=bash' --include='*' run test tools tests --exclude-dir=node_modules | LC_ALL=C sort)
shellcheck -x "${scripts[@]}" "${sourced[@]}" || failures=$((failures + 1))
for script in "${scripts[@]}"; do
    grep -qE '^set -euo? ?(pipefail)?$' "$script" || wrong "$script" "does not stop at its first failure: set -euo pipefail"
    [[ $(sed -n 2p "$script") == '# '* ]] || wrong "$script" "does not say in its second line what it is for"
done
printf '%d scripts\n' "${#scripts[@]}"
exit $((failures > 0))
