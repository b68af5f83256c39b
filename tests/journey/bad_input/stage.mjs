// What every row of bad input must leave behind: nothing. And how it must be answered: by the channel's own refusal, in words
// that name the rule, in time.

import {execFileSync} from "node:child_process";
import fs from "node:fs";
import path from "node:path";

const ANSWERS_WITHIN = 5000; // milliseconds

export class Stage {
    constructor({data, server}) {
        Object.assign(this, {data, server});
        this.failed = 0;
        this.count = 0;
        this.slowest = 0;
    }

    /** Rows of every table, and the files in blobs and spool. */
    kept() {
        const database = `file:${path.join(this.data, "vanthu.db")}?mode=ro`;
        const ask = (sql) => execFileSync("sqlite3", [database, sql], {encoding: "utf8"}).trim();
        const tables = ask("select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by 1").split("\n");
        const counts = ask(tables.map((name) => `select '${name}', count(*) from "${name}"`).join(" union all "));
        return `${counts}\nblobs ${files(path.join(this.data, "blobs"))}\nspool ${files(path.join(this.data, "spool"))}`;
    }

    /** Asks, and says whether the answer was a refusal as `refusal` wants it; its complaint is a sentence, or nothing. */
    async row(sentence, ask, refusal) {
        const before = this.kept();
        const begun = Date.now();
        let complaints;
        try {
            complaints = [refusal(await ask())];
        } catch (error) {
            complaints = [`no answer: ${error.message}`];
        }
        const took = Date.now() - begun;
        this.slowest = Math.max(this.slowest, took);
        if (took > ANSWERS_WITHIN) complaints.push(`it took ${took} ms`);
        const after = this.kept();
        if (after !== before) complaints.push(`something was kept: ${difference(before, after)}`);
        this.say(sentence, complaints.filter(Boolean));
    }

    say(sentence, complaints) {
        this.count++;
        if (complaints.length > 0) this.failed++;
        console.log(`${complaints.length ? "NOT OK " : "ok     "} ${sentence}`);
        for (const complaint of complaints) console.log(`          ${complaint.slice(0, 600)}`);
    }

    /** The most memory that any of the server's processes took, in MB. */
    peak() {
        const kinds = execFileSync("pgrep", ["-g", groupOf(this.server)], {encoding: "utf8"}).trim().split("\n");
        return Math.max(...kinds.map((pid) => statusOf(pid, "VmHWM") / 1024));
    }
}

function files(folder) {
    if (!fs.existsSync(folder)) return 0;
    return fs.readdirSync(folder, {withFileTypes: true, recursive: false}).reduce(
        (sum, entry) => sum + (entry.isDirectory() ? files(path.join(folder, entry.name)) : 1),
        0,
    );
}

function difference(before, after) {
    const old = new Set(before.split("\n"));
    return after
        .split("\n")
        .filter((line) => !old.has(line))
        .join(", ");
}

function statusOf(pid, name) {
    try {
        return Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
    } catch {
        return 0;
    }
}
function groupOf(pid) {
    return execFileSync("ps", ["-o", "pgid=", "-p", String(pid)], {encoding: "utf8"}).trim();
}

/** RFC 9457, in both languages, naming the rule. */
export function problem(names, statuses = [400, 409, 413, 415, 422]) {
    return ({status, headers, json}) => {
        const said = `${status} ${headers["content-type"]} ${JSON.stringify(json)}`;
        if (!statuses.includes(status)) return `the status is ${said}`;
        if (!/^application\/problem\+json/.test(headers["content-type"] ?? "")) return `not a problem: ${said}`;
        for (const member of ["type", "title", "detail", "title_vi", "detail_vi"])
            if (!json?.[member]) return `${member} is missing: ${said}`;
        return names.test(json.detail) ? "" : `the rule is not named: ${said}`;
    };
}

/** The citizen's answer: it could not be looked at, or it is not genuine; never a failure of ours. */
export function notGenuine({status, json}) {
    const said = `${status} ${JSON.stringify(json)}`;
    if (status >= 500 || json === null) return `that is a failure: ${said}`;
    if (status !== 200) return json.detail_vi && json.detail ? "" : `a refusal without words: ${said}`;
    if (json.error) return json.error.vi && json.error.en && json.error.code ? "" : `an error without words: ${said}`;
    const passed = (json.signatures ?? []).filter(({indication}) => indication === "TOTAL-PASSED");
    return passed.length > 0 || json.conclusion === "genuine" ? `it is said to be genuine: ${said}` : "";
}

/** The axis's envelope. */
export function envelope({status, json}) {
    const said = `${status} ${JSON.stringify(json)}`;
    return status === 200 && json?.status === "FAIL" && json.ErrorCode !== "0" && json.ErrorDesc ? "" : `not a refusal: ${said}`;
}
