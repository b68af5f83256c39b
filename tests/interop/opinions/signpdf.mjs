// Signs a PDF with the library @signpdf/signpdf, as many web offices do:
//
//   node signpdf.mjs --p12 leader.p12 --pin-file pin [--pades] IN.pdf OUT.pdf

import fs from "node:fs";
import {parseArgs} from "node:util";
import {plainAddPlaceholder} from "@signpdf/placeholder-plain";
import {P12Signer} from "@signpdf/signer-p12";
import {SignPdf} from "@signpdf/signpdf";
import {SUBFILTER_ETSI_CADES_DETACHED} from "@signpdf/utils";

const {values, positionals} = parseArgs({
    allowPositionals: true,
    options: {p12: {type: "string"}, "pin-file": {type: "string"}, pades: {type: "boolean"}},
});
const [input, output] = positionals;
const passphrase = fs.readFileSync(values["pin-file"], "utf8").trim();

const prepared = plainAddPlaceholder({
    pdfBuffer: fs.readFileSync(input),
    reason: "Ky duyet",
    contactInfo: "vanthu@mau.example",
    name: "Nguyen Van Mau",
    location: "tinh Mau",
    ...(values.pades && {subFilter: SUBFILTER_ETSI_CADES_DETACHED}),
});
const signer = new P12Signer(fs.readFileSync(values.p12), {passphrase});
fs.writeFileSync(output, await new SignPdf().sign(prepared, signer));
