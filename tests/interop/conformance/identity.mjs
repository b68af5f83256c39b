// A document is sent again because an answer was lost: one document, one delivery, one receipt, for ever.

import assert from "node:assert/strict";
import {check} from "../check.mjs";
import {edoc, status} from "../edxml.mjs";
import {statusAbout} from "../invented.mjs";
import {STATUS, accepted, pause, today} from "./stage.mjs";

const SETTLES = 1000; // milliseconds in which whatever works behind an answer gets its chance

export async function identity(stage) {
    const document = stage.document();
    await documents(stage, document);
    await statuses(stage, document);
}

async function documents(stage, document) {
    const file = Buffer.from(edoc(document), "utf8");
    const {docId, receiverDocId} = await stage.deliver(file);
    const once = async () => {
        assert.equal((await stage.deliveries(docId)).length, 1, "there is a second delivery");
        assert.equal((await copies(stage, document)).length, 1, "the receiver's list has it twice");
    };

    await check("a package sent again gets the same DocId and is not delivered twice", async () => {
        assert.equal(await again(stage, file), docId);
        await once();
    });
    await check("sent ten times at once it is still one document", async () => {
        assert.deepEqual(await tenTimes(stage, file), [docId]);
        await once();
    });
    await check("a new package sent ten times at once becomes one document", async () => {
        const before = await stage.ids(stage.second);
        const ids = await tenTimes(stage, stage.package());
        assert.equal(ids.length, 1);
        const rows = await stage.deliveries(ids[0]);
        assert.equal(rows.length, 1);
        await stage.arrived(stage.second, rows[0].receiverDocId);
        assert.deepEqual(await stage.ids(stage.second), [...before, rows[0].receiverDocId].sort());
        await stage.settle(rows[0].receiverDocId);
    });
    await check(
        "the same document with another trace, Direction and line ends is the same document",
        async () => {
            const trace = [...document.trace, {time: `${today()} 11:11:11`}];
            const other = {...document.other, direction: "true"};
            const rewritten = edoc({...document, trace, other}).replaceAll("\n", "\r\n");
            assert.equal(await again(stage, Buffer.from(rewritten, "utf8")), docId);
            await once();
        },
    );
    await check(
        "sent again after the receiver took it over, it does not come back into the list",
        async () => {
            await stage.settle(receiverDocId);
            assert.equal(await again(stage, file), docId);
            await pause(SETTLES);
            assert.equal((await copies(stage, document)).length, 0);
        },
    );
}

async function statuses(stage, document) {
    const {first, second} = stage;
    const time = `${today()} 10:42:17`;
    const arrived = statusAbout(document, {
        from: second.organization,
        code: "01",
        description: "Đã đến",
        time,
    });

    await check("a status message sent again is delivered once", async () => {
        const before = await stage.ids(first, STATUS);
        for (let i = 0; i < 3; i++)
            accepted(
                await stage.ask(
                    second,
                    "sendEdoc",
                    {from: second.code, ...STATUS},
                    Buffer.from(status(arrived)),
                ),
            );
        await pause(SETTLES);
        const added = (await stage.ids(first, STATUS)).filter((id) => !before.includes(id));
        assert.equal(added.length, 1);
        await stage.settle(added[0], "done", first);
    });
}

async function again(stage, file) {
    const reply = await stage.send(file);
    accepted(reply);
    return reply.DocId;
}

/** The different DocIds that ten senders of the same package were given. */
async function tenTimes(stage, file) {
    const ids = await Promise.all(Array.from({length: 10}, () => again(stage, file)));
    return [...new Set(ids)];
}

/** The items of the receiver's list whose package is this document. */
async function copies(stage, document) {
    const found = [];
    for (const docId of await stage.ids(stage.second)) {
        const {file} = await stage.ask(stage.second, "getEdoc", {docId});
        if (file?.includes(document.documentId)) found.push(docId);
    }
    return found;
}
