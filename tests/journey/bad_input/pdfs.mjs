// PDFs that must not be signed: each row says what is wrong with it, and which word the refusal must bear.

import {execFileSync} from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import {pdf} from "../../interop/pdf.mjs";

/** A PDF of these objects: [number, body]; `trailer` beside /Root and /Size. */
export function pdfOf(objects, trailer = "") {
    let body = "%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n";
    const offsets = new Map();
    for (const [number, object] of objects) {
        offsets.set(number, body.length);
        body += `${number} 0 obj\n${object}\nendobj\n`;
    }
    const size = Math.max(...offsets.keys()) + 1;
    const rows = Array.from({length: size}, (_, number) =>
        offsets.has(number)
            ? `${String(offsets.get(number)).padStart(10, "0")} 00000 n \n`
            : "0000000000 65535 f \n",
    );
    const table = `xref\n0 ${size}\n${rows.join("")}`;
    return Buffer.from(
        `${body}${table}trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\nstartxref\n${body.length}\n%%EOF\n`,
        "latin1",
    );
}

const CATALOG = [1, "<< /Type /Catalog /Pages 2 0 R >>"];
const PAGE = [3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"];
const ONE_PAGE = [CATALOG, [2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"], PAGE];

function encrypted(folder) {
    const [plain, out] = ["to-encrypt.pdf", "encrypted.pdf"].map((name) => path.join(folder, name));
    fs.writeFileSync(plain, pdf("mat khau"));
    execFileSync("qpdf", ["--encrypt", "a", "b", "256", "--", plain, out]);
    return fs.readFileSync(out);
}

/** An xref whose /Prev leads back to itself. */
function circularPrev() {
    const once = pdfOf(ONE_PAGE).toString("latin1");
    const [, start] = /startxref\n(\d+)/.exec(once);
    return Buffer.from(once.replace("/Root 1 0 R ", `/Root 1 0 R /Prev ${start}`), "latin1");
}

export function badPdfs(folder) {
    const good = pdf("Quyet dinh so 127");
    return [
        {sentence: "an empty file", bytes: Buffer.alloc(0), names: /empty|recogni|kind|PDF|small/i},
        {sentence: "text under the name of a PDF", bytes: Buffer.from("Đây không phải PDF\n"), names: /PDF|kind|recogni/i},
        {sentence: "a PDF cut in its middle", bytes: good.subarray(0, good.length / 2), names: /PDF|cross-reference|startxref|end/i},
        {
            sentence: "a PDF that does not begin with %PDF-",
            bytes: Buffer.concat([Buffer.from("rac\n"), good]),
            names: /PDF|begin|first|kind|recogni/i,
        },
        {
            sentence: "a page tree that is its own child",
            bytes: pdfOf([CATALOG, [2, "<< /Type /Pages /Kids [2 0 R] /Count 1 >>"]]),
            names: /page|PDF/i,
        },
        {
            sentence: "two page tree nodes that are each other's children",
            bytes: pdfOf([
                CATALOG,
                [2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"],
                [3, "<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 1 >>"],
            ]),
            names: /page|PDF/i,
        },
        {sentence: "a cross-reference that leads back to itself", bytes: circularPrev(), names: /cross-reference|xref|PDF|loop|circ/i},
        {sentence: "an encrypted PDF", bytes: encrypted(folder), names: /encrypt|password/i},
        {
            sentence: "a PDF certified against any change",
            bytes: pdfOf([
                [
                    1,
                    "<< /Type /Catalog /Pages 2 0 R /Perms << /DocMDP 4 0 R >> "
                        + "/AcroForm << /Fields [5 0 R] /SigFlags 3 >> >>",
                ],
                ...ONE_PAGE.slice(1),
                [
                    4,
                    "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [0 10 20 10] /Contents <00> "
                        + "/Reference [<< /Type /SigRef /TransformMethod /DocMDP "
                        + "/TransformParams << /Type /TransformParams /P 1 /V /1.2 >> >>] >>",
                ],
                [5, "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Ky) /V 4 0 R /Rect [0 0 0 0] /P 3 0 R >>"],
            ]),
            names: /certif|permit|change|author/i,
        },
        {
            sentence: "a hybrid PDF, whose tables and streams may disagree",
            bytes: pdfOf(ONE_PAGE, "/XRefStm 15"),
            names: /hybrid|XRefStm|cross-reference|PDF/i,
        },
        {
            sentence: "a million arrays inside each other",
            bytes: pdfOf([...ONE_PAGE.slice(0, 2), [3, `${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}`]]),
            names: /PDF|deep|nest|object|page/i,
        },
        {
            sentence: "a PDF without a catalog",
            bytes: pdfOf([[1, "null"], ...ONE_PAGE.slice(1)]),
            names: /PDF|catalog|Root/i,
        },
        {
            sentence: "a ZIP under the name of a PDF",
            bytes: Buffer.from("504b0304140000000000000000000000000000000000000000000000", "hex"),
            names: /ZIP|kind|PDF|recogni|support/i,
        },
    ];
}

/** Signed PDFs whose ByteRange does not say what it must (ISO 32000-2, 12.8.1; ETSI EN 319 142-1, 5.3). */
export function badRanges(signed) {
    const text = signed.toString("latin1");
    const found = [...text.matchAll(/\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g)].at(-1);
    const [start, size, next, rest] = found.slice(1).map(Number);
    const change = (sentence, numbers) => ({sentence, bytes: put(text, found, numbers)});
    return [
        change("a ByteRange whose parts overlap", [start, size + 200, next - 400, rest + 400]),
        change("a ByteRange with a gap before the signature", [start, size - 100, next, rest]),
        change("a ByteRange with a gap behind the signature", [start, size, next + 100, rest - 100]),
        change("a ByteRange that begins late", [1, size - 1, next, rest]),
        change("a ByteRange that ends early", [start, size, next, rest - 1]),
        change("a ByteRange that ends beyond the file", [start, size, next, rest + 1]),
        change("a ByteRange that ends far beyond the file", [start, size, next, 999]),
        change("a ByteRange in the wrong order", [next, rest, start, size]),
        change("a ByteRange of nothing", [0, 0, 0, 0]),
        change("a ByteRange that leaves nothing out", [0, next, next, rest]),
    ];
}

function put(text, found, numbers) {
    const room = found[0].length;
    const written = `/ByteRange[${numbers.join(" ")}`.padEnd(room - 1) + "]";
    if (written.length !== room) throw new Error(`no room for ${written}`);
    return Buffer.from(text.slice(0, found.index) + written + text.slice(found.index + room), "latin1");
}
