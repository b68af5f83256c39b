// Checks that read as sentences: "ok - ..." or "not ok - ...", and an exit code at the end.

import assert from "node:assert/strict";

const WORTH_SAYING = 3; // seconds

let failures = 0;
let count = 0;

/** Runs one check; whatever it throws is the reason why the sentence is not true. Returns what it returns. */
export async function check(sentence, body) {
    count++;
    const begun = performance.now();
    try {
        const result = await body();
        const seconds = (performance.now() - begun) / 1000;
        console.log(
            seconds < WORTH_SAYING ? `ok - ${sentence}` : `ok - ${sentence} (${seconds.toFixed(1)} s)`,
        );
        return result;
    } catch (error) {
        failures++;
        console.log(`not ok - ${sentence}`);
        console.log(`    # ${reason(error)}`);
        return undefined;
    }
}

/** Prints the balance and returns the exit code. */
export function finish() {
    console.log(failures === 0 ? `# all ${count} are true` : `# ${failures} of ${count} are not true`);
    return failures === 0 ? 0 : 1;
}

export function heading(title) {
    console.log(`# ${title}`);
}

function reason(error) {
    const message = error instanceof assert.AssertionError || error.expected ? error.message : error.stack;
    return String(message ?? error)
        .split("\n")
        .slice(0, 12)
        .join("\n    # ");
}
