// HTTP/1.1 over one raw socket, so that every byte of a request is ours to choose. Knows nothing of the axis.

import net from "node:net";
import tls from "node:tls";
import zlib from "node:zlib";

export const ANSWER_WITHIN = 30_000; // milliseconds; no call of the axis takes longer
export const CONTINUE_WITHIN = 3_000; // as Apache HttpClient, which then sends the body anyway

/** The network failed: nothing was answered. Whatever was answered, however strange, is not this. */
export class NoAnswer extends Error {}

/** One connection to a server, kept alive and opened again when the server has closed it. */
export class Connection {
    #url;
    #incoming = null;

    constructor(base) {
        this.#url = new URL(base);
        this.opened = 0; // how many sockets it took so far
    }

    /** request: {method, head, body, expect}; body is null or bytes. Returns the answer and what it took. */
    async exchange(request) {
        const reused = this.#incoming !== null && this.#incoming.alive;
        if (!reused) await this.#open();
        try {
            return await this.#ask(request);
        } catch (error) {
            this.close();
            if (!reused || !(error instanceof NoAnswer) || error.late) throw error;
            await this.#open(); // an idle connection was closed under our hands: once more on a fresh one
            return await this.#ask(request);
        }
    }

    /** Writes bytes that are no whole request and goes away, as a client does whose line breaks. */
    async abandon(bytes) {
        await this.#open();
        await new Promise((resolve) => this.#incoming.socket.write(bytes, resolve));
        this.close();
    }

    close() {
        this.#incoming?.socket.destroy();
        this.#incoming = null;
    }

    async #open() {
        this.close();
        const secure = this.#url.protocol === "https:";
        const options = {host: this.#url.hostname, port: Number(this.#url.port) || (secure ? 443 : 80)};
        const socket = secure ? tls.connect({...options, servername: options.host}) : net.connect(options);
        socket.setNoDelay(true);
        await new Promise((resolve, reject) => {
            socket.once(secure ? "secureConnect" : "connect", resolve);
            socket.once("error", (error) => reject(new NoAnswer(`cannot connect: ${error.message}`)));
        });
        this.#incoming = new Incoming(socket);
        this.opened++;
    }

    async #ask({method, head, body, expect}) {
        const incoming = this.#incoming;
        const begun = performance.now();
        incoming.deadline = Date.now() + ANSWER_WITHIN;
        incoming.socket.write(head);
        let answer = expect && (await incoming.started(CONTINUE_WITHIN)) ? await readHead(incoming) : null;
        const continued = expect ? answer?.status === 100 : null;
        const refusedEarly = answer !== null && !continued; // the body that it announced is never sent
        if (!refusedEarly) {
            if (body !== null) incoming.socket.write(body);
            answer = await readFinalHead(incoming);
        }
        answer.body = decode(answer.headers, await readBody(incoming, method, answer));
        if (refusedEarly || /close/i.test(answer.headers.connection ?? "")) this.close();
        return {...answer, continued, ms: performance.now() - begun};
    }
}

/** The bytes that come in on one socket, waited for with a deadline. */
class Incoming {
    #pieces = [];
    #size = 0;
    #wake = () => {};

    constructor(socket) {
        this.socket = socket;
        this.alive = true;
        this.deadline = Infinity;
        socket.on("data", (piece) => {
            this.#pieces.push(piece);
            this.#size += piece.length;
            this.#wake();
        });
        for (const event of ["end", "close", "error"]) // a broken pipe too: the answer may already be here
            socket.on(event, () => {
                this.alive = false;
                this.#wake();
            });
    }

    /** Whether anything has come within `wait` milliseconds. */
    async started(wait) {
        const until = Date.now() + wait;
        while (this.#size === 0 && this.alive && Date.now() < until) await this.#sleep(until);
        return this.#size > 0;
    }

    async line() {
        let end;
        while ((end = this.#joined().indexOf("\r\n")) < 0) await this.#more();
        return this.#cut(end + 2)
            .toString("latin1")
            .slice(0, -2);
    }

    async take(size) {
        while (this.#size < size) await this.#more();
        return this.#cut(size);
    }

    async rest() {
        while (this.alive) await this.#sleep(this.deadline);
        return this.#cut(this.#size);
    }

    async #more() {
        if (!this.alive) throw new NoAnswer("the server closed the connection before its answer was whole");
        if (Date.now() >= this.deadline)
            throw Object.assign(new NoAnswer(`no answer within ${ANSWER_WITHIN / 1000} s`), {late: true});
        await this.#sleep(this.deadline);
    }

    #sleep(until) {
        return new Promise((resolve) => {
            const timer = setTimeout(resolve, Math.max(0, until - Date.now()));
            this.#wake = () => {
                clearTimeout(timer);
                resolve();
            };
        });
    }

    #joined() {
        if (this.#pieces.length !== 1) this.#pieces = [Buffer.concat(this.#pieces)];
        return this.#pieces[0];
    }

    #cut(size) {
        const all = this.#joined();
        this.#pieces = [all.subarray(size)];
        this.#size -= size;
        return all.subarray(0, size);
    }
}

async function readFinalHead(incoming) {
    let answer;
    do
        // an interim answer may come at any time (RFC 9110, 15.2)
        answer = await readHead(incoming);
    while (answer.status >= 100 && answer.status < 200);
    return answer;
}

async function readHead(incoming) {
    const first = await incoming.line();
    const status = /^HTTP\/1\.[01] ([0-9]{3})/.exec(first)?.[1];
    if (!status) throw new NoAnswer(`this is not HTTP/1.1: ${first.slice(0, 80)}`);
    const headers = {};
    for (let line; (line = await incoming.line()) !== ""; ) {
        const colon = line.indexOf(":");
        headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    }
    return {status: Number(status), headers};
}

async function readBody(incoming, method, {status, headers}) {
    if (method === "HEAD" || status === 204 || status === 304) return Buffer.alloc(0);
    if (/chunked/i.test(headers["transfer-encoding"] ?? "")) return readChunks(incoming);
    if (headers["content-length"] !== undefined) return incoming.take(Number(headers["content-length"]));
    return incoming.rest();
}

async function readChunks(incoming) {
    const pieces = [];
    for (let size; (size = parseInt(await incoming.line(), 16)) > 0; ) {
        pieces.push(await incoming.take(size));
        await incoming.line();
    }
    while ((await incoming.line()) !== "") continue; // trailers
    return Buffer.concat(pieces);
}

function decode(headers, body) {
    switch ((headers["content-encoding"] ?? "identity").toLowerCase()) {
        case "gzip":
            return zlib.gunzipSync(body);
        case "deflate":
            return zlib.inflateSync(body);
        default:
            return body;
    }
}
