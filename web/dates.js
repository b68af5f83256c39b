// Times as people in Viet Nam write them. Legal time has been UTC+7 without daylight saving since 1975, so
// the shift is a constant, and the reader's own time zone never enters.

const VIETNAM_MINUTES = 7 * 60;

const two = (number) => String(number).padStart(2, '0');

// "2026-11-21T13:15:00Z" -> "21/11/2026 20:15"; null for what is not a moment.
export function momentText(iso) {
    const moment = typeof iso === 'string' ? Date.parse(iso) : iso instanceof Date ? iso.getTime() : NaN;
    if (Number.isNaN(moment)) return null;
    const there = new Date(moment + VIETNAM_MINUTES * 60_000);
    const day = `${two(there.getUTCDate())}/${two(there.getUTCMonth() + 1)}/${there.getUTCFullYear()}`;
    return `${day} ${two(there.getUTCHours())}:${two(there.getUTCMinutes())}`;
}

// "2026-11-21" -> "21/11/2026": the date on a document is a date, not a moment, and is never shifted.
export function dayText(date) {
    const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date ?? '');
    return parts ? `${parts[3]}/${parts[2]}/${parts[1]}` : null;
}
