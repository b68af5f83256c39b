// One document from the first system to the second, and a status message back.

import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import {check} from "../check.mjs";
import {edoc, status} from "../edxml.mjs";
import {statusAbout} from "../invented.mjs";
import {EDOC, STATUS, accepted, agency, eventually, members, refused, today} from "./stage.mjs";

const RECEIVED = "docId serviceType messageType created_time updated_time from to status status_desc";
const SENT =
    "serviceType receiverDocId toCode receiveStatus receiveStatusDesc title messageType notation receivedTime"
    + " sentTime sendStatus sendStatusDesc senderDocId fromCode";
const LARGE = 22 << 20; // bytes of the attachment; a third more as base64
const COMPARED = [
    "DocumentId",
    "CodeNumber",
    "CodeNotation",
    "PromulgationDate",
    "Subject",
    "FullName",
    "DueDate",
];

export async function journey(stage) {
    const document = stage.document();
    const file = Buffer.from(edoc(document), "utf8");
    const counted = await count(stage, stage.second, "countReceiveEdoc");

    const sent = await check("sendEdoc takes a package and answers with its DocId", async () => {
        const reply = await stage.send(file);
        accepted(reply);
        assert.match(reply.DocId, /./);
        return reply.DocId;
    });
    const row =
        sent
        && (await check("getSentEdocList has one row for the receiver", () =>
            sentList(stage, sent, document),
        ));
    if (!row) return; // nothing below could be true
    await listed(stage, row.receiverDocId, counted);
    await fetched(stage, row.receiverDocId, document, file);
    await acknowledged(stage, sent, row.receiverDocId, counted);
    await statusBack(stage, document);
    await severalReceivers(stage);
    await byDate(stage);
    await large(stage);
}

async function sentList(stage, docId, document) {
    const rows = await stage.deliveries(docId);
    assert.equal(rows.length, 1);
    const [row] = rows;
    members(row, SENT);
    assert.equal(row.senderDocId, docId);
    assert.equal(row.fromCode, stage.first.code);
    assert.equal(row.toCode, stage.second.code);
    assert.equal(row.title, document.subject);
    return row;
}

async function listed(stage, docId, counted) {
    const {first, second} = stage;
    await check("it lies in the list of the receiver's system", async () => {
        const item = await stage.arrived(second, docId);
        members(item, RECEIVED);
        assert.equal(item.from, first.code);
        assert.equal(item.messageType.toLowerCase(), "edoc");
        assert.ok(JSON.stringify(item.to).includes(second.code));
    });
    await check("it does not lie in the list of its sender, nor among the statuses", async () => {
        assert.ok(!(await stage.ids(first)).includes(docId));
        assert.ok(!(await stage.ids(second, STATUS)).includes(docId));
    });
    await check("the counter of the receiver went up by one", async () =>
        assert.equal(await count(stage, second, "countReceiveEdoc"), counted + 1),
    );
    await check("the sender's system cannot acknowledge it in the receiver's place", async () => {
        refused(await stage.ask(first, "updateStatus", {docId, status: "done"}));
        assert.ok((await stage.ids(second)).includes(docId));
    });
}

async function fetched(stage, docId, document, file) {
    const {second} = stage;
    const got = await check(
        "getEdoc brings the package with every field and every byte of its file",
        async () => {
            const reply = await stage.ask(second, "getEdoc", {docId});
            accepted(reply);
            samePackage(reply.file, file, document);
            return reply.file;
        },
    );
    await check("downloadEdoc brings the same bytes as they are, not in base64", async () => {
        const reply = await stage.ask(second, "downloadEdoc", {docId});
        assert.equal(reply.status, "SUCCESS", JSON.stringify(reply));
        assert.ok(got?.equals(reply.file), "downloadEdoc and getEdoc differ");
    });
    await check(
        "the SDK stores what it fetched by year and month, and tells the server its own path",
        async () => {
            const folder = fs.mkdtempSync(path.join(os.tmpdir(), "interop-"));
            const {stored} = await stage.ask(second, "getEdoc", {docId, filePath: folder});
            assert.ok(got?.equals(fs.readFileSync(stored)));
            fs.rmSync(folder, {recursive: true});
        },
    );
}

async function acknowledged(stage, sentId, docId, counted) {
    const {second} = stage;
    await check("updateStatus processing leaves it in the list", async () => {
        await stage.settle(docId, "processing");
        assert.ok((await stage.ids(second)).includes(docId));
    });
    await check("updateStatus done takes it out of the list and off the counter", async () => {
        await stage.settle(docId);
        assert.ok(!(await stage.ids(second)).includes(docId));
        assert.equal(await count(stage, second, "countReceiveEdoc"), counted);
    });
    await check("done said twice is no error, for an answer may have been lost", () => stage.settle(docId));
    await check("the sender sees in getSentEdocList that it was taken over", async () => {
        const [row] = await stage.deliveries(sentId);
        assert.equal(row.receiveStatus, "done");
    });
    await check("what was taken over can still be fetched", async () =>
        accepted(await stage.ask(second, "getEdoc", {docId})),
    );
}

