// Puts one more page into a PDF by an incremental update, as an editor does after the signatures:
//
//   node append_page.mjs IN.pdf OUT.pdf
//
// Knows just enough of PDF for files whose last cross-reference is a table and whose page tree is one node.

import fs from "node:fs";

const [input, output] = process.argv.slice(2);
const before = fs.readFileSync(input);
const text = before.toString("latin1");

const last = (pattern) => [...text.matchAll(pattern)].at(-1) ?? fail(`nothing matches ${pattern}`);
const [, start] = last(/startxref\s+(\d+)\s+%%EOF/g);
const [, trailer] = last(/trailer\s*<<([\s\S]*?)>>\s*startxref/g);
const [, size] = /\/Size (\d+)/.exec(trailer) ?? fail("no /Size");
const [, root] = /\/Root (\d+ \d+ R)/.exec(trailer) ?? fail("no /Root");
const [info] = /\/Info \d+ \d+ R/.exec(trailer) ?? [""];
const tree = last(/(\d+) 0 obj\s*<<(?:(?!endobj)[\s\S])*?\/Type\s*\/Pages\b[\s\S]*?endobj/g);
const [, kids] = /\/Kids\s*\[([^\]]*)\]/.exec(tree[0]) ?? fail("no /Kids");
const [, count] = /\/Count (\d+)/.exec(tree[0]) ?? fail("no /Count");

const drawing = "BT /F1 24 Tf 72 700 Td (A page that nobody signed) Tj ET";
const [page, content, font] = [0, 1, 2].map((offset) => Number(size) + offset);
const pages = tree[0]
    .replace(/\/Kids\s*\[[^\]]*\]/, `/Kids [${kids.trim()} ${page} 0 R]`)
    .replace(/\/Count \d+/, `/Count ${Number(count) + 1}`);
const objects = new Map([
    [Number(tree[1]), pages],
    [
        page,
        `${page} 0 obj\n<< /Type /Page /Parent ${tree[1]} 0 R /MediaBox [0 0 595 842] /Contents ${content} 0 R `
            + `/Resources << /Font << /F1 ${font} 0 R >> >> >>\nendobj`,
    ],
    [content, `${content} 0 obj\n<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream\nendobj`],
    [font, `${font} 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\nendobj`],
]);

let update = "\n";
let table = "xref\n";
for (const [number, object] of objects) {
    table += `${number} 1\n${String(before.length + update.length).padStart(10, "0")} 00000 n \n`;
    update += `${object}\n`;
}
const xref = before.length + update.length;
update += `${table}trailer\n<< /Size ${Number(size) + 3} /Root ${root} ${info} /Prev ${start} >>\nstartxref\n${xref}\n%%EOF\n`;
fs.writeFileSync(output, Buffer.concat([before, Buffer.from(update, "latin1")]));

function fail(message) {
    throw new Error(`${input}: ${message}`);
}
