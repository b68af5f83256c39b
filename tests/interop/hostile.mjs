// What a hostile sender makes of a good package: each row spoils its text, and every reader must refuse it.

import {behind, element, encoded, named, put, swap, twice} from "./spoil.mjs";

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';
const MONSTER = 5 * 1024 * 1024;
const DEPTH = 1_000_000;

function doctype(declarations, words = "&a;") {
    return (text) =>
        swap(put("Subject", words)(text), DECLARATION, `${DECLARATION}\n<!DOCTYPE edXML [${declarations}]>`);
}

function inSubject(bytes) {
    return (text) => {
        const [before, after] = put("Subject", "@@@")(text).split("@@@");
        return Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
    };
}

const LAUGHS = Array.from(
    {length: 9},
    (_, n) => `<!ENTITY ${"bcdefghij"[n]} "${`&${"abcdefghi"[n]};`.repeat(10)}">`,
).join("");

export const HOSTILE = [
    {file: "dtd", sentence: "a document type declaration", spoil: doctype('<!ENTITY a "x">')},
    {
        file: "dtd-empty",
        sentence: "a document type declaration that declares nothing",
        spoil: doctype("", "x"),
    },
    {file: "entity-bomb", sentence: "an entity bomb", spoil: doctype(`<!ENTITY a "haha">${LAUGHS}`, "&j;")},
    {
        file: "entity-file",
        sentence: "an entity that reads a file",
        spoil: doctype('<!ENTITY a SYSTEM "file:///etc/passwd">'),
    },
    {
        file: "entity-parameter",
        sentence: "a parameter entity that asks the network",
        spoil: doctype('<!ENTITY % a SYSTEM "http://127.0.0.1:9/x.dtd"> %a;', "x"),
    },
    {
        file: "monster-name",
        sentence: "a tag whose name has 5 MB",
        spoil: (text) => swap(text, element(text, "Subject"), `<edXML:${"a".repeat(MONSTER)}/>`),
    },
    {
        file: "monster-attribute",
        sentence: "an attribute of 5 MB",
        spoil: (text) => swap(text, "<edXML:Subject>", `<edXML:Subject a="${"b".repeat(MONSTER)}">`),
    },
    {
        file: "monster-attributes",
        sentence: "a tag with 200 000 attributes",
        spoil: (text) =>
            swap(
                text,
                "<edXML:Subject>",
                `<edXML:Subject${Array.from({length: 200_000}, (_, n) => ` a${n}=""`).join("")}>`,
            ),
    },
    {file: "monster-subject", sentence: "a subject of 5 MB", spoil: put("Subject", "c".repeat(MONSTER))},
    {
        file: "deep",
        sentence: "a million elements inside each other",
        spoil: put("Subject", "<a>".repeat(DEPTH) + "</a>".repeat(DEPTH)),
    },
    {
        file: "deep-unclosed",
        sentence: "a million elements that are never closed",
        spoil: (text) =>
            swap(text, element(text, "Subject"), "<a>".repeat(DEPTH)).split("</edXML:MessageHeader>")[0],
    },
    {file: "utf8-lone-byte", sentence: "a byte that is not UTF-8", spoil: inSubject([0xff])},
    {file: "utf8-overlong", sentence: "an overlong UTF-8 form", spoil: inSubject([0xc1, 0x81])},
    {
        file: "utf8-surrogate",
        sentence: "half a surrogate pair in UTF-8",
        spoil: inSubject([0xed, 0xa0, 0x80]),
    },
    {file: "utf8-cut", sentence: "a UTF-8 character cut in two", spoil: inSubject([0xe1, 0xba])},
    {file: "nul", sentence: "a NUL byte", spoil: inSubject([0x00])},
    {
        file: "utf16",
        sentence: "a package in UTF-16",
        spoil: (text) =>
            Buffer.concat([
                Buffer.from([0xff, 0xfe]),
                Buffer.from(text.replace("UTF-8", "UTF-16"), "utf16le"),
            ]),
    },
    {
        file: "base64-cut",
        sentence: "base64 cut where no byte can end",
        spoil: encoded((text) => text.replace(/=+$/, "").slice(0, 41)),
    },
    {
        file: "base64-foreign",
        sentence: "base64 with foreign characters",
        spoil: encoded((text) => `${text.slice(0, 40)}@%@%${text.slice(44)}`),
    },
    {
        file: "base64-after-end",
        sentence: "base64 that goes on behind its padding",
        spoil: encoded((text) => `${text.slice(0, 40)}QQ==${text.slice(40)}`),
    },
    {file: "name-climbs", sentence: "an attachment named ../../etc/passwd", spoil: named("../../etc/passwd")},
    {file: "name-absolute", sentence: "an attachment named /etc/passwd", spoil: named("/etc/passwd")},
    {
        file: "name-backslash",
        sentence: "an attachment named ..\\..\\van-ban.pdf",
        spoil: named("..\\..\\van-ban.pdf"),
    },
    {file: "name-drive", sentence: "an attachment named C:\\van-ban.pdf", spoil: named("C:\\van-ban.pdf")},
    {file: "name-dots", sentence: "an attachment named ..", spoil: named("..")},
    {
        file: "name-newline",
        sentence: "an attachment with a line break in its name",
        spoil: named("van&#10;ban.pdf"),
    },
    {
        file: "name-bidi",
        sentence: "an attachment whose name runs backwards to hide its type",
        spoil: named("van-ban\u202efdp.exe"),
    },
    {file: "two-from", sentence: "two senders", spoil: twice("From")},
    {
        file: "two-document-ids",
        sentence: "two DocumentIds",
        spoil: (text) =>
            swap(
                text,
                element(text, "DocumentId"),
                `${element(text, "DocumentId")}<edXML:DocumentId>khac</edXML:DocumentId>`,
            ),
    },
    {file: "two-subjects", sentence: "two subjects", spoil: twice("Subject")},
    {file: "two-codes", sentence: "two Codes", spoil: twice("Code")},
    {file: "two-organ-ids", sentence: "a sender with two OrganIds", spoil: twice("OrganId")},
    {file: "two-businesses", sentence: "two Bussiness blocks", spoil: twice("Bussiness")},
    {file: "two-message-headers", sentence: "two MessageHeaders", spoil: twice("MessageHeader")},
    {file: "two-headers", sentence: "two edXMLHeaders", spoil: twice("edXMLHeader")},
    {file: "two-bodies", sentence: "two edXMLBodies", spoil: twice("edXMLBody")},
    {
        file: "two-attachment-lists",
        sentence: "two AttachmentEncoded lists",
        spoil: (text) =>
            swap(text, "</AttachmentEncoded>", "</AttachmentEncoded><AttachmentEncoded></AttachmentEncoded>"),
    },
    {
        file: "two-contents",
        sentence: "an attachment with two contents",
        spoil: (text) =>
            swap(text, "</Attachment>", "<ContentTransferEncoded>AAAA</ContentTransferEncoded></Attachment>"),
    },
    {file: "two-roots", sentence: "a second root behind the first", spoil: (text) => `${text}<edXML/>`},
    {file: "garbage-behind", sentence: "bytes behind the end of the package", spoil: (text) => `${text}rest`},
];
