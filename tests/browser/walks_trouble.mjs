// The walks on which something goes wrong between the visitor and an answer. The refusals are played to the page at
// the browser's edge, because a healthy server does not give them on request.

import {mkdtempSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

import {words} from '../../web/words.js';
import {Visitor} from './browser.mjs';
import {check, checkEqual, part} from './checks.mjs';
import {checkFits, checkLegible, checkOrder} from './looks.mjs';
import {drop} from './walks_cases.mjs';

const LOAD_FAILED = /Failed to load resource/;
const VERIFY = '**/verify*';
const MB = 1024 * 1024;

const problem = (status, headers) => (route) =>
    route.fulfill({
        status,
        headers,
        contentType: 'application/problem+json',
        body: JSON.stringify({title: 'Refused', status}),
    });

const REFUSALS = [
    {name: '413', answer: problem(413), key: 'trouble.413', again: false},
    {
        name: '429',
        answer: problem(429, {'Retry-After': '30'}),
        key: 'trouble.429',
        again: true,
        sees: '30 giây',
    },
    {
        name: '503',
        answer: problem(503, {'Retry-After': '240'}),
        key: 'trouble.503',
        again: true,
        sees: '4 phút',
    },
    {name: '500', answer: problem(500), key: 'trouble.fault', again: true},
    {
        name: 'nonsense',
        answer: (route) => route.fulfill({status: 200, body: '<html>'}),
        key: 'trouble.fault',
        again: true,
    },
    {name: 'network', answer: (route) => route.abort(), key: 'trouble.network', again: true},
];

export async function walkTroubles(browser, base, shots, first) {
    for (const refusal of REFUSALS) await walkRefusal(browser, base, shots, first, refusal);
    await walkOwnRefusals(browser, base, shots, first);
    await walkCancel(browser, base, shots, first);
    await walkHostile(browser, base, shots, first);
}

async function walkRefusal(browser, base, shots, {path}, refusal) {
    await part(`The server’s answer is ${refusal.name}`, async () => {
        const visitor = await Visitor.open(browser, base, shots);
        await visitor.go('/verify');
        await playInstead(visitor.page, refusal.answer);
        await visitor.give(path);
        checkEqual(
            await visitor.headline(),
            words[refusal.key].vi,
            `the page says “${words[refusal.key].vi}”`,
        );
        check(await visitor.sees(words[`${refusal.key}.means`].vi), 'and that the file was not judged');
        if (refusal.sees) check(await visitor.sees(refusal.sees), `and to wait ${refusal.sees}`);
        checkEqual(
            await visitor.page.evaluate(() => document.activeElement.id),
            'result',
            'the answer has the focus',
        );
        checkEqual(
            await visitor.page.locator('#again').isVisible(),
            refusal.again,
            refusal.again ? 'it offers to try again' : 'it does not offer to try in vain',
        );
        await checkOrder(visitor, refusal.name);
        await checkLegible(visitor, refusal.name);
        await visitor.shot(`trouble-${refusal.name}`);
        if (refusal.name === 'network') await tryAgain(visitor);
        await visitor.leave(`refusal ${refusal.name}`, LOAD_FAILED);
    });
}

async function playInstead(page, answer) {
    await page.route(VERIFY, (route) =>
        route.request().method() === 'POST' ? answer(route) : route.continue(),
    );
}

async function tryAgain(visitor) {
    await visitor.page.unroute(VERIFY);
    const answered = visitor.page.waitForResponse((one) => one.request().method() === 'POST');
    await visitor.page.click('#again');
    check((await answered).status() === 200, 'trying again sends the same file');
    await visitor.page.waitForSelector('#result:not([hidden])');
    check((await visitor.headline()) !== words['trouble.network'].vi, 'and brings the answer');
}

// What the page refuses before anything is sent.
async function walkOwnRefusals(browser, base, shots, {path}) {
    const folder = mkdtempSync(join(tmpdir(), 'vanthu-page-'));
    const made = (name, size) => {
        writeFileSync(join(folder, name), '');
        truncateSync(join(folder, name), size);
        return join(folder, name);
    };
    await part('What need not be sent is not sent', async () => {
        const visitor = await Visitor.open(browser, base, shots);
        await visitor.go('/verify');
        const sent = [];
        visitor.page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()));
        for (const [name, key, give] of [
            ['too-large', 'trouble.too-large', () => visitor.give(made('lớn.pdf', 50 * MB + 1))],
            ['empty', 'trouble.empty', () => visitor.give(made('trống.pdf', 0))],
            ['several', 'trouble.several', () => drop(visitor.page, [path, path])],
        ]) {
            await give();
            await visitor.page.waitForSelector('#result:not([hidden])');
            checkEqual(await visitor.headline(), words[key].vi, `the page says “${words[key].vi}”`);
            check(await visitor.sees(words[`${key}.next`].vi), 'and what to do');
            await visitor.shot(`trouble-${name}`);
        }
        checkEqual(sent, [], 'and nothing was sent');
        await visitor.leave('own refusals');
    });
    rmSync(folder, {recursive: true});
}

