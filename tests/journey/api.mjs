// The API of a server, as a caller with one token uses it. Every call throws NoAnswer when the network fails.

import fs from "node:fs";
import http from "node:http";
import crypto from "node:crypto";

export class NoAnswer extends Error {}

/** One request on a connection of its own: a server that was killed leaves no half-dead connection behind. */
export function request(url, {method = "GET", headers = {}, body, timeout = 30_000} = {}) {
    return new Promise((resolve, reject) => {
        const refuse = (error) => reject(new NoAnswer(`${method} ${url}: ${error.message}`));
        const call = http.request(url, {method, headers, agent: false, timeout}, (answer) => {
            const pieces = [];
            answer.on("data", (piece) => pieces.push(piece));
            answer.on("error", refuse);
            answer.on("aborted", () => refuse(new Error("cut off")));
            answer.on("end", () =>
                resolve({status: answer.statusCode, headers: answer.headers, body: Buffer.concat(pieces)}),
            );
        });
        call.on("timeout", () => call.destroy(new Error(`no answer within ${timeout} ms`)));
        call.on("error", refuse);
        call.end(body);
    });
}

/** Several parts as browsers send a form; `parts` are {name, filename, type, bytes}. */
export function form(parts) {
    const boundary = `----journey${crypto.randomBytes(12).toString("hex")}`;
    const pieces = parts.flatMap(({name, filename, type = "application/octet-stream", bytes}) => [
        Buffer.from(
            `--${boundary}\r\nContent-Disposition: form-data; name="${name}"`
                + `${filename === undefined ? "" : `; filename="${filename}"`}\r\nContent-Type: ${type}\r\n\r\n`,
        ),
        Buffer.from(bytes),
        Buffer.from("\r\n"),
    ]);
    return {
        type: `multipart/form-data; boundary=${boundary}`,
        body: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]),
    };
}

export class Api {
    constructor(base, tokenFile) {
        this.base = base;
        this.authorization = {Authorization: `Bearer ${fs.readFileSync(tokenFile, "utf8").trim()}`};
    }

    async get(path) {
        return reply(await request(`${this.base}${path}`, {headers: this.authorization}));
    }

    post(path, body, headers = {}) {
        return request(`${this.base}${path}`, {
            method: "POST",
            headers: {...this.authorization, "Content-Length": body.length, ...headers},
            body,
        });
    }

    /** Hands in a document: its header, files {name, type, bytes}, and the keys to sign and seal with. */
    submit({header, files, idempotencyKey, sign, seal}) {
        const keys = Object.entries({sign, seal}).filter(([, uri]) => uri);
        const parts = [
            {name: "header", type: "application/json", bytes: JSON.stringify(header)},
            ...keys.map(([name, uri]) => ({name, type: "text/plain", bytes: uri})),
            ...files.map(({name, type, bytes}) => ({name: "file", filename: name, type, bytes})),
        ];
        return this.submitParts(parts, idempotencyKey);
    }

    async submitParts(parts, idempotencyKey) {
        const {type, body} = form(parts);
        const headers = {"Content-Type": type};
        if (idempotencyKey !== undefined) headers["Idempotency-Key"] = idempotencyKey;
        return reply(await this.post("/api/v1/documents", body, headers));
    }

    /** Every document the caller may see, page by page. */
    async documents() {
        const all = [];
        for (let next = ""; next !== null; ) {
            const {status, json} = await this.get(`/api/v1/documents?limit=1000${next && `&after=${next}`}`);
            if (status !== 200) throw new Error(`the list answers ${status}`);
            all.push(...json.documents);
            next = json.next ?? null;
        }
        return all;
    }
}

export function reply(answer) {
    let json = null;
    try {
        json = JSON.parse(answer.body.toString("utf8"));
    } catch {
        // not JSON: whoever wanted some sees null
    }
    return {...answer, json};
}

export function pause(milliseconds) {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
