// A small ZIP writer: deflated entries with one fixed time, so that the same input gives the same bytes.

import zlib from "node:zlib";

const LOCAL = 0x04034b50,
    CENTRAL = 0x02014b50,
    END = 0x06054b50; // APPNOTE.TXT, 4.3
const VERSION = 20,
    DEFLATED = 8,
    NAMES_ARE_UTF8 = 0x0800;
const TIME = (10 << 11) | (6 << 5),
    DATE = ((2025 - 1980) << 9) | (3 << 5) | 14; // 14 March 2025, 10:06

/** entries: [{name, bytes}] */
export function zip(entries) {
    const files = [];
    const directory = [];
    let offset = 0;
    for (const {name, bytes} of entries) {
        const packed = zlib.deflateRawSync(bytes);
        const encoded = Buffer.from(name, "utf8");
        const sizes = u32(crc32(bytes), packed.length, bytes.length);
        const common = [u16(VERSION, NAMES_ARE_UTF8, DEFLATED, TIME, DATE), sizes, u16(encoded.length, 0)];
        const local = Buffer.concat([u32(LOCAL), ...common, encoded, packed]);
        files.push(local);
        directory.push(u32(CENTRAL), u16(VERSION), ...common, u16(0, 0, 0), u32(0, offset), encoded);
        offset += local.length;
    }
    const central = Buffer.concat(directory);
    const end = [u32(END), u16(0, 0, entries.length, entries.length), u32(central.length, offset), u16(0)];
    return Buffer.concat([...files, central, ...end]);
}

const CRC_TABLE = Uint32Array.from({length: 256}, (_, n) => {
    for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
    return n;
});

function crc32(bytes) {
    let crc = 0xffffffff;
    for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
    return (crc ^ 0xffffffff) >>> 0;
}

function u16(...numbers) {
    return Buffer.from(Uint16Array.from(numbers).buffer); // little-endian, as every machine that runs Node
}

function u32(...numbers) {
    return Buffer.from(Uint32Array.from(numbers).buffer);
}
