/* One configuration file: what is read, what is refused with which word, what is printed. */
#include "tests/check.h"

#include <stdio.h>

#include "base/base_text.h"
#include "base/settings.h"

struct server {
    const char *listen, *pin_file;
    int64_t limit, wait;
    bool public_page;
    const char *const *names;
};
struct peer {
    const char *id, *secret_file;
};

static const struct setting server_settings[] = {
    SETTING(server, listen, TEXT, "127.0.0.1:8080", "where it listens"),
    SETTING(server, pin_file, PATH, NULL, "the file that holds the PIN"),
    SETTING(server, limit, SIZE, "50M", "largest upload"),
    SETTING(server, wait, SECONDS, "30", "longest wait"),
    SETTING(server, public_page, SWITCH, "yes", "whether citizens may ask"),
    SETTING(server, names, LIST, NULL, "names"),
};
static const struct setting peer_settings[] = {
    SETTING(peer, secret_file, PATH, SETTING_REQUIRED, "the file with the shared secret"),
};
static const struct settings_section sections[] = {
    {"server", false, sizeof(struct server), server_settings, COUNT_OF(server_settings)},
    {"peer", true, sizeof(struct peer), peer_settings, COUNT_OF(peer_settings)},
};

static bool read_text(const char *text, struct settings **ret_settings, struct error *err)
{
    char path[] = "/tmp/settings-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
    bool good = settings_read(path, sections, COUNT_OF(sections), ret_settings, err);
    unlink(path);
    return good;
}

static const struct {
    const char *sentence, *text;
    const struct text *refusal;
} rows[] = {
    {"an unknown key is named", "[server]\ncolour = blue\n", &TEXT_SETTING_KEY},
    {"a slip of the finger is recognised", "[server]\nlimti = 3\n", &TEXT_SETTING_KEY_NEAR},
    {"an unknown section suggests the nearest", "[servre]\n", &TEXT_SETTING_SECTION_NEAR},
    {"a repeated section needs a name", "[peer]\n", &TEXT_SETTING_LABEL},
    {"a single section takes none", "[server \"a\"]\n", &TEXT_SETTING_NO_LABEL},
    {"a name stands once", "[peer \"a\"]\nsecret-file=s\n[peer \"a\"]\n", &TEXT_SETTING_TWICE},
    {"a key stands once", "[server]\nlimit=1\nlimit=2\n", &TEXT_SETTING_TWICE},
    {"what is required must be there", "[peer \"a\"]\n", &TEXT_SETTING_MISSING},
    {"a size that is none is refused", "[server]\nlimit = 3 apples\n", &TEXT_SETTING_VALUE},
    {"an overflowing size is refused", "[server]\nlimit = 99999999999G\n", &TEXT_SETTING_VALUE},
    {"a switch is yes or no", "[server]\npublic-page = maybe\n", &TEXT_SETTING_VALUE},
    {"a key outside any section is refused", "limit = 1\n", &TEXT_SETTING_OUTSIDE},
    {"a line that is no pair is refused", "[server]\nlimit\n", &TEXT_SETTING_LINE},
};

static void mistakes_are_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct settings *settings CLEANUP(settings_free) = NULL;
        struct error err = {0};
        check_row(!read_text(rows[i].text, &settings, &err) && err.text == rows[i].refusal, rows[i].sentence);
    }
}

static void what_is_written_is_in_force_and_can_be_printed(void **state)
{
    (void)state;
    struct settings *settings CLEANUP(settings_free) = NULL;
    struct error err = {0};
    assert_true(
        read_text("# the hub\n[server]\n limit = 2M \npin-file = pin\nwait=500ms\nnames = a b c d ,, e\n"
                  "[peer \"00.99.W00\"]\nsecret-file = /etc/s\n[peer \"b\"]\nsecret-file = t\n",
                  &settings, &err));
    const struct server *server = settings_section(settings, "server");
    assert_string_equal(server->listen, "127.0.0.1:8080");
    assert_string_equal(server->pin_file, "/tmp/pin");
    assert_int_equal(server->limit, 2 << 20);
    assert_int_equal(server->wait, 500);
    assert_true(server->public_page);
    assert_string_equal(server->names[0], "a b c d");
    assert_string_equal(server->names[1], "e");
    assert_null(server->names[2]);

    const void *const *peers;
    assert_int_equal(settings_repeated(settings, "peer", &peers), 2);
    const struct peer *peer = peers[0];
    assert_string_equal(peer->id, "00.99.W00");
    assert_string_equal(peer->secret_file, "/etc/s");

    struct buffer text CLEANUP(buffer_clear) = {0};
    settings_print(settings, &text);
    assert_non_null(strstr(buffer_string(&text), "server.listen = 127.0.0.1:8080    # default"));
    assert_non_null(strstr(buffer_string(&text), "server.limit = 2M    # /tmp/settings-"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(what_is_written_is_in_force_and_can_be_printed),
    };
    return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
