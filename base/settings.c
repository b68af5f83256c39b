#include "base/settings.h"

#include <stdio.h>

#include "base/base_text.h"
#include "base/sink.h"

enum { SETTINGS_FILE_MAX = 1 << 20, SETTINGS_NAMES_MAX = 64, LINES_MAX = 100000 };

/* One struct that was filled: a section that stands once, or one label of a repeated one. */
struct filled {
    const struct settings_section *section;
    char *label; /* of a repeated section; the struct's first field points here */
    void *target;
    unsigned *lines; /* per setting: where it was set; 0: by default */
    char **texts;    /* per setting: as written */
};

struct settings {
    char *path, *directory;
    const struct settings_section *sections;
    size_t section_count;
    struct filled *filled;
    size_t filled_count;
    const void **repeated; /* what settings_repeated hands out */
};

static bool out_of_memory(struct error *err)
{
    return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
}

static const char *kind_name(enum setting_kind kind)
{
    static const char *const names[] = {"text", "path", "number", "size", "seconds", "yes/no", "list"};
    return names[kind];
}

static void dashed(const char *field, size_t room, char *ret_name)
{
    snprintf(ret_name, room, "%s", field);
    for (char *at = ret_name; *at; at++)
        if (*at == '_')
            *at = '-';
}

static bool wrong_value(const struct setting *setting, const char *text, struct error *err)
{
    char name[TEXT_ARG_SIZE];
    dashed(setting->name, sizeof(name), name);
    return fail(err, ERR_MALFORMED, &TEXT_SETTING_VALUE, name, text, kind_name(setting->kind));
}

static bool read_number(const char *text, const char *const *units, const int64_t *factors,
                        int64_t *ret_value)
{
    char *end;
    if (*text < '0' || *text > '9')
        return false;
    long long value = strtoll(text, &end, 10);
    for (size_t i = 0; units[i]; i++)
        if (strcmp(end, units[i]) == 0 && value <= INT64_MAX / factors[i]) {
            *ret_value = value * factors[i];
            return true;
        }
    return false;
}

static bool read_quantity(enum setting_kind kind, const char *text, int64_t *ret_value)
{
    static const char *const none[] = {"", NULL}, *const sizes[] = {"", "K", "M", "G", NULL},
                             *const times[] = {"", "s", "ms", "m", "h", NULL};
    static const int64_t one[] = {1}, bytes[] = {1, 1 << 10, 1 << 20, 1 << 30},
                         ms[] = {1000, 1000, 1, 60000, 3600000};
    switch (kind) {
    case SETTING_SIZE:
        return read_number(text, sizes, bytes, ret_value);
    case SETTING_SECONDS:
        return read_number(text, times, ms, ret_value);
    default:
        return read_number(text, none, one, ret_value);
    }
}

static char *trimmed(char *line)
{
    line += strspn(line, " \t");
    size_t size = strcspn(line, "\r\n");
    while (size > 0 && (line[size - 1] == ' ' || line[size - 1] == '\t'))
        size--;
    line[size] = '\0';
    return line;
}

/* "a, b" becomes one allocation: the pointers, NULL, then the texts. Commas alone separate: paths have blanks. */
static bool read_list(const char *text, const char *const **ret_list)
{
    size_t count = 1;
    for (const char *at = text; *at; at++)
        count += *at == ',';
    size_t head = (count + 1) * sizeof(char *), size = strlen(text) + 1;
    char **list = malloc(head + size);
    if (!list)
        return false;
    char *copy = (char *)list + head, *rest = NULL;
    memcpy(copy, text, size);
    size_t filled = 0;
    for (char *word = strtok_r(copy, ",", &rest); word; word = strtok_r(NULL, ",", &rest)) {
        word = trimmed(word);
        if (*word)
            list[filled++] = word;
    }
    list[filled] = NULL;
    *ret_list = (const char *const *)list;
    return true;
}

