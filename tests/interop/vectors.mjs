// The captured vectors of the axis protocol, checked against the client of this folder. No server is needed.

import assert from "node:assert/strict";
import crypto from "node:crypto";
import {check, finish} from "./check.mjs";
import {HashMap, lowBytes, stringHash, timestamp, unpaddedHex} from "./java.mjs";
import {Service, hashFile, hashHeader, signHeader} from "./sdk.mjs";

const SECRET = "khoa-bi-mat-vi-du";

const SIGNED = [
    {
        sentence: "a list call is signed as captured",
        entries: [
            ["systemid", "00.99.W00"],
            ["servicetype", "eDoc"],
            ["messagetype", "edoc"],
            ["timestamp", "14032025T101500+0042"],
            ["Content-Type", "application/json"],
        ],
        text:
            '{"XroadVnpt-systemid":"00.99.W00","XroadVnpt-servicetype":"eDoc","XroadVnpt-messagetype":"edoc",'
            + '"XroadVnpt-timestamp":"14032025T101500+0042","XroadVnpt-Content-Type":"application/json"}',
        hash: "db3742f9a84d651e2a032a6a38e17b99c51e4a9688211770e756ee0ccb4476ed",
    },
    {
        sentence: "deleteAgency is signed as captured",
        entries: [
            ["systemid", "00.99.W00"],
            ["AgencyCode", "H99.77"],
            ["timestamp", "21112026T201514+0244"],
            ["Content-Type", "application/json"],
        ],
        text:
            '{"XroadVnpt-systemid":"00.99.W00","XroadVnpt-AgencyCode":"H99.77",'
            + '"XroadVnpt-timestamp":"21112026T201514+0244","XroadVnpt-Content-Type":"application/json"}',
        hash: "f69c00cdad4df6262d6528ed602f47e8ff6fc86e1b04b21f6ce558cb5fdb03da",
    },
];

const OBSERVED_ORDER = [
    "fromDate",
    "systemid",
    "servicetype",
    "messagetype",
    "hash-file",
    "docId",
    "docid",
    "filePath",
    "from",
    "to",
    "timestamp",
    "Content-Type",
    "status",
];

/** What java.util.HashMap of OpenJDK 17 printed for these keys, put in this order. */
const JAVA_ORDERS = [
    {
        sentence: "twelve keys stand as in Java",
        put:
            "systemid timestamp fromDate Content-Type messagetype servicetype hash-file from to docId"
            + " filePath status",
        out:
            "fromDate systemid servicetype messagetype hash-file docId filePath from to timestamp"
            + " Content-Type status",
    },
    {
        sentence: "the thirteenth key doubles the table and changes the order, as in Java",
        put:
            "systemid timestamp fromDate Content-Type messagetype servicetype hash-file from to docId"
            + " filePath status docid",
        out:
            "systemid messagetype docId docid filePath fromDate servicetype hash-file from to timestamp"
            + " Content-Type status",
    },
    {
        sentence: "a bigger table with Vietnamese keys stands as in Java",
        put:
            "kpoỞ koj k1f kjyỞ k4 k6n kb4Ở kg0 kmj k3fỞ k21 kiv korỞ kev kdo kmqỞ ke2 khy k6iỞ k91 kog"
            + " kipỞ k1b k99 kazỞ",
        out:
            "k1f k91 kog kpoỞ koj kazỞ kmj k99 k3fỞ kg0 kjyỞ kiv ke2 kev kmqỞ k6n korỞ k4 k21 k6iỞ kb4Ở"
            + " kdo khy k1b kipỞ",
    },
];

function order(keys) {
    const map = new HashMap();
    keys.forEach((key) => map.put(key, ""));
    return map.keys();
}

function service() {
    return new Service({
        endpoint: "http://127.0.0.1:1/XrdAdapter/adapter",
        systemId: "00.99.W00",
        secret: SECRET,
        now: new Date(2025, 2, 14, 10, 15, 0, 42),
    });
}

for (const {sentence, entries, text, hash} of SIGNED) {
    await check(sentence, () => {
        assert.equal(signHeader(entries), text);
        assert.equal(hashHeader(SECRET, text), hash);
    });
}

await check("a service object made at that time signs its list call as captured", () => {
    const request = service().compose("getReceivedEdocList", {servicetype: "eDoc", messagetype: "edoc"});
    const headers = Object.fromEntries(request.headers);
    assert.equal(headers["XroadVnpt-sign-header"], SIGNED[0].text);
    assert.equal(headers["XroadVnpt-hash-header"], SIGNED[0].hash);
    assert.equal(
        headers["XroadVnpt-sign-header-key"],
        "systemid;servicetype;messagetype;timestamp;Content-Type",
    );
});

await check("a digest is printed as the SDK prints it: 62 characters for the seven bytes edxml-2", () => {
    const digest = crypto.createHash("sha256").update("edxml-2").digest();
    assert.equal(digest.toString("hex"), "a1b6ab4313534f53255814290f79d74e559a5aa49c35ef7e5f4e06413f73de52");
    assert.equal(unpaddedHex(digest), "a1b6ab4313534f5325581429f79d74e559a5aa49c35ef7e5f4e6413f73de52");
    assert.equal(hashFile(Buffer.from("edxml-2")).length, 62);
});

await check("String.hashCode is Java's, negative values included", () => {
    assert.equal(stringHash(""), 0);
    assert.equal(stringHash("abc"), 96354);
    assert.equal(stringHash("polygenelubricants"), -2147483648);
});

