#!/usr/bin/env bash
# vanthu trust, as its operator meets it: usage: trust_command_test.sh PROGRAM PKI
set -euo pipefail
HERE=$(cd "$(dirname "$0")/../.." && pwd)
VANTHU=$1 PKI=$2
NODE=${NODE:-node}
PLACE=$(mktemp -d)
readonly HERE VANTHU PKI NODE PLACE
server=
trap '[[ -z $server ]] || kill "$server" 2>/dev/null || true; rm -rf "$PLACE"' EXIT
# shellcheck source=tests/check.sh
source "$HERE/tests/check.sh"
export HOME=$PLACE/home XDG_CONFIG_HOME="" XDG_CACHE_HOME="" ASAN_OPTIONS=detect_leaks=0
mkdir -p "$HOME"
cd "$PLACE"

trust() {
    "$VANTHU" trust "$@"
}
fingerprint() { # certificate
    openssl x509 -in "$1" -noout -fingerprint -sha256 | cut -d= -f2
}
as_agency() { # out, in
    "$VANTHU" sign --key "file:$PKI/agency.p12" --pin-file "$PKI/pin" --chain "$PKI/ca.crt" --force -o "$1" "$2"
}
# A trusted list with the example's authority: sequence number, status.
make_list() {
    local body
    body=$(openssl x509 -in "$PKI/ca.crt" -outform der | base64 -w0)
    cat >list.plain.xml <<END
<TrustServiceStatusList xmlns="http://uri.etsi.org/02231/v2#"><SchemeInformation><TSLVersionIdentifier>5</TSLVersionIdentifier>
<TSLSequenceNumber>$1</TSLSequenceNumber><SchemeOperatorName><Name xml:lang="en">Operator</Name></SchemeOperatorName>
<SchemeTerritory>VN</SchemeTerritory><ListIssueDateTime>$(date -u +%Y-%m-%dT%H:%M:%SZ)</ListIssueDateTime>
<NextUpdate><dateTime>2100-01-01T00:00:00Z</dateTime></NextUpdate></SchemeInformation><TrustServiceProviderList>
<TrustServiceProvider><TSPInformation><TSPName><Name xml:lang="en">Provider</Name></TSPName></TSPInformation><TSPServices>
<TSPService><ServiceInformation><ServiceTypeIdentifier>http://uri.etsi.org/TrstSvc/Svctype/CA/QC</ServiceTypeIdentifier>
<ServiceName><Name xml:lang="en">Service</Name></ServiceName><ServiceDigitalIdentity><DigitalId>
<X509Certificate>$body</X509Certificate></DigitalId></ServiceDigitalIdentity>
<ServiceStatus>http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/$2</ServiceStatus>
<StatusStartingTime>2020-01-01T00:00:00Z</StatusStartingTime></ServiceInformation></TSPService></TSPServices>
</TrustServiceProvider></TrustServiceProviderList></TrustServiceStatusList>
END
    as_agency list.xml list.plain.xml >/dev/null
}
spoil() { # file, out: one letter
    sed 's/granted/gronted/; 0,/<part>LS0t/s//<part>LS0u/' "$1" >"$2"
}
serve() { # the folder www, on a port of its own
    mkdir -p www
    "$NODE" -e 'const fs = require("fs"), http = require("http");
http.createServer((ask, answer) => fs.readFile("www" + ask.url, (none, bytes) => {
    answer.writeHead(none ? 404 : 200); answer.end(bytes); }))
.listen(0, "127.0.0.1", function () { fs.writeFileSync("port.new", "" + this.address().port); fs.renameSync("port.new", "port"); });' &
    server=$!
    for _ in $(seq 100); do
        [[ -s port ]] && return
        sleep 0.05
    done
    return 1
}
in_force() { # directory: what an anchor of it is used for
    trust list --json --dir "$1"
}

printf '<a>1</a>' >plain.xml
as_agency signed.xml plain.xml >/dev/null

