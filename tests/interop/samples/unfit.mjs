// What no reader can take although nobody meant harm: other generations, missing parts, state secrets.

import {NAMESPACE} from "../edxml.mjs";
import {COMMUNE, document, statusAbout} from "../invented.mjs";
import {behind, put, swap, twice, without} from "../spoil.mjs";
import {unprefixed} from "./rewrites.mjs";
import {deviates, read, refuse, statusSample} from "./sample.mjs";

export function unfit() {
    return [...generations(), ...parts(), ...secrets(), ...statuses()];
}

function generations() {
    const namespace = (uri) => (text) => text.replaceAll(NAMESPACE, uri);
    return [
        refuse("unfit-namespace-invented", "a namespace that an integrator invented",
            namespace("http://www.go.vn/eDoc")),
        refuse("unfit-namespace-old", "the generation before QCVN 102",
            namespace("http://www.e-doc.vn/Schema/")),
        refuse("unfit-namespace-none", "no namespace at all",
            (text) => unprefixed(text).replace(/ xmlns="[^"]*"/, "")),
        refuse("unfit-digits-first", "stray digits before the declaration, as in one vendor's sample",
            (text) => `102${text}`),
        refuse("unfit-blank-first", "an empty line before the declaration", (text) => `\n${text}`),
        refuse("unfit-root", "another root", () => '<?xml version="1.0" encoding="UTF-8"?>\n<hello/>\n'),
        refuse("unfit-empty", "nothing at all", () => ""),
        refuse("unfit-cut", "the second half is missing", (text) => text.slice(0, text.length >> 1)),
        refuse("unfit-latin", "another encoding declared", (text) => swap(text, "UTF-8", "ISO-8859-1")),
    ];
}

function parts() {
    return [
        refuse("unfit-no-from", "no sender", without("From")),
        refuse("unfit-no-from-code", "a sender without OrganId", without("OrganId")),
        refuse("unfit-no-to", "no receiver", null, {to: []}),
        refuse("unfit-no-message-header", "no MessageHeader", without("MessageHeader")),
        refuse("unfit-no-header", "no edXMLHeader", without("edXMLHeader")),
        refuse("unfit-business-type", "a BussinessDocType that does not exist", put("BussinessDocType", "9")),
        refuse("unfit-business-type-text", "a BussinessDocType in words", put("BussinessDocType", "thu hồi")),
        refuse("unfit-organ-id-long", "a code longer than any column that peers have", null,
            {from: {...document().from, id: `H99.${"1".repeat(60)}`}}),
        refuse("unfit-organ-id-spaces", "a code with a space inside", null,
            {from: {...document().from, id: "H99 07"}}),
        deviates("receiver-twice", "one receiver named twice: it gets one copy", twice("To")),
    ];
}

const MARKS = Object.entries({mat: "MẬT", "toi-mat": "TỐI MẬT", "tuyet-mat": "TUYỆT MẬT"});

function secrets() {
    const base = document();
    const titled = (subject) => ({subject});
    const marked = ([file, word]) => [
        refuse(`unfit-${file}-sphere`, `the sphere of promulgation is ${word}`, null,
            {other: {...base.other, sphere: word}}),
        refuse(`unfit-${file}-subject`, `the subject is marked ${word}`, null,
            titled(`(${word}) Kế hoạch diễn tập thử nghiệm`)),
    ];
    return [
        ...MARKS.flatMap(marked),
        refuse("unfit-mat-decomposed", "the mark is written with combining marks (NFD)", null,
            titled("[TỐI MẬT] Kế hoạch diễn tập".normalize("NFD"))),
        refuse("unfit-mat-degree", "the subject names its degree", null, titled("Kế hoạch. Độ mật: Tối mật")),
        refuse("unfit-mat-type", "the type of the document says it", null,
            {type: {...base.type, name: "Công văn mật"}}),
        refuse("unfit-mat-element", "OtherInfo/Secret, an element of the older generation",
            behind("Priority", "<edXML:Secret>Mật</edXML:Secret>")),
        ...innocents(titled),
    ];
}

/** Words in which mật means something else: a reader that refuses these is of no use. */
function innocents(titled) {
    const about = "V/v bảo đảm an toàn, bảo mật thông tin và phòng, chống lộ, lọt bí mật nhà nước";
    return [
        read("innocent-protection", "a document about protecting secrets is none", null, titled(about)),
        read("innocent-cipher", "mật mã is cryptography", null, titled("V/v sản phẩm mật mã dân sự")),
        read("innocent-honey", "mật ong is honey", null, titled("V/v hỗ trợ hộ nuôi ong lấy mật")),
        read("innocent-density", "mật độ is density", null, titled("MẬT ĐỘ XÂY DỰNG tại khu thử nghiệm")),
    ];
}

function statuses() {
    const base = statusAbout(document(), {from: COMMUNE, code: "03", description: "Đã tiếp nhận"});
    const row = (file, note, change) => statusSample("refuse", `unfit-${file}`, note, base, change);
    return [
        row("no-response", "a status that does not say of what", without("ResponseFor")),
        row("no-code", "a status without StatusCode", without("StatusCode")),
        row("code-text", "a StatusCode in words", put("StatusCode", "đã nhận")),
        row("two-codes", "two StatusCodes", twice("StatusCode")),
        row("two-responses", "two ResponseFor: one status speaks of one document", twice("ResponseFor")),
    ];
}
