// The corpus run; tests/corpora/run says how to call it, criteria.mjs what counts as agreement.

import fs from "node:fs";
import {parseArgs} from "node:util";
import {corpusFolder, defaultProgram, readReasons, readSamples} from "./corpus.mjs";
import {WANTED, compare, said} from "./criteria.mjs";
import {CPU_LIMIT, verdicts} from "./verdicts.mjs";

const EX_USAGE = 64;
const EX_NOINPUT = 66;
const PARTS = ["integrity", "count", "refused", "accepted"];
const CERTAINTIES = ["agreed", "one-source", "disputed"];

function readArguments() {
    const text = {type: "string"};
    const on = {type: "boolean", default: false};
    try {
        const {values} = parseArgs({
            options: {
                program: text,
                class: {...text, multiple: true},
                list: on,
                judge: on,
                share: {...text, default: "1"},
                seed: {...text, default: "1"},
            },
        });
        return values;
    } catch (error) {
        console.error(`corpora: ${error.message}\n         See the head of tests/corpora/run`);
        process.exit(EX_USAGE);
    }
}

/** The same samples for the same seed: one of so many. */
function chosen(samples, share, seed) {
    let state = seed >>> 0;
    return samples.filter(() => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return (state >>> 16) % share === 0;
    });
}

// ---- tallies: for each part and certainty, how many agree of how many

function emptyTally() {
    const zero = () => ({good: 0, of: 0, explained: 0});
    return Object.fromEntries(
        PARTS.map((part) => [part, Object.fromEntries(CERTAINTIES.map((certainty) => [certainty, zero()]))]),
    );
}

function add(tally, {sample, parts, reason}) {
    for (const part of PARTS) {
        const one = parts[part];
        if (one === undefined) continue;
        const {good, of} = typeof one === "boolean" ? {good: one ? 1 : 0, of: 1} : one;
        const cell = tally[part][sample.certainty];
        cell.good += good;
        cell.of += of;
        if (reason) cell.explained += of - good;
    }
}

function sum(cells) {
    return cells.reduce(
        (all, {good, of, explained}) => ({good: all.good + good, of: all.of + of, explained: all.explained + explained}),
        {good: 0, of: 0, explained: 0},
    );
}

function undisputed(tally, part) {
    return sum([tally[part].agreed, tally[part]["one-source"]]);
}

// ---- the table

function cell({good, of, explained}) {
    if (of === 0) return "-";
    const percent = (100 * good) / of;
    return `${good}/${of} ${good === of ? "100" : percent.toFixed(1)}%${explained ? ` (${explained} expl.)` : ""}`;
}

function printTable(results) {
    const kinds = [...new Set(results.map(({sample}) => sample.kind))].sort();
    const rows = [["kind", "files", "integrity", "how many", "refused agreed", "refused one", "accepted agreed", "accepted one", "disputed i/r/a"]];
    for (const kind of [...kinds, "ALL"]) {
        const tally = emptyTally();
        const of = results.filter(({sample}) => kind === "ALL" || sample.kind === kind);
        of.forEach((result) => add(tally, result));
        rows.push([
            kind,
            String(of.length),
            cell(undisputed(tally, "integrity")),
            cell(undisputed(tally, "count")),
            cell(tally.refused.agreed),
            cell(tally.refused["one-source"]),
            cell(tally.accepted.agreed),
            cell(tally.accepted["one-source"]),
            ["integrity", "refused", "accepted"]
                .map((part) => tally[part].disputed)
                .map(({good, of: all}) => (all ? `${good}/${all}` : "-"))
                .join(" "),
        ]);
    }
    const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
    for (const row of rows) console.log(row.map((text, column) => text.padEnd(widths[column])).join("  ").trimEnd());
}

// ---- differences

function differs({parts}) {
    return PARTS.filter((part) => {
        const one = parts[part];
        return one !== undefined && (typeof one === "boolean" ? !one : one.good < one.of);
    });
}