static bool set_value(const struct settings *settings, struct filled *filled, size_t index, const char *text,
                      unsigned line, struct error *err)
{
    const struct setting *setting = &filled->section->settings[index];
    void *field = (char *)filled->target + setting->offset;
    char *written = strdup(text);
    if (!written)
        return out_of_memory(err);
    free(filled->texts[index]);
    filled->texts[index] = written;
    filled->lines[index] = line;

    switch (setting->kind) {
    case SETTING_TEXT:
        *(const char **)field = written;
        return true;
    case SETTING_PATH: {
        char *path = NULL;
        if (asprintf(&path, "%s%s%s", *text == '/' ? "" : settings->directory, *text == '/' ? "" : "/", text)
            < 0)
            return out_of_memory(err);
        free(written);
        filled->texts[index] = path;
        *(const char **)field = path;
        return true;
    }
    case SETTING_SWITCH:
        if (strcmp(text, "yes") != 0 && strcmp(text, "no") != 0)
            return wrong_value(setting, text, err);
        *(bool *)field = strcmp(text, "yes") == 0;
        return true;
    case SETTING_LIST: {
        const char *const **list = field;
        free((void *)(uintptr_t)*list);
        *list = NULL;
        return read_list(text, list) ? true : out_of_memory(err);
    }
    default:
        return read_quantity(setting->kind, text, field) ? true : wrong_value(setting, text, err);
    }
}

static struct filled *add_filled(struct settings *settings, const struct settings_section *section,
                                 const char *label, struct error *err)
{
    struct filled *grown = realloc(settings->filled, (settings->filled_count + 1) * sizeof(*grown));
    if (!grown) {
        out_of_memory(err);
        return NULL;
    }
    settings->filled = grown;
    struct filled *filled = &grown[settings->filled_count++];
    *filled = (struct filled){.section = section, .label = label ? strdup(label) : NULL};
    filled->target = calloc(1, section->size);
    filled->lines = calloc(section->count, sizeof(*filled->lines));
    filled->texts = calloc(section->count, sizeof(*filled->texts));
    if (!filled->target || !filled->lines || !filled->texts || (label && !filled->label)) {
        out_of_memory(err);
        return NULL;
    }
    if (section->repeated)
        *(const char **)filled->target = filled->label;
    for (size_t i = 0; i < section->count; i++) {
        const char *by_default = section->settings[i].by_default;
        if (by_default && by_default != SETTING_REQUIRED
            && !set_value(settings, filled, i, by_default, 0, err))
            return NULL;
    }
    return filled;
}

static bool unknown(const char *name, const char *const *names, size_t count, const struct text *alone,
                    const struct text *with_nearest, struct error *err)
{
    const char *nearest = text_nearest(name, names, count);
    return nearest ? fail(err, ERR_MALFORMED, with_nearest, name, nearest)
                   : fail(err, ERR_MALFORMED, alone, name);
}

static const struct settings_section *section_named(const struct settings *settings, const char *name,
                                                    struct error *err)
{
    const char *names[SETTINGS_NAMES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < settings->section_count; i++) {
        if (strcmp(settings->sections[i].name, name) == 0)
            return &settings->sections[i];
        if (count < SETTINGS_NAMES_MAX)
            names[count++] = settings->sections[i].name;
    }
    unknown(name, names, count, &TEXT_SETTING_SECTION, &TEXT_SETTING_SECTION_NEAR, err);
    return NULL;
}

static struct filled *find_filled(const struct settings *settings, const struct settings_section *section,
                                  const char *label)
{
    for (size_t i = 0; i < settings->filled_count; i++) {
        struct filled *filled = &settings->filled[i];
        if (filled->section == section && (!label || strcmp(filled->label, label) == 0))
            return filled;
    }
    return NULL;
}

/* `[name]` or `[name "label"]`; the line is ours to cut up. */
static bool read_heading(struct settings *settings, char *line, struct filled **ret_filled, struct error *err)
{
    char *end = strrchr(line, ']');
    if (!end || end[1] != '\0')
        return fail(err, ERR_MALFORMED, &TEXT_SETTING_HEADING, line);
    *end = '\0';
    char *name = line + 1, *label = strchr(line, '"');
    if (label) {
        char *close = strrchr(label + 1, '"');
        if (!close || close[1] != '\0' || close == label + 1)
            return fail(err, ERR_MALFORMED, &TEXT_SETTING_HEADING, line);
        *label++ = *close = '\0';
    }
    for (char *last = name + strlen(name); last > name && (last[-1] == ' ' || last[-1] == '\t'); last--)
        last[-1] = '\0';

    const struct settings_section *section = section_named(settings, name, err);
    if (!section)
        return false;
    if (section->repeated != (label != NULL))
        return fail(err, ERR_MALFORMED, section->repeated ? &TEXT_SETTING_LABEL : &TEXT_SETTING_NO_LABEL,
                    name);
    *ret_filled = find_filled(settings, section, label);
    if (*ret_filled && section->repeated)
        return fail(err, ERR_MALFORMED, &TEXT_SETTING_TWICE, label);
    if (!*ret_filled)
        *ret_filled = add_filled(settings, section, label, err);
    return *ret_filled != NULL;
}

