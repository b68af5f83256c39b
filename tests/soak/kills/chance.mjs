// Chance that can be had again: the same seed gives the same choices (mulberry32).

export class Chance {
    constructor(seed) {
        this.state = seed >>> 0;
    }

    /** 0 ≤ x < 1 */
    next() {
        this.state = (this.state + 0x6d2b79f5) >>> 0;
        let mixed = this.state;
        mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    }

    between(least, most) {
        return Math.floor(least + this.next() * (most - least + 1));
    }

    of(list) {
        return list[this.between(0, list.length - 1)];
    }
}
