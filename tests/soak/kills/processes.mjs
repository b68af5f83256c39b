// The server's processes, seen from outside through /proc, and ended as a power cut ends them.

import {spawn} from "node:child_process";
import fs from "node:fs";
import {pause, request} from "../../journey/api.mjs";

const READY_WITHIN = 60_000;

export class Server {
    constructor({program, config, base, log}) {
        Object.assign(this, {program, config, base, log});
    }

    start() {
        const log = fs.openSync(this.log, "a");
        this.process = spawn(this.program, ["serve", "--config", this.config], {stdio: ["ignore", log, log]});
        fs.closeSync(log);
        this.ended = new Promise((resolve) => this.process.once("exit", (code, signal) => resolve({code, signal})));
    }

    async ready() {
        for (const until = Date.now() + READY_WITHIN; ; await pause(50)) {
            const answer = await request(`${this.base}/readyz`, {timeout: 5000}).catch(() => null);
            if (answer?.status === 200) return;
            if (Date.now() > until) throw new Error(`the server is not ready within ${READY_WITHIN / 1000} s`);
        }
    }

    /** Every living process of the server: {pid, kind}. */
    living() {
        const all = processes();
        const ours = new Set([this.process.pid]);
        for (let before = 0; before !== ours.size; ) {
            before = ours.size;
            for (const {pid, parent} of all) if (ours.has(parent)) ours.add(pid);
        }
        return all.filter(({pid}) => ours.has(pid)).map(({pid, words}) => ({pid, kind: this.kind(pid, words)}));
    }

    kind(pid, words) {
        if (pid === this.process.pid) return "supervisor";
        return ["keeper", "checker", "service"].find((kind) => words.slice(0, 3).some((word) => word.includes(kind)));
    }

    /** kill -9; the supervisor is started anew, as systemd does. False when there is nobody of that kind. */
    async kill(kind, choose) {
        const victims = this.living().filter((one) => one.kind === kind);
        if (victims.length === 0) return false;
        const {pid} = choose(victims);
        if (kind !== "supervisor") return killed(pid);
        this.process.kill("SIGKILL");
        await this.ended;
        this.start();
        return true;
    }

    /** Whatever happens to us, no server stays behind. */
    abandon() {
        if (this.process?.exitCode === null) this.process.kill("SIGTERM");
    }

    async end() {
        this.process.kill("SIGTERM");
        return this.ended;
    }
}

/** False when it ended by itself just now. */
function killed(pid) {
    try {
        return process.kill(pid, "SIGKILL");
    } catch (error) {
        if (error.code !== "ESRCH") throw error;
        return false;
    }
}

function processes() {
    return fs
        .readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .flatMap((name) => {
            try {
                const words = fs.readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0");
                const stat = fs.readFileSync(`/proc/${name}/stat`, "utf8");
                const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
                return state === "Z" ? [] : [{pid: Number(name), parent: Number(parent), words}];
            } catch {
                return []; // it ended while we looked
            }
        });
}
