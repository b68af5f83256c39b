/* An error is said once, in words. The function that notices it fills the struct with fail(); the floors above pass it on
 * untouched. One table says what each code means to a browser (HTTP status), a shell (exit code) and the retry loop.
 * "I looked and it is bad" is not an error: that is a verdict (signer/verdict.h). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/own.h"
#include "base/text.h"

/* code, HTTP status, exit code (design: 65 bad input, 66 no such input, 69 away, 70 our fault, 75 try again), may a
 * retry help, title in Vietnamese, title in English */
#define ERROR_TABLE(X)                                                                                       \
    X(USAGE, 400, 64, false, "Cách gọi chưa đúng", "The request is not usable")                              \
    X(MALFORMED, 400, 65, false, "Không đọc được dữ liệu", "The input could not be read")                    \
    X(REFUSED, 422, 65, false, "Dữ liệu bị từ chối", "The input is refused")                                 \
    X(TOO_LARGE, 413, 65, false, "Dữ liệu vượt giới hạn", "The input is over a limit")                       \
    X(UNSUPPORTED, 415, 65, false, "Loại tệp không được hỗ trợ", "The kind of file is not supported")        \
    X(NOT_FOUND, 404, 66, false, "Không tìm thấy", "Not found")                                              \
    X(EXISTS, 409, 65, false, "Đã tồn tại", "It exists already")                                             \
    X(CONFLICT, 409, 65, false, "Nội dung trái với bản đã nhận", "It contradicts what was received before")  \
    X(UNAUTHENTICATED, 401, 64, false, "Chưa xác thực", "Not authenticated")                                 \
    X(FORBIDDEN, 403, 64, false, "Không được phép", "Not allowed")                                           \
    X(KEY_UNUSABLE, 422, 65, false, "Khóa ký không dùng được", "The key cannot be used")                     \
    X(PIN_BLOCKED, 503, 69, false, "Mã PIN bị chặn để bảo vệ thiết bị",                                      \
      "The PIN is blocked to protect the token")                                                             \
    X(TOKEN_AWAY, 503, 69, true, "Thiết bị ký không trả lời", "The signing token does not answer")           \
    X(PEER_AWAY, 503, 69, true, "Máy chủ kia không trả lời", "The other server does not answer")             \
    X(BUSY, 503, 75, true, "Đang bận, hãy thử lại", "Busy, try again")                                       \
    X(DISK, 507, 75, true, "Không ghi được xuống đĩa", "The disk does not take it")                          \
    X(TOO_MANY, 429, 75, true, "Quá nhiều yêu cầu", "Too many requests")                                     \
    X(TIMEOUT, 503, 75, true, "Quá thời hạn", "The deadline has passed")                                     \
    X(INTERNAL, 500, 70, false, "Lỗi của hệ thống", "Our own fault")

#define ERROR_ENUM(code, http, exit, retry, vi, en) ERR_##code,
enum error_code { ERR_NONE, ERROR_TABLE(ERROR_ENUM) ERROR_CODES };
#undef ERROR_ENUM

struct error {
    enum error_code code;               /* ERR_NONE while all is well */
    const struct text *text;            /* the sentence for the person; from a room's table, never freed */
    char arg[TEXT_ARGS][TEXT_ARG_SIZE]; /* what goes into it, cleaned */
    char cause[256];                    /* for the operator: what OpenSSL or SQLite said; log only */
};

struct error_meaning {
    const char *name; /* "TOKEN_AWAY" */
    int http_status;
    int exit_code;
    bool retry;
    struct text title;
};

const struct error_meaning *error_meaning(enum error_code code);
/* The code of that name, ERR_INTERNAL when there is none. */
enum error_code error_code_of(const char *name);

/* Fills *err and is false: `return fail(err, ERR_TOKEN_AWAY, &TEXT_KEY_SILENT, key_name);` up to three arguments.
 * A macro, as are those below, so that the compiler and the analyser see that it is false. */
#define fail(err, code, ...)                                                                                 \
    ({                                                                                                       \
        error_set((err), (code), __VA_ARGS__, (const char *)NULL);                                           \
        false;                                                                                               \
    })
/* Adds what a library said; is false: `fail(...); return error_cause(err, "sqlite: %s", sqlite3_errmsg(db));` */
#define error_cause(err, ...)                                                                                \
    ({                                                                                                       \
        error_set_cause((err), __VA_ARGS__);                                                                 \
        false;                                                                                               \
    })
/* The same with errno's text: "open: No such file or directory". */
#define error_errno(err, call)                                                                               \
    ({                                                                                                       \
        error_set_errno((err), (call));                                                                      \
        false;                                                                                               \
    })
/* The same with the oldest entry of OpenSSL's queue, which is emptied. */
#define error_openssl(err, call)                                                                             \
    ({                                                                                                       \
        error_set_openssl((err), (call));                                                                    \
        false;                                                                                               \
    })
void error_set(struct error *err, enum error_code code, const struct text *text, ...)
    __attribute__((sentinel));
void error_set_cause(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
void error_set_errno(struct error *err, const char *call);
void error_set_openssl(struct error *err, const char *call);

/* Writes the sentence into ret_line and returns it. */
const char *error_sentence(const struct error *err, enum language language, size_t size, char *ret_line);
void error_clear(struct error *err);
