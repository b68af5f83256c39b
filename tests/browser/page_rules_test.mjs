// What the citizen's page decides and says, without a browser: node --test page_rules_test.mjs

import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';

import {
    answerOf,
    compareWithRecord,
    coverageOf,
    isSeal,
    recordAnswerOf,
    referenceOf,
    timeOf,
} from '../../web/answer.js';
import {dayText, momentText} from '../../web/dates.js';
import {words} from '../../web/words.js';

const WEB = new URL('../../web/', import.meta.url);

function signature(indication, sub_indication, more) {
    return {
        indication,
        sub_indication,
        signer: {serial: 'AA01', issuer: 'CN=CA'},
        covers: 'whole-file',
        ...more,
    };
}

function verdict(conclusion, changed, ...signatures) {
    return {conclusion, signatures, document: {changed_after_signing: changed}};
}

const passed = signature('TOTAL-PASSED', null);
const stranger = signature('TOTAL-PASSED', null, {signer: {serial: 'BB02', issuer: 'CN=CA'}});
const record = {conclusion: 'genuine', state: 'sent', signers: [signature('TOTAL-PASSED', null)]};

for (const [sentence, given, answer] of [
    ['a genuine file is called genuine', verdict('genuine', false, passed), 'genuine'],
    [
        'a changed file is called changed',
        verdict('changed', true, signature('TOTAL-FAILED', 'HASH_FAILURE')),
        'changed',
    ],
    [
        'a digest that differs is a change, whatever stands after it',
        verdict('changed', false, signature('TOTAL-FAILED', 'HASH_FAILURE')),
        'changed',
    ],
    [
        'a failed signature of which nothing more is known counts as a change',
        verdict('changed', null, signature('TOTAL-FAILED', 'FORMAT_FAILURE')),
        'changed',
    ],
    [
        'a revoked certificate over untouched content is no change',
        verdict('changed', false, signature('TOTAL-FAILED', 'REVOKED')),
        'void',
    ],
    [
        'a signature that failed for another reason does not count',
        verdict('unknown', false, signature('TOTAL-FAILED', 'NOT_YET_VALID')),
        'void',
    ],
    ['an unsigned file is called unsigned', verdict('unsigned', null), 'unsigned'],
    ['a conclusion from a newer server is the doubtful one', verdict('splendid', false, passed), 'unknown'],
    ['so is one that is a name every object has', verdict('constructor', false, passed), 'unknown'],
    ['a verdict without anything in it is the doubtful one', {}, 'unknown'],
]) {
    test(sentence, () => assert.equal(answerOf(given, null), answer));
}

for (const [sentence, given, comparison, answer] of [
    [
        'a file with the record’s signers has the same signers',
        verdict('genuine', false, passed),
        'signers',
        'genuine',
    ],
    [
        'a genuine file by other signers is another document',
        verdict('genuine', false, stranger),
        'other',
        'other',
    ],
    [
        'the server’s yes is the original',
        {...verdict('genuine', false, passed), matches_code: true},
        'same',
        'genuine',
    ],
    [
        'the server’s no wins over equal signers',
        {...verdict('genuine', false, passed), matches_code: false},
        'other',
        'other',
    ],
    ['names in a changed file prove nothing', verdict('changed', true, passed), null, 'changed'],
    [
        'nor in one that cannot be judged',
        verdict('unknown', null, signature('INDETERMINATE', null)),
        null,
        'unknown',
    ],
]) {
    test(sentence, () => {
        assert.equal(compareWithRecord(given, record), comparison);
        assert.equal(answerOf(given, comparison), answer);
    });
}

test('without a record there is nothing to compare', () => {
    assert.equal(compareWithRecord(verdict('genuine', false, passed), undefined), null);
});

test('equal serial numbers of two issuers are two signers', () => {
    const twin = signature('TOTAL-PASSED', null, {signer: {serial: 'AA01', issuer: 'CN=Another CA'}});
    assert.equal(compareWithRecord(verdict('genuine', false, twin), record), 'other');
});

test('a recalled document is recalled, however well it is signed', () => {
    assert.equal(recordAnswerOf({...record, state: 'recalled'}), 'recalled');
    assert.equal(recordAnswerOf(record), 'genuine');
    assert.equal(recordAnswerOf({...record, conclusion: undefined}), 'unknown');
});

test('a number and its notation are joined as on the paper', () => {
    assert.equal(referenceOf({number: '127', notation: 'SNV-VP'}), '127/SNV-VP');
    assert.equal(referenceOf({number: '127'}), '127');
});

for (const [covers, expected] of [
    ['whole-file', 'whole'],
    ['revision 1 of 2', {earlier: 1, of: 2}],
    [['/KetQua'], 'whole'],
    [['/'], 'whole'],
    [['/KetQua/NoiDung'], {parts: ['/KetQua/NoiDung']}],
    [[], null],
    [undefined, null],
    ['revision x of y', null],
]) {
    test(`${JSON.stringify(covers)} covers ${JSON.stringify(expected)}`, () => {
        assert.deepEqual(coverageOf({covers}), expected);
    });
}