for (const {sentence, put, out} of JAVA_ORDERS)
    await check(sentence, () => assert.deepEqual(order(put.split(" ")), out.split(" ")));

await check("any twelve of the thirteen observed keys keep the observed order", () => {
    for (const left of OBSERVED_ORDER) {
        const keys = OBSERVED_ORDER.filter((key) => key !== left);
        assert.deepEqual(order(keys), keys);
    }
});

await check(
    "headers leak: after sendEdoc a getEdoc still carries hash-file, from and to, in the observed order",
    () => {
        const client = service();
        client.compose("getReceivedEdocList", {servicetype: "eDoc", messagetype: "edoc"});
        client.compose(
            "sendEdoc",
            {from: "H99.05", servicetype: "eDoc", messagetype: "edoc", to: '["G98"]'},
            Buffer.from("x"),
        );
        client.compose("updateStatus", {docId: "1", status: "done"});
        client.compose("getEdoc", {docId: "2", filePath: "/tmp"});
        const keys = client.headers.keys();
        assert.deepEqual(
            keys,
            OBSERVED_ORDER.filter((key) => keys.includes(key)),
        );
        assert.equal(client.headers.get("hash-file"), hashFile(Buffer.from("x")));
        assert.equal(client.headers.get("status"), "done");
        assert.equal(client.headers.get("docId"), "2");
    },
);

await check("the timestamp has milliseconds in four digits after the plus, no zone", () =>
    assert.equal(timestamp(new Date(2026, 10, 21, 20, 15, 14, 244)), "21112026T201514+0244"),
);

await check("sendEdoc has the wire form captured: its headers in order, no Expect, the file and CRLF", () => {
    const client = service();
    const request = client.compose(
        "sendEdoc",
        {from: "H99.05", servicetype: "eDoc", messagetype: "edoc", to: '["G98","H98.12.03"]'},
        Buffer.from("edxml-2"),
    );
    const lines = client.head(request, false).toString("utf8").split("\r\n");
    assert.equal(lines[0], "POST /XrdAdapter/adapter/sendEdoc HTTP/1.1");
    assert.deepEqual(
        lines.slice(1).map((line) => line.split(": ")[0]),
        [
            "Content-Type",
            "XroadVnpt-systemid",
            "XroadVnpt-servicetype",
            "XroadVnpt-messagetype",
            "XroadVnpt-hash-file",
            "XroadVnpt-from",
            "XroadVnpt-to",
            "XroadVnpt-timestamp",
            "XroadVnpt-Content-Type",
            "XroadVnpt-sign-header-key",
            "XroadVnpt-sign-header",
            "XroadVnpt-hash-header",
            "User-Agent",
            "XroadVnpt-version",
            "Host",
            "Accept",
            "Connection",
            "Content-Length",
            "",
            "",
        ],
    );
    assert.ok(lines.includes("Content-Length: 9"));
    assert.ok(
        lines.includes(
            "XroadVnpt-sign-header-key: "
                + "systemid;servicetype;messagetype;hash-file;from;to;timestamp;Content-Type",
        ),
    );
    assert.ok(lines.some((line) => line.includes('"XroadVnpt-to":"[\\"G98\\",\\"H98.12.03\\"]"')));
    assert.equal(request.body.toString(), "edxml-2\r\n");
});

await check("a JSON call with a body has the wire form captured: Expect, Accept-Encoding, keep-alive", () => {
    const client = service();
    const request = client.compose("updateStatus", {docId: "7", status: "done"});
    const head = client.head(request, true).toString("latin1");
    assert.match(
        head,
        /^POST \/XrdAdapter\/adapter\/updateStatus HTTP\/1\.1\r\nContent-Type: application\/json\r\n/,
    );
    assert.match(
        head,
        /\r\nContent-Length: 2\r\n.*\r\nExpect: 100-continue\r\nAccept-Encoding: gzip,deflate\r\n\r\n$/s,
    );
    assert.equal(request.body.toString(), "{}");
});

await check("a list call has a Content-Length of 0 although it says application/json", () => {
    const client = service();
    const request = client.compose("getAgenciesList", {});
    assert.match(client.head(request, false).toString(), /\r\nContent-Length: 0\r\n/);
});

await check("docId and docid travel as two headers of one name in a JSON call", () => {
    const client = service();
    client.compose("getEdoc", {docId: "1"});
    const names = client.compose("updateStatus", {docid: "2", status: "done"}).headers.map(([name]) => name);
    assert.ok(names.includes("XroadVnpt-docId") && names.includes("XroadVnpt-docid"));
});

await check(
    "a JSON call cuts each character to its low byte while the HMAC is over UTF-8; sendEdoc writes UTF-8",
    () => {
        assert.deepEqual([...lowBytes("ậ")], [0xad]); // U+1EAD
        const client = service();
        const json = client.head(client.compose("updateStatus", {docId: "7", description: "nhận"}), true);
        assert.ok(
            json.includes(
                Buffer.concat([
                    Buffer.from("XroadVnpt-description: nh"),
                    Buffer.from([0xad]),
                    Buffer.from("n\r\n"),
                ]),
            ),
        );
        const sending = client.head(client.compose("sendEdoc", {from: "H99.05"}, Buffer.from("x")), false);
        assert.ok(sending.includes(Buffer.from("XroadVnpt-description: nhận\r\n", "utf8")));
    },
);

process.exit(finish());
