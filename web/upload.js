// Sending one file to be checked. What comes back is a verdict or a trouble; a trouble is never a verdict.
// XMLHttpRequest, because fetch() cannot say how much has been sent.

export const FILE_MOST_BYTES = 50 * 1024 * 1024;
const ANSWER_WITHIN_MS = 120_000;

// {trouble: name, ...} when the file need not be sent at all, else null.
export function refusalOf(file) {
    if (file.size > FILE_MOST_BYTES) return {trouble: 'too-large', size: file.size};
    if (file.size === 0) return {trouble: 'empty'};
    return null;
}

// Calls progress(share) with 0..1, then progress(null) while the server thinks, then settle(outcome) once,
// unless cancelled. Returns the function that cancels.
export function upload(file, code, progress, settle) {
    const request = new XMLHttpRequest();
    let patience = 0;
    const settleOnce = (outcome) => {
        clearTimeout(patience);
        settle(outcome);
    };

    request.upload.onprogress = (event) => progress(event.lengthComputable ? event.loaded / event.total : 0);
    request.upload.onload = () => {
        progress(null);
        patience = setTimeout(() => {
            request.onabort = () => settleOnce({trouble: 'slow'});
            request.abort();
        }, ANSWER_WITHIN_MS);
    };
    request.onload = () => settleOnce(outcomeOf(request));
    request.onerror = () => settleOnce({trouble: 'network'});

    request.open('POST', code ? `/verify?code=${encodeURIComponent(code)}` : '/verify');
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.setRequestHeader('X-File-Name', encodeURIComponent(file.name.toWellFormed?.() ?? file.name));
    request.setRequestHeader('Accept', 'application/json');
    request.send(file);

    return () => {
        clearTimeout(patience);
        request.abort();
    };
}

function outcomeOf(request) {
    const answer = parsed(request.responseText);
    if (request.status === 200 && answer?.error) return {trouble: 'unreadable', error: answer.error};
    if (request.status === 200 && typeof answer?.conclusion === 'string') return {verdict: answer};
    return {
        trouble: ['413', '429', '503'].find((known) => Number(known) === request.status) ?? 'fault',
        wait: waitOf(request.getResponseHeader('Retry-After')),
    };
}

// Retry-After in seconds (RFC 9110, 10.2.3); the form with a date is not worth reading here.
export function waitOf(header) {
    return /^\d{1,5}$/.test(header ?? '') ? Number(header) : null;
}

function parsed(text) {
    try {
        return JSON.parse(text);
    } catch {
        return null;
    }
}
