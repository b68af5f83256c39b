// A PDF of one page with one line of text and an exact cross-reference table; same text, same bytes.

/** text: ASCII without parentheses or backslashes, for it stands in a PDF string as it is. */
export function pdf(text) {
    const drawing = `BT /F1 14 Tf 72 770 Td (${text}) Tj ET`;
    const objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            + "/Resources << /Font << /F1 5 0 R >> >> >>",
        `<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`,
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ];
    let body = "%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n";
    const offsets = objects.map((object, index) => {
        const offset = body.length;
        body += `${index + 1} 0 obj\n${object}\nendobj\n`;
        return offset;
    });
    const table = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
    const size = objects.length + 1;
    body +=
        `xref\n0 ${size}\n0000000000 65535 f \n${table}`
        + `trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`;
    return Buffer.from(body, "latin1");
}
