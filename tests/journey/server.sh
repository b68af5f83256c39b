# shellcheck shell=bash
# One hub for one journey, in a folder of its own on ports of its own; the build's folder is the first argument.
#
#     source "$(dirname "$0")/server.sh"
#     server_start        what tools/demo-hub says may be set before
#     check … check_done
#
# Whatever happens the server is ended, and every complaint of a sanitizer is one more sentence that is false. VANTHU_KEEP=1
# keeps the folder for a look.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BUILD=$(cd "${1:?the build folder is missing, for example build/dev}" && pwd)
DEMO=$(mktemp -d "${TMPDIR:-/tmp}/journey.XXXXXX")
cd "$ROOT" || exit
umask 077
export LC_ALL=C.UTF-8
HUB_FIRST_PORT=$((20000 + 2 * (RANDOM % 5000)))
# shellcheck source=tests/check.sh
source tests/check.sh
# shellcheck source=tools/demo-hub
source tools/demo-hub
[[ -x $VANTHU ]] || hub_fail "there is no $VANTHU: cmake --build --preset dev --target vanthu" 69

server_clean() {
    local code=$?
    hub_end
    if ((code)); then tail -n 30 "$DEMO/server.log" 2>/dev/null | cut -c -400; fi
    if [[ -n ${VANTHU_KEEP-} ]]; then
        echo "kept: $DEMO"
    else
        rm -rf "$DEMO"
    fi
}
trap server_clean EXIT
trap 'exit 130' INT TERM

server_start() {
    hub_ports
    hub_prepare
    hub_start
    hub_register
}

no_complaints() {
    ! grep -aE 'ERROR: (Address|Leak)Sanitizer|runtime error:|UndefinedBehaviorSanitizer' "$DEMO/server.log"
}
# Ends the server as an operator does, and asks whether all went well.
server_done() {
    local code=0
    kill "$server"
    wait "$server" || code=$?
    server=''
    check 'told to end, the server ends in order' exits 0 exit $code
    check 'no sanitizer complained' no_complaints
    check_done
}

# Whoever waits says for what, and looks every 100 ms.
within() { # seconds, command…
    local until=$(($(date +%s) + $1))
    shift
    until ("$@") >/dev/null 2>&1; do
        (($(date +%s) < until)) || break
        sleep 0.1
    done
    "$@"
}

sample() { # number, out
    "$BUILD/sample-pdf" --number "$1/GP-SNV" --holder 'Trần Thị Ví Dụ' --force -o "$2"
}
# HTTP status of a call; its answer goes to $DEMO/work/answer.
status_of() { # curl's arguments
    curl -sS -o "$DEMO/work/answer" -w '%{http_code}' "$@"
}
answers() { # status, jq's condition on the answer, curl's arguments
    local wanted=$1 condition=$2 code
    shift 2
    code=$(status_of "$@") || true
    echo "status $code"
    head -c 2000 "$DEMO/work/answer"
    [[ $code == "$wanted" ]] && jq -e "$condition" "$DEMO/work/answer" >/dev/null
}
bearer() { printf "Authorization: Bearer %s" "$(<"$DEMO/secrets/$1")"; }

# The header of a document from the department to the commune.
header_of() { # number
    jq -n --arg from "$DEPARTMENT" --arg to "$COMMUNE" --arg number "$1" --arg day "$(TZ=Asia/Ho_Chi_Minh date +%Y-%m-%d)" '{
        from: {code: $from, name: "Sở Nội vụ tỉnh Mẫu"}, to: [{code: $to, name: "UBND xã Giả Định"}],
        number: $number, notation: "GP-SNV", place: "tỉnh Mẫu", date: $day, type: {group: 2, detail: 23, name: "Giấy chứng nhận"},
        subject: "Kết quả giải quyết thủ tục hành chính",
        signer: {competence: "GIÁM ĐỐC", position: "Giám đốc", name: "Nguyễn Văn Mẫu"}}'
}
# Hands a document in, to be signed and sealed; the answer is in $DEMO/work/answer, its status is printed.
submit() { # number, file
    status_of -H "$(bearer api-token)" -H "Idempotency-Key: journey-$1" -F "header=$(header_of "$1");type=application/json" \
        --form-string "sign=$LEADER_URI" --form-string "seal=$AGENCY_URI" -F "file=@$2;type=application/pdf" "$base/api/v1/documents"
}
# …and prints its id.
submitted() { # number, file
    [[ $(submit "$@") == 202 ]] && jq -er .id "$DEMO/work/answer"
}
document() { api "$base/api/v1/documents/$1"; }