function printDifferences(results) {
    for (const result of results) {
        const {sample, reason} = result;
        const wrong = differs(result);
        if (wrong.length === 0) continue;
        console.log(`\n${sample.path}  (${sample.kind}, ${sample.certainty}): ${wrong.join(", ")}`);
        console.log(`    expected ${sample.signatures} ${sample.integrity.join(",")}, tampered ${sample.tampered}, ${sample.level}`);
        console.log(`    ours     ${said(result)}`);
        for (const peer of ["dss", "pyhanko", "pdfsig", "reason"])
            if (sample[peer]) console.log(`    ${peer.padEnd(8)} ${sample[peer].slice(0, 300)}`);
        if (reason) console.log(`    OUR REASON ${reason}`);
    }
}

function printBalance(results, reasons) {
    const slow = results.filter(({cpu}) => cpu !== undefined).sort((a, b) => b.cpu - a.cpu);
    const slowest = results.reduce((worst, each) => (each.seconds > worst.seconds ? each : worst));
    const total = results.reduce((all, {seconds}) => all + seconds, 0);
    console.log(
        `\n${results.length} files in ${total.toFixed(1)} s, ${((1000 * total) / results.length).toFixed(1)} ms each; ` +
            `slowest ${slowest.sample.path} ${slowest.seconds.toFixed(2)} s; ` +
            `above ${CPU_LIMIT} s of CPU: ${slow.filter(({cpu}) => cpu > CPU_LIMIT).map(({sample}) => sample.path).join(" ") || "none"}`,
    );
    for (const {sample, died} of results.filter(({died}) => died)) console.log(`no answer: ${sample.path} ${died}`);
    const same = [...reasons.keys()].filter((name) => results.some((each) => each.sample.path === name && differs(each).length === 0));
    if (same.length > 0) console.log(`differences.md explains what is no difference: ${same.join(" ")}`);
}

/** Says what is missing; true when nothing is. */
function judge(results) {
    const tally = emptyTally();
    results.forEach((result) => add(tally, result));
    const reached = {
        integrity: undisputed(tally, "integrity"),
        refused: tally.refused.agreed,
        accepted: undisputed(tally, "accepted"),
    };
    const missed = Object.entries(WANTED).filter(([part, wanted]) => reached[part].good < wanted * reached[part].of);
    for (const [part, wanted] of missed) console.log(`MISSED: ${part} ${cell(reached[part])}, wanted ${100 * wanted}%`);
    const silent = results.filter(({sample, reason, ...rest}) => sample.certainty !== "disputed" && !reason && differs(rest).length > 0);
    if (silent.length > 0) console.log(`MISSED: ${silent.length} differences have no reason in differences.md (--list names them)`);
    return missed.length === 0 && silent.length === 0;
}

const given = readArguments();
const folder = corpusFolder();
if (!folder) {
    console.log("corpora: no corpus at ../shared/corpora or $VANTHU_CORPORA; only the samples that the tests make were looked at.");
    process.exit(0);
}
const samples = readSamples(folder).filter(({kind}) => !given.class || given.class.includes(kind));
if (samples.length === 0) {
    console.error(`corpora: there is no sample of class ${given.class}.`);
    process.exit(EX_USAGE);
}
const program = given.program ?? defaultProgram();
if (!fs.existsSync(program)) {
    console.error(`corpora: there is no ${program}.\n         Build it: cmake --build --preset release --target vanthu`);
    process.exit(EX_NOINPUT);
}
const reasons = readReasons();
const found = await verdicts(program, chosen(samples, Number(given.share), Number(given.seed)));
const results = found
    .map((each) => ({...each, parts: compare(each.sample, each.answer), reason: reasons.get(each.sample.path)}))
    .sort((a, b) => (a.sample.path < b.sample.path ? -1 : 1));
printTable(results);
if (given.list) printDifferences(results);
printBalance(results, reasons);
const inTime = results.every(({cpu, died}) => !died && (cpu === undefined || cpu <= CPU_LIMIT));
const good = !given.judge || judge(results);
process.exit(inTime && good ? 0 : 1);
