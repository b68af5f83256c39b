/* The inside of a package reader, shared by its files and no other room:
 *
 *     edxml_read    pieces in; guard, splitter and parser; contents to blobs; the end
 *     edxml_parse   the parser's events walk the table of elements and fill a struct wire
 *     edxml_value   the text of one leaf becomes the value of a field
 *     edxml_files   the files: references, names, contents
 *     edxml_rules   what the whole must hold once it is there: kind, sender, recipients, lengths, secrets */
#pragma once

#include <libxml/parser.h>

#include "base/xml.h"
#include "exchange/edxml_split.h"
#include "exchange/edxml_table.h"

enum { EDXML_NAME = 64, EDXML_PLACE = TEXT_ARG_SIZE };

/* An element that is open. */
struct edxml_frame {
    const struct element *element;     /* NULL: the root, or one that is passed over */
    const struct element_group *group; /* of its children; NULL: a leaf */
    void *base;                        /* the struct that its children fill; of a leaf: the field */
    bool skipped, noisy;               /* nothing inside counts; text between its elements was named */
    uint32_t seen;                     /* children, by their place in the group */
    unsigned last, last_also;          /* place of the latest child in both documented orders */
    bool disordered, disordered_also;
    size_t number; /* of a repeated element, from 1; else 0 */
    char name[EDXML_NAME];
};

/* A content that was led past the parser. */
struct edxml_content {
    struct blob_writer *writer;
    bool claimed;
};

struct package_reader {
    /* set by package_reader_new, never changed */
    struct blobs *blobs;
    struct package_limits limits;
    /* the stream */
    struct edxml_split split;
    struct xml_guard guard;
    xmlParserCtxt *parser;
    size_t markup_size, text_size;
    uint8_t head[8];
    size_t head_size;
    bool failed;
    struct error error;
    /* the parser's */
    struct edxml_frame frames[PACKAGE_MAX_DEPTH + 2];
    size_t depth;
    struct buffer text;
    bool foreign_namespace; /* one is named, the others would say the same */
    /* the contents */
    struct edxml_content contents[PACKAGE_MAX_ATTACHMENTS];
    size_t content_count;
    uint64_t content_bytes;
    struct base64_decoder decoder;
    uint8_t *decoded;
    /* what comes out */
    struct wire wire;
    struct deviations deviations;
};

extern const xmlSAXHandler edxml_sax;

/* Notes the first refusal and stops the parser; always false. */
bool edxml_refuse(struct package_reader *reader, enum error_code code, const struct text *text, const char *a,
                  const char *b, const char *c);
void edxml_deviate(struct package_reader *reader, const struct text *text, const char *a, const char *b,
                   const char *c);
/* Where the parser is: "MessageHeader/To[2]/OrganId". Returns ret_place. */
const char *edxml_place(const struct package_reader *reader, char ret_place[static EDXML_PLACE]);
/* "127", for a sentence. Returns ret_text. */
const char *edxml_number(uint64_t number, char ret_text[static 24]);

/* Puts the trimmed text of the leaf, not empty, where it belongs. */
void edxml_value(struct package_reader *reader, const struct edxml_frame *frame, const char *text,
                 const char *place);
/* Joins the files' descriptions, references and contents into attachments; commits the blobs when nothing is wrong with any. */
bool edxml_take_attachments(struct package_reader *reader, struct attachments *ret_attachments,
                            struct error *err) MUST_USE;
/* Checks everything that needs the whole, and moves it into the package, whose attachments have their content. */
bool edxml_conclude(struct package_reader *reader, struct package *ret_package, struct error *err) MUST_USE;
