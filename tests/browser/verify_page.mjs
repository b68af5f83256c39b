// Drives the citizen's page in Chromium against a running server:
//
//   node verify_page.mjs http://127.0.0.1:8080 --shots DIR --case genuine=signed.pdf --case changed=tampered.pdf
//        --case unsigned=plain.pdf --case unreadable=noise.bin --code /k/<code> --original signed.pdf
//
// --case WHAT=FILE   the answer that must come for a file: genuine changed void unknown unsigned unreadable; several
// --code URL         an address that a QR code opens; --original FILE is the document it belongs to
// --shots DIR        where the screenshots go (default: ./shots)
// --browser PROGRAM  default: /usr/bin/chromium
//
// Every check prints a sentence. Exit 0: all hold; 1: some do not; 64: the arguments make no sense.

import {existsSync} from 'node:fs';
import {resolve} from 'node:path';
import {parseArgs} from 'node:util';

import {words} from '../../web/words.js';
import {browserOpen} from './browser.mjs';
import {summary} from './checks.mjs';
import {headlineKey, walkCase, walkDrop, walkKeyboard, walkStart} from './walks_cases.mjs';
import {walkCompare, walkRecord, walkUnknownCode} from './walks_record.mjs';
import {walkTroubles} from './walks_trouble.mjs';

function readArguments() {
    const {values, positionals} = parseArgs({
        allowPositionals: true,
        options: {
            case: {type: 'string', multiple: true, default: []},
            code: {type: 'string'},
            original: {type: 'string'},
            shots: {type: 'string', default: 'shots'},
            browser: {type: 'string', default: '/usr/bin/chromium'},
        },
    });
    if (positionals.length !== 1) throw new Error('name one base address');
    if (values.case.length === 0) throw new Error('name at least one --case WHAT=FILE');
    if (values.original && !existsSync(values.original))
        throw new Error(`there is no file ${values.original}`);
    return {
        ...values,
        base: new URL(positionals[0]).href,
        cases: values.case.map(readCase),
        shots: resolve(values.shots),
    };
}

function readCase(text, at, all) {
    const [expected, path] = [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)];
    if (!words[headlineKey(expected)]) throw new Error(`no answer is called “${expected}”`);
    if (!existsSync(path)) throw new Error(`there is no file ${path}`);
    const twice = all.findIndex((one) => one.startsWith(`${expected}=`)) !== at;
    return {expected, path, name: twice ? `${expected}-${at + 1}` : expected};
}

async function walkAll({base, shots, browser: program, cases, code, original}) {
    const browser = await browserOpen(program);
    try {
        await walkStart(browser, base, shots);
        for (const one of cases) await walkCase(browser, base, shots, one);
        await walkKeyboard(browser, base, shots, cases[0]);
        await walkDrop(browser, base, shots, cases[0]);
        await walkTroubles(browser, base, shots, cases[0]);
        await walkUnknownCode(browser, base, shots);
        if (code) await walkCode(browser, base, shots, {code, original, cases});
    } finally {
        await browser.close();
    }
}

async function walkCode(browser, base, shots, {code, original, cases}) {
    const path = new URL(code, base).pathname;
    await walkRecord(browser, base, shots, path);
    if (original) await walkCompare(browser, base, shots, path, {file: original, same: true});
    const other = cases.find((one) => ['changed', 'unsigned'].includes(one.expected));
    if (other) await walkCompare(browser, base, shots, path, {file: other.path, same: false});
}

let given;
try {
    given = readArguments();
} catch (error) {
    console.error(`verify_page: ${error.message}`);
    process.exit(64);
}
await walkAll(given);
process.exit(summary());
