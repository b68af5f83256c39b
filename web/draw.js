// The few strokes everything is drawn with. Text is only ever text: there is no way from here to innerHTML.

import {momentText} from './dates.js';
import {language, say} from './language.js';

const SVG = 'http://www.w3.org/2000/svg';

// el('p', {class: 'why'}, 'text', node, null): null, false and '' are left out.
export function el(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes ?? {})) {
        if (value !== null && value !== false) node.setAttribute(name, value === true ? '' : value);
    }
    node.append(...children.flat().filter(isDrawn));
    return node;
}

function isDrawn(child) {
    return child !== null && child !== undefined && child !== false && child !== '';
}

// The symbols stand in verify.html. Decoration only: words always stand beside an icon.
export function icon(name, kind) {
    const svg = document.createElementNS(SVG, 'svg');
    const use = document.createElementNS(SVG, 'use');
    svg.setAttribute('class', kind ? `icon ${kind}` : 'icon');
    svg.setAttribute('aria-hidden', 'true');
    use.setAttribute('href', `#icon-${name}`);
    svg.append(use);
    return svg;
}

// Names from files and certificates are written by strangers: isolated, so that a right-to-left mark in one
// cannot turn the sentence around it.
export function foreign(text) {
    return el('bdi', {class: 'foreign'}, String(text));
}

// "21/11/2026 20:15 (giờ Việt Nam, UTC+7)", broken over two lines only between the two; null without a
// moment.
export function moment(iso) {
    const text = momentText(iso);
    return (
        text && el('span', {class: 'moment'}, el('span', null, text), ' ', el('span', null, say('time.zone')))
    );
}

// Rows of a description list; those without a value are left out.
export function facts(kind, rows) {
    const list = el('dl', {class: kind});
    for (const [label, value] of rows) {
        if (isDrawn(value)) list.append(el('div', null, el('dt', null, label), el('dd', null, value)));
    }
    return list;
}

// The banner that every answer, record and trouble begins with. Colour, shape and words say the same thing.
export function banner({id, tone, symbol, level, headline, means, nextLabel, next}, ...extra) {
    return el(
        'div',
        {class: `banner ${tone}`},
        icon(symbol, 'big'),
        el(
            'div',
            {class: 'banner-text'},
            el(level, {id, class: 'headline'}, headline),
            el('p', {class: 'means'}, means),
            extra,
            next && el('p', {class: 'next'}, el('strong', null, `${nextLabel}: `), next),
        ),
    );
}

export function sizeText(bytes) {
    const units = ['byte', 'kB', 'MB', 'GB'];
    const step = bytes < 1000 ? 0 : bytes < 1024 ** 2 ? 1 : bytes < 1024 ** 3 ? 2 : 3;
    const digits = {maximumFractionDigits: step < 2 ? 0 : 1};
    return `${(bytes / 1024 ** step).toLocaleString(language(), digits)} ${units[step]}`;
}
