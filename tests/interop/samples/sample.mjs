// One sample: a message written as the axis writes, then changed. What the words promise stands in
// ../samples.mjs.

import {edoc, status} from "../edxml.mjs";
import {document} from "../invented.mjs";

/** change: text → text or bytes, or null. given: members of the document that differ, see ../invented.mjs. */
export function read(file, note, change, given) {
    return sample("read", file, note, change, given);
}

export function deviates(file, note, change, given) {
    return sample("deviation", file, note, change, given);
}

export function refuse(file, note, change, given) {
    return sample("refuse", file, note, change, given);
}

function sample(expect, file, note, change, given) {
    const message = document(given);
    const text = edoc(message);
    const bytes = change ? change(text) : text;
    const attachments = message.attachments.map((each) => ({
        name: each.name,
        content: each.content ?? each.bytes,
    }));
    return {file, kind: "edoc", expect, note, bytes, attachments};
}

/** A status message; expect is one of the three words. */
export function statusSample(expect, file, note, message, change) {
    const text = status(message);
    const bytes = change ? change(text) : text;
    return {file: `status-${file}`, kind: "status", expect, note, bytes, attachments: []};
}
