// The same call in other clothes: header names, the signed text, digests and bodies as various clients write
// them.

import assert from "node:assert/strict";
import crypto from "node:crypto";
import {check} from "../check.mjs";
import {hashFile, signHeader} from "../sdk.mjs";
import {EDOC, accepted, envelope, brief, refused} from "./stage.mjs";

const CRLF = Buffer.from("\r\n");

export async function wirings(stage) {
    await headers(stage);
    await signedText(stage);
    await digests(stage);
    await bodies(stage);
}

async function headers(stage) {
    const list = (rewrite) =>
        stage.tampered(stage.first, "getReceivedEdocList", EDOC, (request) => ({
            ...request,
            headers: rewrite(request.headers),
        }));
    const mixed = ([name, value], index) => [index % 2 ? name.toUpperCase() : name.toLowerCase(), value];

    await check("header names are read in any case", async () =>
        accepted(await list((pairs) => pairs.map(mixed))),
    );
    await check("sign-header-key may be missing: it says nothing that is not in the signed text", async () =>
        accepted(await list((pairs) => pairs.filter(([name]) => !name.endsWith("-key")))),
    );
    await check("what counts is the signed text, not an unsigned header of the same name", async () => {
        const {receiverDocId: docId} = await stage.deliver();
        await stage.tampered(stage.second, "updateStatus", {docId, status: "processing"}, (request) => ({
            ...request,
            headers: request.headers.map(([name, value]) => [
                name,
                name === "XroadVnpt-status" ? "done" : value,
            ]),
        }));
        assert.ok(
            (await stage.ids(stage.second)).includes(docId),
            "an unsigned header acknowledged a document",
        );
        await stage.settle(docId);
    });
    await check("raw UTF-8 in a header of sendEdoc fits its signature", async () =>
        taken(stage, await stage.send(stage.package(), {description: "Gửi kèm biểu số liệu"})),
    );
    await check("the receivers may stand in the header to as well as in the package", async () =>
        taken(stage, await stage.send(stage.package(), {to: JSON.stringify([stage.second.code])})),
    );
    await check(
        "a JSON call's characters cut to one byte break its own signature: refused with 15",
        async () => {
            const {receiverDocId: docId} = await stage.deliver();
            const cut = {docId, status: "done", description: "Đã nhận"};
            refused(await stage.ask(stage.second, "updateStatus", cut), "15");
            assert.ok((await stage.ids(stage.second)).includes(docId));
            await stage.settle(docId);
        },
    );
}

async function signedText(stage) {
    const list = (write) =>
        stage.tampered(stage.first, "getReceivedEdocList", EDOC, (request, service) => {
            const entries = service.headers.entries();
            return service.sign(request, entries, write(entries));
        });

    await check("the signed text may stand in any order and with spaces: it is hashed as it came", async () =>
        accepted(await list((entries) => signHeader([...entries].reverse()).replaceAll('":"', '" : "'))),
    );
    await check("the signed text may escape what needs no escape, as some JSON writers do", async () =>
        accepted(
            await list((entries) => signHeader(entries).replaceAll("/", "\\/").replace("eDoc", "e\\u0044oc")),
        ),
    );
}

async function digests(stage) {
    await check("the unpadded digest of the SDK is accepted", async () => {
        const file = shortHashed(stage);
        assert.ok(hashFile(file).length < 64);
        await taken(stage, await send(stage, Buffer.concat([file, CRLF]), hashFile(file)));
    });
    await check("the digest written rightly is accepted", async () => {
        const file = shortHashed(stage);
        const digest = crypto.createHash("sha256").update(file).digest("hex");
        await taken(stage, await send(stage, Buffer.concat([file, CRLF]), digest));
    });
}

async function bodies(stage) {
    const endingInCrlf = () => Buffer.concat([Buffer.from(stage.package().toString("utf8").trimEnd()), CRLF]);

    await check("a package without the CRLF behind it is accepted", async () => {
        const file = stage.package();
        await taken(stage, await send(stage, file, hashFile(file)));
    });
    await check("a package that ends in CRLF itself is accepted with the SDK's CRLF behind it", async () => {
        const file = endingInCrlf();
        await taken(stage, await send(stage, Buffer.concat([file, CRLF]), hashFile(file)));
    });
    await check("a package that ends in CRLF itself is accepted without another behind it", async () => {
        const file = endingInCrlf();
        await taken(stage, await send(stage, file, hashFile(file)));
    });
    await check("a package sent as base64 text is accepted, its digest taken over the package", async () => {
        const file = stage.package();
        const text = Buffer.from(file.toString("base64"));
        const got = await taken(stage, await send(stage, text, hashFile(file)));
        assert.match(got.toString("utf8"), /^<\?xml/);
    });
    await check("a package sent as base64 text is accepted, its digest taken over the text", async () => {
        const text = Buffer.from(stage.package().toString("base64"));
        await taken(stage, await send(stage, Buffer.concat([text, CRLF]), hashFile(text)));
    });
}

/** Sends these bytes as the body of sendEdoc, with this digest. */
function send({first}, body, digest) {
    return brief(first.system, async (service) => {
        const request = service.compose("sendEdoc", {from: first.code, ...EDOC}, body);
        service.headers.put("hash-file", digest);
        return envelope(await service.exchange({...service.sign(request, service.headers.entries()), body}));
    });
}

/** The package went through: fetches it as the receiver, takes it over, returns its bytes. */
async function taken(stage, reply) {
    accepted(reply);
    const [{receiverDocId: docId}] = await stage.deliveries(reply.DocId);
    await stage.arrived(stage.second, docId);
    const {file} = await stage.ask(stage.second, "getEdoc", {docId});
    await stage.settle(docId);
    return file;
}

/** A package whose digest has a byte below 0x10, so that the SDK prints fewer than 64 characters. */
function shortHashed(stage) {
    for (;;) {
        const file = stage.package();
        if (hashFile(file).length < 64) return file;
    }
}
