// When do we agree with the corpus? Each row is a sentence about one sample and one answer of ours.

import assert from "node:assert/strict";
import {check, finish} from "../interop/check.mjs";
import {compare} from "./criteria.mjs";

const sample = {integrity: ["intact"], signatures: 1, timestamps: 0, tampered: "no", dss: ""};
const stamped = {integrity: ["not-a-signature"], signatures: 0, timestamps: 1, tampered: "no", dss: ""};
const unknownChain = ["INDETERMINATE", "NO_CERTIFICATE_CHAIN_FOUND"];
const formatFailure = ["TOTAL-FAILED", "FORMAT_FAILURE"];

function answer(findings, {changed = false, type = "signature"} = {}) {
    return {
        signatures: findings.map(([indication, sub]) => ({type, indication, sub_indication: sub, reasons: []})),
        document: {changed_after_signing: changed, reasons: []},
    };
}
const unreadable = (code) => ({error: {code, en: ""}});
const all = {of: 1, good: 1};
const none = {of: 1, good: 0};

const ROWS = [
    ["an unknown chain is intact and no alarm", sample, answer([unknownChain]), {integrity: all, count: true, accepted: true}],
    ["a wrong digest is neither", sample, answer([["TOTAL-FAILED", "HASH_FAILURE"]]), {integrity: none, accepted: false}],
    ["what was not verified is not intact", sample, answer([["INDETERMINATE", "SIGNED_DATA_NOT_FOUND"]]), {integrity: none}],
    [
        "nor is it different where DSS says the same",
        {...sample, dss: "CAdES-BASELINE-B INDETERMINATE/SIGNED_DATA_NOT_FOUND broken"},
        answer([["INDETERMINATE", "SIGNED_DATA_NOT_FOUND"]]),
        {integrity: all},
    ],
    ["a signature more is one too many", sample, answer([unknownChain, unknownChain]), {integrity: all, count: false}],
    ["none found is none verified", sample, answer([]), {integrity: none, count: false, accepted: false}],
    ["data that is not there is broken", {...sample, integrity: ["broken"]}, answer([["INDETERMINATE", "SIGNED_DATA_NOT_FOUND"]]), {integrity: all}],
    ["an intact signature is not broken", {...sample, integrity: ["broken"]}, answer([unknownChain]), {integrity: none}],
    [
        "order does not matter",
        {...sample, integrity: ["intact", "broken"], signatures: 2},
        answer([formatFailure, unknownChain]),
        {integrity: {of: 2, good: 2}},
    ],
    ["a change that is named refuses an intact signature", {...sample, tampered: "yes"}, answer([formatFailure], {changed: true}), {integrity: all, refused: true}],
    ["what only anchors are missing from is not refused", {...sample, tampered: "yes"}, answer([unknownChain]), {refused: false}],
    ["to say that it was changed refuses", {...sample, tampered: "yes"}, answer([unknownChain], {changed: true}), {refused: true}],
    ["what anchors do not cure refuses", {...sample, tampered: "yes"}, answer([["INDETERMINATE", "SIG_CONSTRAINTS_FAILURE"]]), {refused: true}],
    ["a file that cannot be read is refused", {...sample, tampered: "yes"}, unreadable("MALFORMED"), {refused: true}],
    ["one of an unknown kind is not", {...sample, tampered: "yes"}, unreadable("UNSUPPORTED"), {refused: false}],
    ["a change nobody made is an alarm", sample, answer([unknownChain], {changed: true}), {accepted: false}],
    ["time-stamps are no signatures", stamped, answer([unknownChain], {type: "timestamp"}), {integrity: all, accepted: true}],
    ["but have to be found", stamped, answer([]), {integrity: all, accepted: false}],
    ["a program that died agrees with nothing", {...sample, tampered: "yes"}, undefined, {integrity: none, count: false, refused: false}],
];

for (const [sentence, about, ours, wanted] of ROWS)
    await check(sentence, () => {
        const found = compare(about, ours);
        for (const [part, value] of Object.entries(wanted)) assert.deepEqual(found[part], value, part);
    });
process.exit(finish());
