// What the library pkijs thinks of a detached CMS signature:
//
//   node pkijs.mjs --anchor root.crt [--certificate ca.crt] SIGNATURE.der SIGNED
//
// Exit 0: the signature holds and its certificate leads to the anchor; 1: not.

import {webcrypto} from "node:crypto";
import fs from "node:fs";
import {parseArgs} from "node:util";
import * as asn1js from "asn1js";
import * as pkijs from "pkijs";

pkijs.setEngine("node", new pkijs.CryptoEngine({name: "node", crypto: webcrypto}));

const {values, positionals} = parseArgs({
    allowPositionals: true,
    options: {anchor: {type: "string"}, certificate: {type: "string", multiple: true, default: []}},
});
const [signature, signed] = positionals.map((file) => exact(fs.readFileSync(file)));

const cms = new pkijs.SignedData({
    schema: pkijs.ContentInfo.fromBER(signature).content,
});
cms.certificates ??= [];
cms.certificates.push(...values.certificate.map(readCertificate));
const verdict = await cms
    .verify({
        signer: 0,
        data: signed,
        checkChain: true,
        trustedCerts: [readCertificate(values.anchor)],
        extendedMode: true,
    })
    .catch((refusal) => refusal);
console.log(JSON.stringify({valid: verdict.signatureVerified, chain: verdict.signerCertificateVerified, said: verdict.message}));
process.exit(verdict.signatureVerified && verdict.signerCertificateVerified ? 0 : 1);

function readCertificate(file) {
    const base64 = fs.readFileSync(file, "latin1").replace(/-----[^-]+-----|\s/g, "");
    const {result} = asn1js.fromBER(exact(Buffer.from(base64, "base64")));
    return new pkijs.Certificate({schema: result});
}

/** An ArrayBuffer of its own: small Buffers are windows into a shared one. */
function exact(buffer) {
    return buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength);
}
