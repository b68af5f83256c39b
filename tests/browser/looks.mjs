// What a page must look like whatever is on it: fits its width, is legible, can be walked by a screen reader.

import {check} from './checks.mjs';

const CONTRAST_LEAST = 4.5; // WCAG 2.2, 1.4.3, for text of any size
const TOUCH_LEAST_PX = 24; // WCAG 2.2, 2.5.8

export async function checkFits(visitor, name) {
    const [wide, room] = await visitor.page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
    ]);
    check(wide <= room, `${name}: nothing reaches beyond the screen of ${room} px`, `${wide} px`);
}

export async function checkLegible(visitor, name) {
    const poor = await visitor.page.evaluate(poorContrasts, CONTRAST_LEAST);
    check(poor.length === 0, `${name}: every text stands out from its ground`, poor);
}

export async function checkOrder(visitor, name) {
    const faults = await visitor.page.evaluate(orderFaults, TOUCH_LEAST_PX);
    check(faults.length === 0, `${name}: names, labels, headings and targets are in order`, faults);
}

// Both run inside the page.

function poorContrasts(least) {
    const channels = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = ([red, green, blue]) =>
        [red, green, blue]
            .map((one) => one / 255)
            .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
            .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0);
    const groundOf = (node) => {
        const ground = channels(getComputedStyle(node).backgroundColor);
        return ground[3] === 0 && node.parentElement ? groundOf(node.parentElement) : ground;
    };
    const poor = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const holder = walker.currentNode.parentElement;
        if (
            !walker.currentNode.data.trim()
            || !holder.checkVisibility()
            || holder.closest('script, .unseen, .skip')
        )
            continue;
        const [high, low] = [channels(getComputedStyle(holder).color), groundOf(holder)]
            .map(luminance)
            .sort((a, b) => b - a);
        const contrast = (high + 0.05) / (low + 0.05);
        if (contrast < least)
            poor.push(`${contrast.toFixed(2)}: ${walker.currentNode.data.trim().slice(0, 40)}`);
    }
    return poor;
}

function orderFaults(touchLeast) {
    const faults = [];
    const seen = (node) => node.checkVisibility();
    for (const image of document.images) if (!image.hasAttribute('alt')) faults.push(`no alt: ${image.src}`);
    for (const control of document.querySelectorAll('button, a[href], summary')) {
        if (!seen(control)) continue;
        if (!control.textContent.trim()) faults.push(`a nameless ${control.tagName}`);
        if (!control.matches('.skip') && control.getBoundingClientRect().height < touchLeast)
            faults.push(`small: ${control.textContent.trim()}`);
    }
    for (const field of document.querySelectorAll('input'))
        if (!field.labels?.length) faults.push(`no label: ${field.id}`);
    const ids = [...document.querySelectorAll('[id]')].map((node) => node.id);
    for (const id of new Set(ids.filter((one, at) => ids.indexOf(one) !== at))) faults.push(`twice: #${id}`);
    const levels = [...document.querySelectorAll('h1, h2, h3, h4, h5')]
        .filter(seen)
        .map((one) => +one.tagName[1]);
    if (levels.filter((one) => one === 1).length !== 1)
        faults.push(`h1 stands ${levels.filter((l) => l === 1).length} times`);
    levels.forEach(
        (one, at) => at > 0 && one > levels[at - 1] + 1 && faults.push(`h${one} after h${levels[at - 1]}`),
    );
    if (!document.querySelector('main') || !document.querySelector('header'))
        faults.push('landmarks are missing');
    return faults;
}
