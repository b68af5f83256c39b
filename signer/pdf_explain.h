/* For pdf_diff.c alone: one later revision, the objects it names, and what explains each of them. */
#pragma once

#include "signer/pdf_diff.h"
#include "signer/pdf_survey.h"

struct pdf_redefined {
    uint32_t number;
    struct pdf_place before, after; /* for a reader without the revision, and with it */
    bool explained;
};

struct pdf_step {
    struct pdf_document *document;
    const struct pdf_signatures *signatures;
    const struct pdf_survey *survey; /* of everything before the revision */
    size_t revision;
    size_t old, now;               /* the newest section of the revision before, and of this one */
    struct pdf_redefined *objects; /* by number */
    size_t count;
    struct pdf_set widgets; /* that belong to signatures of this revision */
    struct reason change;   /* .text is NULL while everything has been explained */
};

/* Notes the first change; always false. `number` is an object, `what` a name of PDF. */
bool pdf_step_changed(struct pdf_step *step, const struct text *text, uint32_t number, const char *what);
struct pdf_redefined *pdf_step_find(const struct pdf_step *step, uint32_t number);
/* Nothing knew this number before: neither an object nor a reference. Such an object needs no explanation
 * of its own: only what is new itself or has been explained can show it. */
bool pdf_step_is_fresh(const struct pdf_step *step, const struct pdf_redefined *object);
/* The first key in which two dictionaries differ, those named in `allowed` (ends with NULL) aside;
 * PDF_NULL when there is none. */
struct pdf_value pdf_step_difference(const struct pdf_value *old, const struct pdf_value *now,
                                     const char *const *allowed);

/* Notes that one key of a dictionary differs; always false. */
bool pdf_step_changed_key(struct pdf_step *step, uint32_t number, const struct pdf_value *key);

/* Something else than the one list or dictionary we look at refers to the object too. */
bool pdf_step_is_shared(const struct pdf_step *step, uint32_t number);

/* What a signature may touch: each explains what it accepts and leaves the rest. False: `err` says why,
 * or, with an empty `err`, step->change does. */
bool pdf_explain_signatures(struct pdf_step *step, struct error *err) MUST_USE;
bool pdf_explain_catalog(struct pdf_step *step, struct error *err) MUST_USE;
bool pdf_explain_form(struct pdf_step *step, const struct pdf_value *old_catalog,
                      const struct pdf_value *catalog, uint32_t owner, struct error *err) MUST_USE;
bool pdf_explain_pages(struct pdf_step *step, struct error *err) MUST_USE;
bool pdf_explain_security_store(struct pdf_step *step, const struct pdf_value *old_catalog,
                                const struct pdf_value *catalog, struct error *err) MUST_USE;
/* An object that is the same but for the allowed keys. */
bool pdf_explain_same(struct pdf_step *step, struct pdf_redefined *object, const char *const *allowed,
                      struct error *err) MUST_USE;
/* A list under `key`, in its dictionary or as an object of its own, that grew by references into `added`. */
bool pdf_explain_list(struct pdf_step *step, const struct pdf_value *old, const struct pdf_value *now,
                      const char *key, const struct pdf_set *added, uint32_t owner, struct error *err)
    MUST_USE;
/* An object of its own under a key: it is explained when it was the one under that key before, and nothing
 * else shows it. */
void pdf_explain_holder(struct pdf_step *step, const struct pdf_value *old_entry,
                        const struct pdf_value *entry);
/* Every byte the revision added belongs to an object, a section or a startxref: nothing hides between. */
bool pdf_check_bytes(struct pdf_step *step, struct error *err) MUST_USE;
