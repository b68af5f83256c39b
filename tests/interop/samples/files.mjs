// Attachments as they really come: wrapped and not, under true and wrong media types, in base64 of every
// taste.

import {mainFile} from "../invented.mjs";
import {encoded, put, swap} from "../spoil.mjs";
import {zip} from "../zip.mjs";
import {deviates, read, refuse} from "./sample.mjs";

const ZIP = "application/zip";
const PDF = "application/pdf";
const OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const OPEN_XML = "http://schemas.openxmlformats.org/wordprocessingml/2006";

const UUID = "9a4b1c6e-70d2-4f38-8e15-2d3c4b5a6978"; // the library names the entry so
const SMALL = Buffer.from("tt,ten\r\n1,Đường Thử Nghiệm\r\n");
const OLE2 = Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(1528, 7)]);
const DOCX = zip([
    {name: "[Content_Types].xml", bytes: Buffer.from(`<Types xmlns="${OPEN_XML}/content-types"/>`)},
    {name: "word/document.xml", bytes: Buffer.from(`<document xmlns="${OPEN_XML}/main"/>`)},
]);

export function files() {
    const rows = [wrappers, badWrappers, types, badTypes, base64, names].flatMap((table) => table());
    return rows.map((row) => ({...row, file: `file-${row.file}`}));
}

/** The members of a document that has this one file; `content` is what it is after unwrapping. */
function file(name, type, bytes, content = bytes) {
    const id = "5c0e7a12-93d4-4b6f-8a01-77d1c2e4b001";
    return {attachments: [{id, name, description: "Tệp kèm theo", type, bytes, content}]};
}

function inZip(bytes, ...entries) {
    return zip(entries.map((name) => ({name, bytes})));
}

function wrappers() {
    const {bytes: pdf} = mainFile();
    return [
        read("pdf-in-zip-2019", "a PDF inside a ZIP under application/zip, its name ending in .PDF", null,
            file("215.SIGNED.PDF", ZIP, inZip(pdf, "215.signed.pdf"), pdf)),
        deviates("pdf-in-zip-2025", "a PDF inside a ZIP under application/pdf", null,
            file("215.pdf", PDF, inZip(pdf, "215.pdf"), pdf)),
        read("csv-in-zip", "a CSV inside a ZIP, the entry named by a UUID", null,
            file("bang.csv", ZIP, inZip(SMALL, `${UUID}.csv`), SMALL)),
        read("xls-in-zip", "an old Excel file inside a ZIP: the library misspells xls", null,
            file("bang.xls", ZIP, inZip(OLE2, `${UUID}.xls`), OLE2)),
        read("docx-in-zip", "a Word file, itself a ZIP, inside a ZIP", null,
            file("cv.docx", ZIP, inZip(DOCX, `${UUID}.docx`), DOCX)),
        read("no-extension-in-zip", "a file without extension, the entry called .unk", null,
            file("BANGKE", ZIP, inZip(SMALL, `${UUID}.unk`), SMALL)),
        read("zip-stays", "a ZIP that the sender attached as a ZIP stays one", null,
            file("ho-so.zip", ZIP, inZip(SMALL, "bang.csv"))),
        read("zip-of-two-stays", "a ZIP of two files that is named .zip stays one", null,
            file("ho-so.zip", ZIP, inZip(SMALL, "a.csv", "b.csv"))),
        read("entry-climbs", "a wrapper whose entry is named ../../etc/x.csv: that name is never used", null,
            file("bang.csv", ZIP, inZip(SMALL, "../../etc/x.csv"), SMALL)),
    ];
}

function badWrappers() {
    const {bytes: pdf} = mainFile();
    return [
        refuse("zip-of-two-as-pdf", "a ZIP of two files under a PDF's name and type", null,
            file("215.pdf", PDF, inZip(pdf, "a.pdf", "b.pdf"))),
        refuse("zip-of-two-as-csv", "a wrapper with two entries: nobody can say which is the file", null,
            file("bang.csv", ZIP, inZip(SMALL, "a.csv", "b.csv"))),
        refuse("zip-cut", "a wrapper that was cut off", null,
            file("bang.csv", ZIP, inZip(SMALL, "a.csv").subarray(0, 60))),
        refuse("zip-bomb", "64 MB of zeros in a wrapper of 64 kB", null,
            file("bang.csv", ZIP, inZip(Buffer.alloc(64 << 20), "a.csv"))),
    ];
}