check 'what a group of commands is, is said' says 'say which one' trust bundle
check 'and where its commands are listed' says 'vanthu trust bundle --help' trust bundle
check 'there they are, each with a line' says 'vanthu trust import' trust --help
check 'so for a group in a group' says 'vanthu trust bundle load' trust bundle --help
check 'asking is no mistake' exits 0 trust --help
check 'a command that is not in the group sends there too' says 'see: vanthu trust --help' trust remove
check 'without a directory, how to begin is said' says 'Add some with vanthu trust import' trust list
check 'and is no fault of the input' exits 66 trust check
check 'a folder is not imported' says 'is not a regular file' trust import --yes .
check 'one address is not for two lists' exits 64 trust import --url http://crl.example.vn/a.crl "$PKI/ca.crl" "$PKI/root.crl"
check 'nothing is trusted at first' says 'NO_CERTIFICATE_CHAIN_FOUND' "$VANTHU" verify --offline signed.xml

check 'an anchor is shown and not taken unasked' exits 1 trust import --tree cong-vu "$PKI/root.crt"
check 'with its fingerprint' says "$(fingerprint "$PKI/root.crt" | tr -d : | tr A-F a-f)" trust import "$PKI/root.crt"
check 'another fingerprint takes nothing' exits 65 trust import --fingerprint "$(fingerprint "$PKI/ca.crt")" "$PKI/root.crt"
check 'still nothing is trusted' says 'NO_CERTIFICATE_CHAIN_FOUND' "$VANTHU" verify --offline signed.xml
check 'the right one takes it' trust import --tree cong-vu --fingerprint "$(fingerprint "$PKI/root.crt")" "$PKI/root.crt"
check 'and verify uses it' exits 0 "$VANTHU" verify --offline signed.xml
check 'and names its tree' says '"tree":"cong-vu"' "$VANTHU" verify --offline --json signed.xml
check 'twice the same name is refused' says 'in the directory of trust already' trust import --yes "$PKI/root.crt"
check 'the list has the tree in words' says 'Government Cipher Committee' trust list --english
check 'and as JSON' says '"uses":["signatures","seals","timestamps","ocsp"]' trust list --json
check 'all of it is in force' exits 0 trust check

check 'uses that nobody knows are refused' exits 64 trust import --yes --name w --use everything "$PKI/root.crt"
check 'a day that is none too' exits 64 trust import --yes --name w --from yesterday "$PKI/root.crt"
check 'a line in a value too' exits 64 trust import --yes --name w --note $'a\n[list "x"]' "$PKI/root.crt"
check 'a name with a way out too' exits 64 trust import --yes --name ../w "$PKI/root.crt"
check 'and leave nothing behind' exits 0 trust check
check 'what is no certificate is refused' exits 65 trust import --yes "$PKI/pin"
check 'a file that is not there' exits 66 trust import --yes nowhere.crt

check 'an anchor for timestamps' trust import --dir stamps --yes --use timestamps "$PKI/root.crt"
check 'vouches for no signature' says 'CHAIN_CONSTRAINTS_FAILURE' "$VANTHU" verify --offline --trust stamps signed.xml
check 'an anchor of the past' trust import --dir past --yes --until 2021-01-01 "$PKI/root.crt"
check 'does not count now' says 'CHAIN_CONSTRAINTS_FAILURE' "$VANTHU" verify --offline --trust past signed.xml
check 'and check says so' exits 1 trust check --dir past
check 'a list of revocations needs no fingerprint' trust import --dir past "$PKI/ca.crl"
check 'an authority may be the anchor itself' trust import --dir middle --yes --anchor "$PKI/ca.crt"
check 'and is enough' exits 0 "$VANTHU" verify --offline --trust middle signed.xml
printf '[anchor "gone.crt"]\ntree = a\n' >>past/anchors.conf
check 'settings for a file that is not there are refused' exits 65 "$VANTHU" verify --trust past signed.xml
check 'as everything that cannot be used' exits 65 trust list --dir past
usual=$HOME/.config/vanthu/trust
cp "$usual/anchors.conf" kept.conf
cat past/anchors.conf >>"$usual/anchors.conf"
check 'nothing is verified without what is missing' exits 65 "$VANTHU" verify --offline signed.xml
cp kept.conf "$usual/anchors.conf"

