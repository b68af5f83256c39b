/* A document on its way, and the words everybody uses about it: the records of the exchange, nothing that acts. What a
 * record points to lives in its own arena; document_clear gives all of it back.
 *
 *     document   what was accepted, once and for ever: (From, DocumentId, business type, content digest)
 *     part       one attachment of it
 *     delivery   one copy for one recipient (exchange/delivery.h)
 *     receipt    the answer to whoever handed it in; a repeat gets the same one again
 *     system     a document system that calls us over the axis protocol (from the settings, never stored here)
 *     agency     an office with a code, registered under one system (exchange/agency.h) */
#pragma once

#include "base/digest.h"
#include "base/error.h"
#include "exchange/arena.h"
#include "exchange/blob.h"
#include "exchange/header.h"

enum {
    ID_SIZE = 37,         /* a UUID (RFC 9562, version 7: sorts by time) and its NUL */
    CHECK_CODE_SIZE = 27, /* 128 random bits in base32 (RFC 4648) and NUL */
    LEASE_SIZE = 33,      /* 128 random bits in hexadecimal and NUL */
    RECIPIENTS_MAX = 2000
};

enum channel {
    CHANNEL_API, /* handed in over our own API: we sign, seal and wrap it */
    CHANNEL_AXIS /* a package from a system: kept byte for byte */
};

/* Where a document stands; the steps between stand in exchange/passage.c. Stored by name. */
#define STAGES(X)                                                                                            \
    X(RECEIVED, "received") /* out: from our API */                                                          \
    X(SIGNED, "signed")                                                                                      \
    X(SEALED, "sealed")                                                                                      \
    X(WRAPPED, "wrapped")                                                                                    \
    X(ARRIVED, "arrived") /* in: a package from a system */                                                  \
    X(CHECKED, "checked")                                                                                    \
    X(FILED, "filed")                                                                                        \
    X(ROUTED, "routed")       /* the end of both: each delivery goes on by itself */                         \
    X(REFUSED, "refused")     /* a step said never */                                                        \
    X(SET_ASIDE, "set-aside") /* other content under an identity we know: the clerk decides */
#define STAGE_ENUM(stage, name) STAGE_##stage,
enum stage { STAGES(STAGE_ENUM) STAGE_COUNT };
#undef STAGE_ENUM
const char *stage_name(enum stage stage);

/* Why something waits or was refused, in one line, since when, and when it is tried next. */
struct why {
    const char *code; /* the sentence's name (exchange_text.h or a floor below); "" when nothing is wrong */
    const char *vi, *en;
    int64_t since_ms; /* this reason stands since */
    int64_t next_ms;  /* 0: no further try */
};

/* Blobs are named by their digest (exchange/blob.h); the bytes come from store_body. */
struct part {
    const char *name, *content_type, *description;
    const char *original; /* blob as it was handed in */
    const char *blob;     /* blob as it stands: signed, sealed */
    uint64_t size;        /* of .blob */
    bool has_signature;   /* the leader's signature is on it */
    bool has_seal;        /* the agency's signature is on it */
};

struct recipient {
    const char *code, *name; /* as given; NULL for no name */
};

struct document {
    struct arena arena;
    const char *id; /* what the sender knows it by: DocId of sendEdoc, `id` of the API */
    enum channel channel;
    enum package_kind kind;
    enum stage stage;
    const char *caller;                             /* API: whose token; "" */
    const char *system;                             /* axis: the sending system; "" */
    const char *from, *from_name;                   /* agency code as given, its name */
    const char *document_id;                        /* edXML DocumentId, opaque */
    int business_type;                              /* enum business_type; unknown numbers are kept */
    const char *number, *notation, *date, *subject; /* date: yyyy-mm-dd */
    const char *header;                             /* the package header as JSON */
    const char *package;                            /* blob of the package; "" until wrapped */
    uint64_t package_size;
    const char *sign_key, *seal_key; /* key URIs; "" for none */
    const char *check_code;          /* "" until there is one */
    const char *conclusion;          /* report_conclusion of the verdict; "" until checked */
    const char *verdict;             /* report_json of the main part; "" until checked */
    struct why why;
    unsigned attempts; /* of the present step */
    int64_t accepted_ms, updated_ms;
    const struct part *parts;
    size_t part_count;
    char lease[LEASE_SIZE]; /* the claimant's token; "" when only read */
};
void document_clear(struct document *document);

struct document_list {
    struct arena arena;
    struct document *documents; /* without parts; their arenas are empty: everything stands in the list's */
    size_t count;
};
void document_list_clear(struct document_list *list);

struct receipt {
    char id[ID_SIZE];
    char check_code[CHECK_CODE_SIZE]; /* "" for packages: they get theirs when filed */
    int64_t accepted_ms;
    bool repeat; /* we had it: this is the first receipt again */
    bool
        set_aside; /* a package that contradicts an earlier one: kept, not delivered until the clerk decides */
};
