// Everything hostile over every channel: refused by the channel's own form, naming the rule, in time, and nothing is kept.
//
//   node bad_input.mjs --demo DIR --data DIR --base URL --key URI --server PID

import fs from "node:fs";
import path from "node:path";
import {parseArgs} from "node:util";
import {edoc} from "../interop/edxml.mjs";
import {HOSTILE} from "../interop/hostile.mjs";
import {COMMUNE, SENDER, document} from "../interop/invented.mjs";
import {connect, readSystems} from "../interop/systems.mjs";
import {Api, reply} from "./api.mjs";
import {BAD_DOCUMENTS, goodRequest, partsOf} from "./bad_input/documents.mjs";
import {badPdfs, badRanges} from "./bad_input/pdfs.mjs";
import {Stage, envelope, notGenuine, problem} from "./bad_input/stage.mjs";
import {BAD_XML} from "./bad_input/xmls.mjs";

const PEAK_MB = 1024; // of one process, with a sanitizer's shadow and quarantine in it

const {values: given} = parseArgs({
    options: Object.fromEntries(["demo", "data", "base", "key", "server"].map((name) => [name, {type: "string"}])),
});
const api = new Api(given.base, path.join(given.demo, "secrets/api-token"));
const [here, there] = readSystems(path.join(given.demo, "systems.tsv"));
const work = path.join(given.demo, "work");
const stage = new Stage({data: given.data, server: given.server});
const OCTETS = {"Content-Type": "application/octet-stream"};

const sign = (bytes, format) => async () =>
    reply(await api.post(`/api/v1/sign?key=${encodeURIComponent(given.key)}&format=${format}`, bytes, OCTETS));
const ask = (where, bytes) => async () => reply(await api.post(where, bytes, OCTETS));

const PDFS = badPdfs(work);
for (const {sentence, bytes, names} of PDFS) await stage.row(`sign: ${sentence}`, sign(bytes, "pades"), problem(names));
for (const {sentence, bytes, names} of BAD_XML) await stage.row(`sign: ${sentence}`, sign(bytes, "xades"), problem(names));

const signed = fs.readFileSync(path.join(work, "signed.pdf"));
for (const where of ["/verify", "/api/v1/verify"])
    for (const {sentence, bytes} of [...PDFS, ...BAD_XML, ...badRanges(signed)])
        await stage.row(`${where}: ${sentence}`, ask(where, bytes), notGenuine);
for (const {sentence, bytes} of badRanges(signed))
    await stage.row(`sign: ${sentence}`, sign(bytes, "pades"), problem(/signature|ByteRange|PDF/i));

let key = 0;
const parties = {from: here.agencies[0], to: there.agencies[0]};
const submit = (request, idempotencyKey) => () => api.submitParts(partsOf(request), idempotencyKey);
for (const {sentence, spoil, names, status} of BAD_DOCUMENTS)
    await stage.row(
        `documents: ${sentence}`,
        submit(spoil(goodRequest(parties)), `bad-${++key}`),
        problem(names, status),
    );
await stage.row("documents: no Idempotency-Key", submit(goodRequest(parties)), problem(/Idempotency-Key/));
await stage.row(
    "documents: a form that ends in its middle",
    async () =>
        reply(
            await api.post("/api/v1/documents", Buffer.from('--x\r\nContent-Disposition: form-data; name="header"\r\n\r\n{'), {
                "Content-Type": "multipart/form-data; boundary=x",
                "Idempotency-Key": "bad-form",
            }),
        ),
    problem(/form|body|header|file|parameter|request/i),
);

let number = 0;
async function sendEdoc(body, parameters = {}) {
    const service = connect(here);
    try {
        await service.exchange(
            service.compose("sendEdoc", {from: parties.from, servicetype: "eDoc", messagetype: "edoc", ...parameters}, body),
        );
        return reply(service.last);
    } finally {
        service.close();
    }
}
function goodPackage() {
    return edoc(
        document({from: {...SENDER, id: parties.from}, to: [{...COMMUNE, id: parties.to}], number: `7${++number}`}),
    );
}
for (const {sentence, spoil} of HOSTILE)
    await stage.row(`sendEdoc: ${sentence}`, () => sendEdoc(Buffer.from(spoil(goodPackage()))), envelope);
await stage.row(
    "sendEdoc: a sender of another system",
    () => sendEdoc(Buffer.from(goodPackage()), {from: parties.to}),
    envelope,
);

// The good requests are taken: what was refused above was refused for what the row says.
const good = await api.submitParts(partsOf(goodRequest(parties)), "good-1");
stage.say("the good document is accepted", good.status === 202 ? [] : [JSON.stringify(good.json)]);
const taken = await sendEdoc(Buffer.from(goodPackage()));
stage.say("the good package is accepted", taken.json?.status === "OK" ? [] : [JSON.stringify(taken.json)]);
const fine = await ask("/verify", signed)();
stage.say("the good signature is genuine", fine.json?.conclusion === "genuine" ? [] : [JSON.stringify(fine.json)]);
const peak = stage.peak();
stage.say(`no process took more than ${PEAK_MB} MB`, peak < PEAK_MB ? [] : [`${Math.round(peak)} MB`]);
console.log(`${stage.count} rows, ${stage.failed} false; slowest ${stage.slowest} ms, most memory ${Math.round(peak)} MB`);
process.exit(stage.failed ? 1 : 0);
