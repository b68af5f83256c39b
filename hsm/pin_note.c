#include "hsm/pin_note.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/sink.h"
#include "hsm/hsm_text.h"

enum {
    NOTE_MAX = 1024,
    NOTE_NAME_BYTES = 8,
    NOTE_SALT = 16,
    LOCK_PAUSE_NS = 10 * 1000 * 1000,
    PATH_ROOM = 256
};

static bool notes_unwritable(const char *directory, const char *call, struct error *err)
{
    fail(err, ERR_DISK, &TEXT_PIN_NOTES_UNWRITABLE, directory);
    return error_errno(err, call);
}

/* mkdir -p, each new directory for its owner alone */
static bool directory_make(const char *path)
{
    char part[PATH_ROOM];
    if (snprintf(part, sizeof(part), "%s", path) >= (int)sizeof(part))
        return false;
    for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(part, 0700) != 0 && errno != EEXIST)
            return false;
        *slash = '/';
    }
    return mkdir(part, 0700) == 0 || errno == EEXIST;
}

static bool directory_lock(const char *path, int64_t until_ms, int *ret_fd, struct error *err)
{
    if (!directory_make(path))
        return notes_unwritable(path, "mkdir", err);
    int fd CLEANUP(fd_close) = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return notes_unwritable(path, "open", err);

    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return notes_unwritable(path, "flock", err);
        if (clock_monotonic_ms() >= until_ms)
            return fail(err, ERR_BUSY, &TEXT_PIN_NOTES_LOCKED, path);
        nanosleep(&(struct timespec){.tv_nsec = LOCK_PAUSE_NS}, NULL);
    }
    *ret_fd = fd_take(&fd);
    return true;
}

/* One note a token: the name is made from what tells tokens apart, and holds no letters a file system might not like. */
static void note_name(const struct pin_use *use, char ret_name[static PIN_NOTE_NAME])
{
    static const char prefix[] = "pin-";
    char tokens[160];
    int length = snprintf(tokens, sizeof(tokens), "%s\n%s", use->serial, use->token);
    struct digest_value digest = digest_of(DIGEST_SHA256, span_of(tokens, (size_t)length));
    memcpy(ret_name, prefix, sizeof(prefix));
    hex_text(span_slice(digest_span(&digest), 0, NOTE_NAME_BYTES), ret_name + sizeof(prefix) - 1);
}

static struct digest_value pin_digest(struct span salt, struct span pin)
{
    struct digest *running = digest_new(DIGEST_SHA256);
    digest_add(running, salt);
    digest_add(running, pin);
    struct digest_value value = digest_finish(running);
    digest_free(&running);
    return value;
}

/* ---- the note as text: "key value" lines; the operator may read it */

struct note {
    bool refused; /* else: trying */
    uint8_t salt[NOTE_SALT];
    uint8_t digest[SHA256_SIZE];
};

static bool note_line(struct reader *r, const char *key, struct span *ret_value)
{
    struct span line = read_until(r, '\n');
    size_t size = strlen(key);
    if (r->failed || !span_starts(line, key) || line.size <= size || line.data[size] != ' ')
        return false;
    *ret_value = span_slice(line, size + 1, SIZE_MAX);
    return true;
}

static bool note_read(struct span text, struct note *ret_note)
{
    struct reader r = reader_of(text);
    struct span state, salt, digest;
    if (!note_line(&r, "state", &state) || !note_line(&r, "salt", &salt) || !note_line(&r, "sha256", &digest))
        return false;
    ret_note->refused = span_is(state, "refused");
    return hex_read(salt, NOTE_SALT, ret_note->salt) && hex_read(digest, SHA256_SIZE, ret_note->digest);
}

static void note_write(const struct pin_use *use, const struct note *note, struct buffer *ret_text)
{
    char salt[2 * NOTE_SALT + 1], digest[SHA256_HEX_SIZE];
    hex_text(span_of(note->salt, NOTE_SALT), salt);
    hex_text(span_of(note->digest, SHA256_SIZE), digest);
    buffer_format(ret_text, "state trying \nsalt %s\nsha256 %s\n", salt,
                  digest); /* "trying " is as long as "refused" */
    buffer_format(ret_text, "token %s\nserial %s\n", use->token, use->serial);
    struct stat is;
    if (use->pin_file && stat(use->pin_file, &is) == 0)
        buffer_format(ret_text, "pin-file %s device %ju inode %ju size %ju changed %jd.%09ld\n",
                      use->pin_file, (uintmax_t)is.st_dev, (uintmax_t)is.st_ino, (uintmax_t)is.st_size,
                      (intmax_t)is.st_mtim.tv_sec, is.st_mtim.tv_nsec);
}

/* ---- a try */

