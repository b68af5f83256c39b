#!/usr/bin/env bash
# Makes a throw-away public key infrastructure for development, tests and the demo. Trust nothing it makes.
#
#     certs.example/make.sh DIR [NAME...]
#
# DIR gets   root.crt ca.crt chain.crt    the root, the authority under it, both in one file
#            root.crl ca.crl              what each has revoked; made anew when they near their end
#            NAME.crt NAME.key NAME.p12   for leader agency clerk server client tsa ocsp revoked expired
#            server-chain.crt             what a TLS server shows: its certificate and the authority's
#            pin                          the password of every .p12, and the PIN of the tokens tools/dev-token makes
#            authority/                   the two authorities' private keys and books
#
# A second run keeps what is there and adds what is missing. Further names may follow DIR: what stands before
# the first dash says the kind, so `KEYTYPE=ec-p256 certs.example/make.sh DIR leader-ec` adds one more leader.
# KEYTYPE is rsa2048 (default), rsa3072, rsa4096, ec-p256 or ec-p384, and rules whatever this run makes new.
set -euo pipefail
umask 077
export LC_ALL=C.UTF-8

readonly NAMES=(leader agency clerk server client tsa ocsp revoked expired)
readonly EPOCH=20200101000000Z # both authorities begin here, so that they were valid while `expired` was
readonly END=20491231235959Z
readonly KEYTYPE=${KEYTYPE:-rsa2048}
CONFIG=$(cd "$(dirname "$0")" && pwd)/authority.cnf
readonly CONFIG

refuse() { # message, what to do
    printf 'make.sh: %s\n         %s\n' "$1" "$2" >&2
    exit "${3:-65}"
}

# OpenSSL chats on stderr; it is shown only when it has failed.
quietly() {
    local said
    said=$("$@" 2>&1) || refuse "'$1 $2' failed: $said" "Remove the folder '$DIR' and run this again." 70
}

new_key() { # type, file
    local algorithm=()
    case $1 in
    rsa2048 | rsa3072 | rsa4096) algorithm=(-algorithm RSA -pkeyopt "rsa_keygen_bits:${1#rsa}") ;;
    ec-p256 | ec-p384) algorithm=(-algorithm EC -pkeyopt "ec_paramgen_curve:P-${1#ec-p}" -pkeyopt ec_param_enc:named_curve) ;;
    *) refuse "KEYTYPE '$1' is not known." "Use rsa2048, rsa3072, rsa4096, ec-p256 or ec-p384." 64 ;;
    esac
    quietly openssl genpkey "${algorithm[@]}" -out "$2.new"
    mv "$2.new" "$2"
}

# What is half made stays out of sight under a .new name; a killed run leaves nothing that looks whole.
issue() { # authority's section, profile, subject, key, certificate, first day, last day
    quietly openssl req -new -config "$CONFIG" -utf8 -subj "$3" -key "$4" -out "$AUTHORITY/request"
    quietly openssl ca -batch -notext -config "$CONFIG" -name "$1" -extensions "$2" -in "$AUTHORITY/request" \
        -startdate "$6" -enddate "$7" -out "$5.new" "${@:8}"
    finish "$5"
}

finish() { # file that anybody may read
    chmod 644 "$1.new"
    mv "$1.new" "$1"
}

make_pin() {
    [[ -s $DIR/pin ]] && return
    openssl rand 8 | od -An -tu8 | awk '{ printf "%s", substr($1 "00000000", 1, 8) }' >"$DIR/pin.new"
    mv "$DIR/pin.new" "$DIR/pin"
}

make_books() {
    local name
    mkdir -p "$AUTHORITY/issued"
    for name in root ca; do
        [[ -e $AUTHORITY/$name.index ]] || : >"$AUTHORITY/$name.index"
        [[ -e $AUTHORITY/$name.crlnumber ]] || echo 01 >"$AUTHORITY/$name.crlnumber"
    done
}

make_authorities() {
    local organization="/C=VN/O=Tổ chức chứng thực mẫu, chỉ để thử"
    if [[ ! -s $DIR/root.crt ]]; then
        new_key rsa2048 "$AUTHORITY/root.key"
        issue root root_authority "$organization/CN=Gốc tin cậy mẫu" "$AUTHORITY/root.key" "$DIR/root.crt" \
            $EPOCH $END -selfsign -keyfile "$AUTHORITY/root.key"
    fi
    if [[ ! -s $DIR/ca.crt ]]; then
        new_key rsa2048 "$AUTHORITY/ca.key"
        issue root issuing_authority "$organization/CN=CA mẫu" "$AUTHORITY/ca.key" "$DIR/ca.crt" $EPOCH $END
    fi
    cat "$DIR/ca.crt" "$DIR/root.crt" >"$DIR/chain.crt.new"
    finish "$DIR/chain.crt"
}

