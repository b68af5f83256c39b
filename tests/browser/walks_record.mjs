// The walks of people who scanned a QR code, with a paper in hand or the file beside it.

import {words} from '../../web/words.js';
import {Visitor} from './browser.mjs';
import {check, checkEqual, part} from './checks.mjs';
import {checkFits, checkLegible, checkOrder} from './looks.mjs';

export async function walkRecord(browser, base, shots, path) {
    await part('A code is opened', async () => {
        const visitor = await Visitor.open(browser, base, shots);
        const answered = visitor.page.waitForResponse((one) => one.url().endsWith('/data'));
        await visitor.go(path);
        const record = await (await answered).json();
        await visitor.page.waitForSelector('#record-headline');
        const reference = [record.number, record.notation].filter(Boolean).join('/');
        checkEqual(
            await visitor.text('#record h1'),
            words['record.number'].vi.replace('{0}', reference),
            `it is headed ${reference}`,
        );
        const key = `record.${record.state === 'recalled' ? 'recalled' : record.conclusion}`;
        checkEqual(await visitor.text('#record-headline'), words[key].vi, `it says “${words[key].vi}”`);
        const [year, month, day] = record.date.split('-');
        for (const [sentence, wanted] of [
            ['the date', `${day}/${month}/${year}`],
            ['the agency', record.agency],
            ['the state in words', words[`state.${record.state}`].vi],
            ['an invitation to compare', words['drop.compare'].vi],
            ...record.signers.map((one) => [`the signer ${one.signer.common_name}`, one.signer.common_name]),
            ...record.recipients.map((one) => [`the recipient ${one.name}`, one.name]),
        ])
            check(await visitor.sees(wanted), `it shows ${sentence}`, wanted);
        const qr = visitor.page.locator('.qr img');
        check(await qr.evaluate((image) => image.complete && image.naturalWidth > 0), 'it shows the QR code');
        await lookAround(visitor, 'record');
        await visitor.leave('record');
    });
}

async function lookAround(visitor, name) {
    await checkOrder(visitor, name);
    await checkLegible(visitor, name);
    await visitor.shot(name);
    await visitor.page.click('#language');
    check(
        (await visitor.text('#record-headline')).match(/^[\x20-\x7e’]+$/),
        'one click shows the record in English',
    );
    await visitor.page.emulateMedia({colorScheme: 'dark'});
    await checkLegible(visitor, `${name}, dark`);
    await visitor.shot(`${name}-dark-en`);
    await visitor.page.setViewportSize({width: 360, height: 740});
    await checkFits(visitor, name);
    await visitor.page.emulateMedia({colorScheme: 'light'});
    await visitor.page.click('#language');
    await visitor.shot(`${name}-360`);
}

export async function walkCompare(browser, base, shots, path, {file, same}) {
    await part(`A file is held against the code: ${same ? 'the same' : 'another'}`, async () => {
        const visitor = await Visitor.open(browser, base, shots);
        await visitor.go(path);
        await visitor.page.waitForSelector('#record-headline');
        const reference = (await visitor.text('#record dd')).trim();
        await visitor.give(file);
        const said = (key) => words[key].vi.replace('{0}', reference);
        const seen = await visitor.text('#answer .banner');
        const matches = [said('compare.same'), said('compare.signers')].some((one) => seen.includes(one));
        checkEqual(matches, same, same ? 'it is said to match' : 'it is not said to match');
        if (!same)
            check(
                (await visitor.headline()) !== words['answer.genuine'].vi,
                'and the answer is no plain yes',
            );
        await visitor.shot(same ? 'compare-same' : 'compare-other');
        await visitor.leave('compare');
    });
}

export async function walkUnknownCode(browser, base, shots) {
    await part('A code that nobody gave out is opened', async () => {
        const visitor = await Visitor.open(browser, base, shots);
        await visitor.go('/k/AAAAAAAAAAAAAAAAAAAAAA');
        await visitor.page.waitForSelector('#record-headline');
        checkEqual(
            await visitor.text('#record-headline'),
            words['trouble.no-record'].vi,
            'the page says that there is none',
        );
        check(await visitor.sees(words['trouble.no-record.next'].vi), 'and what to do');
        await checkOrder(visitor, 'unknown code');
        await visitor.shot('record-none');
        await visitor.leave('unknown code', /404/);
    });
}