/* Whether the notes allow this PIN. A note that cannot be understood forbids every PIN: ours appear whole or not at all, so
 * somebody else wrote it, and only an operator can say what it means. */
static bool note_allows(const struct pin_use *use, const struct pin_try *attempt, struct span pin,
                        struct error *err)
{
    struct buffer text CLEANUP(buffer_clear) = {0};
    struct error why = {0};
    if (!file_read(attempt->path, NOTE_MAX, &text, &why)) {
        if (why.code == ERR_NOT_FOUND)
            return true;
        fail(err, ERR_DISK, &TEXT_PIN_NOTES_UNWRITABLE, use->notes);
        return error_cause(err, "%s", why.cause);
    }

    struct note note = {0};
    bool readable = note_read(buffer_span(&text), &note);
    struct digest_value now = pin_digest(span_of(note.salt, NOTE_SALT), pin);
    if (readable && !span_equal_secret(digest_span(&now), span_of(note.digest, SHA256_SIZE)))
        return true;
    const struct text *sentence = note.refused ? &TEXT_PIN_REFUSED : &TEXT_PIN_UNSURE;
    return fail(err, ERR_PIN_BLOCKED, sentence, use->token, use->pin_file, attempt->path);
}

static bool note_keep(const struct pin_use *use, struct pin_try *attempt, struct span pin, struct error *err)
{
    struct note note = {0};
    random_bytes(note.salt, sizeof(note.salt));
    struct digest_value digest = pin_digest(span_of(note.salt, NOTE_SALT), pin);
    memcpy(note.digest, digest.bytes, sizeof(note.digest));
    struct buffer text CLEANUP(buffer_clear) = {0};
    note_write(use, &note, &text);
    if (text.failed)
        return fail(err, ERR_INTERNAL, &TEXT_KEEPER_NO_MEMORY);

    struct out_file file CLEANUP(out_file_close) = {.fd = -1};
    struct error why = {0};
    if (out_file_open(attempt->path, true, &file, &why) && fd_write_all(file.fd, buffer_span(&text), &why)
        && out_file_commit(&file, &why))
        return true;
    fail(err, ERR_DISK, &TEXT_PIN_NOTES_UNWRITABLE, use->notes);
    return error_cause(err, "%s", why.cause);
}

bool pin_note_begin(const struct pin_use *use, struct span pin, struct pin_try *ret_try, struct error *err)
{
    struct pin_try attempt CLEANUP(pin_try_close) = {.directory = -1};
    note_name(use, attempt.name);
    if (snprintf(attempt.path, sizeof(attempt.path), "%s/%s", use->notes, attempt.name) >= PIN_NOTE_PATH) {
        errno = ENAMETOOLONG;
        return notes_unwritable(use->notes, "notes", err);
    }
    if (!directory_lock(use->notes, use->until_ms, &attempt.directory, err))
        return false;
    if (!note_allows(use, &attempt, pin, err) || !note_keep(use, &attempt, pin, err))
        return false;
    *ret_try = attempt;
    attempt.directory = -1;
    return true;
}

static bool note_mark_refused(const struct pin_try *attempt)
{
    int fd CLEANUP(fd_close) = openat(attempt->directory, attempt->name, O_WRONLY | O_CLOEXEC);
    static const char refused[] = "state refused";
    return fd >= 0 && pwrite(fd, refused, sizeof(refused) - 1, 0) == (ssize_t)sizeof(refused) - 1
           && fsync(fd) == 0;
}

static bool note_remove(const struct pin_try *attempt)
{
    return unlinkat(attempt->directory, attempt->name, 0) == 0 && fsync(attempt->directory) == 0;
}

bool pin_note_end(struct pin_try *attempt, enum pin_outcome outcome, struct error *err)
{
    bool settled = true;
    if (outcome == PIN_ACCEPTED || outcome == PIN_NOT_TRIED)
        settled = note_remove(attempt);
    else if (outcome == PIN_REFUSED)
        settled = note_mark_refused(attempt);
    if (!settled)
        notes_unwritable(attempt->path, "note", err);
    pin_try_close(attempt);
    return settled;
}

void pin_try_close(struct pin_try *attempt)
{
    fd_close(&attempt->directory); /* closing unlocks */
}

bool pin_notes_default(size_t size, char *ret_directory)
{
    if (geteuid() == 0)
        return snprintf(ret_directory, size, "/var/lib/vanthu/pin-notes") < (int)size;
    char room[1024];
    struct passwd entry, *found = NULL;
    if (getpwuid_r(geteuid(), &entry, room, sizeof(room), &found) != 0 || !found || !found->pw_dir)
        return false;
    return snprintf(ret_directory, size, "%s/.local/state/vanthu/pin-notes", found->pw_dir) < (int)size;
}
