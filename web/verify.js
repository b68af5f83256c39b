// The citizen's page, /verify and /k/<code>. This file holds what the page knows and reacts to what people
// do; answer.js decides what they are told, the *_view.js files draw it, words.js has the sentences.

import {languageStart, languageSwitch, otherLanguage, say} from './language.js';
import {codeFromPath, drawRecord, drawRecordTrouble, fetchRecord} from './record_view.js';
import {drawTrouble, drawVerdict} from './result_view.js';
import {refusalOf, upload} from './upload.js';

const part = (id) => document.getElementById(id);
const RETRYABLE = ['429', '503', 'network', 'slow', 'fault'];

const page = {
    code: codeFromPath(location.pathname),
    paper: null, // {record} or {trouble} once /k/<code> has been asked
    file: null, // the file the outcome is about
    outcome: null, // {verdict} or {trouble}
    checkedAt: null,
    share: null, // while sending: 0..1; null while the server thinks
    cancel: null, // a function while a check runs
    note: null, // key of a short sentence under the drop zone
};

function start() {
    languageStart();
    part('start-failed').remove();
    listen();
    draw();
    if (page.code) openRecord();
}

function listen() {
    part('language').addEventListener('click', (event) => {
        event.preventDefault();
        languageSwitch();
        draw();
    });
    part('picker').addEventListener('change', (event) => {
        if (event.target.files.length > 0) check([...event.target.files]);
        event.target.value = ''; // so that the same file may be chosen again
    });
    part('cancel').addEventListener('click', cancel);
    part('again').addEventListener('click', () => check([page.file]));
    part('record-again').addEventListener('click', openRecord);
    listenForDrops();
}

// The whole window takes drops: a file let go beside the zone must not replace the page.
function listenForDrops() {
    let inside = 0;
    const hover = (change) => {
        inside = change === 0 ? 0 : inside + change;
        part('drop').classList.toggle('hovered', inside > 0);
    };
    window.addEventListener('dragenter', () => hover(1));
    window.addEventListener('dragleave', () => hover(-1));
    window.addEventListener('dragover', (event) => event.preventDefault());
    window.addEventListener('drop', (event) => {
        event.preventDefault();
        hover(0);
        const {items, files} = event.dataTransfer;
        if ([...items].some((item) => item.webkitGetAsEntry?.()?.isDirectory)) conclude({trouble: 'folder'});
        else if (files.length > 0) check([...files]);
    });
}

function check(files) {
    page.cancel?.();
    page.file = files.length === 1 ? files[0] : null;
    const refusal = files.length === 1 ? refusalOf(files[0]) : {trouble: 'several', count: files.length};
    if (refusal) return conclude(refusal);

    Object.assign(page, {outcome: null, note: null, share: 0});
    page.cancel = upload(page.file, page.code, progress, conclude);
    draw();
    part('cancel').focus();
}

function progress(share) {
    page.share = share;
    drawProgress();
}

function conclude(outcome) {
    Object.assign(page, {outcome, cancel: null, note: null, checkedAt: new Date()});
    if (outcome.trouble === 'folder') page.file = null;
    draw();
    part('result').focus();
    part('result').scrollIntoView({block: 'start'});
}

function cancel() {
    page.cancel?.();
    Object.assign(page, {cancel: null, file: null, note: 'progress.cancelled'});
    draw();
    part('picker').focus();
}

async function openRecord() {
    page.paper = null;
    draw();
    page.paper = await fetchRecord(page.code);
    draw();
}

function draw() {
    for (const node of document.querySelectorAll('[data-word]')) node.textContent = say(node.dataset.word);
    part('language').lang = otherLanguage();
    part('language').href = `?lang=${otherLanguage()}`;
    drawPaper();
    drawResult();
    drawDrop();
    drawProgress();
    document.title = titleText();
}

function titleText() {
    const {verdict} = page.outcome ?? {};
    const headline = verdict && part('answer-headline')?.textContent;
    return headline ? `${headline} – ${say('page.title')}` : say('page.title');
}

function drawPaper() {
    const drawn = page.paper?.record
        ? drawRecord(page.paper.record, page.code)
        : page.paper && drawRecordTrouble(page.paper);
    part('intro').hidden = Boolean(page.code);
    part('lead').hidden = Boolean(page.outcome || page.cancel);
    part('opening').hidden = !page.code || Boolean(page.paper);
    part('record').hidden = !drawn;
    part('record').replaceChildren(...(drawn || []));
    part('record-again').hidden = page.paper?.trouble !== 'record';
}

function drawResult() {
    const about = {file: page.file, checkedAt: page.checkedAt, record: page.paper?.record};
    const opened = [...part('answer').querySelectorAll('details')].map((one) => one.open);
    const drawn = page.outcome?.verdict
        ? drawVerdict(page.outcome.verdict, about)
        : page.outcome
          ? drawTrouble(page.outcome, about)
          : [];
    part('answer').replaceChildren(...drawn);
    part('answer')
        .querySelectorAll('details')
        .forEach((one, at) => {
            one.open = opened[at] ?? false;
        });
    part('result').hidden = !page.outcome;
    part('again').hidden = !page.file || !RETRYABLE.includes(page.outcome?.trouble);
}

function drawDrop() {
    const words = page.outcome ? 'drop.again' : page.paper?.record ? 'drop.compare' : 'drop.title';
    part('drop').hidden = Boolean(page.cancel);
    part('drop').classList.toggle('small', Boolean(page.outcome));
    part('drop-title').textContent = say(words);
    part('drop-title-touch').textContent = say(`${words}.touch`);
    part('notes').hidden = Boolean(page.outcome || page.cancel || page.code);
    part('note').textContent = page.note ? say(page.note) : '';
}

// The sentence changes only at every tenth, so that a screen reader can keep up.
function drawProgress() {
    part('progress').hidden = !page.cancel;
    if (!page.cancel) return;
    const sending = page.share !== null && page.share < 1;
    const percent = Math.floor((page.share ?? 1) * 10) * 10;
    const text = sending ? say('progress.sending', percent) : say('progress.checking');
    if (part('progress-text').textContent !== text) part('progress-text').textContent = text;
    if (sending) part('progress-bar').value = page.share;
    else part('progress-bar').removeAttribute('value');
}

start();