test('a signature without a claimed time has none, a timestamp has its own', () => {
    const times = {claimed_time: null, best_signature_time: '2026-11-21T13:15:00Z'};
    assert.equal(timeOf({type: 'signature', ...times}), null);
    assert.equal(timeOf({type: 'timestamp', ...times}), '2026-11-21T13:15:00Z');
});

test('an agency that signs in its own name is a seal, a person in it is not', () => {
    assert.equal(isSeal({common_name: 'Sở Nội vụ', organization: 'Sở Nội vụ'}), true);
    assert.equal(
        isSeal({common_name: 'Nguyễn Văn Mẫu', organization: 'Sở Nội vụ', title: 'Giám đốc'}),
        false,
    );
    assert.equal(isSeal(null), false);
});

for (const [iso, text] of [
    ['2026-11-21T20:15:00+07:00', '21/11/2026 20:15'],
    ['2026-11-21T13:15:00Z', '21/11/2026 20:15'],
    ['2026-12-31T17:30:00Z', '01/01/2027 00:30'],
    ['2026-03-05T01:02:03.5-05:00', '05/03/2026 13:02'],
    ['soon', null],
    [null, null],
]) {
    test(`the moment ${iso} reads ${text}`, () => assert.equal(momentText(iso), text));
}

test('the date on a document is not a moment', () => {
    assert.equal(dayText('2026-11-21'), '21/11/2026');
    assert.equal(dayText('21/11/2026'), null);
    assert.equal(dayText(undefined), null);
});

test('every sentence stands in both languages, with the same blanks', () => {
    for (const [key, {vi, en, ...rest}] of Object.entries(words)) {
        assert.ok(vi?.trim() && en?.trim(), `${key} lacks a language`);
        assert.deepEqual(rest, {}, `${key} has something else beside vi and en`);
        const blanks = (sentence) => [...new Set(sentence.match(/\{\d\}/g))].sort();
        assert.deepEqual(blanks(vi), blanks(en), `${key} fills different blanks in its two languages`);
    }
});

test('Vietnamese is composed (NFC), so that every font can show it', () => {
    for (const [key, {vi}] of Object.entries(words)) assert.equal(vi, vi.normalize('NFC'), key);
});

test('the first view has no terms of the trade', () => {
    const jargon = /PAdES|XAdES|CAdES|ASiC|PKCS|X\.509|OCSP|CRL|TOTAL|INDETERMINATE|hash|băm|HTTP|server/i;
    for (const [key, {vi, en}] of Object.entries(words)) {
        if (!key.startsWith('detail.')) assert.doesNotMatch(`${vi} ${en}`, jargon, key);
    }
});

test('every answer, record and trouble says what it means and what to do next', () => {
    for (const key of Object.keys(words)) {
        const answer =
            /^(answer|trouble)\.[\w-]+$/.exec(key)
            || /^record\.(genuine|recalled|unknown|changed|unsigned)$/.exec(key);
        if (!answer || ['answer.checked', 'answer.next'].includes(key)) continue;
        assert.ok(words[`${key}.means`], `${key} does not say what it means`);
        assert.ok(words[`${key}.next`], `${key} does not say what to do`);
    }
});

test('every sub-indication that speaks of the signer’s side has a sentence for everybody', () => {
    const header = readFileSync(new URL('../../signer/verdict.h', import.meta.url), 'utf8');
    const table = /#define SUB_INDICATIONS\(X\)([\s\S]*?)\n#define/.exec(header)[1];
    // our own failings (a policy we could not process) are explained by the reasons that come with them
    const ours = ['POLICY_PROCESSING_ERROR', 'SIGNATURE_POLICY_NOT_AVAILABLE', 'CUSTOM'];
    for (const [, name] of table.matchAll(/X\((\w+)\)/g)) {
        if (!ours.includes(name)) assert.ok(words[`why.${name}`], `no sentence for ${name}`);
    }
});

test('every word that verify.html asks for exists', () => {
    const html = readFileSync(new URL('verify.html', WEB), 'utf8');
    for (const [, key] of html.matchAll(/data-word="([^"]+)"/g)) assert.ok(words[key], key);
});

test('the page asks for nothing from elsewhere and carries no inline script or style', () => {
    for (const name of ['verify.html', 'verify.css', 'page.css', 'emblem.svg']) {
        const text = readFileSync(new URL(name, WEB), 'utf8').replace('http://www.w3.org/2000/svg', '');
        assert.doesNotMatch(
            text,
            /https?:|\/\/[a-z]|\bstyle=|<style|\bon\w+=|javascript:|@import|url\(/,
            name,
        );
    }
});
