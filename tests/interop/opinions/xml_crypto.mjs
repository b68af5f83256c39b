// The library xml-crypto as judge and as signer:
//
//   node xml_crypto.mjs verify CERTIFICATE.crt FILE.xml              exit 0: the signature holds for that certificate; 1: not
//   node xml_crypto.mjs sign KEY.key CERTIFICATE.crt IN.xml OUT.xml  enveloped, exclusive canonicalization, SHA-256

import fs from "node:fs";
import {DOMParser} from "@xmldom/xmldom";
import {SignedXml} from "xml-crypto";
import * as xpath from "xpath";

const [what, ...files] = process.argv.slice(2);
const read = (file) => fs.readFileSync(file, "utf8");

const ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ANYWHERE = "//*[local-name(.)='Signature' and namespace-uri(.)='http://www.w3.org/2000/09/xmldsig#']";

if (what === "verify") process.exit(verify(...files) ? 0 : 1);
else sign(...files);

function verify(certificate, file) {
    const xml = read(file);
    const [node] = xpath.select(ANYWHERE, new DOMParser().parseFromString(xml, "text/xml"));
    const judge = new SignedXml({publicCert: read(certificate)});
    try {
        judge.loadSignature(node);
        const holds = judge.checkSignature(xml);
        console.log(holds ? `holds over ${judge.getSignedReferences().length} references` : "does not hold");
        return holds;
    } catch (refusal) {
        console.log(refusal.message);
        return false;
    }
}

function sign(key, certificate, input, output) {
    const signer = new SignedXml({
        privateKey: read(key),
        publicCert: read(certificate),
        signatureAlgorithm: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        canonicalizationAlgorithm: EXCLUSIVE,
    });
    signer.addReference({
        xpath: "/*",
        isEmptyUri: true,
        transforms: [ENVELOPED, EXCLUSIVE],
        digestAlgorithm: "http://www.w3.org/2001/04/xmlenc#sha256",
    });
    signer.computeSignature(read(input));
    fs.writeFileSync(output, signer.getSignedXml());
}