make_list 5 granted
check 'a trusted list without its signer is refused' exits 64 trust import --dir listed --yes list.xml
check 'with another signer too' exits 65 trust import --dir listed --yes --signer "$PKI/leader.crt" list.xml
check 'with the right one it is shown' exits 1 trust import --dir listed --signer "$PKI/agency.crt" list.xml
spoil list.xml spoilt.xml
check 'changed after signing it is refused' exits 65 trust import --dir listed --yes --signer "$PKI/agency.crt" spoilt.xml
serve
check 'and taken when confirmed' trust import --dir listed --tree cong-cong --name vn --signer "$PKI/agency.crt" \
    --url "http://127.0.0.1:$(cat port)/vn.xml" --fingerprint "$(fingerprint "$PKI/agency.crt")" list.xml
check 'its services are anchors' exits 0 "$VANTHU" verify --offline --trust listed signed.xml
check 'its signer is none' says '"source":"vn"' in_force listed
check 'nothing private is fetched unasked' says '127.0.0.1' trust update --dir listed
check 'what is not there is said' exits 69 trust update --dir listed --allow-private
cp list.xml www/vn.xml
check 'the same is no change' says 'unchanged' trust update --dir listed --allow-private
make_list 4 granted
cp list.xml www/vn.xml
check 'an older list is not taken' exits 1 trust update --dir listed --allow-private
make_list 6 granted
spoil list.xml www/vn.xml
check 'nor one that was changed' exits 1 trust update --dir listed --allow-private
check 'the copy at hand stays' exits 0 "$VANTHU" verify --offline --trust listed signed.xml
make_list 6 withdrawn
cp list.xml www/vn.xml
check 'its successor is' says 'updated' trust update --dir listed --allow-private
check 'and what it withdrew counts no more' exits 2 "$VANTHU" verify --offline --trust listed signed.xml

check 'a bundle is made' trust bundle make --key "file:$PKI/agency.p12" --pin-file "$PKI/pin" --number 8 -o new.xml
check 'an older one' trust bundle make --key "file:$PKI/agency.p12" --pin-file "$PKI/pin" --number 7 -o old.xml
check 'whose signature it must bear is asked' exits 64 trust bundle load --dir commune new.xml
check "another's is refused" exits 65 trust bundle load --dir commune --signer "$PKI/leader.crt" new.xml
spoil new.xml spoilt.xml
check 'changed it is refused' exits 65 trust bundle load --dir commune --signer "$PKI/agency.crt" spoilt.xml
check 'a document is no bundle' exits 65 trust bundle load --dir commune --signer "$PKI/agency.crt" signed.xml
check 'nothing came of those' exits 66 "$VANTHU" verify --trust commune signed.xml
check 'it is put in force' trust bundle load --dir commune --signer "$PKI/agency.crt" new.xml
check 'and verify uses it' exits 0 "$VANTHU" verify --offline --trust commune signed.xml
check 'the older one is refused' exits 65 trust bundle load --dir commune old.xml
check 'unless one insists' trust bundle load --dir commune --force old.xml
check 'the newer one again, its signer known' says '"number":8' trust bundle load --dir commune --json new.xml
check 'one folder is left' says 'one' bash -c 'set -- commune/bundle-*; [[ $# == 1 ]] && echo one'
check 'beside it more may be imported' trust import --dir commune --yes --tree khac --name own "$PKI/root.crt"
check 'and both are listed' says '"tree":"khac"' in_force commune
check_done
