// From the server's verdict to what the citizen is told. Decides, draws nothing: everything here is a plain
// function of the verdict, and the tests call it without a browser.

const CONCLUSIONS = ['genuine', 'changed', 'unknown', 'unsigned'];
const STANDINGS = {'TOTAL-PASSED': 'passed', 'TOTAL-FAILED': 'failed'};

// What these say is that the bytes differ, whatever else is known.
const CONTENT_DIFFERS = ['HASH_FAILURE', 'SIG_CRYPTO_FAILURE'];

// The key of the big sentence: "answer.<this>". A word we do not know is the doubtful one.
export function answerOf(verdict, comparison) {
    const conclusion = CONCLUSIONS.includes(verdict.conclusion) ? verdict.conclusion : 'unknown';
    if (conclusion === 'genuine' && comparison === 'other') return 'other';
    if (conclusion === 'changed' && !contentDiffers(verdict)) return 'void';
    if (conclusion === 'unknown' && signaturesOf(verdict).some((one) => standingOf(one) === 'failed'))
        return 'void';
    return conclusion;
}

// A revoked or misused certificate spoils a signature over untouched content: that is no "changed".
function contentDiffers(verdict) {
    return (
        verdict.document?.changed_after_signing !== false
        || signaturesOf(verdict).some((one) => CONTENT_DIFFERS.includes(one.sub_indication))
    );
}

export function signaturesOf(verdict) {
    return Array.isArray(verdict.signatures) ? verdict.signatures : [];
}

export function standingOf(signature) {
    return STANDINGS[signature.indication] ?? 'unknown';
}

// How a file stands to the record of /k/<code>: 'same', 'signers' (same signers, not more is known), 'other',
// or null when there is nothing to compare. The server's own comparison wins where it made one; without it
// the names in a file count only once the file is known to be genuine.
export function compareWithRecord(verdict, record) {
    if (!record) return null;
    if (typeof verdict.matches_code === 'boolean') return verdict.matches_code ? 'same' : 'other';
    if (verdict.conclusion !== 'genuine') return null;
    const wanted = serialsOf(record.signers);
    const found = new Set(serialsOf(verdict.signatures));
    if (wanted.length === 0 || found.size === 0) return null;
    return wanted.every((serial) => found.has(serial)) ? 'signers' : 'other';
}

// Serial numbers are unique only for one issuer (RFC 5280, 4.1.2.2).
function serialsOf(signatures) {
    return (signatures ?? [])
        .filter((one) => one.signer?.serial)
        .map((one) => `${one.signer.issuer} ${one.signer.serial.toLowerCase()}`);
}

export function recordAnswerOf(record) {
    if (record.state === 'recalled') return 'recalled';
    return CONCLUSIONS.includes(record.conclusion) ? record.conclusion : 'unknown';
}

// "127" and "SNV-VP" -> "127/SNV-VP", as it stands on the paper.
export function referenceOf(record) {
    return [record.number, record.notation].filter(Boolean).join('/');
}

// 'whole', {earlier: n, of: m}, {parts: [...]} or null.
export function coverageOf(signature) {
    if (signature.covers === 'whole-file') return 'whole';
    if (Array.isArray(signature.covers) && signature.covers.length > 0)
        return signature.covers.some(isRoot) ? 'whole' : {parts: signature.covers.map(String)};
    const revision = /^revision (\d+) of (\d+)$/.exec(signature.covers ?? '');
    return revision ? {earlier: Number(revision[1]), of: Number(revision[2])} : null;
}

// A signature made over the root element is one over the whole XML document: "/" or "/KetQua", not
// "/KetQua/So".
function isRoot(path) {
    return /^\/[^/]*$/.test(path);
}

// A signature shows what its signer wrote: the best signature time may be no more than the moment of checking
// (EN 319 102-1, 5.2.8.4). A document timestamp is its own proof.
export function timeOf(signature) {
    return signature.type === 'timestamp'
        ? (signature.best_signature_time ?? signature.claimed_time)
        : signature.claimed_time;
}

export function isSeal(signer) {
    return Boolean(signer?.organization) && !signer.title && signer.common_name === signer.organization;
}
