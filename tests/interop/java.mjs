// What Java does and JavaScript does not, as far as the published SDK's bytes on the wire depend on it: the
// order of a HashMap, a digest printed without padding, a timestamp pattern, characters cut to one byte.

const FIRST_CAPACITY = 16; // java.util.HashMap: DEFAULT_INITIAL_CAPACITY
const LOAD_FACTOR = 0.75;
const TREEIFY_THRESHOLD = 8; // a longer bin becomes a tree, or the table grows while it is small
const MIN_TREEIFY_CAPACITY = 64;

/** java.lang.String.hashCode: s[0]*31^(n-1) + ... + s[n-1] over UTF-16 units, in 32 bits. */
export function stringHash(text) {
    let hash = 0;
    for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
    return hash;
}

/** java.util.HashMap with String keys: what is put in comes out in the order that Java would give. */
export class HashMap {
    #bins = Array.from({length: FIRST_CAPACITY}, () => []);
    #size = 0;

    put(key, value) {
        const bin = this.#bin(key);
        const entry = bin.find((candidate) => candidate.key === key);
        if (entry) {
            entry.value = value; // the place stays the old one
            return;
        }
        bin.push({key, value});
        if (bin.length > TREEIFY_THRESHOLD) this.#relieve();
        this.#size++;
        if (this.#size > this.#bins.length * LOAD_FACTOR) this.#grow();
    }

    get(key) {
        return this.#bin(key).find((entry) => entry.key === key)?.value;
    }

    entries() {
        return this.#bins.flat().map(({key, value}) => [key, value]);
    }

    keys() {
        return this.entries().map(([key]) => key);
    }

    #bin(key) {
        const hash = stringHash(key);
        return this.#bins[(hash ^ (hash >>> 16)) & (this.#bins.length - 1)];
    }

    #relieve() {
        if (this.#bins.length >= MIN_TREEIFY_CAPACITY)
            throw new RangeError("this bin would become a tree, whose order is not reproduced here");
        this.#grow();
    }

    #grow() {
        // a bin is split in two and both halves keep their order
        const entries = this.entries();
        this.#bins = Array.from({length: this.#bins.length * 2}, () => []);
        for (const {key, value} of entries.map(([key, value]) => ({key, value})))
            this.#bin(key).push({key, value});
    }
}

/** Integer.toHexString(b & 0xff) for each byte: 0x07 prints as `7`, so the text may be shorter than 64. */
export function unpaddedHex(digest) {
    return Array.from(digest, (byte) => byte.toString(16)).join("");
}

/** SimpleDateFormat("ddMMyyyy'T'HHmmss+SSSS") in local time: after the plus come milliseconds, no zone. */
export function timestamp(date) {
    const digits = (number, width) => String(number).padStart(width, "0");
    const day = digits(date.getDate(), 2) + digits(date.getMonth() + 1, 2) + digits(date.getFullYear(), 4);
    const time = [date.getHours(), date.getMinutes(), date.getSeconds()]
        .map((part) => digits(part, 2))
        .join("");
    return `${day}T${time}+${digits(date.getMilliseconds(), 4)}`;
}

/** What the JSON calls' HTTP stack makes of a header value: each UTF-16 unit is cut to its low byte. */
export function lowBytes(text) {
    return Buffer.from(text, "latin1");
}
