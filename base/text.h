/* Sentences for people, Vietnamese and English side by side. Every room keeps its own table (an X-macro in its
 * <room>_text.h); this file knows only what a sentence is and how what goes into it is put in.
 *
 *     // hsm/hsm_text.h
 *     #define HSM_TEXTS(X) \
 *         X(KEY_SILENT, "Thiết bị ký {0} không trả lời. Hãy cắm lại.", "The signing token {0} does not answer. Plug it in again.")
 *     TEXTS_DECLARE(HSM_TEXTS)               // TEXT_KEY_SILENT, usable as &TEXT_KEY_SILENT
 *     extern const struct text *const hsm_texts[];
 *     // hsm/hsm_text.c
 *     TEXTS_DEFINE(HSM_TEXTS, hsm_texts)     // the sentences, and their list (ends with NULL) for looking one up by name
 *
 * {0} {1} {2} are the arguments. Everything is read-only: any thread may use it. */
#pragma once

#include <stddef.h>

struct text {
    const char *name; /* never changes: crosses processes, names the sentence in JSON */
    const char *vi;
    const char *en;
};

enum language { LANGUAGE_VI, LANGUAGE_EN };

enum { TEXT_ARGS = 3, TEXT_ARG_SIZE = 96 };

#define TEXT_DECLARE_ONE(id, vi, en) extern const struct text TEXT_##id;
#define TEXT_DEFINE_ONE(id, vi, en) const struct text TEXT_##id = {#id, vi, en};
#define TEXT_LIST_ONE(id, vi, en) &TEXT_##id,
#define TEXTS_DECLARE(TABLE) TABLE(TEXT_DECLARE_ONE)
#define TEXTS_DEFINE(TABLE, list)                                                                            \
    TABLE(TEXT_DEFINE_ONE) const struct text *const list[] = {TABLE(TEXT_LIST_ONE) NULL};

/* The sentence of that name in a list, or NULL. */
const struct text *text_find(const struct text *const *list, const char *name);

/* Writes the sentence with its arguments into ret_line, cut at a character's edge when it does not fit. Returns ret_line. */
const char *text_render(const struct text *text, enum language language,
                        const char args[TEXT_ARGS][TEXT_ARG_SIZE], size_t size, char *ret_line);

/* Copies bytes from outside for showing: control characters become '?', invalid UTF-8 U+FFFD, cut at a character's edge. */
void text_clean(const char *from, size_t size, size_t room, char *ret_clean);

/* Whether the bytes are well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, nothing above U+10FFFF). */
_Bool text_is_utf8(const void *bytes, size_t size);

/* The candidate nearest to `word` (Damerau distance at most 3 and less than half its length), or NULL: for "did you mean". */
const char *text_nearest(const char *word, const char *const *candidates, size_t count);