static bool read_pair(const struct settings *settings, struct filled *filled, char *line, unsigned number,
                      struct error *err)
{
    char *value = strchr(line, '=');
    if (!value)
        return fail(err, ERR_MALFORMED, &TEXT_SETTING_LINE, line);
    char *end = value;
    *value++ = '\0';
    while (end > line && (end[-1] == ' ' || end[-1] == '\t'))
        *--end = '\0';
    value += strspn(value, " \t");

    char storage[SETTINGS_NAMES_MAX][TEXT_ARG_SIZE];
    const char *names[SETTINGS_NAMES_MAX];
    const struct settings_section *section = filled->section;
    for (size_t i = 0; i < section->count && i < SETTINGS_NAMES_MAX; i++) {
        dashed(section->settings[i].name, sizeof(storage[i]), storage[i]);
        names[i] = storage[i];
        if (strcmp(names[i], line) != 0)
            continue;
        if (filled->lines[i])
            return fail(err, ERR_MALFORMED, &TEXT_SETTING_TWICE, line);
        return set_value(settings, filled, i, value, number, err);
    }
    return unknown(line, names, section->count < SETTINGS_NAMES_MAX ? section->count : SETTINGS_NAMES_MAX,
                   &TEXT_SETTING_KEY, &TEXT_SETTING_KEY_NEAR, err);
}

static bool read_lines(struct settings *settings, char *text, struct error *err)
{
    struct filled *filled = NULL;
    char *rest = text;
    for (unsigned number = 1; rest && number < LINES_MAX; number++) {
        char *line = strsep(&rest, "\n");
        line = trimmed(line);
        if (*line == '\0' || *line == '#')
            continue;
        bool good;
        if (*line == '[')
            good = read_heading(settings, line, &filled, err);
        else
            good = filled ? read_pair(settings, filled, line, number, err)
                          : fail(err, ERR_MALFORMED, &TEXT_SETTING_OUTSIDE, line);
        if (!good)
            return error_cause(err, "%s:%u", settings->path, number);
    }
    return true;
}

static bool complete_sections(struct settings *settings, struct error *err)
{
    for (size_t i = 0; i < settings->section_count; i++)
        if (!settings->sections[i].repeated && !find_filled(settings, &settings->sections[i], NULL)
            && !add_filled(settings, &settings->sections[i], NULL, err))
            return false;
    for (size_t i = 0; i < settings->filled_count; i++) {
        const struct filled *filled = &settings->filled[i];
        for (size_t k = 0; k < filled->section->count; k++) {
            const struct setting *setting = &filled->section->settings[k];
            char name[TEXT_ARG_SIZE];
            dashed(setting->name, sizeof(name), name);
            if (setting->by_default == SETTING_REQUIRED && !filled->lines[k])
                return fail(err, ERR_MALFORMED, &TEXT_SETTING_MISSING, filled->section->name, name,
                            setting->meaning);
        }
    }
    return true;
}

/* The structs in the order of their sections, so that those of one section stand together. */
static bool order_sections(struct settings *settings, struct error *err)
{
    settings->repeated = calloc(settings->filled_count + 1, sizeof(*settings->repeated));
    if (!settings->repeated)
        return out_of_memory(err);
    size_t at = 0;
    for (size_t s = 0; s < settings->section_count; s++)
        for (size_t i = 0; i < settings->filled_count; i++)
            if (settings->filled[i].section == &settings->sections[s])
                settings->repeated[at++] = settings->filled[i].target;
    return true;
}

