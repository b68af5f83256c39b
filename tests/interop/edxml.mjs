// Writes edXML packages (QCVN 102:2016/BTTTT) as the documented samples of the axis stand: order, prefixes,
// indentation. Takes any values, wrong ones too: what is allowed is for the reader under test to say.

export const NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016";

const DECLARED = `xmlns:edXML="${NAMESPACE}"`;

/** A message of kind edoc; see invented.mjs for the members. Members that are undefined are left out. */
export function edoc(message) {
    const header = [messageHeader(message), traceHeaderList(message)];
    return write(["edXML", [
        ["edXML:edXMLEnvelope", [
            ["edXML:edXMLHeader", header],
            ["edXML:edXMLBody", [["edXML:edXMLManifest", message.attachments.map(reference), 'version="1.0"']]],
        ], DECLARED],
        ["AttachmentEncoded", message.attachments.map(attachment)],
    ], `xmlns="${NAMESPACE}"`]);
}

/** A message of kind status: no TraceHeaderList, no body, no attachments. */
export function status({from, responseFor, staff, code, description, time}) {
    const {id, number, documentId, date} = responseFor;
    const header = group("MessageHeader", [
        organization("From", from),
        group("ResponseFor", [["OrganId", id], ["Code", number], ["PromulgationDate", date], ["DocumentId", documentId]]),
        staff && group("StaffInfo", [["Department", staff.department], ["Staff", staff.name], ["Mobile", staff.mobile],
            ["Email", staff.mail]]),
        ["StatusCode", code], ["Description", description], ["Timestamp", time],
    ]);
    return write(["edXML", [
        ["edXML:edXMLEnvelope", [["edXML:edXMLHeader", [header]]], DECLARED],
    ], `xmlns="${NAMESPACE}"`]);
}

/** Each part of MessageHeader by its name, in the order that the axis writes. */
function messageHeader(message) {
    const {number, notation, place, date, type, signer} = message;
    return group("MessageHeader", [
        organization("From", message.from),
        ...message.to.map((receiver) => organization("To", receiver)),
        ["DocumentId", message.documentId],
        group("Code", [["CodeNumber", number], ["CodeNotation", notation]]),
        group("PromulgationInfo", [["Place", place], ["PromulgationDate", date]]),
        group("DocumentType", [["Type", type?.group], ["TypeDetail", type?.detail], ["TypeName", type?.name]]),
        ["Subject", message.subject],
        ["Content", message.content],
        signer && group("SignerInfo", [["Competence", signer.competence], ["Position", signer.position],
            ["FullName", signer.name]]),
        ["DueDate", message.due],
        otherInfo(message.other),
        ...(message.responseFor ?? []).map(responseFor),
        ["SteeringType", message.steering],
        message.places && group("ToPlaces", message.places.map((name) => ["Place", name])),
    ]);
}

function organization(name, {id, inCharge, name: called, address, mail, phone, fax, website}) {
    return group(name, [["OrganId", id], ["OrganizationInCharge", inCharge], ["OrganName", called], ["OrganAdd", address],
        ["Email", mail], ["Telephone", phone], ["Fax", fax], ["Website", website]]);
}

function otherInfo(other) {
    return other && group("OtherInfo", [
        ["Priority", other.priority], ["SphereOfPromulgation", other.sphere], ["TyperNotation", other.typist],
        ["PromulgationAmount", other.copies], ["PageAmount", other.pages], ["Direction", other.direction],
        other.appendixes && group("Appendixes", other.appendixes.map((name) => ["Appendix", name])),
    ]);
}

function responseFor({id, number, documentId, date}) {
    return group("ResponseFor", [["OrganId", id], ["Code", number], ["DocumentId", documentId], ["PromulgationDate", date]]);
}

function traceHeaderList({trace, business}) {
    return group("TraceHeaderList", [
        ...trace.map(({id, time}) => group("TraceHeader", [["OrganId", id], ["Timestamp", time]])),
        business && group("Bussiness", [
            ["DocumentId", business.documentId], ["BussinessDocType", business.type], ["BussinessDocReason", business.reason],
            ["Paper", business.paper], changed(business.changed), replaced(business.replaced),
            group("StaffInfo", [["Department", business.staff.department], ["Staff", business.staff.name],
                ["Email", business.staff.mail], ["Mobile", business.staff.mobile]]),
        ]),
    ]);
}

function changed(change) {
    return change && group("BussinessDocumentInfo", [
        ["DocumentInfo", change.document], ["DocumentReceiver", change.receivers.length > 0 ? "1" : "0"],
        group("ReceiverList", change.receivers.map(({id, type}) =>
            group("Receiver", [["OrganId", id], ["ReceiverType", type]]))),
    ]);
}

function replaced(replacements) {
    return replacements && group("ReplacementInfoList", replacements.map(({documentId, receivers}) =>
        group("ReplacementInfo", [["DocumentId", documentId],
            group("OrganIdList", receivers.map((id) => ["OrganId", id]))])));
}

function reference({id, type, description, name}) {
    return group("Reference", [["ContentId", `cid:${id}`], ["ContentType", type], ["Description", description],
        ["AttachmentName", name]]);
}

function attachment({id, type, description, name, bytes}) {
    return ["Attachment", [["ContentId", `cid:${id}`], ["AttachmentName", name], ["Description", description],
        ["ContentType", type], ["edXML:ContentTransferEncoded", bytes.toString("base64"), DECLARED]]];
}

/** An element of the header: it and its children carry the prefix edXML. */
function group(name, children) {
    const named = children.filter(Boolean).map((child) => prefixed(child));
    return [`edXML:${name}`, named];
}

function prefixed([name, ...rest]) {
    return [name.startsWith("edXML:") ? name : `edXML:${name}`, ...rest];
}

function write(root) {
    return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, "")}`;
}

/** node: [name, text or children, attributes] */
function element([name, content, attributes], indent) {
    if (content === undefined)
        return "";
    const open = attributes ? `${name} ${attributes}` : name;
    if (!Array.isArray(content))
        return content === "" ? `${indent}<${open} />\n` : `${indent}<${open}>${escaped(content)}</${name}>\n`;
    const inner = content.map((child) => element(child, `${indent}  `)).join("");
    return `${indent}<${open}>\n${inner}${indent}</${name}>\n`;
}

function escaped(text) {
    return String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
