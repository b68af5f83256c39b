#include "base/xml_encoding.h"

enum { DECLARATION_MAX = 256 /* bytes in which encoding="…" must stand */ };

/* What the bytes from 0x80 on mean; 0: nothing. */
// clang-format off
static const uint16_t windows_1252[] = {
    0x20AC, 0x0000, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0x0000, 0x017D, 0x0000, 0x0000, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x0000, 0x017E, 0x0178,
};
static const uint16_t latin_2[] = { /* from 0xA0 on */
    0x00A0, 0x0104, 0x02D8, 0x0141, 0x00A4, 0x013D, 0x015A, 0x00A7, 0x00A8, 0x0160, 0x015E, 0x0164,
    0x0179, 0x00AD, 0x017D, 0x017B, 0x00B0, 0x0105, 0x02DB, 0x0142, 0x00B4, 0x013E, 0x015B, 0x02C7,
    0x00B8, 0x0161, 0x015F, 0x0165, 0x017A, 0x02DD, 0x017E, 0x017C, 0x0154, 0x00C1, 0x00C2, 0x0102,
    0x00C4, 0x0139, 0x0106, 0x00C7, 0x010C, 0x00C9, 0x0118, 0x00CB, 0x011A, 0x00CD, 0x00CE, 0x010E,
    0x0110, 0x0143, 0x0147, 0x00D3, 0x00D4, 0x0150, 0x00D6, 0x00D7, 0x0158, 0x016E, 0x00DA, 0x0170,
    0x00DC, 0x00DD, 0x0162, 0x00DF, 0x0155, 0x00E1, 0x00E2, 0x0103, 0x00E4, 0x013A, 0x0107, 0x00E7,
    0x010D, 0x00E9, 0x0119, 0x00EB, 0x011B, 0x00ED, 0x00EE, 0x010F, 0x0111, 0x0144, 0x0148, 0x00F3,
    0x00F4, 0x0151, 0x00F6, 0x00F7, 0x0159, 0x016F, 0x00FA, 0x0171, 0x00FC, 0x00FD, 0x0163, 0x02D9,
};
static const uint16_t latin_9[] = { /* from 0xA0 to 0xBF */
    0x00A0, 0x00A1, 0x00A2, 0x00A3, 0x20AC, 0x00A5, 0x0160, 0x00A7, 0x0161, 0x00A9, 0x00AA, 0x00AB,
    0x00AC, 0x00AD, 0x00AE, 0x00AF, 0x00B0, 0x00B1, 0x00B2, 0x00B3, 0x017D, 0x00B5, 0x00B6, 0x00B7,
    0x017E, 0x00B9, 0x00BA, 0x00BB, 0x0152, 0x0153, 0x0178, 0x00BF,
};
// clang-format on

/* Letters that are not in a table are those of ISO 8859-1, which are Unicode's. */
static const struct {
    const char *name;
    unsigned first;
    const uint16_t *letters;
    size_t count;
} encodings[] = {
    {"ISO-8859-1", 0, NULL, 0},
    {"ISO-8859-2", 0xA0, latin_2, COUNT_OF(latin_2)},
    {"ISO-8859-15", 0xA0, latin_9, COUNT_OF(latin_9)},
    {"windows-1252", 0x80, windows_1252, COUNT_OF(windows_1252)},
};

static void put(struct buffer *out, uint32_t letter)
{
    if (letter < 0x80)
        buffer_u8(out, (uint8_t)letter);
    else if (letter < 0x800) {
        buffer_u8(out, (uint8_t)(0xC0 | letter >> 6));
        buffer_u8(out, (uint8_t)(0x80 | (letter & 0x3F)));
    } else if (letter < 0x10000) {
        buffer_u8(out, (uint8_t)(0xE0 | letter >> 12));
        buffer_u8(out, (uint8_t)(0x80 | (letter >> 6 & 0x3F)));
        buffer_u8(out, (uint8_t)(0x80 | (letter & 0x3F)));
    } else {
        buffer_u8(out, (uint8_t)(0xF0 | letter >> 18));
        buffer_u8(out, (uint8_t)(0x80 | (letter >> 12 & 0x3F)));
        buffer_u8(out, (uint8_t)(0x80 | (letter >> 6 & 0x3F)));
        buffer_u8(out, (uint8_t)(0x80 | (letter & 0x3F)));
    }
}

static uint32_t unit_at(struct span bytes, size_t at, bool big)
{
    return big ? (uint32_t)bytes.data[at] << 8 | bytes.data[at + 1]
               : (uint32_t)bytes.data[at + 1] << 8 | bytes.data[at];
}

/* RFC 2781, 2.2: two halves make one letter, and neither stands alone. */
static bool recode_utf16(struct span bytes, bool big, struct buffer *out)
{
    if (bytes.size % 2 != 0)
        return false;
    for (size_t at = 2; at < bytes.size; at += 2) {
        uint32_t letter = unit_at(bytes, at, big);
        if (letter >= 0xD800 && letter < 0xDC00 && at + 2 < bytes.size) {
            uint32_t low = unit_at(bytes, at + 2, big);
            if (low < 0xDC00 || low > 0xDFFF)
                return false;
            letter = 0x10000 + ((letter - 0xD800) << 10) + (low - 0xDC00);
            at += 2;
        } else if (letter >= 0xD800 && letter <= 0xDFFF)
            return false;
        put(out, letter);
    }
    return !out->failed;
}

static bool recode_letters(struct span bytes, size_t which, struct buffer *out)
{
    unsigned first = encodings[which].first;
    for (size_t at = 0; at < bytes.size; at++) {
        uint32_t letter = bytes.data[at];
        if (encodings[which].letters && letter >= first && letter - first < encodings[which].count) {
            letter = encodings[which].letters[letter - first];
            if (letter == 0)
                return false;
        }
        put(out, letter);
    }
    return !out->failed;
}

/* XML 1.0, 2.8: <?xml version="1.0" encoding="…"?> */
static struct span declared(struct span bytes)
{
    struct span head = span_slice(bytes, 0, DECLARATION_MAX);
    size_t end = span_find(head, SPAN_LITERAL("?>"), 0);
    size_t at = span_find(head, SPAN_LITERAL("encoding"), 0);
    if (!span_starts(bytes, "<?xml") || end == SIZE_MAX || at == SIZE_MAX || at > end)
        return (struct span){0};
    struct span left = span_slice(head, at + 8, end - at - 8);
    size_t quote = 0;
    while (quote < left.size && left.data[quote] != '"' && left.data[quote] != '\'')
        quote++;
    size_t behind = quote + 1;
    while (behind < left.size && left.data[behind] != left.data[quote])
        behind++;
    return behind < left.size ? span_slice(left, quote + 1, behind - quote - 1) : (struct span){0};
}

bool xml_recode(struct span bytes, struct buffer *ret_utf8)
{
    if (span_starts(bytes, "\xFE\xFF") || span_starts(bytes, "\xFF\xFE"))
        return recode_utf16(bytes, bytes.data[0] == 0xFE, ret_utf8);
    struct span name = declared(bytes);
    for (size_t i = 0; i < COUNT_OF(encodings); i++)
        if (name.data && name.size == strlen(encodings[i].name)
            && strncasecmp((const char *)name.data, encodings[i].name, name.size) == 0)
            return recode_letters(bytes, i, ret_utf8);
    return false;
}
