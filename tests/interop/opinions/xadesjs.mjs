// The library xadesjs as judge and as signer:
//
//   node xadesjs.mjs verify FILE.xml                                    exit 0: the signature holds; 1: not
//   node xadesjs.mjs sign KEY.key CERTIFICATE.crt IN.xml OUT.xml        XAdES-BES, enveloped, SHA-256

import {createPrivateKey, webcrypto} from "node:crypto";
import fs from "node:fs";
import * as xmldom from "@xmldom/xmldom";
import * as xadesjs from "xadesjs";
import * as xpath from "xpath";

const {DOMParser, DOMImplementation, XMLSerializer} = xmldom;
xadesjs.setNodeDependencies({DOMParser, DOMImplementation, XMLSerializer, xpath});
xadesjs.Application.setEngine("NodeJS", webcrypto);

const XMLDSIG = "http://www.w3.org/2000/09/xmldsig#";
const RSA = {name: "RSASSA-PKCS1-v1_5", hash: "SHA-256"};
const read = (file) => fs.readFileSync(file, "utf8");

const [what, ...files] = process.argv.slice(2);
if (what === "verify") process.exit((await verify(...files)) ? 0 : 1);
else await sign(...files);

async function verify(file) {
    const document = xadesjs.Parse(read(file));
    const judge = new xadesjs.SignedXml(document);
    try {
        judge.LoadXml(document.getElementsByTagNameNS(XMLDSIG, "Signature")[0]);
        const holds = await judge.Verify();
        const properties = judge.Properties?.SignedProperties.SignedSignatureProperties;
        console.log(holds ? "holds" : "does not hold", `signing time ${properties?.SigningTime?.Value}`);
        return holds;
    } catch (refusal) {
        console.log(refusal.message);
        return false;
    }
}

async function sign(keyFile, certificateFile, input, output) {
    const key = createPrivateKey(read(keyFile)).export({type: "pkcs8", format: "der"});
    const certificate = read(certificateFile).replace(/-----[^-]+-----|\s/g, "");
    const signer = new xadesjs.SignedXml();
    const signature = await signer.Sign(
        RSA,
        await webcrypto.subtle.importKey("pkcs8", key, RSA, false, ["sign"]),
        xadesjs.Parse(read(input)),
        {
            references: [{uri: "", hash: "SHA-256", transforms: ["enveloped", "exc-c14n"]}],
            x509: [certificate],
            signingCertificate: certificate,
            signingTime: {value: new Date()},
        },
    );
    const document = xadesjs.Parse(read(input));
    document.documentElement.appendChild(document.importNode(signature.GetXml(), true));
    fs.writeFileSync(output, new XMLSerializer().serializeToString(document));
}
