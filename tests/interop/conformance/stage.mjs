// The stage of a conformance run: two systems, their agencies, and the few moves that every chapter makes.

import assert from "node:assert/strict";
import {edoc} from "../edxml.mjs";
import {COMMUNE, SENDER, document} from "../invented.mjs";
import {connect} from "../systems.mjs";

export const EDOC = {servicetype: "eDoc", messagetype: "edoc"};
export const STATUS = {servicetype: "eDoc", messagetype: "status"};

const ARRIVES_WITHIN = 15_000; // milliseconds from the answer to sendEdoc to the receiver's list
const LOOK_AGAIN = 100;

export class Stage {
    #numbers = (Math.floor(Date.now() / 1000) % 100_000_000) * 1000; // others in each run

    constructor(first, second) {
        this.first = side(first, SENDER);
        this.second = side(second, COMMUNE);
    }

    /** Registers the agencies, which is legal any number of times, so that each chapter can run alone. */
    async open() {
        for (const side of [this.first, this.second])
            await this.ask(side, "registerAgency", agency(side.code, side.organization.name));
    }

    /** A document number that no run had before. */
    number() {
        return String(++this.#numbers);
    }

    /** A document of the first system's agency to the second's, unlike any other. */
    document(given = {}) {
        const number = this.number();
        return document({
            from: this.first.organization,
            to: [this.second.organization],
            number,
            date: today(),
            ...given,
        });
    }

    /** A package nobody has seen yet. */
    package(given = {}) {
        return Buffer.from(edoc(this.document(given)), "utf8");
    }

    /** One call of a fresh service object, whose headers carry nothing over. */
    ask({system}, call, ...inputs) {
        return brief(system, (service) => service[call](...inputs));
    }

    /** One request of a fresh service object, tampered with before it goes; the answer is an envelope. */
    tampered({system}, call, parameters, tamper, file) {
        return brief(system, async (service) =>
            envelope(await service.exchange(tamper(service.compose(call, parameters, file), service))),
        );
    }

    async send(file, parameters = {}) {
        return this.ask(this.first, "sendEdoc", {from: this.first.code, ...EDOC, ...parameters}, file);
    }

    async settle(docId, status = "done", side = this.second) {
        accepted(await this.ask(side, "updateStatus", {docId, status}));
    }

    /** Sends a package that must be taken and waits until it lies in the receiver's list; returns its ids. */
    async deliver(file = this.package(), parameters = {}) {
        const reply = await this.send(file, parameters);
        accepted(reply);
        const [sent] = await this.deliveries(reply.DocId);
        await this.arrived(this.second, sent.receiverDocId);
        const [, documentId] = /<edXML:DocumentId>([^<]*)</.exec(file.toString("utf8"));
        return {docId: reply.DocId, receiverDocId: sent.receiverDocId, documentId};
    }

    /** One row per receiver, as soon as there is one. */
    deliveries(docId, count = 1) {
        return eventually(`getSentEdocList names ${count} deliveries of ${docId}`, async () => {
            const reply = await this.ask(this.first, "getSentEdocList", {...EDOC, docId});
            accepted(reply);
            return reply.data.length >= count ? reply.data : null;
        });
    }

    arrived(side, docId, kind = EDOC) {
        return eventually(`${docId} lies in the list of ${side.system.systemId}`, async () =>
            (await this.list(side, kind)).find((item) => item.docId === docId),
        );
    }

    async list(side, kind = EDOC, parameters = {}) {
        const reply = await this.ask(side, "getReceivedEdocList", {...kind, ...parameters});
        accepted(reply);
        assert.ok(Array.isArray(reply.data), "data is not a list");
        return reply.data;
    }

    async ids(side, kind = EDOC) {
        return (await this.list(side, kind)).map(({docId}) => docId).sort();
    }

    /** Runs `body` and requires that the second system's list is afterwards what it was before. */
    async nothingArrives(body) {
        const before = await this.ids(this.second);
        const result = await body();
        assert.deepEqual(await this.ids(this.second), before, "something arrived at the receiver");
        return result;
    }
}

function side(system, organization) {
    const [code] = system.agencies;
    return {system, code, organization: {...organization, id: code}};
}

export async function brief(system, body) {
    const service = connect(system);
    try {
        return await body(service);
    } finally {
        service.close();
    }
}

export function agency(code, name, parent = "") {
    return {
        id: "",
        pcode: parent,
        code,
        name,
        mail: `vanthu@${code.toLowerCase()}.example`,
        mobile: "",
        fax: "",
    };
}

/** yyyy/MM/dd, as edXML writes a date. */
export function today(days = 0) {
    const date = new Date(Date.now() + days * 86_400_000);
    return [date.getFullYear(), date.getMonth() + 1, date.getDate()]
        .map((part) => String(part).padStart(2, "0"))
        .join("/");
}

export function accepted(reply) {
    assert.ok(
        reply !== null,
        "the SDK takes this answer for a failed network: sendEdoc must answer HTTP 200 or 201",
    );
    assert.equal(reply.status, "OK", JSON.stringify(reply));
    assert.equal(reply.ErrorCode, "0", JSON.stringify(reply));
}

/** codes: the error codes that say what is wrong; any but "0" when none is given. */
export function refused(reply, ...codes) {
    assert.ok(
        reply !== null,
        "the SDK takes this answer for a failed network: a refusal too must come as HTTP 200 or 201",
    );
    assert.equal(reply.status, "FAIL", JSON.stringify(reply));
    assert.equal(typeof reply.ErrorDesc, "string");
    assert.ok(reply.ErrorDesc.length > 0, "the refusal has no words");
    assert.notEqual(reply.ErrorCode, "100", "the SDK could not read this answer");
    if (codes.length > 0)
        assert.ok(
            codes.includes(reply.ErrorCode),
            `ErrorCode ${reply.ErrorCode}, expected ${codes.join(" or ")}: ${reply.ErrorDesc}`,
        );
    else assert.notEqual(reply.ErrorCode, "0");
}

/** names: what an item must have, whatever its values, separated by spaces. */
export function members(item, names) {
    const missing = names.split(" ").filter((name) => !(name in item));
    assert.deepEqual(missing, [], "these members are missing");
}

/** What every answer must be: one line of JSON with the three members that the SDK looks for. */
export function envelope({headers, body}) {
    const text = body.toString("utf8");
    assert.doesNotMatch(text.trimEnd(), /[\r\n]/, "the answer has more than one line");
    assert.match(
        headers["content-type"] ?? "",
        /^application\/json\b/,
        "the answer does not say that it is JSON",
    );
    const reply = JSON.parse(text);
    assert.ok(["OK", "FAIL"].includes(reply.status), `status is ${reply.status}`);
    assert.equal(typeof reply.ErrorCode, "string", "ErrorCode is not text");
    assert.equal(typeof reply.ErrorDesc, "string", "ErrorDesc is not text");
    return reply;
}

export function pause(milliseconds) {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

export async function eventually(what, look) {
    const until = Date.now() + ARRIVES_WITHIN;
    for (;;) {
        const found = await look();
        if (found) return found;
        assert.ok(Date.now() < until, `not within ${ARRIVES_WITHIN / 1000} s: ${what}`);
        await pause(LOOK_AGAIN);
    }
}
