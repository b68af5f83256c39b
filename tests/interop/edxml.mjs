// Writes edXML packages (QCVN 102:2016/BTTTT) as the documented samples of the axis stand: order, prefixes,
// indentation. Takes any values, wrong ones too: what is allowed is for the reader under test to say.

export const NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016";

const DECLARED = `xmlns:edXML="${NAMESPACE}"`;

/** A message of kind edoc; invented.mjs shows the members. Members that are undefined are left out. */
export function edoc(message) {
    const header = ["edXML:edXMLHeader", [messageHeader(message), traceHeaderList(message)]];
    const manifest = ["edXML:edXMLManifest", message.attachments.map(reference), 'version="1.0"'];
    const envelope = ["edXML:edXMLEnvelope", [header, ["edXML:edXMLBody", [manifest]]], DECLARED];
    const files = ["AttachmentEncoded", message.attachments.map(attachment)];
    return write(["edXML", [envelope, files], `xmlns="${NAMESPACE}"`]);
}

/** A message of kind status: no TraceHeaderList, no body, no attachments. */
export function status({from, responseFor, staff, code, description, time}) {
    const {id, number, documentId, date} = responseFor;
    const header = group("MessageHeader", [
        organization("From", from),
        group("ResponseFor", {OrganId: id, Code: number, PromulgationDate: date, DocumentId: documentId}),
        group("StaffInfo", {
            Department: staff.department,
            Staff: staff.name,
            Mobile: staff.mobile,
            Email: staff.mail,
        }),
        ...leaves({StatusCode: code, Description: description, Timestamp: time}),
    ]);
    const envelope = ["edXML:edXMLEnvelope", [["edXML:edXMLHeader", [header]]], DECLARED];
    return write(["edXML", [envelope], `xmlns="${NAMESPACE}"`]);
}

/** In the order that the axis writes. */
function messageHeader(message) {
    const {number, notation, place, date, type, signer} = message;
    return group("MessageHeader", [
        organization("From", message.from),
        ...message.to.map((receiver) => organization("To", receiver)),
        ...leaves({DocumentId: message.documentId}),
        group("Code", {CodeNumber: number, CodeNotation: notation}),
        group("PromulgationInfo", {Place: place, PromulgationDate: date}),
        group("DocumentType", {Type: type.group, TypeDetail: type.detail, TypeName: type.name}),
        ...leaves({Subject: message.subject, Content: message.content}),
        group("SignerInfo", {
            Competence: signer.competence,
            Position: signer.position,
            FullName: signer.name,
        }),
        ...leaves({DueDate: message.due}),
        otherInfo(message.other),
        ...(message.responseFor ?? []).map(responseFor),
        ...leaves({SteeringType: message.steering}),
        group(
            "ToPlaces",
            message.places.flatMap((name) => leaves({Place: name})),
        ),
    ]);
}

function organization(name, {id, inCharge, name: called, address, mail, phone}) {
    return group(name, {
        OrganId: id,
        OrganizationInCharge: inCharge,
        OrganName: called,
        OrganAdd: address,
        Email: mail,
        Telephone: phone,
    });
}

function otherInfo({priority, sphere, typist, copies, pages, direction, appendixes}) {
    return group("OtherInfo", [
        ...leaves({
            Priority: priority,
            SphereOfPromulgation: sphere,
            TyperNotation: typist,
            PromulgationAmount: copies,
            PageAmount: pages,
            Direction: direction,
        }),
        group(
            "Appendixes",
            appendixes.flatMap((name) => leaves({Appendix: name})),
        ),
    ]);
}

function responseFor({id, number, documentId, date}) {
    return group("ResponseFor", {OrganId: id, Code: number, DocumentId: documentId, PromulgationDate: date});
}

function traceHeaderList({trace, business}) {
    const hops = trace.map(({id, time}) => group("TraceHeader", {OrganId: id, Timestamp: time}));
    return group("TraceHeaderList", business ? [...hops, bussiness(business)] : hops);
}

function bussiness({documentId, type, reason, paper, changed, replaced, staff}) {
    return group("Bussiness", [
        ...leaves({
            DocumentId: documentId,
            BussinessDocType: type,
            BussinessDocReason: reason,
            Paper: paper,
        }),
        ...(changed ? [documentInfo(changed)] : []),
        ...(replaced ? [group("ReplacementInfoList", replaced.map(replacementInfo))] : []),
        group("StaffInfo", {
            Department: staff.department,
            Staff: staff.name,
            Email: staff.mail,
            Mobile: staff.mobile,
        }),
    ]);
}

/** receivers: [{id, type}], where type 0 is removed and 1 is added. */
function documentInfo({document, receivers}) {
    const list = receivers.map(({id, type}) => group("Receiver", {OrganId: id, ReceiverType: type}));
    return group("BussinessDocumentInfo", [
        ...leaves({DocumentInfo: document, DocumentReceiver: receivers.length > 0 ? "1" : "0"}),
        group("ReceiverList", list),
    ]);
}

function replacementInfo({documentId, receivers}) {
    return group("ReplacementInfo", [
        ...leaves({DocumentId: documentId}),
        group(
            "OrganIdList",
            receivers.flatMap((id) => leaves({OrganId: id})),
        ),
    ]);
}

function reference({id, type, description, name}) {
    return group("Reference", {
        ContentId: `cid:${id}`,
        ContentType: type,
        Description: description,
        AttachmentName: name,
    });
}

function attachment({id, type, description, name, bytes}) {
    const children = [
        ["ContentId", `cid:${id}`],
        ["AttachmentName", name],
        ["Description", description],
        ["ContentType", type],
        ["edXML:ContentTransferEncoded", bytes.toString("base64"), DECLARED],
    ];
    return ["Attachment", children];
}

/** An element of the envelope, which carries the prefix; children are elements or an object of leaves. */
function group(name, children) {
    return [`edXML:${name}`, Array.isArray(children) ? children : leaves(children)];
}

function leaves(texts) {
    return Object.entries(texts).map(([name, text]) => [`edXML:${name}`, text]);
}

function write(root) {
    return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, "")}`;
}

/** node: [name, text or children, attributes] */
function element([name, content, attributes], indent) {
    if (content === undefined) return "";
    const open = attributes ? `${name} ${attributes}` : name;
    if (!Array.isArray(content))
        return content === ""
            ? `${indent}<${open} />\n`
            : `${indent}<${open}>${escaped(content)}</${name}>\n`;
    const inner = content.map((child) => element(child, `${indent}  `)).join("");
    return `${indent}<${open}>\n${inner}${indent}</${name}>\n`;
}

function escaped(text) {
    return String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