async function walkCancel(browser, base, shots, {path}) {
    await part('A check is cancelled', async () => {
        const visitor = await Visitor.open(browser, base, shots);
        const {page} = visitor;
        await visitor.go('/verify');
        await playInstead(page, () => {}); // never answers
        await page.setInputFiles('#picker', path);
        await page.waitForSelector('#cancel');
        checkEqual(
            await page.evaluate(() => document.activeElement.id),
            'cancel',
            'the way out has the focus',
        );
        check(await page.locator('#progress-bar').isVisible(), 'a bar shows that something happens');
        check(
            (await visitor.text('#progress-text')).endsWith('…')
                || /%/.test(await visitor.text('#progress-text')),
            'and words say what',
        );
        await visitor.shot('progress');
        await page.keyboard.press('Enter');
        check(await visitor.sees(words['progress.cancelled'].vi), 'the page says that it was cancelled');
        checkEqual(
            await page.evaluate(() => document.activeElement.id),
            'picker',
            'the picker has the focus again',
        );
        check(!(await page.locator('#progress').isVisible()), 'the bar is gone');
        await visitor.leave('cancel', LOAD_FAILED);
    });
}

// Names in a certificate are written by whoever made it.
async function walkHostile(browser, base, shots, {path}) {
    const evil = '<img src=x onerror=alert(1)><script>alert(2)</script>';
    const long = 'Ủybannhândân'.repeat(40);
    const signature = {
        type: 'signature',
        format: evil,
        indication: 'TOTAL-FAILED',
        sub_indication: evil,
        covers: [evil],
        signer: {
            subject: evil,
            common_name: evil,
            organization: long,
            title: `\u202e${evil}`,
            serial: 'f'.repeat(400),
            issuer: long,
        },
        claimed_time: 'never',
        best_signature_time: null,
        reasons: [{code: evil, vi: evil, en: evil}],
    };
    const verdict = {
        file: evil,
        conclusion: 'changed',
        document: {changed_after_signing: true},
        signatures: [signature, {indication: 'TOTAL-PASSED'}, {signer: null, reasons: null}],
    };
    await part('Hostile names are only text', async () => {
        const visitor = await Visitor.open(browser, base, shots);
        await visitor.page.setViewportSize({width: 360, height: 740});
        await visitor.go('/verify');
        await playInstead(visitor.page, (route) => route.fulfill({json: verdict}));
        await visitor.give(path);
        for (const summary of await visitor.page.locator('summary').all()) await summary.click();
        check(await visitor.sees(evil), 'they are shown as they were written');
        checkEqual(await visitor.page.locator('main img, main script').count(), 0, 'and make no elements');
        await checkFits(visitor, 'very long names');
        await visitor.shot('hostile-360');
        await visitor.leave('hostile');
    });
}
