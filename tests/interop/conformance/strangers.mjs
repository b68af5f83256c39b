// Who may not speak: wrong secrets, unknown systems, signed texts that were changed or are none.

import assert from "node:assert/strict";
import {check} from "../check.mjs";
import {hashHeader} from "../sdk.mjs";
import {EDOC, refused} from "./stage.mjs";

export async function strangers(stage) {
    await secretsOfOthers(stage);
    await signedTexts(stage);
    await check("who signs as one system is not taken for another by an unsigned systemid", async () => {
        const mine = await stage.ids(stage.second);
        const reply = await list(stage, stage.second.system, {systemid: stage.first.system.systemId});
        const ids = reply.data?.map(({docId}) => docId).sort();
        assert.ok(reply.status === "FAIL" || JSON.stringify(ids) === JSON.stringify(mine));
    });
}

async function secretsOfOthers(stage) {
    const {first, second} = stage;
    const strange = [
        ["a wrong secret", {secret: "khong-phai-khoa-nay"}],
        ["another system's secret", {secret: second.system.secret}],
        ["an unknown system", {systemId: "00.00.W99"}],
    ];
    for (const [what, change] of strange)
        await check(`${what} is refused with 15`, async () =>
            refused(await list(stage, {...first.system, ...change}, {}), "15"),
        );
}

async function signedTexts(stage) {
    const {systemId, secret} = stage.first.system;
    const asks = (change) => list(stage, stage.first.system, change);
    const resigned = (text) => asks({"sign-header": text, "hash-header": hashHeader(secret, text)});
    const kinds = '"XroadVnpt-messagetype":"edoc","XroadVnpt-messagetype":"status"';
    const changes = [
        ["a signed text changed on the way", {"sign-header": `{"XroadVnpt-systemid":"${systemId}"}`}],
        ["a hash-header of zeros", {"hash-header": "0".repeat(64)}],
        ["an empty hash-header", {"hash-header": ""}],
        ["a request without hash-header", {"hash-header": null}],
        ["a request without sign-header", {"sign-header": null}],
    ];
    for (const [what, change] of changes)
        await check(`${what} is refused with 15`, async () => refused(await asks(change), "15"));
    await check("a request without any header of the axis is refused with 15", async () => {
        const bare = (request) => ({...request, headers: []});
        refused(await stage.tampered(stage.first, "getReceivedEdocList", EDOC, bare), "15");
    });
    await check("a signed text that is not JSON is refused", async () =>
        refused(await resigned("systemid=1")),
    );
    await check("a signed text that names a parameter twice is refused", async () =>
        refused(await resigned(`{"XroadVnpt-systemid":"${systemId}",${kinds}}`)),
    );
}

/** Asks for the list as this system, with these headers changed, or left out where the change is null. */
function list(stage, system, change) {
    return stage.tampered({system}, "getReceivedEdocList", EDOC, (request) => {
        const headers = request.headers.map(([name, value]) => {
            const key = name.replace("XroadVnpt-", "");
            return [name, key in change ? change[key] : value];
        });
        return {...request, headers: headers.filter(([, value]) => value !== null)};
    });
}
