# shellcheck shell=bash
# What checks in bash share: each prints a sentence that is true or false, and what was said when it is false.
#
#     source tests/check.sh
#     check 'a signed file is genuine' verify signed.pdf
#     check_not 'a spoilt one is' verify spoilt.pdf
#     check_done            at the end: 0 when every sentence held

checks=0 checks_failed=0
CHECK_SAID=$(mktemp "${TMPDIR:-/tmp}/check.XXXXXX")

check() { # sentence, command…
    local sentence=$1 code=0
    shift
    checks=$((checks + 1))
    ("$@") >"$CHECK_SAID" 2>&1 || code=$?
    if ((code == 0)); then
        printf 'ok      %s\n' "$sentence"
    else
        checks_failed=$((checks_failed + 1))
        printf 'NOT OK  %s (exit code %d)\n' "$sentence" "$code"
        tail -n 20 "$CHECK_SAID" | sed 's/^/          /'
    fi
}

# The command must say no: exit with another code than 0, and not by dying.
check_not() { # sentence, command…
    local sentence=$1
    shift
    check "$sentence" says_no "$@"
}
says_no() {
    local code=0
    ("$@") || code=$?
    echo "exit code $code"
    ((code > 0 && code < 126))
}
# check 'a spoilt file is refused' exits 65 vanthu sign …
exits() { # code, command…
    local wanted=$1 code=0
    shift
    ("$@") || code=$?
    echo "exit code $code, expected $wanted"
    ((code == wanted))
}
says() { # what must stand in what the command says, command…
    local wanted=$1 said
    shift
    said=$("$@" 2>&1) || true
    printf '%s\n' "$said"
    grep -qF -- "$wanted" <<<"$said"
}

check_done() {
    rm -f "$CHECK_SAID"
    printf '%d sentences, %d of them false\n' $checks $checks_failed
    ((checks > 0 && checks_failed == 0))
}
