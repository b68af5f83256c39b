// When do our verdict and what others say of a sample agree? Verification runs without trust anchors, so that an honest
// file is INDETERMINATE; what can be compared is what the bytes say.
//
// Integrity, for each signature (time-stamps and counter-signatures are not counted). Ours is
//   broken     TOTAL-FAILED with HASH_FAILURE, SIG_CRYPTO_FAILURE or FORMAT_FAILURE;
//   undecided  SIGNED_DATA_NOT_FOUND or NO_SIGNING_CERTIFICATE_FOUND: there was nothing to verify with;
//   intact     everything else: digest and signature value were verified.
// Expected "intact" is met by intact, and by FORMAT_FAILURE where the change after signing is what we refuse
// (changed_after_signing, or a sample that must be refused): there the signature verifies over its own bytes. Expected
// "broken" is met by broken, and by SIGNED_DATA_NOT_FOUND since data that is not there is broken too. "not-a-signature" is
// met when we find no signature or cannot read the file. "undecided" is not compared. Ours, undecided, meets either word
// where DSS comes to the very same indication: what it tried beyond it is not asked. The order in which signatures are
// listed is not compared either: the best pairing counts.
//
// Refused (tampered = yes): with no anchor can this file become TOTAL-PASSED. That is so when a finding is TOTAL-FAILED or
// INDETERMINATE for a reason that anchors do not cure, when we say that it was changed after signing, when reading the file
// ends in an error, and when there is no finding. That we do not know the kind of file is no refusal of its signatures.
//
// Accepted (tampered = no): the file is read, no finding is TOTAL-FAILED, nothing was changed after signing, and there is
// a finding if there is a signature or a time-stamp.

const NOTHING_TO_VERIFY = new Set(["SIGNED_DATA_NOT_FOUND", "NO_SIGNING_CERTIFICATE_FOUND"]);
const BYTES_ARE_WRONG = new Set(["HASH_FAILURE", "SIG_CRYPTO_FAILURE", "FORMAT_FAILURE"]);
// EN 319 102-1, table 6: these say something about trust, time and revocation, all else about the signature itself
const CURED_BY_ANCHORS = new Set([
    "NO_CERTIFICATE_CHAIN_FOUND",
    "CERTIFICATE_CHAIN_GENERAL_FAILURE",
    "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
    "CRYPTO_CONSTRAINTS_FAILURE",
    "OUT_OF_BOUNDS_NO_POE",
    "OUT_OF_BOUNDS_NOT_REVOKED",
    "REVOCATION_OUT_OF_BOUNDS_NO_POE",
    "REVOKED_NO_POE",
    "REVOKED_CA_NO_POE",
    "EXPIRED",
    "NOT_YET_VALID",
    "NO_POE",
    "TRY_LATER",
    "SIGNATURE_POLICY_NOT_AVAILABLE",
]);

/** What must be reached, in parts of one. Integrity and accepted: of all that is not disputed; refused: where agreed. */
export const WANTED = {integrity: 0.99, refused: 1, accepted: 0.98};

/** Compares; every part is undefined where there is nothing to compare. */
export function compare(sample, answer) {
    return {
        integrity: integrity(sample, answer),
        count: sample.integrity[0] === "not-a-signature" ? undefined : signatures(answer).length === sample.signatures,
        refused: sample.tampered === "yes" ? refused(sample, answer) : undefined,
        accepted: sample.tampered === "no" ? accepted(sample, answer) : undefined,
    };
}

/** One line of what we say. */
export function said({answer, died}) {
    if (died) return `no answer: ${died}`;
    if (answer.error) return `error ${answer.error.code}: ${answer.error.en}`;
    const findings = answer.signatures.map(
        ({type, indication, sub_indication: sub}) =>
            (type === "signature" ? "" : `${type} `) + indication + (sub ? `/${sub}` : ""),
    );
    const reasons = [...answer.signatures.flatMap((each) => each.reasons), ...answer.document.reasons]
        .map(({code}) => code)
        .filter((code) => code !== "NO_ANCHORS");
    const changed = answer.document.changed_after_signing ? " changed" : "";
    return `${findings.join("; ") || "no signature"}${changed} [${[...new Set(reasons)].join(" ")}]`;
}

function signatures(answer) {
    return answer?.signatures?.filter(({type}) => type === "signature") ?? [];
}

/** How many of the signatures agree, of how many. */
function integrity(sample, answer) {
    if (sample.integrity[0] === "not-a-signature") return {of: 1, good: signatures(answer).length === 0 && answer ? 1 : 0};
    const ours = signatures(answer).map((finding) => ({...finding, changed: answer.document.changed_after_signing}));
    const expected = sample.integrity.filter((each) => each !== "undecided");
    if (expected.length === 0) return undefined;
    const meets = (wish, finding) => integrityMeets(wish, finding, sample);
    return {of: expected.length, good: Math.max(inOrder(sample.integrity, ours, meets), pairs(expected, ours, meets))};
}

function integrityMeets(wish, {indication, sub_indication: sub, changed}, {tampered, dss}) {
    const bad = indication === "TOTAL-FAILED" && BYTES_ARE_WRONG.has(sub);
    if (NOTHING_TO_VERIFY.has(sub) && dss.includes(`${indication}/${sub}`)) return true;
    if (wish === "broken") return bad || sub === "SIGNED_DATA_NOT_FOUND";
    if (bad) return sub === "FORMAT_FAILURE" && (changed === true || tampered === "yes");
    return !NOTHING_TO_VERIFY.has(sub);
}

function inOrder(wishes, findings, meets) {
    return wishes.filter((wish, i) => wish !== "undecided" && findings[i] && meets(wish, findings[i])).length;
}

function pairs(wishes, findings, meets) {
    const left = [...findings];
    return wishes.filter((wish) => {
        const at = left.findIndex((finding) => meets(wish, finding));
        if (at >= 0) left.splice(at, 1);
        return at >= 0;
    }).length;
}

function refused(sample, answer) {
    if (!answer) return false;
    if (answer.error) return answer.error.code !== "UNSUPPORTED" || sample.signatures === 0;
    if (answer.signatures.length === 0 || answer.document.changed_after_signing === true) return true;
    return answer.signatures.some(
        ({indication, sub_indication: sub}) =>
            indication === "TOTAL-FAILED" || (indication === "INDETERMINATE" && !CURED_BY_ANCHORS.has(sub)),
    );
}

function accepted(sample, answer) {
    if (!answer || answer.error || answer.document.changed_after_signing === true) return false;
    if (answer.signatures.some(({indication}) => indication === "TOTAL-FAILED")) return false;
    return answer.signatures.length > 0 || sample.signatures + sample.timestamps === 0;
}
