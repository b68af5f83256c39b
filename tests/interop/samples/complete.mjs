// The kinds of message, complete: new, recall, update, replacement, and every status.

import {COMMUNE, MINISTRY, SENDER, document, mainFile, statusAbout} from "../invented.mjs";
import {zip} from "../zip.mjs";
import {read, statusSample} from "./sample.mjs";

const ORIGINAL = document();
const RESPONSE = {
    id: SENDER.id,
    number: "215/SXD-VP",
    documentId: ORIGINAL.documentId,
    date: ORIGINAL.date,
};
const TABLE = Buffer.from("tt,toa do\r\n1,105.8 21.0\r\n2,105.9 21.1\r\n");

/** Who says it, what it says: the receiver of the document, or its sender asking for it back. */
const STATUSES = [
    ["01", COMMUNE, "Văn bản đã đến hệ thống"],
    ["02", COMMUNE, "Văn bản gửi nhầm nơi nhận"],
    ["03", COMMUNE, "Văn thư đã tiếp nhận, vào sổ"],
    ["04", COMMUNE, "Đã phân công xử lý"],
    ["05", COMMUNE, "Đang xử lý"],
    ["06", COMMUNE, "Đã xử lý xong"],
    ["13", SENDER, "Đề nghị lấy lại do sai bản đồ kèm theo"],
    ["15", COMMUNE, "Đồng ý cho lấy lại"],
    ["16", COMMUNE, "Không đồng ý: văn bản đã xử lý xong"],
];

export function complete() {
    return [
        read("new", "a new document with two files: a raw PDF, and a CSV inside a ZIP", null, newDocument()),
        read("recall", "a recall, its target in Bussiness and in ResponseFor", null, recall()),
        read("update", "an update that changes the document and its receivers", null, update()),
        read("replacement", "a replacement that names what it replaces", null, replacement()),
        ...STATUSES.map(([code, from, description]) => {
            const to = from === SENDER ? COMMUNE.id : SENDER.id;
            const message = statusAbout(ORIGINAL, {from, code, description, to});
            return statusSample("read", code, `status ${code}: ${description}`, message);
        }),
    ];
}

function newDocument() {
    const table = {
        id: "5c0e7a12-93d4-4b6f-8a01-77d1c2e4a001",
        name: "bang-toa-do.csv",
        description: "Bảng toạ độ",
        type: "application/zip",
        bytes: zip([{name: "d1f6a2b4-58c3-4e07-9b2d-0a6c7e8f1325.csv", bytes: TABLE}]),
        content: TABLE,
    };
    return {...ORIGINAL, attachments: [mainFile(), table]};
}

function recall() {
    return later("219", "2025/03/17", {
        subject: "V/v thu hồi Công văn số 215/SXD-VP",
        content: "Thu hồi do gửi nhầm nơi nhận",
        responseFor: [RESPONSE],
        business: {documentId: ORIGINAL.documentId, type: "1", reason: "Thu hồi do gửi nhầm nơi nhận"},
    });
}

/** An update keeps DocumentId, number and date of what it updates. */
function update() {
    return {
        ...ORIGINAL,
        due: "2025/04/04",
        subject: "V/v rà soát quy hoạch đường thử nghiệm (gửi lại)",
        trace: [{id: SENDER.id, time: "2025/03/18 14:40:00"}],
        business: {
            ...ORIGINAL.business,
            documentId: ORIGINAL.documentId,
            type: "2",
            reason: "Sửa hạn trả lời; bỏ một nơi nhận, thêm một nơi nhận",
            changed: {
                document: "1",
                receivers: [
                    {id: MINISTRY.id, type: "0"},
                    {id: COMMUNE.id, type: "1"},
                ],
            },
        },
    };
}

function replacement() {
    return later("230", "2025/03/20", {
        subject: "V/v rà soát quy hoạch đường thử nghiệm (thay thế Công văn số 215/SXD-VP)",
        business: {
            type: "3",
            reason: "Thay thế do sai bản đồ kèm theo",
            replaced: [{documentId: ORIGINAL.documentId, receivers: [MINISTRY.id, COMMUNE.id]}],
        },
    });
}

function later(number, date, {business, ...given}) {
    const base = document({number, date, ...given});
    return {...base, business: {...base.business, ...business}};
}
