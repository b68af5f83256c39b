// Every sample: {file, kind, expect, note, bytes, attachments: [{name, content}]}.

import {edoc} from "../edxml.mjs";
import {HOSTILE} from "../hostile.mjs";
import {document} from "../invented.mjs";
import {complete} from "./complete.mjs";
import {files} from "./files.mjs";
import {shapes} from "./shapes.mjs";
import {unfit} from "./unfit.mjs";
import {values} from "./values.mjs";

export function samples() {
    const all = [complete, shapes, values, files, unfit, hostile].flatMap((table) => table());
    const names = new Set(all.map(({file}) => file));
    if (names.size !== all.length) throw new Error("two samples have one name");
    return all;
}

function hostile() {
    const good = edoc(document());
    const common = {kind: "edoc", expect: "refuse", attachments: []};
    return HOSTILE.map(({file, sentence, spoil}) => ({
        ...common,
        file: `hostile-${file}`,
        note: sentence,
        bytes: spoil(good),
    }));
}
