// What the published SDK does call after call, and a server must bear.

import assert from "node:assert/strict";
import {check} from "../check.mjs";
import {connect} from "../systems.mjs";
import {EDOC, accepted, envelope, refused} from "./stage.mjs";

export async function habits(stage) {
    await connections(stage);
    await leaks(stage);
    await collisions(stage);
}

async function connections(stage) {
    const service = connect(stage.first.system);
    await check("a call with a body is told to continue before it sends the body", async () => {
        accepted(await service.countReceiveEdoc());
        assert.equal(service.last.continued, true, "no 100 Continue came");
    });
    await check("many calls go over one connection", async () => {
        for (let i = 0; i < 5; i++) accepted(await service.getReceivedEdocList(EDOC));
        accepted(await service.countReceiveStatus());
        assert.equal(service.opened("apache"), 1);
    });
    await check("the same request repeated byte for byte is answered again", async () => {
        const request = service.compose("getReceivedEdocList", EDOC);
        accepted(envelope(await service.exchange(request)));
        accepted(envelope(await service.exchange(request)));
    });
    service.close();
    await check("a timestamp of long ago is only logged: service objects live for years", async () => {
        const old = {system: {...stage.first.system, now: new Date(2020, 0, 2, 3, 4, 5, 6)}};
        accepted(await stage.ask(old, "getReceivedEdocList", EDOC));
    });
}

async function leaks(stage) {
    const {first, second} = stage;
    const service = connect(second.system); // one object for everything, as in most programs
    await check(
        "a service object that sent, fetched and acknowledged goes on with all its old headers",
        async () => {
            const {receiverDocId} = await stage.deliver();
            const back = stage.package({from: second.organization, to: [first.organization]});
            accepted(await service.getReceivedEdocList({...EDOC, fromDate: "2020/01/01"}));
            accepted(
                await service.sendEdoc({from: second.code, ...EDOC, to: JSON.stringify([first.code])}, back),
            );
            accepted(await service.getEdoc({docId: receiverDocId}));
            accepted(await service.updateStatus({docId: receiverDocId, status: "done"}));
            accepted(await service.getReceivedEdocList(EDOC));
            accepted(await service.countReceiveEdoc());
            for (const leaked of ["hash-file", "from", "to", "status", "docId", "fromDate"])
                assert.ok(service.headers.get(leaked), `${leaked} did not leak`);
        },
    );
    await check(
        "a thirteenth key changes the order of the signed text, and the text still decides",
        async () => {
            const {receiverDocId: docId} = await stage.deliver();
            accepted(await service.getEdoc({docId, filePath: "/tmp/khong-lien-quan"}));
            accepted(await service.updateStatus({docId, docid: docId, status: "done"}));
            assert.ok(service.headers.keys().length >= 13);
            assert.equal(service.headers.keys()[0], "systemid"); // below thirteen keys fromDate comes first
        },
    );
    service.close();
    for (const item of await stage.list(first))
        if (item.from === second.code) await stage.settle(item.docId, "done", first);
}

async function collisions(stage) {
    const {second} = stage;
    await check("updateStatus understands docid alone", async () => {
        const {receiverDocId} = await stage.deliver();
        accepted(await stage.ask(second, "updateStatus", {docid: receiverDocId, status: "done"}));
        assert.ok(!(await stage.ids(second)).includes(receiverDocId));
    });
    await check("updateStatus understands docId and docid with the same value", async () => {
        const {receiverDocId: docId} = await stage.deliver();
        accepted(await stage.ask(second, "updateStatus", {docId, docid: docId, status: "done"}));
        assert.ok(!(await stage.ids(second)).includes(docId));
    });
    await check(
        "updateStatus refuses docId and docid that differ, and changes neither document",
        async () => {
            const {receiverDocId: docId} = await stage.deliver();
            const {receiverDocId: docid} = await stage.deliver();
            refused(await stage.ask(second, "updateStatus", {docId, docid, status: "done"}));
            const ids = await stage.ids(second);
            assert.ok(ids.includes(docId) && ids.includes(docid));
            await stage.settle(docId);
            await stage.settle(docid);
        },
    );
    await check("getEdoc takes docId even when an older docid leaks into the request", async () => {
        const older = await stage.deliver();
        const newer = await stage.deliver();
        const service = connect(second.system);
        accepted(await service.updateStatus({docid: older.receiverDocId, status: "done"}));
        const reply = await service.getEdoc({docId: newer.receiverDocId});
        service.close();
        accepted(reply);
        assert.ok(reply.file.includes(newer.documentId));
        await stage.settle(newer.receiverDocId);
    });
}
