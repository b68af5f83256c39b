/* For pdf_diff.c alone: one later revision, the objects it names, and what explains each of them. */
#pragma once

#include "signer/pdf_diff.h"
#include "signer/pdf_faces.h"
#include "signer/pdf_fields.h"
#include "signer/pdf_permissions.h"
#include "signer/pdf_survey.h"

struct pdf_redefined {
    uint32_t number;
    struct pdf_place before, after; /* for a reader without the revision, and with it */
    bool explained;
};

enum { PDF_ANNOTATING = 3 }; /* DocMDP P: the one that permits annotations */

/* What lasts from one revision to the next. */
struct pdf_context {
    struct pdf_survey survey;           /* of everything before the revision */
    struct pdf_permissions permissions; /* of the signatures before it */
    struct pdf_fields fields;           /* of the form, once something in it was filled in */
    struct pdf_faces faces;             /* that revisions have put on pages */
};

struct pdf_step {
    struct pdf_document *document;
    const struct pdf_signatures *signatures;
    struct pdf_context *context;
    const struct pdf_survey *survey;
    size_t revision;
    size_t old, now;               /* the newest section of the revision before, and of this one */
    struct pdf_redefined *objects; /* by number */
    size_t count;
    struct pdf_set widgets;     /* that belong to signatures of this revision, or wait for one */
    struct pdf_set waiting;     /* fields that were added for signatures to come */
    struct pdf_set pages;       /* that have been looked at */
    bool redraws;               /* NeedAppearances came: every field is drawn anew from its value */
    struct pdf_change happened; /* .refused.text is NULL while everything has been explained */
};

/* Notes the first change that is none of the allowed ones; always false. `number` is an object, `what` a
 * name of PDF. */
bool pdf_step_changed(struct pdf_step *step, const struct text *text, uint32_t number, const char *what);
/* The same with a text in place of the number. */
bool pdf_step_refused(struct pdf_step *step, const struct text *text, const char *which, const char *what);
/* Notes that one key of a dictionary differs; always false. */
bool pdf_step_changed_key(struct pdf_step *step, uint32_t number, const struct pdf_value *key);
/* Notes a kind of change that may be allowed. */
void pdf_step_kind(struct pdf_step *step, enum revision_change kind);

/* Every object that the revision's sections put elsewhere than it was, once, in order. TOO_LARGE. */
bool pdf_step_collect(struct pdf_step *step, struct error *err) MUST_USE;
void pdf_step_clear(struct pdf_step *step);
bool pdf_step_in_use(struct pdf_place place);
struct pdf_redefined *pdf_step_find(const struct pdf_step *step, uint32_t number);
/* Nothing knew this number before: neither an object nor a reference. Such an object needs no explanation
 * of its own: only what is new itself or has been explained can show it. */
bool pdf_step_is_fresh(const struct pdf_step *step, const struct pdf_redefined *object);
bool pdf_step_is_fresh_number(const struct pdf_step *step, uint32_t number);
/* Something else than the one list or dictionary we look at refers to the object too. */
bool pdf_step_is_shared(const struct pdf_step *step, uint32_t number);
/* A value before and now: the same as it is written, or, where one of them refers to an object, the same
 * dictionary, list, number … that it refers to. */
bool pdf_step_same(struct pdf_step *step, const struct pdf_value *old, const struct pdf_value *now);
/* The first key in which two dictionaries differ, those named in `allowed` (ends with NULL) aside;
 * PDF_NULL when there is none. */
struct pdf_value pdf_step_difference(struct pdf_step *step, const struct pdf_value *old,
                                     const struct pdf_value *now, const char *const *allowed);
/* A dictionary that holds nothing but keys that are known. */
bool pdf_step_only(struct pdf_step *step, const struct pdf_value *dictionary, const char *const *known);

/* What a revision may touch: each explains what it accepts and leaves the rest. False: `err` says why,
 * or, with an empty `err`, step->happened does. */
bool pdf_explain_signatures(struct pdf_step *step, struct error *err) MUST_USE;
bool pdf_explain_catalog(struct pdf_step *step, struct error *err) MUST_USE;
bool pdf_explain_metadata(struct pdf_step *step, const struct pdf_value *old_catalog,
                          const struct pdf_value *catalog, struct error *err) MUST_USE;
bool pdf_explain_form(struct pdf_step *step, const struct pdf_value *old_catalog,
                      const struct pdf_value *catalog, uint32_t owner, struct error *err) MUST_USE;
bool pdf_explain_drawing(struct pdf_step *step, const struct pdf_value *old_form,
                         const struct pdf_value *form, uint32_t owner, struct error *err) MUST_USE;
bool pdf_explain_fields(struct pdf_step *step, struct error *err) MUST_USE;
bool pdf_explain_pages(struct pdf_step *step, struct error *err) MUST_USE;
bool pdf_explain_security_store(struct pdf_step *step, const struct pdf_value *old_catalog,
                                const struct pdf_value *catalog, struct error *err) MUST_USE;

/* What the parts share: an object that is the same but for the allowed keys. */
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
/* A widget that shows a signature on a page: its rectangle is noted, and refused when it hides the page.
 * `page` may be 0: then the widget says where it is. */
bool pdf_explain_face(struct pdf_step *step, const struct pdf_object *widget, uint32_t page,
                      struct error *err) MUST_USE;
/* The look of a field that was filled in may not be most of a page. */
bool pdf_explain_filled_look(struct pdf_step *step, const struct pdf_object *widget) MUST_USE;
/* An annotation that came, went or changed. */
bool pdf_explain_annotation(struct pdf_step *step, const struct pdf_object *annotation, uint32_t page,
                            struct error *err) MUST_USE;
bool pdf_explain_annotations(struct pdf_step *step, struct error *err) MUST_USE;
/* Every byte the revision added belongs to an object, a section or a startxref: nothing hides between. */
bool pdf_check_bytes(struct pdf_step *step, struct error *err) MUST_USE;
