// Writes edXML packages for the tests of readers: the kinds of message, every variant that is known from the
// axis and its clients, and what must be refused. The same files every time, with an index.
//
//   node tests/interop/samples.mjs DIRECTORY
//
// index.json is a list of {file, kind, expect, note, attachments: [{name, sha256}]}; the digests are those of
// the files as they are after decoding and unwrapping. `expect` is   read        the package is read; whether
// a check names a deviation is the reader's own affair   deviation   the package is read, and a check names
// at least one deviation   refuse      the package is not taken, and nothing of it is kept

import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import {samples} from "./samples/all.mjs";

function write(directory, {file, kind, expect, note, bytes, attachments}) {
    const name = `${file}.edxml`;
    fs.writeFileSync(path.join(directory, name), bytes);
    const digested = attachments.map(({name, content}) => ({
        name,
        sha256: crypto.createHash("sha256").update(content).digest("hex"),
    }));
    return {file: name, kind, expect, note, attachments: expect === "refuse" ? [] : digested};
}

const [directory] = process.argv.slice(2);
if (!directory) {
    console.error("usage: node tests/interop/samples.mjs DIRECTORY");
    process.exit(64);
}
fs.mkdirSync(directory, {recursive: true});
const index = samples().map((sample) => write(directory, sample));
fs.writeFileSync(path.join(directory, "index.json"), `${JSON.stringify(index, null, 1)}\n`);
console.log(`${index.length} packages and index.json in ${directory}`);
