// The same document in the shapes of other writers: order, prefixes, namespaces, what is left out or added.

import {mainFile} from "../invented.mjs";
import {all, behind, element, put, swap, without} from "../spoil.mjs";
import {zip} from "../zip.mjs";
import * as rewrite from "./rewrites.mjs";
import {deviates, read} from "./sample.mjs";

const HOP_2025 =
    "<edXML:TraceHeader><edXML:Timestamp>2025/03/14 10:06:12</edXML:Timestamp></edXML:TraceHeader>";
const HOP_2019 = HOP_2025.replace("<edXML:Timestamp>", "<edXML:OrganId>001.00.20.TT2</edXML:OrganId>$&");

const XMLDSIG = "http://www.w3.org/2000/09/xmldsig#";
const SIGNED = [
    '<SignedInfo><CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>',
    `<SignatureMethod Algorithm="${XMLDSIG}rsa-sha1"/><Reference URI=""><Transforms>`,
    `<Transform Algorithm="${XMLDSIG}enveloped-signature"/></Transforms>`,
    `<DigestMethod Algorithm="${XMLDSIG}sha1"/><DigestValue>AAAAAAAAAAAAAAAAAAAAAAAAAAA=</DigestValue>`,
    "</Reference></SignedInfo><SignatureValue>AAAA</SignatureValue><KeyInfo><X509Data>",
    "<X509SubjectName>CN=Hoàng Văn Thí</X509SubjectName><X509Certificate>AAAA</X509Certificate>",
    "</X509Data></KeyInfo>",
].join("");

/** Each row: the file's name, what it shows, the change, the members of the document that differ. */
export function shapes() {
    return [orders, traces, signatures, prefixes, manifests, texts, delivered].flatMap((rows) => rows());
}

function orders() {
    return [
        read("order-qcvn", "MessageHeader in the order of the QCVN list, DocumentId last", rewrite.qcvnOrder),
        read("order-name-first", "OrganName before OrganizationInCharge", rewrite.organNameFirst),
        read("order-business-first", "Bussiness before TraceHeader, as the library writes",
            rewrite.businessFirst),
        read("response-for-empty", "an empty ResponseFor, as the axis delivered in 2019",
            behind("OtherInfo", "<edXML:ResponseFor />")),
        read("response-for-two", "two ResponseFor, the second in the order of status messages",
            behind("OtherInfo", responseFor("88/UBND-VP", "library") + responseFor("89/UBND-VP", "status"))),
    ];
}

function traces() {
    const list = "<edXML:TraceHeaderList>";
    const actor = "http://schemas.xmlsoap.org/soap/actor/next";
    const attributes = `id="1" version="1.0" mustUnderstand="1" actor="${actor}"`;
    return [
        read("business-absent", "no Bussiness: a new document", without("Bussiness")),
        read("trace-attributes", "TraceHeaderList with the attributes of the .NET writer",
            (text) => swap(text, list, `<edXML:TraceHeaderList ${attributes}>`)),
        read("trace-hop-appended", "a second TraceHeader, appended by the axis of 2019",
            behind("TraceHeader", HOP_2019)),
        read("trace-hop-nameless", "a TraceHeader without OrganId, appended by the axis of 2025",
            behind("TraceHeader", HOP_2025)),
        deviates("trace-organ-null", "a TraceHeader whose OrganId is the text null",
            behind("TraceHeader", HOP_2019.replace("001.00.20.TT2", "null"))),
        read("trace-absent", "an empty TraceHeaderList", all(without("TraceHeader"), without("Bussiness"))),
        deviates("paper-outside", "Paper directly under TraceHeaderList",
            all(without("Paper"), (text) => swap(text, list, `${list}<edXML:Paper>1</edXML:Paper>`))),
        read("direction-absent", "no Direction: only the axis adds it", without("Direction")),
    ];
}

function signatures() {
    const signed = (xml) => (text) => swap(text, "</edXML:edXMLHeader>", `${xml}</edXML:edXMLHeader>`);
    return [
        read("signature-qcvn", "a Signature that fell into the QCVN namespace, with dummy values",
            signed(`<Signature>${SIGNED}</Signature>`)),
        read("signature-xmldsig", "a Signature in the namespace of XML signatures, with dummy values",
            signed(`<Signature xmlns="${XMLDSIG}">${SIGNED}</Signature>`)),
        read("signature-digital", "the empty DigitalSignature of the .NET writer",
            signed("<edXML:DigitalSignature />")),
    ];
}

function prefixes() {
    const bare = (files) => swap(files, "cid:", "");
    const tripled = (files) => swap(files, "cid:", "cid:cid:cid:");
    return [
        read("prefix-none", "no prefixes at all", rewrite.unprefixed),
        read("prefix-other", "another prefix", rewrite.otherPrefix),
        read("prefix-content-none", "ContentTransferEncoded without prefix, before AttachmentName",
            rewrite.contentFirst),
        read("prefix-attachments", "the whole AttachmentEncoded with prefix", rewrite.prefixedAttachments),
        read("prefix-root", "the root with prefix too", rewrite.prefixedRoot),
        read("content-id-bare", "ContentId of the attachment without cid:", rewrite.inAttachments(bare)),
        read("content-id-doubled",
            "cid:cid: in manifest and attachment, as the library makes it in one round",
            (text) => text.replaceAll("cid:", "cid:cid:")),
        read("content-id-tripled", "cid:cid:cid: in the attachment only", rewrite.inAttachments(tripled)),
    ];
}

