// Spoils a signature and nothing else: what was signed stays as it was, but its CMS now says that it is plain data, which
// is no signature at all (RFC 5652, 5.1: id-signedData).
//
//   node forge_signature.mjs IN.pdf OUT.pdf

import fs from "node:fs";

const SIGNED_DATA = "06092a864886f70d010702";
const DATA = "06092a864886f70d010701";

const [input, output] = process.argv.slice(2);
const text = fs.readFileSync(input, "latin1");
const at = text.lastIndexOf(SIGNED_DATA);
if (at < 0) throw new Error(`${input}: there is no signature`);
fs.writeFileSync(output, text.slice(0, at) + DATA + text.slice(at + DATA.length), "latin1");
