// Kills the server's processes with SIGKILL while offices hand in, systems send and fetch, and asks afterwards what became
// of everything that was accepted. tests/soak/kills prepares the server and runs this.
//
//   node kills.mjs --demo DIR --program build/dev/vanthu --base http://127.0.0.1:PORT --pdf FILE.pdf
//        --sign URI --seal URI [--kills 6] [--seed N]

import fs from "node:fs";
import path from "node:path";
import {parseArgs} from "node:util";
import {readSystems} from "../interop/systems.mjs";
import {agency} from "../interop/conformance/stage.mjs";
import {connect} from "../interop/systems.mjs";
import {Api, pause} from "../journey/api.mjs";
import {Chance} from "./kills/chance.mjs";
import {Judge} from "./kills/judge.mjs";
import {Operator} from "./kills/operator.mjs";
import {Office, Receiver, Sender} from "./kills/people.mjs";
import {Server} from "./kills/processes.mjs";

const VICTIMS = ["service", "service", "keeper", "keeper", "checker", "supervisor"];
const SETTLED_WITHIN = 180_000;

const {values: given} = parseArgs({
    options: Object.fromEntries(
        ["demo", "program", "base", "pdf", "sign", "seal", "kills", "seed"].map((name) => [name, {type: "string"}]),
    ),
});
const kills = Number(given.kills ?? 6);
const seed = Number(given.seed ?? Date.now() % 1_000_000);
const chance = new Chance(seed);
const run = Date.now().toString(36);
console.log(`seed ${seed}, ${kills} kills`);

let failed = 0;
function check(sentence, holds, details = []) {
    console.log(`${holds ? "ok     " : "NOT OK "} ${sentence}`);
    for (const detail of details) console.log(`          ${detail}`);
    if (!holds) failed++;
}

const [here, there] = readSystems(path.join(given.demo, "systems.tsv"));
const pdf = fs.readFileSync(given.pdf);
const server = new Server({
    program: given.program,
    config: path.join(given.demo, "vanthu.conf"),
    base: given.base,
    log: path.join(given.demo, "server.log"),
});
const api = new Api(given.base, path.join(given.demo, "secrets/api-token"));
const office = {api, pdf, sign: given.sign, seal: given.seal, from: here.agencies[0], to: there.agencies[0], run};
const offices = ["ba", "bon"].map((name) => new Office({...office, name}));
const sender = new Sender({system: here, pdf, run});
const receiver = new Receiver({system: there});
const operator = new Operator({data: path.join(given.demo, "data")});
let open = true;
const watch = operator.work(() => open);

process.once("exit", () => server.abandon());
server.start();
await server.ready();
await register();
const killed = await killAmongThem();
await settle();
await ask();
open = false;
await watch;
const end = await server.end();
check("told to end, the server ends in order", end.code === 0, end.code === 0 ? [] : [JSON.stringify(end)]);
console.log(`${[...killed].map(([kind, times]) => `${kind} ${times}`).join(", ")}; unsure logins cleared ${operator.cleared}; seed ${seed}`);
process.exit(failed ? 1 : 0);

async function register() {
    for (const system of [here, there]) {
        const service = connect(system);
        for (const code of system.agencies) await service.registerAgency(agency(code, `Cơ quan ${code}`));
        service.close();
    }
}

/** Everybody works until the last kill; the receiver goes on until all has arrived. */
async function killAmongThem() {
    let going = true;
    const works = () => going;
    const all = [
        ...offices.map((one) => one.work(works)),
        sender.work(works, there.agencies[0]),
        receiver.work(works),
    ].map((work) => work.catch((error) => check("everybody gets an answer", false, [error.message])));
    const killed = new Map();
    for (let count = 0; count < kills; ) {
        await pause(chance.between(20, 1500));
        const kind = chance.of(VICTIMS);
        if (!(await server.kill(kind, (victims) => chance.of(victims)))) continue;
        killed.set(kind, (killed.get(kind) ?? 0) + 1);
        count++;
    }
    going = false;
    await Promise.all(all);
    await server.ready();
    return killed;
}

function accepted() {
    return [...offices.flatMap((one) => one.accepted), ...sender.accepted];
}

/** Until every copy has arrived and nothing more comes. */
async function settle() {
    for (const until = Date.now() + SETTLED_WITHIN; Date.now() < until; await pause(200)) {
        const came = await receiver.fetchAll();
        if (came === 0 && receiver.copies.size >= accepted().length) return;
    }
    check(`everything arrives within ${SETTLED_WITHIN / 1000} s`, false, await undelivered());
}

async function undelivered() {
    const arrived = new Set([...receiver.copies.values()].map(({documentId}) => documentId));
    const missing = accepted().filter(({documentId}) => !arrived.has(documentId));
    const said = await Promise.all(missing.slice(0, 5).map(({id}) => api.get(`/api/v1/documents/${id}`)));
    return said.map(({json}) => JSON.stringify(json));
}

async function ask() {
    const judge = new Judge(check);
    for (const one of offices) {
        const others = await one.repeat();
        check(`asked again, ${one.name} gets its first receipts`, others.length === 0, others);
    }
    const all = accepted();
    const shown = new Map();
    for (const {id} of all) shown.set(id, (await api.get(`/api/v1/documents/${id}`)).json);
    judge.documents(all, shown, await api.documents());
    judge.arrivals(all, receiver.copies);
    const signedIds = new Set(offices.flatMap((one) => one.accepted).map(({documentId}) => documentId));
    judge.contents(receiver.copies, {signedIds, sentPdf: pdf, folder: path.join(given.demo, "work")});
}
