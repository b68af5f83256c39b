/* The header of a message of the exchange (QCVN 102:2016/BTTTT), in our words: one struct for both kinds, an edoc (a document with its
 * files) and a status (the answer to one). What is absent is empty. Everything is owned by the struct; header_clear gives it back.
 * edxml_table.c says for every field what it is called on the wire and in JSON: reading, writing and JSON are made from that table. */
#pragma once

#include "base/clock.h"
#include "base/error.h"
#include "exchange/agency_code.h"

enum package_kind { PACKAGE_EDOC, PACKAGE_STATUS };

/* Text of the wire that may be absent: NULL, never empty. */
typedef char *wire_text;

struct number {
    int32_t value; /* 0 when absent */
    bool present;
};
struct date {
    char text[11]; /* "2025-03-14", empty when absent; only date_read makes one */
};

struct texts {
    wire_text *items;
    size_t count;
};
struct agency_codes {
    struct agency_code *items;
    size_t count;
};

struct organization {
    struct agency_code code; /* OrganId */
    wire_text in_charge, name, address, email, telephone, fax, website;
};
struct organizations {
    struct organization *items;
    size_t count;
};

struct response {
    struct agency_code code; /* who issued the document that is meant */
    wire_text number;        /* "127/SNV-VP": number and notation in one */
    wire_text document_id;
    struct date date;
};
struct responses {
    struct response *items;
    size_t count;
};

struct hop {
    struct agency_code code;
    int64_t time_ms; /* 0: absent */
};
struct hops {
    struct hop *items;
    size_t count;
};

struct staff {
    wire_text department, department_id, name, id, email, mobile;
};
struct staffs {
    struct staff *items;
    size_t count;
};

enum business_type { BUSINESS_NEW, BUSINESS_RECALL, BUSINESS_UPDATE, BUSINESS_REPLACE };

struct receiver {
    struct agency_code code;
    struct number added; /* 0 removed, 1 added */
};
struct receivers {
    struct receiver *items;
    size_t count;
};
struct amendment {
    struct number document_changed, receivers_changed;
    struct receivers receivers;
};
struct amendments {
    struct amendment *items;
    size_t count;
};
struct replacement {
    wire_text document_id;
    struct agency_codes receivers;
};
struct replacements {
    struct replacement *items;
    size_t count;
};

struct business {
    wire_text document_id; /* what is recalled or updated */
    struct number type;    /* enum business_type; absent means new */
    wire_text reason;
    struct number paper;              /* 1: paper copies follow */
    struct amendments amendments;     /* of an update */
    struct replacements replacements; /* of a replacement */
    struct staffs staff;
};

struct header {
    enum package_kind kind;
    struct organization from;
    struct organizations to; /* none in a status */
    wire_text document_id;
    wire_text number, notation; /* số, ký hiệu */
    wire_text place;
    struct date date; /* ngày ban hành */
    struct {
        struct number group, detail;
        wire_text name;
    } type;
    wire_text subject, summary; /* trích yếu, tóm tắt */
    struct {
        wire_text competence, position, name;
    } signer;
    struct date due;
    struct number urgency; /* 0 thường … 4 hỏa tốc hẹn giờ */
    wire_text sphere, typist;
    struct number copies, pages;
    struct number direction;
    struct texts reply_for, reference_codes, appendixes;
    struct responses response_for; /* of a status: exactly one */
    struct number steering;
    struct texts tasks;
    wire_text application_type;
    struct texts places; /* nơi nhận */
    struct business business;
    struct hops trace;

    /* of a status only */
    struct staff staff;
    struct number status; /* 1 … 16, two digits on the wire */
    wire_text description;
    int64_t time_ms;
};

void header_clear(struct header *header);

/* The package header JSON of the design. Unknown members are refused with the nearest name; `kind` is "edoc" unless it says "status".
 * Strict, because it is ours: bad dates, codes and numbers are refused with the member's path. */
bool header_json_read(struct span json, struct header *ret_header, struct error *err) MUST_USE;
/* What a message of its kind must say before it is sent: sender, recipients, number, notation, date, subject; or which document a status is
 * about. Names the JSON member that is missing. A document marked secret is refused (design, promise 10). */
bool header_check(const struct header *header, struct error *err) MUST_USE;
/* One object, absent members left out; appends. */
void header_json_write(const struct header *header, struct buffer *buffer);

/* Fills what an outgoing edoc should say and this one does not: the numbers the axis always writes (urgency 0, one copy, one page,
 * steering 0, business type 0, direction false), DocumentId in the form `code,yyyy/MM/dd,number/notation`, and our own trace hop. */
bool header_complete(struct header *header, const struct clock *clock, struct error *err) MUST_USE;

/* The form `code,yyyy/MM/dd,number/notation` that the axis's own samples use; appends. */
bool header_document_id(const struct header *header, struct buffer *buffer);

/* Strict: yyyy/MM/dd of the wire or yyyy-MM-dd of JSON, as `separator` says; a day that exists. */
bool date_read(struct span text, char separator, struct date *ret_date) MUST_USE;
/* yyyy/MM/dd HH:mm:ss in Vietnam time, as the wire has it. */
bool wire_time_read(struct span text, int64_t *ret_ms) MUST_USE;
