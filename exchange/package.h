/* The cover a document travels in: an edXML package (QCVN 102:2016/BTTTT). Reads and writes packages as streams, so that memory does not
 * grow with the attachments; knows what the axis and its clients do wrong and takes it, saying so. Knows nothing of stores, routes or HTTP.
 *
 * Reading is lenient where the variants in use require it. Each leniency is recorded as a *deviation* (rule, place); what cannot be
 * taken is *refused* (an error that names rule and place), and then nothing is left in the blobs. docs/decisions/ says which is which. Writing is
 * strict: as the axis writes. A reader or writer belongs to one thread at a time; call xml_init once before. */
#pragma once

#include "base/sink.h"
#include "base/source.h"
#include "exchange/blob.h"
#include "exchange/content.h"
#include "exchange/header.h"

/* What is refused, and when it is too much. */
enum {
    PACKAGE_MAX_DEPTH = 32,
    PACKAGE_MAX_TEXT = 64 << 10,  /* bytes of one metadata field */
    PACKAGE_MAX_HEADER = 1 << 20, /* bytes of all metadata fields together */
    PACKAGE_MAX_MARKUP = 8 << 20, /* bytes of everything but attachments */
    PACKAGE_MAX_RECIPIENTS = 2000,
    PACKAGE_MAX_ATTACHMENTS = 200,
    PACKAGE_MAX_DEVIATIONS = 200,  /* recorded; more of them say nothing new */
    PACKAGE_MAX_RATIO = 100,       /* unwrapped : wrapped … */
    PACKAGE_RATIO_FREE = 16 << 20, /* … above this many unwrapped bytes */
};
/* Bytes of one attachment, and of all together with what came out of their wrappers, unless the limits say otherwise. */
#define PACKAGE_MAX_ATTACHMENT ((uint64_t)2 << 30)
#define PACKAGE_MAX_ALL ((uint64_t)4 << 30)

struct package_limits {
    uint64_t attachment;  /* bytes of one attachment, decoded and unwrapped; 0: PACKAGE_MAX_ATTACHMENT */
    uint64_t attachments; /* bytes of all together, wrappers included; 0: PACKAGE_MAX_ALL */
};

struct attachment {
    wire_text content_id; /* without cid: */
    wire_text name;       /* a file name: never a path */
    wire_text description;
    wire_text content_type; /* as the package declares it; writing goes by the name instead */
    struct blob blob;       /* the content, decoded and unwrapped */
    bool unwrapped;         /* it came as the one entry of a ZIP */
};
struct attachments {
    struct attachment *items;
    size_t count;
};

struct deviation {
    const struct text *text;            /* the rule; its name never changes */
    char arg[TEXT_ARGS][TEXT_ARG_SIZE]; /* {0} place, {1} what was found, {2} what it should be */
};
struct deviations {
    struct deviation *items;
    size_t count;
};

struct package {
    struct header header;
    struct attachments attachments;
    struct deviations deviations;
};
void package_clear(struct package *package);
/* "edoc", "status" */
const char *package_kind_name(enum package_kind kind);
/* The sentence of a deviation; returns ret_line. */
const char *deviation_sentence(const struct deviation *deviation, enum language language, size_t size,
                               char *ret_line);

/* --- identity (design, promise 2) --- */

/* Which document, and which content. `key` is over (From.OrganId, DocumentId, business type) of an edoc, or (From, ResponseFor, code,
 * timestamp) of a status. `content` is over named header fields and the decoded unwrapped attachments; trace headers, Direction, To, coding and
 * compression are left out, because the axis rewrites them. Same key and content: a repeat. Same key, other content: a conflict, when the type is new. */
struct package_identity {
    struct agency_code from;
    char document_id[804]; /* 200 characters; when the package has none: code,yyyy/MM/dd,number/notation */
    int type;              /* enum business_type; of a status: its code */
    char key[SHA256_HEX_SIZE], content[SHA256_HEX_SIZE];
};
void package_identity(const struct package *package, struct package_identity *ret_identity);

/* --- reading --- */

/* Called now and then with bytes done and bytes in all; may be NULL. */
struct package_progress {
    void (*report)(void *target, uint64_t done, uint64_t all);
    void *target;
};

struct package_reader;
/* Attachments go to `blobs`, which outlives the reader. `limits` may be NULL. */
bool package_reader_new(struct blobs *blobs, const struct package_limits *limits,
                        struct package_reader **ret_reader, struct error *err) MUST_USE;
/* The next piece of the package, of any size. After a refusal feed and finish repeat it. */
bool package_reader_feed(struct package_reader *reader, struct span piece, struct error *err) MUST_USE;
/* The end was reached: everything is checked, then the blobs are committed. */
bool package_reader_finish(struct package_reader *reader, struct package *ret_package, struct error *err)
    MUST_USE;
void package_reader_free(struct package_reader **reader);

/* The same for bytes already there, and for a descriptor that can be read (from its beginning, when it has one). */
bool package_read(struct span wire, struct blobs *blobs, const struct package_limits *limits,
                  struct package *ret_package, struct error *err) MUST_USE;
bool package_read_fd(int fd, struct blobs *blobs, const struct package_limits *limits,
                     const struct package_progress *progress, struct package *ret_package, struct error *err)
    MUST_USE;

/* --- writing --- */

struct package_writer;
/* contents[i] belongs to package->attachments.items[i] (only its name, description and content_id are used); all of it, and the package, stay
 * until the writer is freed. What must be wrapped in a ZIP is wrapped here, into an unlinked file in `spool` (NULL: /var/tmp), so that the
 * size is known. The same package and contents always give the same bytes. */
bool package_writer_new(const struct package *package, const struct content *contents, const char *spool,
                        struct package_writer **ret_writer, struct error *err) MUST_USE;
/* How many bytes package_writer_write will write: a Content-Length. */
uint64_t package_writer_size(const struct package_writer *writer);
bool package_writer_write(struct package_writer *writer, struct sink *sink, struct error *err) MUST_USE;
void package_writer_free(struct package_writer **writer);
/* The three in one. */
bool package_write(const struct package *package, const struct content *contents, const char *spool,
                   struct sink *sink, struct error *err) MUST_USE;

/* --- files, for commands --- */

/* `vanthu package make`: reads the header JSON and the named files, writes the package to the sink. */
bool package_make(const char *header_path, const char *const *paths, size_t count, const struct clock *clock,
                  struct sink *sink, const struct package_progress *progress, struct error *err) MUST_USE;
/* `vanthu package open`: writes header.json and the attachments, under safe names of their own, into `directory` (made when absent);
 * ret_package has their names as they were written in .name. EXISTS unless `replace`. Nothing appears before everything was read. */
bool package_open_file(const char *path, const char *directory, bool replace,
                       const struct package_progress *progress, struct package *ret_package,
                       struct error *err) MUST_USE;
/* `vanthu package check`: false: not a package, and why. true: ret_package->deviations names every deviation (count 0: clean). */
bool package_check(const char *path, const struct package_progress *progress, struct package *ret_package,
                   struct error *err) MUST_USE;
