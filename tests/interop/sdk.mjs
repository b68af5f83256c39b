// The published Java SDK com.vnpt:JAVA_SDK_VXP 2.0.1 as it was captured on the wire, with its habits good and
// bad: a server that works with this client works with the many systems that carry the SDK inside.
//
//   * every parameter is a header `XroadVnpt-<key>`; their order is that of a Java HashMap;
//   * headers stay in the service object: what one call set, all later calls carry;
//   * the timestamp is taken once, when the service object is made;
//   * what is signed is the text of `sign-header`, exactly as it stands there;
//   * the digest of a package is printed without padding; a CRLF that it does not cover follows the package;
//   * sendEdoc goes through java.net.HttpURLConnection, everything else through Apache HttpClient.

import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import {HashMap, lowBytes, timestamp, unpaddedHex} from "./java.mjs";
import {Connection, NoAnswer} from "./wire.mjs";

const PREFIX = "XroadVnpt-";
const JSON_TYPE = "application/json";
const OCTETS = "application/octet-stream";
const CRLF = Buffer.from("\r\n");
const NOTHING = Buffer.alloc(0);
const EMPTY_OBJECT = Buffer.from("{}");

/** Path below the endpoint, method, and the body when the call brings none of its own. */
const CALLS = {
    sendEdoc: {method: "POST"},
    getReceivedEdocList: {method: "POST", body: NOTHING},
    getEdoc: {method: "POST", body: EMPTY_OBJECT},
    downloadEdoc: {method: "GET", body: null},
    updateStatus: {method: "POST", body: EMPTY_OBJECT},
    getSentEdocList: {method: "POST", body: NOTHING},
    countReceiveEdoc: {method: "POST", body: EMPTY_OBJECT}, // declared GET in the SDK, POST on the wire
    countReceiveStatus: {method: "POST", body: EMPTY_OBJECT},
    getAgenciesList: {method: "POST", body: NOTHING},
    getAgenciesListQD20: {method: "POST", body: NOTHING},
    getSynchronizeUnit: {method: "POST", body: NOTHING},
    registerAgency: {method: "POST"},
    deleteAgency: {method: "POST", body: EMPTY_OBJECT},
};

export function hashFile(file) {
    return unpaddedHex(crypto.createHash("sha256").update(file).digest());
}

export function hashHeader(secret, signHeader) {
    return crypto.createHmac("sha256", Buffer.from(secret, "utf8")).update(signHeader, "utf8").digest("hex");
}

/** The text that is signed: one JSON object, no spaces, members in the order given. */
export function signHeader(entries) {
    const members = entries.map(([key, value]) => `${JSON.stringify(PREFIX + key)}:${JSON.stringify(value)}`);
    return `{${members.join(",")}}`;
}

export class Service {
    #secret;
    #connections; // each HTTP stack keeps its own

    constructor({endpoint, systemId, secret, now = new Date()}) {
        this.url = new URL(endpoint);
        this.#secret = secret;
        this.#connections = {apache: new Connection(endpoint), urlConnection: new Connection(endpoint)};
        this.headers = new HashMap();
        this.headers.put("systemid", systemId);
        this.headers.put("timestamp", timestamp(now));
        this.last = null; // the answer to the last call as it came: {status, headers, body, continued, ms}
    }

    async sendEdoc(parameters, file) {
        const answer = await this.#call("sendEdoc", parameters, file);
        if (answer === null || (answer.status !== 200 && answer.status !== 201)) return null;
        return parse(answer.body) ?? clientFailure("the reply is not JSON");
    }

    async getReceivedEdocList(parameters) {
        const answer = await this.#call("getReceivedEdocList", parameters);
        if (answer === null) return {status: null, ErrorCode: null, ErrorDesc: null, data: null};
        // an outage that answers in HTML looks like an empty mailbox: the reason for one-line JSON everywhere
        return parse(answer.body) ?? {status: "OK", ErrorCode: "0", ErrorDesc: "Success", data: []};
    }

