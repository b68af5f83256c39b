// A conformance run of the axis protocol against a running server with at least two registered systems.
//
//   node tests/interop/conformance.mjs --systems FILE.tsv [--only CHAPTER]
//
// The first two systems of the file exchange documents made on the fly; nothing else on the server is
// touched.

import {parseArgs} from "node:util";
import {check, finish, heading} from "./check.mjs";
import {Stage} from "./conformance/stage.mjs";
import {agencies} from "./conformance/agencies.mjs";
import {journey} from "./conformance/journey.mjs";
import {habits} from "./conformance/habits.mjs";
import {identity} from "./conformance/identity.mjs";
import {wirings} from "./conformance/wirings.mjs";
import {refusals} from "./conformance/refusals.mjs";
import {envelopes} from "./conformance/envelopes.mjs";
import {strangers} from "./conformance/strangers.mjs";
import {hostile} from "./conformance/hostile.mjs";
import {variants} from "./conformance/variants.mjs";
import {readSystems} from "./systems.mjs";

const CHAPTERS = {
    agencies: ["Agencies", agencies],
    journey: ["A document's way there, and its status back", journey],
    habits: ["What the published SDK does and a server must bear", habits],
    wirings: ["The same call in other clothes", wirings],
    identity: ["The same document twice", identity],
    strangers: ["Who may not speak", strangers],
    refusals: ["What is refused, and how", refusals],
    envelopes: ["Every answer is an envelope", envelopes],
    variants: ["Every sample package", variants],
    hostile: ["Packages made to hurt", hostile],
};

function usage(message) {
    const chapters = Object.keys(CHAPTERS).join("|");
    console.error(
        `${message}\nusage: node tests/interop/conformance.mjs --systems FILE.tsv [--only ${chapters}]`,
    );
    process.exit(64);
}

function readArguments() {
    try {
        return parseArgs({options: {systems: {type: "string"}, only: {type: "string"}}}).values;
    } catch (error) {
        return usage(error.message);
    }
}

const options = readArguments();
if (!options.systems) usage("--systems is missing.");
if (options.only && !CHAPTERS[options.only]) usage(`There is no chapter ${options.only}.`);
const systems = readSystems(options.systems);
if (systems.length < 2 || systems.slice(0, 2).some(({agencies}) => agencies.length === 0))
    usage(`${options.systems} must name two systems, each with an agency.`);

const stage = new Stage(systems[0], systems[1]);
await stage.open();
for (const [name, [title, chapter]] of Object.entries(CHAPTERS)) {
    if (options.only && options.only !== name) continue;
    heading(title);
    await check("every step of this chapter could be taken", () => chapter(stage));
}
process.exit(finish());