function types() {
    const {bytes: pdf} = mainFile();
    return [
        read("doc", "an old Word file, raw, under the library's application/doc", null,
            file("cv.doc", "application/doc", OLE2)),
        read("docx", "a Word file, raw, under the library's application/docx", null,
            file("cv.docx", "application/docx", DOCX)),
        read("docx-office-type", "a Word file under its real media type", null, file("cv.docx",
            OFFICE, DOCX)),
        read("octets", "a PDF under application/octet-stream", null, file("215.pdf",
            "application/octet-stream", pdf)),
        read("type-case", "a media type in capitals, with a parameter", null,
            file("215.pdf", "Application/PDF; name=215.pdf", pdf)),
        deviates("pdf-as-zip", "a raw PDF under application/zip, its name ending in .pdf",
            null, file("215.pdf", ZIP, pdf)),
        deviates("type-absent", "no ContentType in the attachment",
            (text) => swap(text, `      <ContentType>${PDF}</ContentType>\n`, ""), file("215.pdf", PDF, pdf)),
    ];
}

function badTypes() {
    const {bytes: pdf} = mainFile();
    const asText = Buffer.from(Buffer.concat([pdf, Buffer.alloc(900, 0xf7)]).toString("utf8"), "utf8");
    return [
        refuse("pdf-damaged", "a PDF that was decoded as text: its bytes are U+FFFD", null, file("215.pdf",
            PDF, asText)),
        refuse("not-pdf", "a text under a PDF's name and type", null, file("215.pdf", PDF, SMALL)),
        refuse("pdf-named-zip", "a PDF under a ZIP's name and type", null, file("ho-so.zip", ZIP, pdf)),
    ];
}

function base64() {
    const {bytes: pdf} = mainFile();
    const whole = file("215.pdf", PDF, pdf);
    const lines = (end) => (text) => text.replace(/.{76}/g, `$&${end}`);
    return [
        read("base64-unpadded", "base64 without its padding", encoded((text) => text.replace(/=+$/, "")),
            file("215.pdf", PDF, dueForPadding(pdf))),
        read("base64-lines", "base64 in lines of 76 characters", encoded(lines("\n")), whole),
        read("base64-crlf", "base64 in lines that end in CRLF", encoded(lines("\r\n")), whole),
        read("base64-references", "base64 in lines that end in &#13;, as .NET escapes a carriage return",
            encoded(lines("&#13;\n")), whole),
        read("base64-spaces", "white space around the base64",
            encoded((text) => `\n\t   ${text}\n   `), whole),
        read("base64-cdata", "base64 in CDATA", encoded((text) => `<![CDATA[${text}]]>`), whole),
        deviates("content-empty", "a file without content", null,
            file("bang.csv", "text/csv", Buffer.alloc(0))),
        refuse("content-empty-pdf", "a PDF without content is none", null,
            file("215.pdf", PDF, Buffer.alloc(0))),
    ];
}

/** The PDF with line ends behind it until its base64 ends in padding. */
function dueForPadding(pdf) {
    const bytes = Buffer.concat([pdf, Buffer.from("\n")]);
    return bytes.length % 3 === 0 ? dueForPadding(bytes) : bytes;
}

function names() {
    const main = mainFile();
    const named = (name) => file(name, PDF, main.bytes);
    return [
        read("name-vietnamese", "a name with spaces and Vietnamese letters",
            null, named("215 Công văn (bản chính).pdf")),
        read("name-ampersand", "a name with an ampersand and brackets", null, named("A & B <1>.pdf")),
        read("name-dots", "a name with two dots inside, which is no path", null, named("215..signed.pdf")),
        read("name-twice", "two files of one name", null,
            {attachments: [main, {...mainFile("216"), name: main.name}]}),
        deviates("name-differs", "the manifest calls the file otherwise", put("AttachmentName", "khac.pdf")),
        read("description-empty", "an empty description", put("Description", "")),
    ];
}