async function statusBack(stage, document) {
    const {first, second} = stage;
    const said = {
        from: second.organization,
        code: "03",
        description: "Văn thư đã vào sổ",
        time: `${today()} 10:42:17`,
    };
    const file = Buffer.from(status(statusAbout(document, said)), "utf8");
    const before = await stage.ids(first, STATUS);
    const counted = await count(stage, first, "countReceiveStatus");

    await check("the receiver sends status 03, which names no To: ResponseFor says where it goes", async () =>
        accepted(await stage.ask(second, "sendEdoc", {from: second.code, ...STATUS}, file)),
    );
    const docId = await check("the first system sees it in its list of statuses, once", async () => {
        const added = await eventually("a status arrives", async () => {
            const ids = (await stage.ids(first, STATUS)).filter((id) => !before.includes(id));
            return ids.length > 0 ? ids : null;
        });
        assert.equal(added.length, 1);
        return added[0];
    });
    await check("it is not in its list of documents", async () =>
        assert.ok(!(await stage.ids(first)).includes(docId)),
    );
    await check("its counter of statuses went up by one", async () =>
        assert.equal(await count(stage, first, "countReceiveStatus"), counted + 1),
    );
    await check("getEdoc brings the status message with its code and what it answers", async () => {
        const reply = await stage.ask(first, "getEdoc", {docId});
        accepted(reply);
        assert.equal(field(reply.file, "StatusCode"), "03");
        assert.equal(field(reply.file, "DocumentId"), document.documentId);
    });
    await check("done takes it out of the list of statuses", async () => {
        await stage.settle(docId, "done", first);
        assert.deepEqual(await stage.ids(first, STATUS), before);
    });
}

async function severalReceivers(stage) {
    const {first, second} = stage;
    const branch = {...first.organization, id: `${first.code}.78`};
    await check(
        "a package for two agencies becomes two deliveries, each acknowledged by itself",
        async () => {
            accepted(
                await stage.ask(first, "registerAgency", agency(branch.id, "Trung tâm Minh họa", first.code)),
            );
            const reply = await stage.send(stage.package({to: [second.organization, branch]}));
            accepted(reply);
            const rows = await stage.deliveries(reply.DocId, 2);
            const to = (code) => rows.find(({toCode}) => toCode === code).receiverDocId;
            const [theirs, ours] = [to(second.code), to(branch.id)];
            assert.notEqual(theirs, ours);
            await stage.arrived(second, theirs);
            await stage.arrived(first, ours);
            await stage.settle(theirs);
            assert.ok(
                (await stage.ids(first)).includes(ours),
                "one receiver's done removed the other's copy",
            );
            refused(await stage.ask(second, "getEdoc", {docId: ours}));
            await stage.settle(ours, "done", first);
        },
    );
}

async function byDate(stage) {
    const {receiverDocId: docId} = await stage.deliver();
    const reversed = (date) => date.split("/").reverse().join("/");
    const listed = async (limits) =>
        (await stage.list(stage.second, EDOC, limits)).some((item) => item.docId === docId);

    await check("fromDate is understood as yyyy/MM/dd and as dd/MM/yyyy HH:mm:ss", async () => {
        assert.ok(await listed({fromDate: today(-1)}));
        assert.ok(await listed({fromDate: `${reversed(today(-1))} 00:00:00`}));
    });
    await check("a list up to yesterday, or from tomorrow on, does not have it", async () => {
        assert.ok(!(await listed({toDate: today(-1)})));
        assert.ok(!(await listed({fromDate: `${reversed(today(1))} 23:59:59`})));
    });
    await stage.settle(docId);
}

async function large(stage) {
    const [file] = stage.document().attachments;
    const bytes = Buffer.concat([file.bytes, Buffer.alloc(LARGE, "% noi dung dai\n")]);
    const sent = stage.package({attachments: [{...file, bytes}]});
    await check("a package of 30 MB goes through whole, in base64 and as it is", async () => {
        const {receiverDocId: docId} = await stage.deliver(sent);
        const got = await stage.ask(stage.second, "getEdoc", {docId});
        const raw = await stage.ask(stage.second, "downloadEdoc", {docId});
        assert.ok(got.file.equals(raw.file), "downloadEdoc and getEdoc differ");
        assert.ok(attachments(got.file)[0].equals(bytes), "the attachment was changed");
        await stage.settle(docId);
    });
}

async function count(stage, side, call) {
    const reply = await stage.ask(side, call);
    accepted(reply);
    return reply.count;
}

/** The axis may add a TraceHeader and Direction; everything else must be there, the files byte for byte. */
function samePackage(got, sent, document) {
    if (got.equals(sent)) return;
    for (const name of COMPARED) assert.equal(field(got, name), field(sent, name), name);
    const files = attachments(got);
    assert.equal(files.length, document.attachments.length);
    for (const [index, {bytes}] of document.attachments.entries())
        assert.ok(bytes.equals(files[index]), "an attachment was changed");
}

function field(file, name) {
    return new RegExp(`<(?:\\w+:)?${name}>([^<]*)<`).exec(file.toString("utf8"))?.[1];
}

function attachments(file) {
    const found = file.toString("utf8").matchAll(/<(?:\w+:)?ContentTransferEncoded[^>]*>([^<]*)</g);
    return Array.from(found, ([, text]) => Buffer.from(text, "base64"));
}
