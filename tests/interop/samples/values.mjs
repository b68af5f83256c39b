// Values as other writers fill them in: codes, ids, numbers, dates, and status messages that are not quite
// right.

import {COMMUNE, SENDER, document, statusAbout} from "../invented.mjs";
import {all, behind, put, swap, without} from "../spoil.mjs";
import {unprefixed} from "./rewrites.mjs";
import {deviates, read, statusSample} from "./sample.mjs";

export function values() {
    return [...agencies(), ...ids(), ...numbers(), ...dates(), ...businesses(), ...statuses()];
}

function agencies() {
    const sender = (id) => ({from: {...SENDER, id}});
    const fax = "<edXML:Fax>0299000008</edXML:Fax>";
    const website = `<edXML:Website>https://sxd.thunghiem.example/${"van-ban/".repeat(8)}</edXML:Website>`;
    const row = (file, note, id) => read(`organ-${file}`, note, null, sender(id));
    return [
        row("old-form", "an agency code in the old form, level one last", "000.00.07.H99"),
        row("old-level-four", "an old code with all four levels", "003.01.07.H99"),
        row("reversed", "new groups in the old direction, as in a vendor's sample", "28.22.H99"),
        row("letters", "a code with letters inside, as enterprises have", "H99.DN.001"),
        row("tenant", "a code of a shared system, in small letters", "vxp.saas.99"),
        row("longest", "a code of 35 characters, the most that is allowed",
            `H99.${"12.".repeat(10)}1`),
        deviates("organ-long", "a code of 50 characters: more than the law has, some peers have them", null,
            sender(`H99.${"12.".repeat(15)}1`)),
        deviates("organ-name-absent", "no OrganName, as the axis delivered in 2025", without("OrganName")),
        read("organ-phone", "a telephone number as people write it",
            put("Telephone", "(84-24) 3900 0098, máy lẻ 5")),
        read("organ-website", "a fax, and a long website", behind("Telephone", fax + website)),
    ];
}

function ids() {
    const row = (file, note, id) => read(`id-${file}`, note, put("DocumentId", id));
    return [
        row("uuid", "a UUID as DocumentId", "3e7d1c52-8a94-4f06-b2d8-5c6e7f809a1b"),
        row("dashes", "agency, year and number as DocumentId", "H99.07-2025-215/SXD-VP"),
        row("integer", "a plain integer as DocumentId", "4711"),
        row("dashed-date", "a DocumentId whose date has dashes", "H99.07,2025-03-14,215/SXD-VP"),
        row("commas", "a DocumentId with more commas than expected", "H99.07,2025/03/14,215,bis/SXD-VP"),
        row("longest", "a DocumentId of 200 characters", "d".repeat(200)),
        deviates("id-absent", "no DocumentId: it is optional on paper only", without("DocumentId")),
        read("code-letters", "a number that is not all digits", put("CodeNumber", "215a")),
        read("code-zeros", "a number with leading zeros", put("CodeNumber", "0000215")),
        deviates("code-long", "a number longer than eleven characters", put("CodeNumber", "215-2025-SXD-01")),
        read("notation-vietnamese", "a notation with Vietnamese letters", put("CodeNotation", "QĐ-UBND")),
        deviates("subject-long", "a subject of 600 characters", put("Subject", "Về việc ".repeat(75))),
    ];
}

function numbers() {
    return [
        deviates("priority-five", "Priority 5, which one system uses for ordinary", put("Priority", "5")),
        deviates("priority-text", "Priority in words", put("Priority", "Khẩn")),
        deviates("priority-empty", "an empty Priority", put("Priority", "")),
        read("priority-absent", "no Priority", without("Priority")),
        deviates("steering-empty", "an empty SteeringType, which crashes the library",
            put("SteeringType", "")),
        deviates("steering-text", "SteeringType in words", put("SteeringType", "chỉ đạo")),
        read("steering-absent", "no SteeringType", without("SteeringType")),
        read("steering-three", "SteeringType 3: a report in one reading, unknown in another",
            put("SteeringType", "3")),
        read("type-list-number", "DocumentType/Type is the number in the list, no TypeDetail",
            all(put("Type", "18"), without("TypeDetail"))),
        read("type-vendor", "Type 1, TypeDetail 0, Công văn: as the vendor's samples say",
            all(put("Type", "1"), put("TypeDetail", "0"))),
        read("type-defaults", "TypeDetail -1, the library's default", put("TypeDetail", "-1")),
        read("type-absent", "no DocumentType", without("DocumentType")),
        deviates("pages-text", "PageAmount in words", put("PageAmount", "ba trang")),
        deviates("copies-huge", "PromulgationAmount beyond any integer",
            put("PromulgationAmount", "99999999999999999999")),
        read("direction-capital", "Direction True, as .NET writes it", put("Direction", "True")),
    ];
}