    /** Stores <filePath>/<yyyy>/<M>/<docId>.edxml when it has a filePath, by the client's clock. */
    async getEdoc(parameters) {
        const reply = await this.#json("getEdoc", parameters);
        const file = typeof reply.data === "string" ? Buffer.from(reply.data, "base64") : null;
        return {...reply, file, stored: this.#keep(parameters, file)};
    }

    async downloadEdoc(parameters) {
        const answer = await this.#call("downloadEdoc", parameters);
        if (answer === null) return clientFailure("no answer");
        const reply = parse(answer.body);
        if (reply?.status === "FAIL") return reply;
        return {status: "SUCCESS", file: answer.body, stored: this.#keep(parameters, answer.body)};
    }

    updateStatus(parameters) {
        return this.#json("updateStatus", parameters);
    }
    getSentEdocList(parameters) {
        return this.#json("getSentEdocList", parameters);
    }
    getAgenciesList() {
        return this.#json("getAgenciesList", {});
    }
    getAgenciesListQD20() {
        return this.#json("getAgenciesListQD20", {});
    }
    getSynchronizeUnit() {
        return this.#json("getSynchronizeUnit", {});
    }
    registerAgency(agency) {
        return this.#json("registerAgency", {}, Buffer.from(JSON.stringify(agency)));
    }
    deleteAgency(parameters) {
        return this.#json("deleteAgency", parameters);
    }
    countReceiveEdoc() {
        return this.#count("countReceiveEdoc");
    }
    countReceiveStatus() {
        return this.#count("countReceiveStatus");
    }

    /** The request that a call would send, in parts that a test may tamper with before exchange(). */
    compose(call, parameters, brought) {
        const sending = call === "sendEdoc";
        this.headers.put("Content-Type", sending ? OCTETS : JSON_TYPE);
        for (const [key, value] of Object.entries(parameters)) this.headers.put(key, value);
        if (sending) this.headers.put("hash-file", hashFile(brought));
        const body = sending ? Buffer.concat([brought, CRLF]) : (brought ?? CALLS[call].body);
        const path = `${this.url.pathname.replace(/\/$/, "")}/${call}`;
        const request = {stack: sending ? "urlConnection" : "apache", method: CALLS[call].method, path, body};
        return this.sign(request, this.headers.entries());
    }

    /** Gives the request its headers, signed: `text` is what stands in sign-header. */
    sign(request, entries, text = signHeader(entries)) {
        const type = entries.find(([key]) => key === "Content-Type")?.[1] ?? JSON_TYPE;
        const headers = [
            ["Content-Type", type],
            ...entries.map(([key, value]) => [PREFIX + key, value]),
            [`${PREFIX}sign-header-key`, entries.map(([key]) => key).join(";")],
            [`${PREFIX}sign-header`, text],
            [`${PREFIX}hash-header`, hashHeader(this.#secret, text)],
            ["User-Agent", "JAVASDKAgent/1.0.0 XRoad/VPCP"],
            [`${PREFIX}version`, "3.0.201608"],
        ];
        return {...request, headers: request.stack === "apache" ? headers : replaceRepeated(headers)};
    }

    /** Sends a composed request; throws NoAnswer when the network fails. */
    async exchange(request) {
        const expect = request.stack === "apache" && (request.body?.length ?? 0) > 0;
        const head = this.head(request, expect);
        this.last = await this.#connections[request.stack].exchange({...request, head, expect});
        return this.last;
    }

    /** Sends a composed request with only `size` bytes of its body, then drops the line. */
    abandon(request, size) {
        const bytes = Buffer.concat([this.head(request, false), request.body.subarray(0, size)]);
        return this.#connections[request.stack].abandon(bytes);
    }

    head({stack, method, path, headers, body}, expect) {
        const length = body === null ? [] : [["Content-Length", String(body.length)]];
        const ofStack =
            stack === "apache"
                ? [
                      ...length,
                      ["Host", this.url.host],
                      ["Connection", "Keep-Alive"],
                      ...(expect ? [["Expect", "100-continue"]] : []),
                      ["Accept-Encoding", "gzip,deflate"],
                  ]
                : [
                      ["Host", this.url.host],
                      ["Accept", "text/html, image/gif, image/jpeg, */*; q=0.2"],
                      ["Connection", "keep-alive"],
                      ...length,
                  ];
        const encode = stack === "apache" ? lowBytes : (text) => Buffer.from(text, "utf8");
        const lines = [
            `${method} ${path} HTTP/1.1`,
            ...[...headers, ...ofStack].map((pair) => pair.join(": ")),
        ];
        return encode(lines.join("\r\n") + "\r\n\r\n");
    }

    /** How many sockets the calls of one stack took: 1 as long as the server keeps the connection alive. */
    opened(stack) {
        return this.#connections[stack].opened;
    }

    close() {
        for (const connection of Object.values(this.#connections)) connection.close();
    }

    async #call(call, parameters, brought) {
        try {
            return await this.exchange(this.compose(call, parameters, brought));
        } catch (error) {
            if (!(error instanceof NoAnswer)) throw error;
            this.last = null;
            return null;
        }
    }

    async #json(call, parameters, brought) {
        const answer = await this.#call(call, parameters, brought);
        if (answer === null) return clientFailure("no answer");
        return parse(answer.body) ?? clientFailure("the reply is not JSON");
    }

    async #count(call) {
        const reply = await this.#json(call, {});
        if (!Number.isInteger(reply.count)) throw new TypeError(`${call}: no integer "count"`); // as the SDK
        return reply;
    }

    #keep({filePath, docId}, file) {
        if (!filePath || file === null) return null;
        const now = new Date();
        const folder = path.join(filePath, String(now.getFullYear()), String(now.getMonth() + 1));
        fs.mkdirSync(folder, {recursive: true});
        const stored = path.join(folder, `${docId}.edxml`);
        fs.writeFileSync(stored, file);
        return stored;
    }
}

/** The SDK joins the lines of a reply without separators before it parses them. */
function parse(body) {
    try {
        const reply = JSON.parse(body.toString("utf8").replace(/\r\n|\r|\n/g, ""));
        return typeof reply === "object" ? reply : null;
    } catch {
        return null;
    }
}

function clientFailure(reason) {
    return {status: "FAIL", ErrorCode: "100", ErrorDesc: reason};
}

/** HttpURLConnection.setRequestProperty: a name that differs in case replaces the value, not the name. */
function replaceRepeated(headers) {
    const kept = new Map();
    for (const [name, value] of headers) {
        const known = kept.get(name.toLowerCase());
        kept.set(name.toLowerCase(), [known?.[0] ?? name, value]);
    }
    return [...kept.values()];
}
