// The page of one document, /k/<code>: asks for its record and draws it, so that a paper can be held against
// it.

import {recordAnswerOf, referenceOf} from './answer.js';
import {dayText, momentText} from './dates.js';
import {banner, el, facts, foreign, moment} from './draw.js';
import {canSay, say} from './language.js';
import {waitText} from './result_view.js';
import {waitOf} from './upload.js';

const LOOKS = {
    genuine: 'genuine',
    recalled: 'changed',
    changed: 'changed',
    unknown: 'unknown',
    unsigned: 'unsigned',
};

// The code in the page's own address, or null on /verify.
export function codeFromPath(path) {
    return /^\/k\/([^/]+)\/?$/.exec(path)?.[1] ?? null;
}

// {record} or {trouble, wait}.
export async function fetchRecord(code) {
    try {
        const answer = await fetch(`/k/${code}/data`, {
            headers: {Accept: 'application/json'},
            cache: 'no-store',
        });
        const text = await answer.text(); // read to its end, or the connection stays taken
        if (answer.status === 404) return {trouble: 'no-record'};
        if (answer.ok) return {record: JSON.parse(text)};
        return {trouble: 'record', wait: waitOf(answer.headers.get('Retry-After'))};
    } catch {
        return {trouble: 'record'};
    }
}

export function drawRecord(record, code) {
    const answer = recordAnswerOf(record);
    const agency = record.agency || say('record.an-agency');
    return [
        el('h1', null, say('record.number', referenceOf(record) || say('record.unstated'))),
        banner({
            id: 'record-headline',
            tone: LOOKS[answer],
            symbol: LOOKS[answer],
            level: 'h2',
            headline: say(`record.${answer}`),
            means: say(`record.${answer}.means`, agency),
            nextLabel: say('answer.next'),
            next: say(`record.${answer}.next`),
        }),
        el('div', {class: 'record card'}, drawFacts(record), drawQr(code)),
    ];
}

export function drawRecordTrouble(outcome) {
    const words = `trouble.${outcome.trouble}`;
    return [
        el('h1', null, say('page.title')),
        banner({
            id: 'record-headline',
            tone: 'trouble',
            symbol: 'trouble',
            level: 'h2',
            headline: say(words),
            means: say(`${words}.means`),
            nextLabel: say('answer.next'),
            next: say(`${words}.next`, waitText(outcome.wait)),
        }),
    ];
}

function drawFacts(record) {
    return el(
        'div',
        {class: 'record-facts'},
        facts('facts', [
            [say('record.reference'), foreign(referenceOf(record) || say('record.unstated'))],
            [say('record.date'), dayText(record.date) ?? say('record.unstated')],
            [say('record.agency'), record.agency && foreign(record.agency)],
            [say('record.signers'), drawSigners(record.signers)],
            [say('record.state'), wordOf('state', record.state)],
            [say('record.recipients'), drawRecipients(record.recipients)],
        ]),
        record.subject_hidden && el('p', {class: 'hint'}, say('record.hidden')),
    );
}

function drawSigners(signatures) {
    const people = (signatures ?? []).filter((one) => one.type !== 'timestamp' && one.signer);
    return (
        people.length > 0
        && el(
            'ul',
            {class: 'plain'},
            people.map((one) =>
                el(
                    'li',
                    null,
                    el(
                        'strong',
                        null,
                        one.signer.common_name ? foreign(one.signer.common_name) : say('signature.nameless'),
                    ),
                    one.signer.title && [', ', foreign(one.signer.title)],
                    el('span', {class: 'when'}, moment(one.claimed_time)),
                ),
            ),
        )
    );
}

function drawRecipients(recipients) {
    return (
        recipients?.length > 0
        && el(
            'ul',
            {class: 'plain'},
            recipients.map((one) =>
                el(
                    'li',
                    null,
                    foreign(one.name),
                    el(
                        'span',
                        {class: 'when'},
                        [wordOf('copy', one.state), momentText(one.since)].filter(Boolean).join(', '),
                    ),
                ),
            ),
        )
    );
}

function wordOf(table, state) {
    return canSay(`${table}.${state}`) ? say(`${table}.${state}`) : say('record.unstated');
}

function drawQr(code) {
    return el(
        'figure',
        {class: 'qr'},
        el('img', {src: `/k/${code}/qr.svg`, alt: say('record.qr'), width: '160', height: '160'}),
        el('figcaption', null, say('record.qr.caption')),
    );
}
