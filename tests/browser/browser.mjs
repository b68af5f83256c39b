// Chromium, and a visitor in it: one fresh profile, one page, and a list of everything that went wrong on it.

import {mkdirSync} from 'node:fs';
import {join} from 'node:path';

import {chromium} from 'playwright-core';

import {check} from './checks.mjs';

const FLAGS = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
];
const ANSWER_WITHIN_MS = 30_000;

export function browserOpen(program) {
    return chromium.launch({executablePath: program, args: FLAGS, headless: true});
}

export class Visitor {
    static async open(browser, base, shots, options = {}) {
        const visitor = new Visitor();
        visitor.base = base;
        visitor.shots = shots;
        visitor.complaints = [];
        visitor.context = await browser.newContext({
            viewport: {width: 1280, height: 900},
            locale: 'vi-VN',
            reducedMotion: 'reduce',
            ...options,
        });
        visitor.page = await visitor.context.newPage();
        visitor.page.setDefaultTimeout(ANSWER_WITHIN_MS);
        visitor.listen();
        return visitor;
    }

    listen() {
        const origin = new URL(this.base).origin;
        this.page.on('request', (request) => {
            const url = request.url();
            if (!url.startsWith(`${origin}/`) && !url.startsWith('data:'))
                this.complaints.push(`asked ${url}`);
        });
        this.page.on('console', (message) => {
            if (['error', 'warning'].includes(message.type()))
                this.complaints.push(`console: ${message.text()}`);
        });
        this.page.on('filechooser', () => {}); // from here on choosers come to us, not to a desktop
        this.page.on('pageerror', (error) => this.complaints.push(`script: ${error.message}`));
        this.page.on('dialog', (dialog) => {
            this.complaints.push(`dialog: ${dialog.message()}`);
            dialog.dismiss();
        });
    }

    go(path) {
        return this.page.goto(new URL(path, this.base).href, {waitUntil: 'networkidle'});
    }

    // Hands a file to the picker and waits for what the page makes of it.
    async give(file) {
        await this.page.setInputFiles('#picker', file);
        await this.page.waitForSelector('#result:not([hidden])');
    }

    headline() {
        return this.text('#answer-headline');
    }

    async text(selector) {
        return tidy(await this.page.locator(selector).first().innerText());
    }

    async sees(sentence) {
        return tidy(await this.page.locator('body').innerText()).includes(sentence);
    }

    async shot(name) {
        mkdirSync(this.shots, {recursive: true});
        await this.page.screenshot({path: join(this.shots, `${name}.png`), fullPage: true});
    }

    // Leaves, after saying whether anything went wrong; `expected` are complaints the visit was meant to cause.
    async leave(name, expected = /^$/) {
        const complaints = this.complaints.filter((one) => !expected.test(one));
        check(
            complaints.length === 0,
            `${name}: nothing outside was asked and nothing complained`,
            complaints,
        );
        await this.context.close();
    }
}

export function tidy(text) {
    return text.replace(/\s+/g, ' ').trim();
}
