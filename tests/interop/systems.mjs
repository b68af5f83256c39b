// systems.tsv: one line per system registered for the axis protocol.
//   systemid <tab> file with its secret <tab> base URL <tab> agency codes, comma-separated

import fs from "node:fs";
import path from "node:path";
import {Service} from "./sdk.mjs";

export function readSystems(file) {
    const lines = fs.readFileSync(file, "utf8").split("\n");
    return lines.filter((line) => line.trim() && !line.startsWith("#")).map((line) => readSystem(file, line));
}

function readSystem(file, line) {
    const [systemId, secretFile, endpoint, agencies = ""] = line.trim().split("\t");
    if (!endpoint) throw new Error(`${file}: this line has no base URL: ${line}`);
    const secret = fs.readFileSync(path.resolve(path.dirname(file), secretFile), "utf8").trim();
    return {systemId, secret, endpoint, agencies: agencies.split(",").filter(Boolean)};
}

export function connect(system) {
    return new Service(system);
}
