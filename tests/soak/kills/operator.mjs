// The operator: when a keeper was killed in the middle of a login nobody knows how that ended, and the PIN is not tried
// again until somebody who knows that it is right says so (hsm/pin_note.h). Here that is known.

import fs from "node:fs";
import path from "node:path";
import {pause} from "../../journey/api.mjs";

const LOOKS_AGAIN = 500; // milliseconds
const NO_LOGIN_TAKES = 3000;

export class Operator {
    cleared = 0;

    constructor({data}) {
        this.notes = path.join(data, "pin-notes");
    }

    async work(goesOn) {
        for (; goesOn(); await pause(LOOKS_AGAIN)) this.look();
    }

    look() {
        if (!fs.existsSync(this.notes)) return;
        for (const name of fs.readdirSync(this.notes).filter((one) => one.startsWith("pin-"))) {
            const note = path.join(this.notes, name);
            const {mtimeMs} = fs.statSync(note, {throwIfNoEntry: false}) ?? {mtimeMs: Infinity};
            if (Date.now() - mtimeMs < NO_LOGIN_TAKES) continue;
            fs.rmSync(note, {force: true});
            this.cleared++;
        }
    }
}
