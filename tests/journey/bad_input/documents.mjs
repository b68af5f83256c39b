// What POST /api/v1/documents must refuse. A row changes a good request: `parts` are its form, `header` its header.

import crypto from "node:crypto";
import {pdf} from "../../interop/pdf.mjs";

const MONSTER = 1_000_000;
const ZIP = Buffer.from("504b0506000000000000000000000000000000000000", "hex"); // the smallest: nothing in it

/** The good request that every row spoils. */
export function goodRequest({from, to}) {
    const number = crypto.randomInt(1e9).toString();
    const header = {
        from: {code: from, name: "Sở Nội vụ tỉnh Mẫu"},
        to: [{code: to, name: "UBND xã Giả Định"}],
        number,
        notation: "GP-SNV",
        place: "tỉnh Mẫu",
        date: "2026-11-21",
        type: {group: 2, detail: 23, name: "Giấy chứng nhận"},
        subject: "Kết quả giải quyết thủ tục hành chính",
        signer: {competence: "GIÁM ĐỐC", position: "Giám đốc", name: "Nguyễn Văn Mẫu"},
    };
    return {header, name: `${number}.pdf`, type: "application/pdf", bytes: pdf(`Ket qua ${number}`), more: []};
}

export function partsOf({header, name, type, bytes, more}) {
    const text = typeof header === "string" || Buffer.isBuffer(header) ? header : JSON.stringify(header);
    return [
        {name: "header", type: "application/json", bytes: text},
        {name: "file", filename: name, type, bytes},
        ...more,
    ];
}

const inHeader = (change) => (good) => ({...good, header: {...good.header, ...change(good.header)}});
const asHeader = (text) => (good) => ({...good, header: text});
const named = (name) => (good) => ({...good, name});
const marked = (change) => ({spoil: inHeader(change), status: [422], names: /M[ẬẬ]T|marked|secret/i});

export const BAD_DOCUMENTS = [
    {sentence: "a header that is not JSON", spoil: asHeader("{"), names: /JSON/},
    {sentence: "a header that is a list", spoil: asHeader("[]"), names: /JSON|object/},
    {sentence: "a million lists inside each other", spoil: asHeader("[".repeat(MONSTER)), names: /deep|limit|large|JSON|field/i},
    {sentence: "a header of 8 MB", spoil: inHeader(() => ({subject: "a".repeat(8 << 20)})), names: /limit|long|MB|large|field/i},
    {
        sentence: "a header that is not UTF-8",
        spoil: (good) => ({...good, header: Buffer.concat([Buffer.from('{"subject":"'), Buffer.from([0xff]), Buffer.from('"}')])}),
        names: /UTF-8|JSON/,
    },
    {
        sentence: "a member spelt wrongly, with the nearest name",
        spoil: inHeader(() => ({subjekt: "x"})),
        names: /subjekt.*subject/,
    },
    {
        sentence: "a member twice",
        spoil: (good) => ({...good, header: JSON.stringify(good.header).replace("{", '{"number":"1",')}),
        names: /number|twice|duplicate|JSON/i,
    },
    {sentence: "a date that is none", spoil: inHeader(() => ({date: "2026-02-30"})), names: /date/},
    {sentence: "no recipient", spoil: inHeader(() => ({to: []})), names: /recipient|to\b/i},
    {sentence: "no sender", spoil: inHeader(() => ({from: undefined})), names: /from|sender/i},
    {sentence: "a sender the token may not send for", spoil: inHeader(() => ({from: {code: "H77.01", name: "Khác"}})), status: [403], names: /H77\.01/},
    {sentence: "a recipient's code that is none", spoil: inHeader(() => ({to: [{code: "H99 .05", name: "x"}]})), names: /code|to\b/i},
    {sentence: "a status instead of a document", spoil: inHeader(() => ({kind: "status"})), names: /status|edoc|kind/i},
    {sentence: "a name that climbs out of its folder", spoil: named("../../etc/passwd"), names: /name/i},
    {sentence: "an absolute name", spoil: named("/etc/passwd"), names: /name/i},
    {sentence: "a name with backslashes", spoil: named("..\\..\\van-ban.pdf"), names: /name/i},
    {sentence: "a name that is ..", spoil: named(".."), names: /name/i},
    {sentence: "a name that runs backwards to hide its type", spoil: named("van-ban\u202efdp.exe"), names: /name/i},
    {sentence: "an attachment without a name", spoil: named(""), names: /name/i},
    {sentence: "a ZIP under a PDF type", spoil: (good) => ({...good, bytes: ZIP}), names: /ZIP|PDF/},
    {sentence: "text under a PDF type", spoil: (good) => ({...good, bytes: Buffer.from("không phải PDF")}), names: /PDF/},
    {sentence: "a PDF under a ZIP type", spoil: (good) => ({...good, name: "a.zip", type: "application/zip"}), names: /ZIP/},
    {
        sentence: "two headers",
        spoil: (good) => ({...good, more: [{name: "header", type: "application/json", bytes: "{}"}]}),
        names: /header.*twice|twice|two/i,
    },
    {
        sentence: "a field nobody knows",
        spoil: (good) => ({...good, more: [{name: "headder", type: "text/plain", bytes: "x"}]}),
        names: /headder/,
    },
    {
        sentence: "a key that the token does not list",
        spoil: (good) => ({...good, more: [{name: "sign", type: "text/plain", bytes: "pkcs11:token=other"}]}),
        status: [403],
        names: /other|key/i,
    },
    {sentence: "a subject marked MẬT", ...marked(({subject}) => ({subject: `${subject} (MẬT)`}))},
    {sentence: "a subject that begins with TUYỆT MẬT", ...marked(({subject}) => ({subject: `TUYỆT MẬT: ${subject}`}))},
    {sentence: "a subject marked TỐI MẬT in decomposed letters", ...marked(({subject}) => ({subject: `[TỐI MẬT] ${subject}`.normalize("NFD")}))},
    {sentence: "a file whose name says MẬT", spoil: named("MAT-quyet-dinh (MẬT).pdf"), status: [422], names: /M[ẬẬ]T|secret|marked/i},
];
