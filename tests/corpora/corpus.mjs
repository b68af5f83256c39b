// The corpus: samples with what independent validators say of them, and our reasons where we say something else.

import fs from "node:fs";
import path from "node:path";
import {fileURLToPath} from "node:url";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const PROJECT = path.join(HERE, "../..");

/** Where the corpus lies; undefined when there is none. */
export function corpusFolder() {
    const folder = process.env.VANTHU_CORPORA || path.join(PROJECT, "../shared/corpora");
    return fs.existsSync(path.join(folder, "expected.tsv")) ? folder : undefined;
}

export function defaultProgram() {
    const built = ["release", "dev"].map((preset) => path.join(PROJECT, `build/${preset}/vanthu`));
    return built.find((program) => fs.existsSync(program)) ?? built[0];
}

/** Every sample that is a file: path validation cases have a test of their own. */
export function readSamples(folder) {
    const [header, ...lines] = fs.readFileSync(path.join(folder, "expected.tsv"), "utf8").trimEnd().split("\n");
    const columns = header.split("\t");
    return lines
        .map((line) => line.split("\t"))
        .map((cells) => Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? ""])))
        .filter(({kind}) => kind !== "pkits")
        .map((row) => ({
            ...row,
            file: path.join(folder, row.path),
            integrity: row.integrity.split(","),
            signatures: Number(row.signatures),
            timestamps: Number(/timestamps=(\d+)/.exec(row.also)?.[1] ?? 0),
            needs: row.needs ? row.needs.split(",").map((each) => path.join(folder, each)) : [],
        }));
}

/** differences.md: paragraphs that begin with the samples' names and end with the reason: `pdf/a.pdf`, `pdf/b.pdf`: why. */
export function readReasons() {
    const reasons = new Map();
    const text = fs.readFileSync(path.join(HERE, "differences.md"), "utf8");
    for (const item of text.split(/\n{2,}/)) {
        const [, names, reason] = /^((?:`[^`]+`,?\s*)+): (.+)$/s.exec(item) ?? [];
        if (!names) continue;
        for (const [, name] of names.matchAll(/`([^`]+)`/g)) reasons.set(name, reason.replace(/\s+/g, " ").trim());
    }
    return reasons;
}
