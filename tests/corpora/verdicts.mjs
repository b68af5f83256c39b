// Runs `vanthu verify --json` over many files: batches, one process each, one line of JSON a file.

import {execFileSync, spawn} from "node:child_process";
import readline from "node:readline";

const BATCH = 100;
export const CPU_LIMIT = 2; // seconds, of one file
const NO_ANSWER = new Set(["CHECK_DIED", "CHECK_DEADLINE", "CHECK_MEMORY", "CHECK_NONSENSE"]);
const WORTH_MEASURING = 0.5; // of the time that passed; the rest cannot have used up the limit

/** Whether the program takes --content, the data of a detached signature. */
function takesContent(program) {
    return execFileSync(program, ["verify", "--help"], {encoding: "utf8"}).includes("--content");
}

/** Answers for all samples: [{sample, answer, seconds, died}]; no answer but `died` where a process ended or ran into a limit. */
export async function verdicts(program, samples) {
    const content = takesContent(program);
    const alone = content ? samples.filter(({needs}) => needs.length > 0) : [];
    const together = samples.filter((sample) => !alone.includes(sample));
    const found = [];
    for (const sample of alone) {
        const options = sample.needs.flatMap((file) => ["--content", file]);
        found.push(...(await batch(program, options, [sample])));
    }
    for (let at = 0; at < together.length; at += BATCH)
        found.push(...(await batch(program, [], together.slice(at, at + BATCH))));
    for (const each of found)
        if (each.seconds > WORTH_MEASURING) each.cpu = cpuAlone(program, each.sample);
    return found;
}

/** One process after the other until every sample has its answer: one that dies has none for the file it was at. */
async function batch(program, options, samples) {
    const found = [];
    while (found.length < samples.length) {
        const left = samples.slice(found.length);
        const answers = await answersOf(program, [...options, ...left.map(({file}) => file)]);
        answers.slice(0, left.length).forEach((answer, i) => found.push({sample: left[i], ...answer}));
        if (answers.length < left.length) found.push({sample: left[answers.length], died: "vanthu", seconds: 0});
    }
    return found;
}

async function answersOf(program, operands) {
    const child = spawn(program, ["verify", "--json", ...operands], {stdio: ["ignore", "pipe", "ignore"]});
    const answers = [];
    let before = performance.now();
    for await (const line of readline.createInterface({input: child.stdout})) {
        const now = performance.now();
        const answer = JSON.parse(line);
        const died = answer.document?.reasons.map(({code}) => code).find((code) => NO_ANSWER.has(code));
        answers.push({...(died ? {died} : {answer}), seconds: (now - before) / 1000});
        before = now;
    }
    return answers;
}

/** Seconds of CPU of a process that looks at this file alone, its children included. */
function cpuAlone(program, {file}) {
    const script = 'TIMEFORMAT="%U %S"; { time "$0" verify --json "$1" >/dev/null 2>&1 || true; } 2>&1';
    const said = execFileSync("bash", ["-c", script, program, file], {encoding: "utf8"});
    return said.trim().split(" ").map(Number).reduce((sum, part) => sum + part, 0);
}