function dates() {
    return [
        deviates("date-iso", "PromulgationDate with dashes, which the library loses",
            put("PromulgationDate", "2025-03-14")),
        deviates("date-iso-time", "PromulgationDate with time and zone",
            put("PromulgationDate", "2025-03-14T10:05:00+07:00")),
        deviates("date-vietnamese", "PromulgationDate 28/03/2025, which the library takes for the year 33",
            put("PromulgationDate", "28/03/2025")),
        deviates("date-impossible", "DueDate on 30 February", put("DueDate", "2025/02/30")),
        deviates("date-due-vietnamese", "DueDate 28/03/2025", put("DueDate", "28/03/2025")),
        deviates("date-due-empty", "an empty DueDate", put("DueDate", "")),
        deviates("date-trace-iso", "a trace timestamp in ISO 8601", put("Timestamp", "2025-03-14T10:05:00Z")),
    ];
}

function businesses() {
    const base = document();
    const target = {
        id: SENDER.id,
        number: "199/SXD-VP",
        documentId: "H99.07,2025/03/01,199/SXD-VP",
        date: "2025/03/01",
    };
    const recall = (given) => ({business: {...base.business, type: "1", ...given}});
    return [
        read("recall-by-response", "a recall that names its target in ResponseFor only", null,
            {...recall(), responseFor: [target]}),
        read("recall-by-business", "a recall that names its target in Bussiness only", null,
            recall({documentId: target.documentId})),
        deviates("recall-without-target", "a recall that names no target", null, recall()),
        read("paper-pages", "Paper 3: some take it for a count of pages", put("Paper", "3")),
        read("reason-empty", "an empty reason", put("BussinessDocReason", "")),
        read("staff-absent", "no StaffInfo", without("StaffInfo")),
    ];
}

function statuses() {
    const base = statusAbout(document(), {from: COMMUNE, code: "03", description: "Đã tiếp nhận"});
    const row = (expect, file, note, change) => statusSample(expect, file, note, base, change);
    const date = "<edXML:PromulgationDate>2025/03/14</edXML:PromulgationDate>";
    const time = "<edXML:Timestamp>2025/03/14 11:00:00</edXML:Timestamp>";
    const hop = `<edXML:TraceHeader>${time}</edXML:TraceHeader>`;
    const traced = `<edXML:TraceHeaderList>${hop}</edXML:TraceHeaderList></edXML:edXMLHeader>`;
    return [
        row("read", "library-order", "ResponseFor in the order of the library",
            all(without("PromulgationDate"), behind("DocumentId", date))),
        row("read", "no-staff", "no StaffInfo and no Description",
            all(without("StaffInfo"), without("Description"))),
        row("read", "traced", "a TraceHeaderList, appended by a hub",
            (text) => swap(text, "</edXML:edXMLHeader>", traced)),
        row("read", "no-date", "no PromulgationDate of the document answered", without("PromulgationDate")),
        row("read", "unprefixed", "no prefixes at all", unprefixed),
        row("deviation", "code-07", "the code 07, which nobody defined", put("StatusCode", "07")),
        row("deviation", "time-iso", "a timestamp in ISO 8601", put("Timestamp",
            "2025-03-14T10:42:17+07:00")),
        row("deviation", "no-document-id", "no DocumentId of the document answered: number and date must do",
            without("DocumentId")),
    ];
}
