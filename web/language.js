// Which language the page speaks, and how a sentence is said in it. Vietnamese unless the address (?lang=en)
// or an earlier choice on this device says otherwise.

import {words} from './words.js';

const KEPT_AS = 'vanthu.language';
const LANGUAGES = ['vi', 'en'];

let current = LANGUAGES[0];

export function language() {
    return current;
}

export function languageStart() {
    const asked = new URLSearchParams(location.search).get('lang');
    current = [asked, kept()].find((one) => LANGUAGES.includes(one)) ?? LANGUAGES[0];
    document.documentElement.lang = current;
}

export function languageSwitch() {
    current = otherLanguage();
    document.documentElement.lang = current;
    keep(current);
    const here = new URL(location.href);
    here.searchParams.set('lang', current);
    history.replaceState(null, '', here);
}

export function otherLanguage() {
    return current === 'vi' ? 'en' : 'vi';
}

// An unknown key is our own mistake: it throws, and the tests walk through every key.
export function say(key, ...values) {
    const sentence = words[key][current];
    return sentence.replace(/\{(\d)\}/g, (whole, at) => values[at] ?? '');
}

export function canSay(key) {
    return Object.hasOwn(words, key);
}

// A pair {vi, en} that came from the server; one language is better than none.
export function sayEither(pair) {
    return pair?.[current] || pair?.vi || pair?.en || '';
}

// Storage may be switched off in a private window: the choice then lasts as long as the page.
function kept() {
    try {
        return localStorage.getItem(KEPT_AS);
    } catch {
        return null;
    }
}

function keep(chosen) {
    try {
        localStorage.setItem(KEPT_AS, chosen);
    } catch {
        // nothing to do: the address carries the choice too
    }
}
