// The walks of people whose file the server really judges: one upload a case, looked at from every side.

import {basename} from 'node:path';
import {readFileSync} from 'node:fs';

import {words} from '../../web/words.js';
import {Visitor, tidy} from './browser.mjs';
import {check, checkEqual, part} from './checks.mjs';
import {checkFits, checkLegible, checkOrder} from './looks.mjs';

const JARGON = /PAdES|XAdES|CAdES|TOTAL-|INDETERMINATE|[A-Z]+_FAILURE|_FOUND|CN=/;
const POLICY = /^default-src 'none'; script-src 'self'; style-src 'self';(?!.*unsafe)/;

// The key of the big sentence, by what a case expects.
export function headlineKey(expected) {
    return expected === 'unreadable' ? 'trouble.unreadable' : `answer.${expected}`;
}

export async function walkStart(browser, base, shots) {
    await part('The page opens', async () => {
        const visitor = await Visitor.open(browser, base, shots);
        const answer = await visitor.go('/verify');
        check(answer.status() === 200, 'the page is there', answer.status());
        const policy = answer.headers()['content-security-policy'] ?? '';
        check(POLICY.test(policy), 'it comes with a strict Content-Security-Policy', policy);
        checkEqual(
            await visitor.page.getAttribute('meta[name=robots]', 'content'),
            'noindex, nofollow',
            'it asks not to be indexed',
        );
        checkEqual(
            await visitor.page.getAttribute('meta[name=referrer]', 'content'),
            'no-referrer',
            'it tells nobody where a visitor came from',
        );
        checkEqual(await visitor.page.getAttribute('html', 'lang'), 'vi', 'it speaks Vietnamese first');
        checkEqual(
            await visitor.text('h1'),
            words['start.heading'].vi,
            'it begins with the citizen’s question',
        );
        await checkOrder(visitor, 'start');
        await checkLegible(visitor, 'start');
        await visitor.shot('start');
        await visitor.page.emulateMedia({colorScheme: 'dark'});
        await checkLegible(visitor, 'start, dark');
        await visitor.shot('start-dark');
        await visitor.page.setViewportSize({width: 360, height: 740});
        await checkFits(visitor, 'start');
        await visitor.page.emulateMedia({colorScheme: 'light'});
        await visitor.shot('start-360');
        await visitor.leave('start');
    });
    await part('Without JavaScript', async () => {
        const visitor = await Visitor.open(browser, base, shots, {javaScriptEnabled: false});
        await visitor.go('/verify');
        const said = await visitor.text('main');
        check(
            /cần JavaScript/.test(said) && /needs JavaScript/.test(said),
            'the page says what it needs',
            said,
        );
        await visitor.shot('no-script');
        await visitor.leave('no script');
    });
}

export async function walkCase(browser, base, shots, {name, expected, path}) {
    await part(`${basename(path)} is ${expected}`, async () => {
        const visitor = await Visitor.open(browser, base, shots);
        await visitor.go('/verify');
        await visitor.give(path);
        const verdict = await askServer(base, path);

        await checkFirstView(visitor, expected, path);
        await visitor.shot(name);
        await checkCards(visitor, verdict, name);
        await checkKept(visitor, verdict, path);
        await checkEnglish(visitor, expected, name);
        await checkScreens(visitor, name);
        await visitor.leave(name);
    });
}

// The verdict as the server gives it to anybody: a request of the page that is taken over loses the file it carries, and the
// browser does not always keep an answer for those who listen.
async function askServer(base, path) {
    const answer = await fetch(new URL('/verify', base), {
        method: 'POST',
        headers: {'Content-Type': 'application/octet-stream', 'X-File-Name': encodeURIComponent(basename(path))},
        body: readFileSync(path),
    });
    return answer.json();
}

