// Draws what became of a file: the big answer with one card a signature, or a trouble.

import {
    answerOf,
    compareWithRecord,
    coverageOf,
    isSeal,
    referenceOf,
    signaturesOf,
    standingOf,
    timeOf,
} from './answer.js';
import {banner, el, facts, foreign, icon, moment, sizeText} from './draw.js';
import {drawHistory, drawKeep} from './history_view.js';
import {canSay, say, sayEither} from './language.js';

// Which look and symbol each answer has; several answers may share one.
const LOOKS = {
    genuine: 'genuine',
    changed: 'changed',
    void: 'changed',
    unknown: 'unknown',
    unsigned: 'unsigned',
    other: 'changed',
};
// Answers that leave open what is wrong, and the signatures that know.
const SPOILED_BY = {unknown: 'unknown', void: 'failed'};
const SYMBOLS = {passed: 'genuine', failed: 'changed', unknown: 'unknown'};

export function drawVerdict(verdict, {file, checkedAt, record}) {
    const comparison = compareWithRecord(verdict, record);
    const answer = answerOf(verdict, comparison);
    const reference = record ? referenceOf(record) : '';
    const signatures = signaturesOf(verdict);

    const big = banner(
        {
            id: 'answer-headline',
            tone: LOOKS[answer],
            symbol: LOOKS[answer],
            level: 'h2',
            headline: say(`answer.${answer}`),
            means: say(`answer.${answer}.means`, reference),
            nextLabel: say('answer.next'),
            next: say(`answer.${answer}.next`),
        },
        whyOf(answer, signatures),
        drawComparison(comparison, answer, reference),
    );

    const cards = signatures.length > 0 && drawSignatures(signatures, answer);
    return [big, drawFile(file, checkedAt), cards, drawHistory(verdict, file), drawKeep(file)].filter(Boolean);
}

export function drawTrouble(outcome, {file}) {
    const words = `trouble.${outcome.trouble}`;
    const told = outcome.error && sayEither(outcome.error);
    const size = outcome.size ? sizeText(outcome.size) : outcome.count;
    return [
        banner({
            id: 'answer-headline',
            tone: 'trouble',
            symbol: 'trouble',
            level: 'h2',
            headline: say(words),
            means: told || say(`${words}.means`, size),
            nextLabel: say('answer.next'),
            next: say(`${words}.next`, waitText(outcome.wait)),
        }),
        file && drawFile(file, null),
    ].filter(Boolean);
}

export function waitText(seconds) {
    if (!seconds) return say('wait.while');
    return seconds < 100 ? say('wait.seconds', seconds) : say('wait.minutes', Math.ceil(seconds / 60));
}

// The first signature at fault gives the reason in the first view.
function whyOf(answer, signatures) {
    const atFault = signatures.find((one) => standingOf(one) === SPOILED_BY[answer]);
    return atFault && el('p', {class: 'why'}, plainReason(atFault));
}

function plainReason(signature) {
    const known = `why.${signature.sub_indication}`;
    if (canSay(known)) return say(known);
    return sayEither(signature.reasons?.[0]) || say('why.other');
}

function drawComparison(comparison, answer, reference) {
    if (!comparison || answer === 'other' || answer === 'unsigned') return null;
    const symbol = {same: 'genuine', signers: 'unknown', other: 'changed'}[comparison];
    return el(
        'p',
        {class: `comparison ${symbol}`},
        icon(symbol),
        el('span', null, say(`compare.${comparison}`, reference)),
    );
}

function drawFile(file, checkedAt) {
    return el(
        'p',
        {class: 'file'},
        icon('file'),
        el('span', {class: 'file-name'}, foreign(file.name)),
        el('span', {class: 'file-size'}, sizeText(file.size)),
        checkedAt && el('span', {class: 'file-time'}, say('answer.checked'), ' ', moment(checkedAt)),
    );
}

function drawSignatures(signatures, answer) {
    const several = signatures.length > 1;
    const said = !several && answer in SPOILED_BY; // the big answer gave the reason already
    return el(
        'section',
        {class: 'signatures', 'aria-labelledby': 'signatures-heading'},
        el('h3', {id: 'signatures-heading'}, say('signatures.heading')),
        el(
            'ol',
            {class: 'cards'},
            signatures.map((one, at) => el('li', null, drawSignature(one, several ? at + 1 : 0, said))),
        ),
    );
}

