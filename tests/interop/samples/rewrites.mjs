// Whole rewrites of a package's text into the shape of another writer.

import {NAMESPACE} from "../edxml.mjs";
import {all, behind, element, swap} from "../spoil.mjs";

export const DECLARED = `xmlns:edXML="${NAMESPACE}"`;

/** The list of fourteen items of QCVN 102:2016, whose order the .NET writer follows. */
const QCVN_ORDER =
    "From To Code PromulgationInfo DocumentType Subject Content SignerInfo DueDate ToPlaces OtherInfo"
    + " ResponseFor SteeringType DocumentId";

export function qcvnOrder(text) {
    const header = element(text, "MessageHeader");
    const children = header.split(/\n {8}(?=<edXML:\w+>)/).slice(1);
    children.push(children.pop().replace(/\s*<\/edXML:MessageHeader>$/, ""));
    const ordered = QCVN_ORDER.split(" ").flatMap((name) =>
        children.filter((child) => child.startsWith(`<edXML:${name}>`)),
    );
    const body = ordered.map((child) => `\n        ${child}`).join("");
    return swap(text, header, `\n      <edXML:MessageHeader>${body}\n      </edXML:MessageHeader>`);
}

export function organNameFirst(text) {
    const name = element(text, "OrganName");
    const inCharge = element(text, "OrganizationInCharge");
    return swap(swap(text, name, ""), inCharge, name + inCharge);
}

export function businessFirst(text) {
    const business = element(text, "Bussiness");
    return swap(swap(text, business, ""), "<edXML:TraceHeaderList>", `<edXML:TraceHeaderList>${business}`);
}

export function unprefixed(text) {
    return text.replaceAll(` ${DECLARED}`, "").replaceAll("edXML:", "");
}

export function otherPrefix(text) {
    return text.replaceAll("xmlns:edXML=", "xmlns:q=").replace(/<(\/?)edXML:/g, "<$1q:");
}

/** ContentTransferEncoded without prefix and before AttachmentName, as the .NET writer has it. */
export function contentFirst(text) {
    const [content] = /\s*<(edXML:ContentTransferEncoded)[^>]*>[^<]*<\/\1>/.exec(text);
    return swap(swap(text, content, ""), "<AttachmentName>", `${unprefixed(content)}<AttachmentName>`);
}

export function prefixedAttachments(text) {
    const names = /<(\/?)(AttachmentEncoded|Attachment|ContentId|AttachmentName|Description|ContentType)>/g;
    return inAttachments((files) => files.replace(names, "<$1edXML:$2>"))(text).replace(
        "<edXML:AttachmentEncoded>",
        `<edXML:AttachmentEncoded ${DECLARED}>`,
    );
}

export function prefixedRoot(text) {
    const prefixed = prefixedAttachments(text);
    const opened = swap(prefixed, `<edXML xmlns="${NAMESPACE}">`, `<edXML:edXML ${DECLARED}>`);
    return swap(opened, "</edXML>", "</edXML:edXML>");
}

/** change is made in AttachmentEncoded only, not in the envelope. */
export function inAttachments(change) {
    return (text) => {
        const at = text.indexOf("<AttachmentEncoded>");
        return text.slice(0, at) + change(text.slice(at));
    };
}

export function xlinked(text) {
    const reference = element(text, "Reference");
    const value = (name) => new RegExp(`<edXML:${name}>([^<]*)<`).exec(reference)[1];
    const leaf = (name) => `<edXML:${name}>${value(name)}</edXML:${name}>`;
    const children = ["Description", "AttachmentName", "ContentType", "ContentId"].map(leaf).join("");
    const attributes =
        `xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="${value("ContentId")}"`
        + ' xlink:role="XLinkRole" xlink:type="simple"';
    return swap(text, reference, `<edXML:Reference ${attributes}>${children}</edXML:Reference>`);
}

/** Elements that the public library's model has and nobody has seen on the wire. */
export function libraryModel(text) {
    const code = "<edXML:ReferenceCode>12/UBND-VP</edXML:ReferenceCode>";
    const task = "<edXML:ResponseForTask><edXML:TaskCode>NV-01</edXML:TaskCode></edXML:ResponseForTask>";
    const type = "<edXML:ApplicationType>QLVB</edXML:ApplicationType>";
    const attachment = "<FieldName>file</FieldName><MimeType>application/pdf</MimeType><Format>pdf</Format>";
    return all(
        behind("PageAmount", `<edXML:ReplyFors /><edXML:ReferenceCodes>${code}</edXML:ReferenceCodes>`),
        behind("SteeringType", task + type),
        (changed) => swap(changed, "<ContentType>", `${attachment}<ContentType>`),
    )(text);
}
