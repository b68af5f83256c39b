// Invented agencies, people and documents. H99, H98 and G98 are unassigned codes; all names mean "sample".

import {pdf} from "./pdf.mjs";

export const SENDER = {
    id: "H99.07",
    inCharge: "Ủy ban nhân dân tỉnh Thử Nghiệm",
    name: "Sở Xây dựng tỉnh Thử Nghiệm",
    address: "Số 12 phố Giả Sử, tỉnh Thử Nghiệm",
    mail: "vanthu@sxd.thunghiem.example",
    phone: "0299000007",
};

export const MINISTRY = {
    id: "G98",
    inCharge: "Bộ Minh họa",
    name: "Bộ Minh họa",
    address: "Số 3 đường Ví Von, Hà Nội",
    mail: "vanthu@minhhoa.example",
    phone: "0249000098",
};

export const COMMUNE = {
    id: "H98.21.04",
    inCharge: "UBND tỉnh Tưởng Tượng",
    name: "UBND phường Bến Mơ",
    address: "Phường Bến Mơ, tỉnh Tưởng Tượng",
    mail: "vanthu@benmo.example",
    phone: "0298000021",
};

const CLERK = {department: "Bộ phận Văn thư", name: "Đỗ Thị Thử", mail: SENDER.mail, mobile: "0900000007"};

/** A new document (type 0) from `from` to `to`: ids and agencies invented unless they are given. */
export function document({
    from = SENDER,
    to = [MINISTRY, COMMUNE],
    number = "215",
    date = "2025/03/14",
    ...given
} = {}) {
    return {
        from,
        to,
        number,
        date,
        notation: "SXD-VP",
        documentId: `${from.id},${date},${number}/SXD-VP`,
        place: "tỉnh Thử Nghiệm",
        type: {group: "2", detail: "18", name: "Công văn"},
        subject: "V/v rà soát quy hoạch đường thử nghiệm",
        content: "Đề nghị rà soát và gửi ý kiến về quy hoạch đường thử nghiệm",
        signer: {competence: "KT. GIÁM ĐỐC", position: "Phó Giám đốc", name: "Hoàng Văn Thí"},
        due: "2025/03/28",
        other: {
            priority: "1",
            sphere: "Các cơ quan nhận văn bản",
            typist: "ĐTT",
            copies: "2",
            pages: "3",
            direction: "false",
            appendixes: ["Bảng toạ độ kèm theo"],
        },
        steering: "0",
        places: ["Như trên", "Lưu: VT, QH"],
        trace: [{id: from.id, time: `${date} 10:05:00`}],
        business: {type: "0", reason: "Văn bản điện tử mới", paper: "0", staff: CLERK},
        attachments: [mainFile(number)],
        ...given,
    };
}

export function mainFile(number = "215") {
    return {
        id: `5c0e7a12-93d4-4b6f-8a01-77d1c2e4${number.padStart(4, "0").slice(-4)}`,
        name: `${number}-sxd-vp.signed.pdf`,
        description: "Văn bản chính",
        type: "application/pdf",
        bytes: pdf(`Cong van so ${number}/SXD-VP`),
    };
}

/** A status message about `document`, said by `from` to its other party. */
export function statusAbout(
    document,
    {from, code, description, time = "2025/03/14 10:42:17", to = document.from.id},
) {
    return {
        from,
        code,
        description,
        time,
        responseFor: {
            id: to,
            number: `${document.number}/${document.notation}`,
            documentId: document.documentId,
            date: document.date,
        },
        staff: {
            department: "Văn phòng HĐND và UBND",
            name: "Vũ Thị Nhận",
            mail: from.mail,
            mobile: "0900000021",
        },
    };
}