bool settings_read(const char *path, const struct settings_section *sections, size_t count,
                   struct settings **ret_settings, struct error *err)
{
    struct settings *settings CLEANUP(settings_free) = calloc(1, sizeof(*settings));
    struct buffer whole CLEANUP(buffer_clear) = {0};
    if (!settings)
        return out_of_memory(err);
    settings->sections = sections;
    settings->section_count = count;
    settings->path = realpath(path, NULL);
    if (!settings->path)
        return fail(err, ERR_NOT_FOUND, &TEXT_FILE_NOT_FOUND, path);
    settings->directory = strndup(settings->path, (size_t)(strrchr(settings->path, '/') - settings->path));
    if (!settings->directory || !file_read(path, SETTINGS_FILE_MAX, &whole, err))
        return false;

    char *text CLEANUP(free_clear) = span_string(buffer_span(&whole));
    if (!text || !read_lines(settings, text, err) || !complete_sections(settings, err)
        || !order_sections(settings, err))
        return false;
    *ret_settings = TAKE(settings);
    return true;
}

const void *settings_section(const struct settings *settings, const char *name)
{
    for (size_t i = 0; i < settings->filled_count; i++)
        if (strcmp(settings->filled[i].section->name, name) == 0)
            return settings->filled[i].target;
    return NULL;
}

size_t settings_repeated(const struct settings *settings, const char *name, const void *const **ret_structs)
{
    size_t before = 0, count = 0;
    bool seen = false;
    for (size_t s = 0; s < settings->section_count && !seen; s++) {
        before += count;
        count = 0;
        for (size_t i = 0; i < settings->filled_count; i++)
            count += settings->filled[i].section == &settings->sections[s];
        seen = strcmp(settings->sections[s].name, name) == 0;
    }
    *ret_structs = settings->repeated + before;
    return seen ? count : 0;
}

void settings_print(const struct settings *settings, struct buffer *ret_text)
{
    for (size_t i = 0; i < settings->filled_count; i++) {
        const struct filled *filled = &settings->filled[i];
        for (size_t k = 0; k < filled->section->count; k++) {
            char name[TEXT_ARG_SIZE];
            dashed(filled->section->settings[k].name, sizeof(name), name);
            buffer_text(ret_text, filled->section->name);
            if (filled->label)
                buffer_format(ret_text, " \"%s\"", filled->label);
            buffer_format(ret_text, ".%s = %s    # ", name, filled->texts[k] ? filled->texts[k] : "");
            if (filled->lines[k])
                buffer_format(ret_text, "%s:%u\n", settings->path, filled->lines[k]);
            else
                buffer_text(ret_text, "default\n");
        }
    }
}

void settings_manual(const struct settings_section *sections, size_t count, struct buffer *ret_text)
{
    for (size_t i = 0; i < count; i++) {
        buffer_format(ret_text, i ? "\n[%s%s]\n" : "[%s%s]\n", sections[i].name,
                      sections[i].repeated ? " \"…\"" : "");
        for (size_t k = 0; k < sections[i].count; k++) {
            const struct setting *setting = &sections[i].settings[k];
            char name[TEXT_ARG_SIZE];
            dashed(setting->name, sizeof(name), name);
            const char *by_default = setting->by_default == SETTING_REQUIRED ? "required"
                                     : setting->by_default                   ? setting->by_default
                                                                             : "";
            buffer_format(ret_text, "  %-22s %-8s %-14s %s\n", name, kind_name(setting->kind), by_default,
                          setting->meaning);
        }
    }
}

static void filled_clear(struct filled *filled)
{
    for (size_t i = 0; i < filled->section->count; i++) {
        if (filled->texts)
            free(filled->texts[i]);
        if (filled->target && filled->section->settings[i].kind == SETTING_LIST)
            free(*(void **)((char *)filled->target + filled->section->settings[i].offset));
    }
    free(filled->texts);
    free(filled->lines);
    free(filled->target);
    free(filled->label);
}

void settings_free(struct settings **settings)
{
    if (!*settings)
        return;
    for (size_t i = 0; i < (*settings)->filled_count; i++)
        filled_clear(&(*settings)->filled[i]);
    free((*settings)->filled);
    free((*settings)->repeated);
    free((*settings)->path);
    free((*settings)->directory);
    free(*settings);
    *settings = NULL;
}