async function checkFirstView(visitor, expected, path) {
    const key = headlineKey(expected);
    checkEqual(await visitor.headline(), words[key].vi, `the big sentence is “${words[key].vi}”`);
    if (expected !== 'unreadable') {
        check(await visitor.sees(words[`${key}.means`].vi), 'it says what that means');
        check((await visitor.page.title()).startsWith(words[key].vi), 'the window’s title says it too');
    }
    check(await visitor.sees(words[`${key}.next`].vi), 'it says what to do next');
    check(await visitor.sees(basename(path)), 'it names the file');
    checkEqual(
        await visitor.page.evaluate(() => document.activeElement.id),
        'result',
        'the answer has the focus',
    );
    checkEqual(await visitor.page.getAttribute('#result', 'aria-live'), 'polite', 'a screen reader is told');
    check(
        await visitor.page.locator('#answer .banner > .icon').isVisible(),
        'a symbol stands beside the words',
    );
    const view = await visitor.page.locator('main').innerText();
    check(!JARGON.test(view), 'the first view has no terms of the trade', JARGON.exec(view)?.[0]);
    await checkOrder(visitor, 'answer');
}

async function checkCards(visitor, verdict, name) {
    const signatures = verdict.signatures ?? [];
    const cards = visitor.page.locator('#answer article.card');
    checkEqual(
        await cards.count(),
        signatures.length,
        `there is one card a signature (${signatures.length})`,
    );
    for (const [at, signature] of signatures.entries()) {
        await checkCard(cards.nth(at), signature, `card ${at + 1}`);
        await checkDetails(cards.nth(at), signature, `card ${at + 1}`);
    }
    if (signatures.length > 0) await visitor.shot(`${name}-details`);
}

async function checkCard(card, {signer, claimed_time, indication}, which) {
    const said = tidy(await card.innerText());
    const shows = (wanted, sentence) =>
        wanted && check(said.includes(tidy(wanted)), `${which} ${sentence}`, said);
    shows(signer?.common_name, `names ${signer?.common_name}`);
    shows(signer?.organization, 'names the agency');
    shows(signer?.title, 'names the title');
    shows(claimed_time && '(giờ Việt Nam, UTC+7)', 'says when, in Vietnamese time');
    if (indication !== 'TOTAL-PASSED' && signer?.common_name)
        shows(words['signature.claimed'].vi, 'does not vouch for the name');
}

async function checkDetails(card, {signer, indication, sub_indication}, which) {
    check(!(await card.locator('details').evaluate((one) => one.open)), `${which} keeps its details shut`);
    await card.locator('summary').click();
    const said = tidy(await card.locator('details').innerText());
    for (const wanted of [indication, sub_indication, signer?.serial].filter(Boolean))
        check(said.includes(wanted), `${which} has ${wanted} in its details`, said);
}

// What can be taken home: the file as each signer saw it, made from the file here, and the report.
async function checkKept(visitor, verdict, path) {
    const whole = readFileSync(path);
    const revisions = (verdict.document?.revisions ?? []).filter((one) => one.size < whole.length);
    const links = visitor.page.locator('.timeline a');
    if (!verdict.conclusion) return;
    checkEqual(await links.count(), revisions.length, `earlier revisions can be saved (${revisions.length})`);
    for (const [at, revision] of revisions.entries()) {
        const saved = await savedBy(visitor, links.nth(at));
        check(saved.equals(whole.subarray(0, revision.size)), `revision ${revision.number} is saved as it was signed`);
    }
    const report = await savedBy(visitor, visitor.page.locator('.keep button'));
    checkEqual(report.subarray(0, 5).toString(), '%PDF-', 'the result is saved as PDF');
}

async function savedBy(visitor, control) {
    const [download] = await Promise.all([visitor.page.waitForEvent('download'), control.click()]);
    return readFileSync(await download.path());
}

async function checkEnglish(visitor, expected, name) {
    await visitor.page.click('#language');
    checkEqual(await visitor.headline(), words[headlineKey(expected)].en, 'one click says it in English');
    checkEqual(await visitor.page.getAttribute('html', 'lang'), 'en', 'and marks the page as English');
    check(visitor.page.url().endsWith('?lang=en'), 'and the address remembers', visitor.page.url());
    const open = await visitor.page
        .locator('#answer details')
        .evaluateAll((all) => all.every((one) => one.open));
    check(open, 'what was open stays open');
    await visitor.shot(`${name}-en`);
    await visitor.page.click('#language');
    checkEqual(
        await visitor.headline(),
        words[headlineKey(expected)].vi,
        'one more click says it in Vietnamese again',
    );
}

