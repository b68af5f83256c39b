// Takes the signatures out of a PDF, for judges that know nothing of PDF:
//
//   node pdf_signatures.mjs FILE.pdf DIR      writes DIR/1.der, DIR/1.signed, DIR/2.der … and prints how many
//
// N.der is the CMS without the zeros that fill /Contents, N.signed the bytes that its ByteRange names.

import fs from "node:fs";
import path from "node:path";

export function signaturesOf(bytes) {
    const text = bytes.toString("latin1");
    return [...text.matchAll(/\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g)]
        .map((found) => found.slice(1).map(Number))
        .map(([start, size, next, rest]) => ({
            der: trimmed(Buffer.from(text.slice(start + size + 1, next - 1), "hex")),
            signed: Buffer.concat([bytes.subarray(start, start + size), bytes.subarray(next, next + rest)]),
            end: next + rest,
        }))
        .sort((one, other) => one.end - other.end);
}

/** A value says its own length, X.690 8.1.3; the indefinite form of NSS says none, and readers of BER stop at its end. */
function trimmed(der) {
    if (der[0] !== 0x30) throw new Error("/Contents does not begin with a SEQUENCE");
    const count = der[1] & 0x7f;
    if (der[1] === 0x80) return der;
    const size = der[1] < 0x80 ? der[1] : der.readUIntBE(2, count);
    return der.subarray(0, size + (der[1] < 0x80 ? 2 : 2 + count));
}

if (process.argv[1].endsWith("pdf_signatures.mjs")) {
    const [file, folder] = process.argv.slice(2);
    const signatures = signaturesOf(fs.readFileSync(file));
    fs.mkdirSync(folder, {recursive: true});
    signatures.forEach(({der, signed}, index) => {
        fs.writeFileSync(path.join(folder, `${index + 1}.der`), der);
        fs.writeFileSync(path.join(folder, `${index + 1}.signed`), signed);
    });
    console.log(signatures.length);
}
