// Those who use the server while its processes are killed. Each repeats what it asked until it is answered: an answer of
// the 500s, a cut line and no answer at all mean "ask again", everything else is an answer.

import crypto from "node:crypto";
import {edoc} from "../../interop/edxml.mjs";
import {COMMUNE, SENDER, document} from "../../interop/invented.mjs";
import {connect} from "../../interop/systems.mjs";
import {NoAnswer, pause} from "../../journey/api.mjs";

const AGAIN = 100; // milliseconds
const GIVE_UP = 120_000;

/** Asks until `good` says that this is an answer. */
async function insist(what, ask, good) {
    for (const until = Date.now() + GIVE_UP; ; await pause(AGAIN)) {
        let answer = null;
        try {
            answer = await ask();
        } catch (error) {
            if (!(error instanceof NoAnswer)) throw error;
        }
        if (answer !== null && good(answer)) return answer;
        if (Date.now() > until) throw new Error(`${what}: no answer within ${GIVE_UP / 1000} s, last ${say(answer)}`);
    }
}

function say(answer) {
    return answer ? JSON.stringify(answer.json ?? answer.status) : "nothing";
}

/** An office that hands in documents over the API, to be signed and sealed. */
export class Office {
    accepted = []; // {id, documentId, idempotencyKey}

    constructor({api, name, pdf, sign, seal, from, to, run}) {
        Object.assign(this, {api, name, pdf, sign, seal, from, to, run});
        this.count = 0;
    }

    async work(goesOn) {
        for (; goesOn(); await pause(AGAIN)) this.accepted.push(await this.handIn(this.make()));
    }

    make() {
        const number = `${this.name}-${this.run}-${++this.count}`;
        const documentId = `${this.from},2026/11/21,${number}/GP`;
        const header = {
            from: {code: this.from, name: "Sở Nội vụ tỉnh Mẫu"},
            to: [{code: this.to, name: "UBND xã Giả Định"}],
            document_id: documentId,
            number,
            notation: "GP",
            place: "tỉnh Mẫu",
            date: "2026-11-21",
            type: {group: 2, detail: 23, name: "Giấy chứng nhận"},
            subject: `Kết quả số ${number}`,
            signer: {competence: "GIÁM ĐỐC", position: "Giám đốc", name: "Nguyễn Văn Mẫu"},
        };
        const files = [{name: `${number}.pdf`, type: "application/pdf", bytes: this.pdf}];
        return {header, files, documentId, idempotencyKey: crypto.randomUUID(), sign: this.sign, seal: this.seal};
    }

    async handIn(document) {
        const answer = await insist(
            `handing in ${document.documentId}`,
            () => this.api.submit(document),
            ({status}) => status < 500,
        );
        if (answer.status !== 202) throw new Error(`${document.documentId} was refused: ${say(answer)}`);
        return {id: answer.json.id, documentId: document.documentId, document};
    }

    /** Asks once more with the same keys: the same receipts must come. */
    async repeat() {
        const others = [];
        for (const {id, document} of this.accepted) {
            const again = await this.handIn(document);
            if (again.id !== id) others.push(`${id} became ${again.id}`);
        }
        return others;
    }
}

/** A system that sends packages over the axis protocol. */
export class Sender {
    accepted = []; // {id, documentId}

    constructor({system, pdf, run}) {
        Object.assign(this, {system, pdf, run});
        this.count = 0;
    }

    async work(goesOn, to) {
        for (; goesOn(); await pause(AGAIN)) this.accepted.push(await this.send(this.make(to)));
    }

    make(to) {
        const number = `gui-${this.run}-${++this.count}`;
        const [code] = this.system.agencies;
        const documentId = `${code},2026/11/21,${number}/CV`;
        const given = document({
            from: {...SENDER, id: code},
            to: [{...COMMUNE, id: to}],
            number,
            notation: "CV",
            documentId,
            attachments: [
                {id: "1", type: "application/pdf", description: number, name: `${number}.pdf`, bytes: this.pdf},
            ],
        });
        return {documentId, package: Buffer.from(edoc(given), "utf8")};
    }

    async send(made) {
        const parameters = {from: this.system.agencies[0], servicetype: "eDoc", messagetype: "edoc"};
        const reply = await insistOnAxis(this.system, `sending ${made.documentId}`, (service) =>
            service.sendEdoc(parameters, made.package),
        );
        return {id: reply.DocId, documentId: made.documentId};
    }
}

/** A system that fetches what lies in its mailbox and acknowledges it. */
export class Receiver {
    copies = new Map(); // receiver's id → {documentId, file}

    constructor({system}) {
        this.system = system;
    }

    async work(goesOn) {
        for (; goesOn(); await pause(AGAIN)) await this.fetchAll();
    }

    async fetchAll() {
        const ask = (what, call) => insistOnAxis(this.system, what, call);
        const list = await ask("the mailbox", (service) =>
            service.getReceivedEdocList({servicetype: "eDoc", messagetype: "edoc"}),
        );
        for (const {docId} of list.data) {
            const {file} = await ask(`fetching ${docId}`, (service) => service.getEdoc({docId}));
            this.take(docId, file);
            await ask(`settling ${docId}`, (service) => service.updateStatus({docId, status: "done"}));
        }
        return list.data.length;
    }

    take(docId, file) {
        const [, documentId] = /<edXML:DocumentId>([^<]*)</.exec(file.toString("utf8"));
        const before = this.copies.get(docId);
        if (before && before.documentId !== documentId) throw new Error(`${docId} holds something else than before`);
        this.copies.set(docId, {documentId, file});
    }
}

// The SDK's word for "no answer", and the axis's for "our fault" and "the disk is full".
const ASK_AGAIN = ["100", "20", "21"];

/** One call with a fresh service object; the envelope says whether to ask again. */
async function insistOnAxis(system, what, call) {
    const ask = async () => {
        const service = connect(system);
        try {
            const reply = await call(service);
            return reply && {json: reply};
        } finally {
            service.close();
        }
    };
    const answered = ({json}) => json.status !== null && !ASK_AGAIN.includes(json.ErrorCode);
    const {json} = await insist(what, ask, answered);
    if (json.status === "FAIL") throw new Error(`${what} was refused: ${JSON.stringify(json)}`);
    return json;
}
