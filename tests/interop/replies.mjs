// What the client makes of replies, good and bad, as the published SDK does: canned bytes from a local
// socket.

import assert from "node:assert/strict";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import zlib from "node:zlib";
import {check, finish} from "./check.mjs";
import {Service} from "./sdk.mjs";

const OK = {status: "OK", ErrorCode: "0", ErrorDesc: "Thanh cong"};
const EMPTY_MAILBOX = {status: "OK", ErrorCode: "0", ErrorDesc: "Success", data: []};
const NOTHING = {status: null, ErrorCode: null, ErrorDesc: null, data: null};
const PACKAGE = Buffer.from("<edXML/>\r\n");

/** An HTTP answer; the length is announced unless the headers say how the body ends. */
function answer(status, body, ...headers) {
    const bytes = Buffer.from(body);
    const length = headers.length > 0 ? [] : [`Content-Length: ${bytes.length}`];
    const head = [`HTTP/1.1 ${status} X`, ...length, ...headers].join("\r\n");
    return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), bytes]);
}

/** Calls a server that says these bytes to whatever it is asked, then hangs up. */
async function replied(bytes, call) {
    const server = net.createServer((socket) => {
        socket.on("error", () => {});
        socket.once("data", () => socket.end(bytes));
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${server.address().port}/XrdAdapter/adapter`;
    const service = new Service({endpoint, systemId: "00.99.W00", secret: "khoa-bi-mat-vi-du"});
    try {
        return await call(service);
    } finally {
        service.close();
        server.close();
    }
}

const list = (service) => service.getReceivedEdocList({servicetype: "eDoc", messagetype: "edoc"});
const send = (service) => service.sendEdoc({from: "H99.05"}, PACKAGE);
const json = JSON.stringify;

await check("a list reply that is HTML looks like an empty mailbox", async () =>
    assert.deepEqual(await replied(answer(503, "<html>Service Unavailable</html>"), list), EMPTY_MAILBOX),
);
await check("a list call without an answer has all its fields empty", async () =>
    assert.deepEqual(await replied("", list), NOTHING),
);
await check("a FAIL of a list call is seen, whatever its HTTP status", async () =>
    assert.equal(
        (await replied(answer(403, json({...OK, status: "FAIL", ErrorCode: "15"})), list)).ErrorCode,
        "15",
    ),
);
await check("the lines of a reply are joined before it is parsed", async () =>
    assert.deepEqual((await replied(answer(200, json({...OK, data: []}, null, 1)), list)).data, []),
);
await check("sendEdoc takes 200 and 201", async () => {
    for (const status of [200, 201])
        assert.equal((await replied(answer(status, json({...OK, DocId: "7"})), send)).DocId, "7");
});
await check("sendEdoc takes any other HTTP status for a failed network: null", async () =>
    assert.equal(await replied(answer(400, json({...OK, status: "FAIL", ErrorCode: "22"})), send), null),
);
await check("sendEdoc without an answer is null", async () => assert.equal(await replied("", send), null));
await check("a counter without count crashes the SDK", async () =>
    assert.rejects(
        replied(answer(200, json(OK)), (service) => service.countReceiveEdoc()),
        TypeError,
    ),
);
await check("a JSON call whose reply is no JSON fails with code 100", async () =>
    assert.equal(
        (await replied(answer(200, "ok"), (service) => service.updateStatus({docId: "1"}))).ErrorCode,
        "100",
    ),
);
await check("getEdoc stores what it decoded under year, month without zero, and docId", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "interop-"));
    const bytes = answer(200, json({...OK, data: PACKAGE.toString("base64")}));
    const {stored} = await replied(bytes, (service) => service.getEdoc({docId: "42", filePath: folder}));
    const now = new Date();
    assert.equal(
        stored,
        path.join(folder, String(now.getFullYear()), String(now.getMonth() + 1), "42.edxml"),
    );
    assert.ok(PACKAGE.equals(fs.readFileSync(stored)));
    fs.rmSync(folder, {recursive: true});
});
await check("downloadEdoc takes the body as it is", async () => {
    const reply = await replied(answer(200, PACKAGE), (service) => service.downloadEdoc({docId: "42"}));
    assert.equal(reply.status, "SUCCESS");
    assert.ok(PACKAGE.equals(reply.file));
});
await check("replies in chunks, in gzip and until the line ends are read", async () => {
    const text = json({...OK, data: [1]});
    const chunk = (part) => `${part.length.toString(16)}\r\n${part}\r\n`;
    const chunks = chunk(text.slice(0, 5)) + chunk(text.slice(5)) + chunk("");
    const packed = zlib.gzipSync(text);
    const forms = [
        answer(200, chunks, "Transfer-Encoding: chunked"),
        answer(200, packed, "Content-Encoding: gzip", `Content-Length: ${packed.length}`),
        answer(200, text, "Connection: close"),
    ];
    for (const form of forms) assert.deepEqual((await replied(form, list)).data, [1]);
});
await check("a final answer in place of 100 Continue is the answer", async () => {
    const [reply, continued] = await replied(answer(200, json(OK)), async (service) => [
        await service.updateStatus({docId: "1"}),
        service.last.continued,
    ]);
    assert.deepEqual(reply, OK);
    assert.equal(continued, false);
});

process.exit(finish());
