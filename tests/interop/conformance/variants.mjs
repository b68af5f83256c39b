// Every sample package over the wire: what readers must read is taken, what they must refuse is refused.
// Where a reader only names a deviation, a hub may be stricter about what it passes on: taken, or refused as
// wrong edXML.

import {check} from "../check.mjs";
import {COMMUNE, MINISTRY, SENDER} from "../invented.mjs";
import {samples} from "../samples/all.mjs";
import {EDOC, STATUS, accepted, agency, refused} from "./stage.mjs";

export async function variants(stage) {
    const homes = new Map([
        [SENDER.id, stage.first],
        [MINISTRY.id, stage.second],
        [COMMUNE.id, stage.second],
    ]);
    const before = await lists(stage);
    for (const [code, side] of homes) accepted(await stage.ask(side, "registerAgency", agency(code, code)));
    for (const sample of samples()) {
        const from = senderOf(sample);
        if (sample.expect === "refuse" || homes.has(from))
            // the others show forms of codes that are not registered
            await check(`${sample.file}: ${sample.note}`, () => goesThrough(stage, homes, from, sample));
    }
    await takeOver(stage, before);
    for (const [code, side] of homes) accepted(await stage.ask(side, "deleteAgency", {AgencyCode: code}));
}

function senderOf({bytes}) {
    return /<(?:\w+:)?From>\s*<(?:\w+:)?OrganId>([^<]*)</.exec(bytes.toString("utf8"))?.[1];
}

async function goesThrough(stage, homes, from, {kind, expect, bytes}) {
    const side = homes.get(from) ?? stage.first;
    const message = kind === "status" ? STATUS : EDOC;
    const file = ownNumber(stage, Buffer.from(bytes));
    const reply = await stage.ask(side, "sendEdoc", {from: from ?? SENDER.id, ...message}, file);
    if (expect === "refuse") return refused(reply);
    if (expect === "deviation" && reply?.status === "FAIL") return refused(reply, "22");
    accepted(reply);
    return kind === "edoc" ? stage.deliveries(reply.DocId) : reply;
}

/** Samples share a DocumentId and would contradict each other: each gets its own. */
function ownNumber(stage, bytes) {
    return Buffer.from(bytes.toString("latin1").replaceAll("215/SXD", `${stage.number()}/SXD`), "latin1");
}

function lists(stage) {
    const places = [stage.first, stage.second].flatMap((side) =>
        [EDOC, STATUS].map((kind) => ({side, kind})),
    );
    return Promise.all(
        places.map(async (place) => ({...place, ids: await stage.ids(place.side, place.kind)})),
    );
}

async function takeOver(stage, before) {
    const after = await lists(stage);
    for (const [index, {side, ids}] of after.entries())
        for (const docId of ids.filter((id) => !before[index].ids.includes(id)))
            await stage.settle(docId, "done", side);
}
