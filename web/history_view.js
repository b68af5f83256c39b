// How a signed PDF grew, one line a revision, and what can be taken home: the file as each signer saw it, and the
// report. The file never leaves the browser for the first: what a signer saw is where it begins, up to an end.

import {el, icon, sizeText} from './draw.js';
import {say} from './language.js';

export function drawHistory(verdict, file) {
    const revisions = verdict.document?.revisions ?? [];
    if (revisions.length === 0) return null;
    return el(
        'section',
        {class: 'history', 'aria-labelledby': 'history-heading'},
        el('h3', {id: 'history-heading'}, say('history.heading')),
        el(
            'ol',
            {class: 'timeline'},
            revisions.map((one, at) => drawRevision(one, file, at === revisions.length - 1)),
        ),
    );
}

function drawRevision(revision, file, last) {
    const bad = Boolean(revision.not_allowed);
    const did = revision.changes.map((one) => say(`history.${one}`)).join(', ') || say('history.first');
    return el(
        'li',
        {class: bad ? 'changed' : 'genuine'},
        icon(bad ? 'changed' : 'genuine'),
        el(
            'div',
            null,
            el('p', {class: 'did'}, el('strong', null, say('history.revision', revision.number)), ' ', did),
            bad && el('p', {class: 'why'}, say('history.not-allowed')),
            last && revision.size === file.size
                ? el('p', {class: 'when'}, say('history.this'))
                : el('a', {class: 'quiet-link', ...savedAs(file, revision)}, say('history.save', sizeText(revision.size))),
        ),
    );
}

// Only for as long as the page stands: the browser forgets such an address with it.
function savedAs(file, revision) {
    const name = file.name.replace(/(\.pdf)?$/i, `-${revision.number}.pdf`);
    return {href: URL.createObjectURL(file.slice(0, revision.size, 'application/pdf')), download: name};
}

// The report is made from the file again: the server has kept nothing.
export function drawKeep(file) {
    const note = el('span', {class: 'when', role: 'status'});
    const button = el('button', {class: 'button quiet', type: 'button'}, say('keep.report'));
    button.addEventListener('click', async () => {
        button.disabled = true;
        note.textContent = say('keep.making');
        note.textContent = (await saveReport(file)) ? say('keep.done') : say('keep.failed');
        button.disabled = false;
    });
    return el('p', {class: 'keep'}, button, ' ', note);
}

async function saveReport(file) {
    try {
        const answer = await fetch('/verify/report?format=pdf', {
            method: 'POST',
            headers: {
                'Content-Type': 'application/octet-stream',
                'X-File-Name': encodeURIComponent(file.name.toWellFormed?.() ?? file.name),
            },
            body: file,
        });
        if (!answer.ok) return false;
        const address = URL.createObjectURL(await answer.blob());
        el('a', {href: address, download: file.name.replace(/(\.[^.]*)?$/, '-ket-qua-kiem-tra.pdf')}).click();
        setTimeout(() => URL.revokeObjectURL(address), 60_000);
        return true;
    } catch {
        return false;
    }
}
