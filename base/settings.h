/* One configuration file: `key = value` lines in `[section]` or `[section "name"]` (repeatable sections such as systems and
 * tokens), `#` comments. Read once through tables: name, type, default, meaning. An unknown section or key is an error that suggests the
 * nearest; a missing required one names its meaning. What is in force, and where it came from (file:line or "default"), can be printed.
 * Relative paths are relative to the file's directory. The structs go down as const; settings_free gives all strings back. */
#pragma once

#include "base/bytes.h"
#include "base/error.h"

enum setting_kind {
    SETTING_TEXT,    /* const char * */
    SETTING_PATH,    /* const char *, made absolute */
    SETTING_NUMBER,  /* int64_t */
    SETTING_SIZE,    /* int64_t bytes: 64K, 50M, 1G */
    SETTING_SECONDS, /* int64_t milliseconds: 30, 30s, 5m, 500ms, 2h */
    SETTING_SWITCH,  /* bool: yes, no */
    SETTING_LIST     /* const char *const *: comma separated, ends with NULL */
};

#define SETTING_REQUIRED ((const char *)1) /* as default: there is none, the file must say */

struct setting {
    const char *name;
    enum setting_kind kind;
    const char *by_default; /* written as in the file; NULL: absent is NULL, 0 or no */
    size_t offset;          /* into the section's struct */
    const char *meaning;    /* for --help and the manual */
};

#define SETTING(struct_, field_, kind_, default_, meaning_)                                                  \
    {                                                                                                        \
#field_, SETTING_##kind_, default_, offsetof(struct struct_, field_), meaning_                       \
    } /* underscores of the field are dashes in the file */

struct settings_section {
    const char *name;
    bool repeated; /* [name "label"]: one struct each; the label goes to the first field, a const char * */
    size_t size;   /* of the struct */
    const struct setting *settings;
    size_t count;
};

struct settings; /* everything read, and where from */

bool settings_read(const char *path, const struct settings_section *sections, size_t count,
                   struct settings **ret_settings, struct error *err) MUST_USE;
/* The struct of a section (never NULL for a section that is not repeated: defaults fill it). */
const void *settings_section(const struct settings *settings, const char *name);
/* The structs of a repeated section, in file order. */
size_t settings_repeated(const struct settings *settings, const char *name, const void *const **ret_structs);
/* `section.key = value    # file:line | default` for every setting; secrets are file names anyway. */
void settings_print(const struct settings *settings, struct buffer *ret_text);
/* The manual's table: section, key, kind, default, meaning. */
void settings_manual(const struct settings_section *sections, size_t count, struct buffer *ret_text);
void settings_free(struct settings **settings);
