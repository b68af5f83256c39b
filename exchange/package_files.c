/* Packages as files, for the commands: made from a header and files, opened into a directory, looked at. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/base_text.h"
#include "base/json.h"
#include "exchange/attachment.h"
#include "exchange/edxml_table.h"
#include "exchange/package_text.h"

enum {
    NAME_BYTES = 200, /* of a file we make: file systems end at 255 */
    NAME_TRIES = 1000,
    HEADER_BYTES = JSON_MAX_SIZE,
};

static const char HEADER_NAME[] = "header.json";
static const char CHECK_SCRATCH[] = "/var/tmp";

static bool no_memory(struct error *err)
{
    return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
}

static bool open_to_read(const char *path, int *ret_fd, struct error *err)
{
    struct stat status;
    *ret_fd = open(path, O_RDONLY | O_CLOEXEC);
    if (*ret_fd >= 0 && fstat(*ret_fd, &status) == 0 && S_ISDIR(status.st_mode))
        return fail(err, ERR_MALFORMED, &TEXT_NOT_A_FILE, path);
    if (*ret_fd >= 0)
        return true;
    bool missing = errno == ENOENT || errno == ENOTDIR;
    fail(err, missing ? ERR_NOT_FOUND : ERR_MALFORMED, missing ? &TEXT_FILE_NOT_FOUND : &TEXT_FILE_UNREADABLE,
         path);
    return error_errno(err, "open");
}

/* --- make --- */

struct named_files {
    struct content *contents; /* each with a descriptor of ours */
    size_t count;
};

static void named_files_close(struct named_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        fd_close(&files->contents[i].fd);
    free(files->contents);
    *files = (struct named_files){0};
}

static bool add_file(const char *path, struct package *package, struct named_files *files, struct error *err)
{
    struct content *content = &files->contents[files->count];
    struct attachment *attachment = element_list_grow(&package->attachments, sizeof(*attachment));
    const char *slash = strrchr(path, '/');
    int fd CLEANUP(fd_close) = -1;
    if (!attachment || !(attachment->name = strdup(slash ? slash + 1 : path)))
        return no_memory(err);
    if (!open_to_read(path, &fd, err))
        return false;
    if (!content_of_fd(fd, content, err))
        return fail(err, ERR_MALFORMED, &TEXT_NOT_A_FILE, path);
    fd_take(&fd); /* the content has it now */
    files->count++;
    return true;
}

static bool add_files(const char *const *paths, size_t count, struct package *package,
                      struct named_files *files, struct error *err)
{
    char limit[16];
    snprintf(limit, sizeof(limit), "%d", PACKAGE_MAX_ATTACHMENTS);
    if (count > PACKAGE_MAX_ATTACHMENTS)
        return fail(err, ERR_TOO_LARGE, &TEXT_PACKAGE_TOO_MANY, "Attachment", limit);
    files->contents = calloc(count + 1, sizeof(*files->contents));
    if (!files->contents)
        return no_memory(err);
    for (size_t i = 0; i < count; i++)
        if (!add_file(paths[i], package, files, err))
            return false;
    return true;
}

static bool read_header(const char *path, const struct clock *clock, struct header *ret_header,
                        struct error *err)
{
    struct buffer json CLEANUP(buffer_clear) = {0};
    return file_read(path, HEADER_BYTES, &json, err) && header_json_read(buffer_span(&json), ret_header, err)
           && header_complete(ret_header, clock, err);
}

/* A sink that tells how far it is and passes everything on. */
struct watched {
    struct sink *sink;
    const struct package_progress *progress;
    uint64_t all;
};

static bool watch(struct sink *sink, struct span bytes, struct error *err)
{
    const struct watched *watched = sink->target;
    sink_write(watched->sink, bytes);
    if (watched->progress)
        watched->progress->report(watched->progress->target, sink->written + bytes.size, watched->all);
    return sink_finish(watched->sink, err);
}

bool package_make(const char *header_path, const char *const *paths, size_t count, const struct clock *clock,
                  struct sink *sink, const struct package_progress *progress, struct error *err)
{
    struct package package CLEANUP(package_clear) = {0};
    struct named_files files CLEANUP(named_files_close) = {0};
    struct package_writer *writer CLEANUP(package_writer_free) = NULL;
    if (!read_header(header_path, clock, &package.header, err)
        || !add_files(paths, count, &package, &files, err)
        || !package_writer_new(&package, files.contents, NULL, &writer, err))
        return false;
    struct watched watched = {sink, progress, package_writer_size(writer)};
    struct sink through = sink_call(watch, &watched);
    return package_writer_write(writer, &through, err);
}

/* --- open --- */

