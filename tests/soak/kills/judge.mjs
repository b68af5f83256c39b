// Afterwards: is everything that was accepted there, once, signed, and did it arrive, once?

import {execFileSync} from "node:child_process";
import fs from "node:fs";
import path from "node:path";

/** The decoded attachments of a package, of our own writing or of the senders'. */
function attachments(file) {
    const text = file.toString("utf8");
    return [...text.matchAll(/ContentTransferEncoded[^>]*>([^<]+)</g)].map(([, base64]) =>
        Buffer.from(base64.replace(/\s/g, ""), "base64"),
    );
}

function validToPdfsig(folder, name, bytes) {
    const file = path.join(folder, `${name}.pdf`);
    fs.writeFileSync(file, bytes);
    const said = execFileSync("pdfsig", ["-nocert", file], {encoding: "utf8", stdio: ["ignore", "pipe", "ignore"]});
    fs.unlinkSync(file);
    return said.match(/Signature is Valid\./g)?.length ?? 0;
}

export class Judge {
    constructor(check) {
        this.check = check;
    }

    /** Each row must hold for every item; says which do not. */
    all(sentence, items, holds) {
        const wrong = items.filter((item) => !holds(item)).map(({documentId, id}) => `${documentId} (${id})`);
        this.check(`${sentence} (${items.length})`, wrong.length === 0 && items.length > 0, wrong.slice(0, 5));
    }

    /** shown: id → what GET /documents/{id} says; listed: what the list says. */
    documents(accepted, shown, listed) {
        const times = countBy(listed, ({document_id: documentId}) => documentId);
        this.all("no two receipts are alike", accepted, ({id}) => accepted.filter((one) => one.id === id).length === 1);
        this.all("every accepted document is known by its id", accepted, ({id}) => shown.get(id)?.id === id);
        this.all("every accepted document exists exactly once", accepted, (one) => times.get(one.documentId) === 1);
        this.all("nothing else was accepted", listed, ({id}) => accepted.some((one) => one.id === id));
        this.all("every document is routed", accepted, ({id}) => shown.get(id)?.stage === "routed");
        this.all("to one recipient, who has taken it over", accepted, ({id}) => {
            const deliveries = shown.get(id)?.deliveries ?? [];
            return deliveries.length === 1 && deliveries[0].state === "done";
        });
    }

    /** copies: receiver's id → {documentId, file} */
    arrivals(accepted, copies) {
        const times = countBy([...copies.values()], ({documentId}) => documentId);
        this.all("every accepted document arrived exactly once", accepted, (one) => times.get(one.documentId) === 1);
        const known = new Set(accepted.map(({documentId}) => documentId));
        this.all("nothing arrived that was not accepted", [...copies.values()], ({documentId}) => known.has(documentId));
    }

    /** Those handed in over the API bear two signatures, those sent as packages are as they were. */
    contents(copies, {signedIds, sentPdf, folder}) {
        const all = [...copies].map(([id, copy]) => ({id, ...copy, files: attachments(copy.file)}));
        const signed = all.filter(({documentId}) => signedIds.has(documentId));
        this.all("what was to be signed is valid to pdfsig, twice", signed, ({id, files}) =>
            files.some((file) => file.includes("/ByteRange") && validToPdfsig(folder, id, file) === 2),
        );
        this.all(
            "what came as a package arrived unchanged",
            all.filter(({documentId}) => !signedIds.has(documentId)),
            ({files}) => files[0]?.equals(sentPdf),
        );
    }
}

function countBy(items, key) {
    const counts = new Map();
    for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
    return counts;
}
