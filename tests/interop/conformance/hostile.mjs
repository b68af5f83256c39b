// Packages made to hurt a reader: refused with 22 or 10 within seconds, and nothing of them arrives.

import assert from "node:assert/strict";
import {check} from "../check.mjs";
import {HOSTILE} from "../hostile.mjs";
import {refused} from "./stage.mjs";

const ANSWERS_WITHIN = 5_000; // milliseconds

export async function hostile(stage) {
    for (const {sentence, spoil} of HOSTILE)
        await check(`${sentence}: refused quickly, nothing stored`, () =>
            stage.nothingArrives(async () => {
                const file = spoil(stage.package().toString("utf8"));
                const begun = performance.now();
                const reply = await stage.send(Buffer.from(file));
                const spent = performance.now() - begun;
                refused(reply, "22", "10");
                assert.ok(spent < ANSWERS_WITHIN, `it took ${(spent / 1000).toFixed(1)} s`);
            }),
        );
    await check("after all of it a good package still goes through", async () => {
        const {receiverDocId} = await stage.deliver();
        await stage.settle(receiverDocId);
    });
}