/* Hidden files and names that look like options are nobody's attachments; the last extension stays when the name is cut. */
static void safe_name(const char *name, unsigned number, char ret_name[static NAME_BYTES + 32])
{
    char extension[EXTENSION_SIZE], stem[NAME_BYTES], suffix[12] = "";
    name_extension(name, extension);
    size_t size = strlen(name) - (*extension ? strlen(extension) + 1 : 0);
    text_clean(name, size, sizeof(stem), stem);
    if (stem[0] == '.' || stem[0] == '-')
        stem[0] = '_';
    if (number > 1)
        snprintf(suffix, sizeof(suffix), "-%u", number);
    snprintf(ret_name, NAME_BYTES + 32, "%s%s%.*s", stem, suffix, EXTENSION_SIZE, name + size);
}

static bool is_taken(const struct package *package, size_t before, const char *name)
{
    if (strcasecmp(name, HEADER_NAME) == 0)
        return true;
    for (size_t i = 0; i < before; i++)
        if (strcasecmp(package->attachments.items[i].name, name) == 0)
            return true;
    return false;
}

/* Names of their own, in ret_package too. */
static bool name_attachments(struct package *package, struct error *err)
{
    for (size_t i = 0; i < package->attachments.count; i++) {
        struct attachment *attachment = &package->attachments.items[i];
        char name[NAME_BYTES + 32];
        unsigned number = 1;
        do
            safe_name(attachment->name, number, name);
        while (is_taken(package, i, name) && ++number < NAME_TRIES);
        free_clear(&attachment->name);
        attachment->name = strdup(name);
        if (!attachment->name)
            return no_memory(err);
    }
    return true;
}

static char *path_in(const char *directory, const char *name)
{
    char *path;
    size_t size = strlen(directory);
    const char *slash = size > 0 && directory[size - 1] == '/' ? "" : "/";
    return asprintf(&path, "%s%s%s", directory, slash, name) < 0 ? NULL : path;
}

static bool check_free(const char *directory, const char *name, struct error *err)
{
    char *path CLEANUP(free_clear) = path_in(directory, name);
    struct stat about;
    if (!path)
        return no_memory(err);
    return lstat(path, &about) != 0 || fail(err, ERR_EXISTS, &TEXT_FILE_EXISTS, path);
}

static bool check_all_free(const struct package *package, const char *directory, struct error *err)
{
    for (size_t i = 0; i < package->attachments.count; i++)
        if (!check_free(directory, package->attachments.items[i].name, err))
            return false;
    return check_free(directory, HEADER_NAME, err);
}

/* Indented: people read this one. */
static bool write_header(const struct header *header, const char *directory, bool replace, struct error *err)
{
    struct buffer json CLEANUP(buffer_clear) = {0};
    json_t *object CLEANUP(json_clear) = NULL;
    struct out_file file CLEANUP(out_file_close) = {.fd = -1};
    char *path CLEANUP(free_clear) = path_in(directory, HEADER_NAME);
    header_json_write(header, &json);
    if (!path || json.failed || !json_read(buffer_span(&json), &object, err))
        return no_memory(err);
    char *text CLEANUP(free_clear) = json_dumps(object, JSON_INDENT(2));
    return text && out_file_open(path, replace, &file, err) && fd_write_all(file.fd, span_text(text), err)
           && fd_write_all(file.fd, span_text("\n"), err) && out_file_commit(&file, err);
}

static bool write_all(struct package *package, const char *directory, bool replace, struct error *err)
{
    if (!name_attachments(package, err) || (!replace && !check_all_free(package, directory, err)))
        return false;
    for (size_t i = 0; i < package->attachments.count; i++) {
        char *path CLEANUP(free_clear) = path_in(directory, package->attachments.items[i].name);
        if (!path)
            return no_memory(err);
        if (!blob_link(&package->attachments.items[i].blob, path, replace, err))
            return false;
    }
    return write_header(&package->header, directory, replace, err);
}

static bool read_file(const char *path, const char *scratch, const struct package_progress *progress,
                      struct package *ret_package, struct error *err)
{
    struct blobs *blobs CLEANUP(blobs_close) = NULL;
    int fd CLEANUP(fd_close) = -1;
    return open_to_read(path, &fd, err) && blobs_open_scratch(scratch, BLOB_SMALL, &blobs, err)
           && package_read_fd(fd, blobs, NULL, progress, ret_package, err);
}

bool package_open_file(const char *path, const char *directory, bool replace,
                       const struct package_progress *progress, struct package *ret_package,
                       struct error *err)
{
    struct package package CLEANUP(package_clear) = {0};
    bool made = mkdir(directory, 0777) == 0;
    if (!made && errno != EEXIST) {
        fail(err, ERR_DISK, &TEXT_FILE_UNWRITABLE, directory);
        return error_errno(err, "mkdir");
    }
    if (!read_file(path, directory, progress, &package, err)
        || !write_all(&package, directory, replace, err)) {
        if (made)
            rmdir(directory); /* only when nothing was put in */
        return false;
    }
    *ret_package = package;
    package = (struct package){0};
    return true;
}

/* --- check --- */

bool package_check(const char *path, const struct package_progress *progress, struct package *ret_package,
                   struct error *err)
{
    return read_file(path, CHECK_SCRATCH, progress, ret_package, err);
}
