// XML that must not be signed or believed.

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';
const LAUGHS = Array.from(
    {length: 9},
    (_, n) => `<!ENTITY ${"bcdefghij"[n]} "${`&${"abcdefghi"[n]};`.repeat(10)}">`,
).join("");

function doctype(declarations, words) {
    return `${DECLARATION}<!DOCTYPE ketQua [${declarations}]><ketQua>${words}</ketQua>`;
}
function around(bytes) {
    return Buffer.concat([Buffer.from(`${DECLARATION}<ketQua>`), Buffer.from(bytes), Buffer.from("</ketQua>")]);
}

export const BAD_XML = [
    {sentence: "a DTD", bytes: doctype('<!ENTITY a "x">', "&a;"), names: /DTD|DOCTYPE/},
    {sentence: "a DTD that declares nothing", bytes: doctype("", "x"), names: /DTD|DOCTYPE/},
    {sentence: "an entity bomb", bytes: doctype(`<!ENTITY a "haha">${LAUGHS}`, "&j;"), names: /DTD|DOCTYPE/},
    {sentence: "an entity that reads a file", bytes: doctype('<!ENTITY a SYSTEM "file:///etc/passwd">', "&a;"), names: /DTD|DOCTYPE/},
    {
        sentence: "a parameter entity that asks the network",
        bytes: doctype('<!ENTITY % a SYSTEM "http://127.0.0.1:9/x.dtd"> %a;', "x"),
        names: /DTD|DOCTYPE/,
    },
    {sentence: "a tag of 5 MB", bytes: `<ketQua><${"a".repeat(5 << 20)}/></ketQua>`, names: /tag/i},
    {sentence: "an attribute of 5 MB", bytes: `<ketQua a="${"b".repeat(5 << 20)}"/>`, names: /tag/i},
    {
        sentence: "200 000 attributes",
        bytes: `<ketQua${Array.from({length: 200_000}, (_, n) => ` a${n}=""`).join("")}/>`,
        names: /tag|attribute/i,
    },
    {
        sentence: "a million elements inside each other",
        bytes: `<ketQua>${"<a>".repeat(1_000_000)}${"</a>".repeat(1_000_000)}</ketQua>`,
        names: /deep/i,
    },
    {sentence: "a million elements never closed", bytes: `<ketQua>${"<a>".repeat(1_000_000)}`, names: /deep|well-formed/i},
    {sentence: "a byte that is not UTF-8", bytes: around([0xff]), names: /UTF-8/},
    {sentence: "an overlong form of UTF-8", bytes: around([0xc1, 0x81]), names: /UTF-8/},
    {sentence: "half a surrogate pair", bytes: around([0xed, 0xa0, 0x80]), names: /UTF-8/},
    {sentence: "a character cut in two", bytes: around([0xe1, 0xba]), names: /UTF-8/},
    {sentence: "a NUL byte", bytes: around([0]), names: /control|well-formed|NUL|UTF-8/i},
    {sentence: "a second root", bytes: "<ketQua/><khac/>", names: /well-formed/},
    {sentence: "an element that is never closed", bytes: "<ketQua><so>127</ketQua>", names: /well-formed/},
].map((row) => ({...row, bytes: Buffer.from(row.bytes)}));