function drawSignature(signature, number, said) {
    const standing = standingOf(signature);
    const signer = signature.signer ?? {};
    return el(
        'article',
        {class: `card ${SYMBOLS[standing]}`},
        el(
            'div',
            {class: 'card-top'},
            el('span', {class: 'kind'}, kindOf(signature, number)),
            el('span', {class: 'standing'}, icon(SYMBOLS[standing]), say(`signature.${standing}`)),
        ),
        el('h4', null, signer.common_name ? foreign(signer.common_name) : say('signature.nameless')),
        standing !== 'passed' && signer.common_name && el('p', {class: 'claimed'}, say('signature.claimed')),
        facts('facts', [
            [say('signature.title'), signer.title && foreign(signer.title)],
            [say('signature.agency'), signer.organization && !isSeal(signer) && foreign(signer.organization)],
            [say('signature.time'), moment(timeOf(signature)) ?? say('signature.no-time')],
            [say('signature.proved'), provedAt(signature)],
            [say('signature.covers'), coverageText(signature, standing)],
        ]),
        standing !== 'passed' && !said && el('p', {class: 'why'}, plainReason(signature)),
        (signature.counter_signatures ?? []).map(drawCounterSignature),
        drawDetails(signature),
    );
}

// The time that a timestamp proves; a document timestamp says its own.
function provedAt(signature) {
    const stamped = signature.type !== 'timestamp' && signature.timestamps?.length > 0;
    return stamped && moment(signature.best_signature_time);
}

function drawCounterSignature(signature) {
    const standing = standingOf(signature);
    const name = signature.signer?.common_name;
    return el(
        'p',
        {class: `counter ${SYMBOLS[standing]}`},
        icon(SYMBOLS[standing]),
        el(
            'span',
            null,
            say('signature.confirmed'),
            ' ',
            el('strong', null, name ? foreign(name) : say('signature.nameless')),
            ` – ${say(`signature.${standing}`)}`,
        ),
    );
}

function kindOf(signature, number) {
    const kind =
        signature.type === 'timestamp'
            ? say('signature.timestamp')
            : isSeal(signature.signer)
              ? say('signature.seal')
              : '';
    const counted = number ? say('signature.number', number) : '';
    return [counted, kind].filter(Boolean).join(' · ') || say('signature.number', '').trim();
}

function coverageText(signature, standing) {
    const coverage = coverageOf(signature);
    if (coverage === null) return say('covers.unknown');
    if (coverage === 'whole') return say('covers.whole');
    if (coverage.parts) return foreign(say('covers.parts', coverage.parts.join(', ')));
    return say(
        standing === 'passed' ? 'covers.earlier' : 'covers.earlier.doubtful',
        coverage.earlier,
        coverage.of,
    );
}

function drawDetails(signature) {
    const signer = signature.signer ?? {};
    const rows = [
        ['indication', signature.indication],
        ['sub_indication', signature.sub_indication],
        ['format', signature.format],
        ['subject', signer.subject],
        ['serial', signer.serial],
        ['issuer', signer.issuer],
        ['claimed_time', moment(signature.claimed_time)],
        ['best_signature_time', moment(signature.best_signature_time)],
        ['covers', [signature.covers ?? ''].flat().join(', ')],
    ];
    return el(
        'details',
        null,
        el('summary', null, say('detail.heading')),
        facts(
            'fine',
            rows.map(([name, value]) => [
                say(`detail.${name}`),
                typeof value === 'string' && value ? foreign(value) : value,
            ]),
        ),
        drawReasons(signature.reasons),
        drawChecks(signature.checks),
    );
}

// The tree of checks, clause by clause, for whoever must answer for it.
function drawChecks(checks) {
    if (!checks?.length) return null;
    const marks = {good: '✓', warning: '!', bad: '✗', unknown: '?'};
    return el(
        'div',
        {class: 'reasons'},
        el('h5', null, say('detail.checks')),
        el(
            'ul',
            {class: 'checks'},
            checks.map((one) =>
                el(
                    'li',
                    {class: `depth-${Math.min(one.depth, 3)}`},
                    el('span', {class: `mark ${one.result}`, 'aria-hidden': 'true'}, marks[one.result] ?? '?'),
                    ' ',
                    el('span', {class: 'unseen'}, say(`check.${one.result}`)),
                    foreign(sayEither(one)),
                ),
            ),
        ),
    );
}

function drawReasons(reasons) {
    if (!reasons?.length) return null;
    return el(
        'div',
        {class: 'reasons'},
        el('h5', null, say('detail.reasons')),
        el(
            'ul',
            null,
            reasons.map((one) =>
                el('li', null, foreign(sayEither(one)), ' ', el('code', null, one.code ?? '')),
            ),
        ),
    );
}