subject_of() { # kind, name
    local agency="/C=VN/O=Sở Nội vụ tỉnh Mẫu"
    case $1 in
    leader) echo "$agency/title=Giám đốc/CN=Nguyễn Văn Mẫu" ;;
    agency) echo "$agency/CN=Sở Nội vụ tỉnh Mẫu" ;;
    clerk) echo "$agency/OU=Văn phòng/title=Văn thư/CN=Trần Thị Thư" ;;
    server) echo "$agency/CN=localhost" ;;
    client) echo "$agency/CN=Phần mềm một cửa" ;;
    tsa) echo "/C=VN/O=Tổ chức chứng thực mẫu, chỉ để thử/CN=Dấu thời gian mẫu" ;;
    ocsp) echo "/C=VN/O=Tổ chức chứng thực mẫu, chỉ để thử/CN=Trả lời OCSP mẫu" ;;
    revoked) echo "$agency/title=Phó Giám đốc/CN=Lê Văn Thu Hồi" ;;
    expired) echo "$agency/title=Phó Giám đốc/CN=Phạm Thị Hết Hạn" ;;
    *) refuse "'$2' is not a kind of certificate." "Begin the name with one of: ${NAMES[*]}." 64 ;;
    esac
}

profile_of() { # kind
    case $1 in
    server | client | tsa | ocsp) echo "$1" ;;
    *) echo signer ;;
    esac
}

make_certificate() { # kind, name
    local subject profile first=20250101000000Z last
    subject=$(subject_of "$1" "$2")
    profile=$(profile_of "$1")
    last=$(date -u -d '+3 years' +%Y%m%d%H%M%SZ)
    if [[ $1 == expired ]]; then
        first=20220101000000Z last=20240101000000Z
    fi
    [[ -s $DIR/$2.key ]] || new_key "$KEYTYPE" "$DIR/$2.key"
    issue issuing "$profile" "$subject" "$DIR/$2.key" "$DIR/$2.crt" "$first" "$last"
}

make_bundle() { # name
    quietly openssl pkcs12 -export -name "$1" -inkey "$DIR/$1.key" -in "$DIR/$1.crt" -certfile "$DIR/ca.crt" \
        -passout "file:$DIR/pin" -out "$DIR/$1.p12.new"
    mv "$DIR/$1.p12.new" "$DIR/$1.p12"
}

make_name() { # name
    local kind=${1%%-*}
    [[ -s $DIR/$1.crt && -s $DIR/$1.key ]] || make_certificate "$kind" "$1"
    [[ -s $DIR/$1.p12 ]] || make_bundle "$1"
    if [[ $1 == server && ! -s $DIR/server-chain.crt ]]; then
        cat "$DIR/server.crt" "$DIR/ca.crt" >"$DIR/server-chain.crt.new"
        finish "$DIR/server-chain.crt"
    fi
}

revoke() { # name
    local serial
    serial=$(openssl x509 -in "$DIR/$1.crt" -noout -serial)
    if ! awk -F '\t' -v serial="${serial#serial=}" '$1 == "R" && $4 == serial { found = 1 } END { exit !found }' \
        "$AUTHORITY/ca.index"; then
        quietly openssl ca -config "$CONFIG" -name issuing -revoke "$DIR/$1.crt" -crl_reason keyCompromise
        rm -f "$DIR/ca.crl"
    fi
}

make_list() { # authority's section, list
    local until
    if [[ -s $DIR/$2 ]]; then
        until=$(openssl crl -in "$DIR/$2" -noout -nextupdate)
        (($(date -d "${until#nextUpdate=}" +%s) > $(date -d '+30 days' +%s))) && return
    fi
    quietly openssl ca -gencrl -config "$CONFIG" -name "$1" -out "$DIR/$2.new"
    finish "$DIR/$2"
}

check_folder() {
    if [[ -e $DIR && ! -d $DIR ]]; then
        refuse "'$DIR' is a file." "Name a folder; it is made when it is not there." 64
    fi
    if [[ -d $DIR && ! -d $DIR/authority && -n $(ls -A "$DIR") ]]; then
        refuse "'$DIR' holds something else." "Name a new folder: this one is left untouched."
    fi
    mkdir -p "$DIR" 2>/dev/null || refuse "'$DIR' cannot be made." "Name a folder that you may write to." 77
    [[ -w $DIR ]] || refuse "'$DIR' is not yours to write to." "Name a folder that you may write to." 77
}

main() {
    case ${1:-} in
    -h | --help) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0" && exit 0 ;;
    '' | -*) refuse "the folder to fill is missing." "For example: certs.example/make.sh .demo/pki" 64 ;;
    esac
    command -v openssl >/dev/null || refuse "openssl is not installed." "Run: tools/install-packages run" 69
    DIR=$1
    check_folder
    DIR=$(cd "$DIR" && pwd)
    export AUTHORITY=$DIR/authority
    mkdir -p "$AUTHORITY"
    exec 9>"$AUTHORITY/lock"
    flock 9 # tests that start together share one folder

    make_pin
    make_books
    make_authorities
    local name
    for name in "${NAMES[@]}" "${@:2}"; do
        make_name "$name"
    done
    revoke revoked
    make_list root root.crl
    make_list issuing ca.crl
}

main "$@"