function manifests() {
    const filesAbsent = (text) => text.replace(/\s*<AttachmentEncoded>.*<\/AttachmentEncoded>/s, "");
    const another = [
        "<edXML:Reference><edXML:ContentId>cid:khong-co</edXML:ContentId>",
        "<edXML:ContentType>application/pdf</edXML:ContentType>",
        "<edXML:AttachmentName>khong-co.pdf</edXML:AttachmentName></edXML:Reference>",
    ].join("");
    return [
        read("manifest-xlink", "Reference with xlink attributes, in the order of the .NET writer",
            rewrite.xlinked),
        read("manifest-name", "Manifest in place of edXMLManifest",
            (text) => text.replaceAll("edXML:edXMLManifest", "edXML:Manifest")),
        deviates("body-absent", "no edXMLBody: the files are there all the same", without("edXMLBody")),
        deviates("manifest-empty", "an edXMLManifest that names no file", without("Reference")),
        deviates("manifest-more", "a Reference to a file that is not there", behind("Reference", another)),
        {...deviates("attachments-absent", "no AttachmentEncoded: no files", filesAbsent), attachments: []},
        read("attachments-empty", "a document without any file", null, {attachments: []}),
        read("library-model", "elements that only the library's model knows", rewrite.libraryModel),
        deviates("element-unknown", "an element that nobody knows",
            behind("Subject", "<edXML:MaKetQua>KQ.G98.000001</edXML:MaKetQua>")),
    ];
}

function texts() {
    const bom = Buffer.from([0xef, 0xbb, 0xbf]);
    const header = "<edXML:edXMLHeader>";
    const spaced = all(
        put("DocumentId", "\n   H99.07,2025/03/14,215/SXD-VP  \n"),
        put("CodeNumber", " 215 "),
        put("Subject", "\r\n  Công văn thử  "),
    );
    return [
        read("text-bom", "a UTF-8 byte order mark", (text) => Buffer.concat([bom, Buffer.from(text)])),
        read("text-crlf", "CRLF at every line end, as the library writes", (text) => text.replaceAll("\n",
            "\r\n")),
        read("text-one-line", "no line ends and no indentation", (text) => text.replace(/\n\s*/g, "")),
        read("text-no-declaration", "no XML declaration", (text) => text.replace(/^<\?xml[^>]*>\n/, "")),
        read("text-comments", "a comment and a processing instruction between the elements",
            (text) => swap(text, header, `<!-- vanthu --><?x y?>${header}`)),
        read("text-cdata", "a subject in CDATA", put("Subject", "<![CDATA[V/v A & B < C]]>")),
        read("text-references", "characters as references", put("Subject", "V&#x1EC1; &#7873; A &amp; B")),
        read("text-spaces", "spaces and line ends around the values", spaced),
        read("text-decomposed", "Vietnamese with combining marks (NFD)",
            put("Subject", "V/v rà soát quy hoạch đường".normalize("NFD"))),
    ];
}

/** Whole packages as the axis was seen to deliver them, several oddities at once. */
function delivered() {
    const main = mainFile();
    const wrapped = {...main, bytes: zip([{name: main.name, bytes: main.bytes}]), content: main.bytes};
    const of2019 = {...wrapped, name: main.name.toUpperCase(), type: "application/zip"};
    const as2019 = all(
        (text) => swap(text, "<edXML:ContentType>application/zip", "<edXML:ContentType>application/pdf"),
        (text) => swap(text, "</edXML:edXMLHeader>", `<Signature>${SIGNED}</Signature></edXML:edXMLHeader>`),
        put("DocumentId", "7d9f2e10-4c83-4d1a-9e57-b1c2d3e4f506"),
        without("TypeDetail"),
        without("Bussiness"),
        behind("OtherInfo", "<edXML:ResponseFor />"),
        behind("TraceHeader", HOP_2019),
    );
    const as2025 = all(
        put("DocumentId", "0f8c3a6d-21b7-4e95-8d40-6a7b8c9d0e1f"),
        without("OrganName"),
        without("Bussiness"),
        behind("TraceHeader", HOP_2025),
    );
    return [
        read("axis-2019", "as the axis delivered in 2019: Signature, empty ResponseFor, the PDF inside a ZIP",
            as2019, {attachments: [of2019]}),
        deviates("axis-2025", "as the axis delivered in 2025: no OrganName, a ZIP under application/pdf",
            as2025, {attachments: [wrapped]}),
    ];
}

function responseFor(number, order) {
    const documentId = `<edXML:DocumentId>H98.21.04,2025/03/01,${number}</edXML:DocumentId>`;
    const date = "<edXML:PromulgationDate>2025/03/01</edXML:PromulgationDate>";
    const issued = order === "status" ? date + documentId : documentId + date;
    const named = `<edXML:OrganId>H98.21.04</edXML:OrganId><edXML:Code>${number}</edXML:Code>`;
    return `<edXML:ResponseFor>${named}${issued}</edXML:ResponseFor>`;
}
