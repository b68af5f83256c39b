// The SDK takes whatever is not its envelope for an empty mailbox: so every answer is one, errors included.

import {check} from "../check.mjs";
import {EDOC, accepted, refused} from "./stage.mjs";

const WRONG_PLACES = [
    ["POST", "khongCoHam"],
    ["POST", "getreceivededoclist"],
    ["POST", "getEdoc/1"],
    ["POST", ""],
    ["GET", ""],
    ["GET", "../../healthz"],
    ["POST", "sendEdoc%00"],
    ["POST", `x${"y".repeat(2000)}`],
];

const WRONG_METHODS = [
    ["GET", "sendEdoc"],
    ["GET", "updateStatus"],
    ["PUT", "sendEdoc"],
    ["DELETE", "getEdoc"],
    ["PATCH", "registerAgency"],
    ["OPTIONS", "getReceivedEdocList"],
    ["FOO", "getReceivedEdocList"],
];

const WRONG_BODIES = [
    ["no JSON", "{"],
    ["a list", "[]"],
    ["empty", ""],
    ["a hundred thousand brackets", "[".repeat(100_000)],
];

export async function envelopes(stage) {
    const asks = (change) =>
        stage.tampered(stage.first, "getReceivedEdocList", EDOC, (request) => ({
            ...request,
            ...change(request),
        }));
    const below = ({path}, rest) => path.replace(/[^/]*$/, rest);

    for (const [method, place] of [...WRONG_PLACES, ...WRONG_METHODS])
        await check(
            `${method} /${place.slice(0, 30)}, which does not exist, is refused in an envelope`,
            async () => refused(await asks((request) => ({method, path: below(request, place)}))),
        );
    await check("a query behind the path changes nothing", async () =>
        accepted(await asks(({path}) => ({path: `${path}?messagetype=status&x=1`}))),
    );
    await check("a list call with a body that nobody asked for is answered", async () =>
        accepted(await asks(() => ({body: Buffer.from("{}")}))),
    );
    await check("a list call with a body that is no JSON is answered in an envelope", () =>
        asks(() => ({body: Buffer.from("<html>")})),
    );
    for (const [what, text] of WRONG_BODIES)
        await check(`registerAgency with a body that is ${what} is refused in an envelope`, async () => {
            const body = Buffer.from(text);
            refused(await asks((request) => ({path: below(request, "registerAgency"), body})));
        });
    await check("a refusal of a list call is a FAIL that the SDK can see, not an empty list", async () => {
        const stranger = {system: {...stage.first.system, secret: "sai"}};
        refused(await stage.ask(stranger, "getReceivedEdocList", EDOC), "15");
    });
}
