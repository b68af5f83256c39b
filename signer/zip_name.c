#include "base/bytes.h"
#include "signer/asic_text.h"
#include "signer/zip.h"

/* Code page 437 from 0x80 on. */
static const uint16_t code_page_437[128] = {
    0x00C7, 0x00FC, 0x00E9, 0x00E2, 0x00E4, 0x00E0, 0x00E5, 0x00E7, 0x00EA, 0x00EB, 0x00E8, 0x00EF, 0x00EE,
    0x00EC, 0x00C4, 0x00C5, 0x00C9, 0x00E6, 0x00C6, 0x00F4, 0x00F6, 0x00F2, 0x00FB, 0x00F9, 0x00FF, 0x00D6,
    0x00DC, 0x00A2, 0x00A3, 0x00A5, 0x20A7, 0x0192, 0x00E1, 0x00ED, 0x00F3, 0x00FA, 0x00F1, 0x00D1, 0x00AA,
    0x00BA, 0x00BF, 0x2310, 0x00AC, 0x00BD, 0x00BC, 0x00A1, 0x00AB, 0x00BB, 0x2591, 0x2592, 0x2593, 0x2502,
    0x2524, 0x2561, 0x2562, 0x2556, 0x2555, 0x2563, 0x2551, 0x2557, 0x255D, 0x255C, 0x255B, 0x2510, 0x2514,
    0x2534, 0x252C, 0x251C, 0x2500, 0x253C, 0x255E, 0x255F, 0x255A, 0x2554, 0x2569, 0x2566, 0x2560, 0x2550,
    0x256C, 0x2567, 0x2568, 0x2564, 0x2565, 0x2559, 0x2558, 0x2552, 0x2553, 0x256B, 0x256A, 0x2518, 0x250C,
    0x2588, 0x2584, 0x258C, 0x2590, 0x2580, 0x03B1, 0x00DF, 0x0393, 0x03C0, 0x03A3, 0x03C3, 0x00B5, 0x03C4,
    0x03A6, 0x0398, 0x03A9, 0x03B4, 0x221E, 0x03C6, 0x03B5, 0x2229, 0x2261, 0x00B1, 0x2265, 0x2264, 0x2320,
    0x2321, 0x00F7, 0x2248, 0x00B0, 0x2219, 0x00B7, 0x221A, 0x207F, 0x00B2, 0x25A0, 0x00A0};

static size_t put_utf8(uint16_t point, char *out)
{
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    if (point < 0x800) {
        out[0] = (char)(0xC0 | point >> 6);
        out[1] = (char)(0x80 | (point & 0x3F));
        return 2;
    }
    out[0] = (char)(0xE0 | point >> 12);
    out[1] = (char)(0x80 | (point >> 6 & 0x3F));
    out[2] = (char)(0x80 | (point & 0x3F));
    return 3;
}

/* A NUL would cut the name short: it becomes the control character that zip_name_defect refuses. */
char *zip_name_read(struct span raw, bool utf8)
{
    bool as_it_stands = utf8 || text_is_utf8(raw.data, raw.size);
    char *name = malloc(3 * raw.size + 1);
    size_t size = 0;
    for (size_t i = 0; name && i < raw.size; i++) {
        uint8_t byte = raw.data[i] ? raw.data[i] : 1;
        if (as_it_stands)
            name[size++] = (char)byte;
        else
            size += put_utf8(byte < 0x80 ? byte : code_page_437[byte - 0x80], name + size);
    }
    if (name)
        name[size] = '\0';
    return name;
}

static bool has_control(const char *name)
{
    for (const char *at = name; *at; at++)
        if ((uint8_t)*at < ' ' || *at == 0x7F)
            return true;
    return false;
}

/* "..", "." or nothing between two slashes. */
static bool has_odd_step(const char *name)
{
    for (const char *at = name; *at;) {
        size_t size = strcspn(at, "/");
        if (size == 0 || (size == 1 && at[0] == '.') || (size == 2 && at[0] == '.' && at[1] == '.'))
            return true;
        at += size + (at[size] == '/');
    }
    return false;
}

const struct text *zip_name_defect(const char *name)
{
    if (!text_is_utf8(name, strlen(name)))
        return &TEXT_ZIP_NAME_ENCODING;
    if (has_control(name))
        return &TEXT_ZIP_NAME_CONTROL;
    bool drive = name[0] && name[1] == ':';
    if (!name[0] || drive || strchr(name, '\\') || has_odd_step(name))
        return &TEXT_ZIP_NAME_PATH;
    return NULL;
}
