#include "hsm/pin.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "hsm/hsm_text.h"

enum { PIN_PAGE = 4096 };

static bool pin_page(struct pin *pin, struct error *err)
{
    void *page = mmap(NULL, PIN_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) {
        fail(err, ERR_INTERNAL, &TEXT_KEEPER_NO_MEMORY);
        return error_errno(err, "mmap");
    }
    pin->text = page;
    if (mlock(page, PIN_PAGE) != 0) {
        fail(err, ERR_INTERNAL, &TEXT_PIN_NOT_LOCKED);
        return error_errno(err, "mlock");
    }
    madvise(page, PIN_PAGE, MADV_DONTDUMP);
    return true;
}

/* A PIN that every account can read protects nothing. */
static bool pin_file_open(const char *path, int *ret_fd, struct error *err)
{
    int fd CLEANUP(fd_close) = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    struct stat is;
    if (fd < 0 || fstat(fd, &is) != 0) {
        fail(err, ERR_PIN_BLOCKED, &TEXT_PIN_FILE_UNREADABLE, path);
        return error_errno(err, "open");
    }
    if (!S_ISREG(is.st_mode))
        return fail(err, ERR_PIN_BLOCKED, &TEXT_PIN_FILE_UNREADABLE, path);
    if (is.st_mode & S_IRWXO)
        return fail(err, ERR_PIN_BLOCKED, &TEXT_PIN_FILE_OPEN, path);
    *ret_fd = fd_take(&fd);
    return true;
}

bool pin_read(const char *path, struct pin *ret_pin, struct error *err)
{
    if (!path)
        return fail(err, ERR_PIN_BLOCKED, &TEXT_PIN_NO_FILE);
    int fd CLEANUP(fd_close) = -1;
    struct pin pin CLEANUP(pin_wipe) = {0};
    if (!pin_file_open(path, &fd, err) || !pin_page(&pin, err))
        return false;

    ssize_t got = read(fd, pin.text, PIN_PAGE);
    if (got < 0) {
        fail(err, ERR_PIN_BLOCKED, &TEXT_PIN_FILE_UNREADABLE, path);
        return error_errno(err, "read");
    }
    const uint8_t *end = memchr(pin.text, '\n', (size_t)got);
    pin.size = end ? (size_t)(end - pin.text) : (size_t)got;
    if (pin.size > 0 && pin.text[pin.size - 1] == '\r')
        pin.size--;
    if (pin.size == 0 || pin.size > PIN_MAX)
        return fail(err, ERR_PIN_BLOCKED, &TEXT_PIN_FILE_EMPTY, path);
    *ret_pin = pin;
    pin.text = NULL;
    return true;
}

void pin_wipe(struct pin *pin)
{
    if (pin->text) {
        OPENSSL_cleanse(pin->text, PIN_PAGE);
        munmap(pin->text, PIN_PAGE);
    }
    *pin = (struct pin){0};
}