async function checkScreens(visitor, name) {
    await checkLegible(visitor, 'light');
    await visitor.page.emulateMedia({colorScheme: 'dark'});
    await checkLegible(visitor, 'dark');
    await visitor.shot(`${name}-dark`);
    await visitor.page.setViewportSize({width: 360, height: 740});
    await checkFits(visitor, 'details open');
    await visitor.page.emulateMedia({colorScheme: 'light'});
    await visitor.shot(`${name}-360`);
    const moving = await visitor.page.evaluate(() => document.getAnimations().length);
    checkEqual(moving, 0, 'nothing moves for those who asked for stillness');
}

// From the first Tab to the details, without a mouse.
export async function walkKeyboard(browser, base, shots, {expected, path}) {
    await part('By keyboard alone', async () => {
        const visitor = await Visitor.open(browser, base, shots);
        const {page} = visitor;
        await visitor.go('/verify');
        check(await tabTo(page, '#picker', 8), 'Tab reaches the picker');
        const outline = await page.locator('#drop').evaluate((zone) => getComputedStyle(zone).outlineStyle);
        checkEqual(outline, 'solid', 'the zone shows that it has the focus');
        await visitor.shot('keyboard-focus');
        const asked = page.waitForEvent('filechooser');
        await page.keyboard.press('Enter');
        await (await asked).setFiles(path);
        await page.waitForSelector('#result:not([hidden])');
        checkEqual(
            await visitor.headline(),
            words[headlineKey(expected)].vi,
            'Enter opens it and the answer comes',
        );
        checkEqual(
            await page.evaluate(() => document.activeElement.id),
            'result',
            'the answer has the focus',
        );
        if (expected !== 'unsigned' && expected !== 'unreadable') {
            check(await tabTo(page, 'summary', 3), 'Tab goes on to the details');
            await page.keyboard.press('Enter');
            check(
                await page
                    .locator('details')
                    .first()
                    .evaluate((one) => one.open),
                'Enter opens them',
            );
        }
        check(await tabTo(page, '#picker', 12), 'Tab goes on to the next file');
        check(await tabTo(page, '#language', 12), 'and round to the other language');
        await page.keyboard.press('Enter');
        checkEqual(await visitor.headline(), words[headlineKey(expected)].en, 'which Enter switches to');
        await page.reload();
        checkEqual(await visitor.text('h1'), words['start.heading'].en, 'the choice outlives a reload');
        await visitor.go('/verify');
        checkEqual(
            await visitor.text('h1'),
            words['start.heading'].en,
            'and is remembered without the address',
        );
        await visitor.leave('keyboard');
    });
}

async function tabTo(page, selector, most) {
    for (let pressed = 0; pressed < most; pressed++) {
        await page.keyboard.press('Tab');
        if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return true;
    }
    return false;
}

export async function walkDrop(browser, base, shots, {expected, path}) {
    await part('By dropping a file beside the zone', async () => {
        const visitor = await Visitor.open(browser, base, shots);
        await visitor.go('/verify');
        await drop(visitor.page, [path]);
        await visitor.page.waitForSelector('#result:not([hidden])');
        checkEqual(await visitor.headline(), words[headlineKey(expected)].vi, 'the dropped file is checked');
        await visitor.leave('drop');
    });
}

// The browser's own drag cannot be driven from outside: the same events, with real File objects in them.
export async function drop(page, paths) {
    const files = paths.map((path) => ({
        name: basename(path),
        base64: readFileSync(path).toString('base64'),
    }));
    const held = await page.evaluateHandle((given) => {
        const transfer = new DataTransfer();
        for (const {name, base64} of given)
            transfer.items.add(new File([Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))], name));
        return transfer;
    }, files);
    for (const event of ['dragenter', 'dragover', 'drop'])
        await page.dispatchEvent('header', event, {dataTransfer: held});
}
