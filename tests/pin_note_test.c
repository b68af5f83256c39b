/* That no loop of restarts, retries or processes ever tries a wrong PIN twice. Real tokens, real wrong PINs, real deaths; the shim
 * counts the C_Logins that reached the module. */
#include "tests/check.h"

#include <dirent.h>
#include <p11-kit/pkcs11.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/sink.h"
#include "hsm/hsm_text.h"
#include "hsm/pin_note.h"
#include "tests/token_world.h"

static char good_pin[32];

static void pin_write(const char *pin)
{
    FILE *file = fopen(token.pin_file, "w");
    fputs(pin, file);
    fclose(file);
    chmod(token.pin_file, 0600);
}

static int make(void **state)
{
    (void)state;
    dev_token_make(&token);
    struct buffer pin CLEANUP(buffer_clear) = {0};
    struct error err = {0};
    if (!file_read(token.pin_file, sizeof(good_pin) - 1, &pin, &err))
        return 1;
    memcpy(good_pin, pin.data, pin.size);
    return 0;
}

static int heal(void **state)
{
    (void)state;
    char command[256];
    snprintf(command, sizeof(command), "rm -rf '%s'", token.notes);
    dev_token_heal(&token);
    pin_write(good_pin);
    return system(command);
}

static int logins(void)
{
    return atomic_load(&token.control->call[SHIM_LOGIN].calls);
}

static int notes(void)
{
    int count = 0;
    DIR *directory = opendir(token.notes);
    for (struct dirent *entry; directory && (entry = readdir(directory)) != NULL;)
        count += strncmp(entry->d_name, "pin-", 4) == 0;
    if (directory)
        closedir(directory);
    return count;
}

static enum error_code sign(struct hsm *hsm, struct error *err)
{
    struct buffer signature CLEANUP(buffer_clear) = {0};
    struct digest_value digest = digest_of(DIGEST_SHA256, SPAN_LITERAL("abc"));
    error_clear(err);
    return hsm_sign(hsm, token.leader, DIGEST_SHA256, digest_span(&digest), &signature, err) ? ERR_NONE
                                                                                             : err->code;
}

static enum error_code sign_afresh(struct error *err)
{
    struct hsm *hsm CLEANUP(hsm_close) = dev_token_hsm(&token, 2000);
    return sign(hsm, err);
}

static void note_remove(const struct error *err)
{
    assert_int_equal(unlink(err->arg[2]), 0); /* the sentence names the note */
}

/* ---- a PIN that is wrong */

static void *sign_with_others(void *argument)
{
    struct error err = {0};
    return (void *)(uintptr_t)sign(argument, &err);
}

static void a_wrong_pin_is_tried_once_whoever_asks_and_how_often(void **state)
{
    (void)state;
    struct error err = {0};
    pin_write("wrong\n");
    struct hsm *hsm = dev_token_hsm(&token, 2000);
    pthread_t callers[8];
    for (size_t i = 0; i < COUNT_OF(callers); i++)
        pthread_create(&callers[i], NULL, sign_with_others, hsm);
    for (size_t i = 0; i < COUNT_OF(callers); i++) {
        void *code;
        pthread_join(callers[i], &code);
        assert_int_equal((uintptr_t)code, ERR_PIN_BLOCKED);
    }
    hsm_close(&hsm);
    for (int i = 0; i < 5; i++)
        assert_int_equal(sign_afresh(&err), ERR_PIN_BLOCKED);
    assert_int_equal(logins(), 1);
    assert_ptr_equal(err.text, &TEXT_PIN_REFUSED);
    assert_string_equal(err.arg[0], "leader");
    assert_int_equal(notes(), 1);

    pin_write(good_pin);
    assert_int_equal(sign_afresh(&err), ERR_NONE);
    assert_int_equal(logins(), 2);
    assert_int_equal(notes(), 0);
}

static void a_pin_file_that_is_touched_holds_no_new_pin(void **state)
{
    (void)state;
    struct error err = {0};
    pin_write("wrong\n");
    assert_int_equal(sign_afresh(&err), ERR_PIN_BLOCKED);
    unlink(token.pin_file);
    pin_write("wrong");
    assert_int_equal(sign_afresh(&err), ERR_PIN_BLOCKED);
    assert_int_equal(logins(), 1);
    note_remove(&err); /* the operator says: try again */
    assert_int_equal(sign_afresh(&err), ERR_PIN_BLOCKED);
    assert_int_equal(logins(), 2);
}

static void a_keeper_takes_a_corrected_pin_without_a_restart(void **state)
{
    (void)state;
    struct error err = {0};
    struct hsm *hsm CLEANUP(hsm_close) = dev_token_hsm(&token, 2000);
    pin_write("wrong\n");
    assert_int_equal(sign(hsm, &err), ERR_PIN_BLOCKED);
    pin_write(good_pin);
    assert_int_equal(sign(hsm, &err), ERR_NONE);
    assert_int_equal(atomic_load(&token.control->initialised), 1);
}

/* ---- what comes between the note and the answer */

static void a_death_in_the_login_is_not_repeated(void **state)
{
    (void)state;
    struct error err = {0};
    atomic_store(&token.control->call[SHIM_LOGIN].crash,
                 1); /* kill -9: the note is written, C_Login never came back */
    assert_int_equal(sign_afresh(&err), ERR_PIN_BLOCKED);
    assert_ptr_equal(err.text, &TEXT_PIN_UNSURE);
    for (int i = 0; i < 5; i++)
        assert_int_equal(sign_afresh(&err), ERR_PIN_BLOCKED);
    assert_int_equal(logins(), 1);
    note_remove(&err);
    assert_int_equal(sign_afresh(&err), ERR_NONE);
    assert_int_equal(logins(), 2);
}

static void a_login_that_hangs_is_not_repeated(void **state)
{
    (void)state;
    struct error err = {0};
    struct hsm *hsm CLEANUP(hsm_close) = dev_token_hsm(&token, 500);
    atomic_store(&token.control->call[SHIM_LOGIN].hang, 1);
    assert_int_equal(sign(hsm, &err), ERR_TIMEOUT);
    for (int i = 0; i < 20 && sign(hsm, &err) != ERR_PIN_BLOCKED; i++)
        ;
    assert_int_equal(err.code, ERR_PIN_BLOCKED);
    assert_int_equal(sign_afresh(&err), ERR_PIN_BLOCKED);
    assert_int_equal(logins(), 1);
}

static const struct {
    const char *sentence;
    CK_RV rv;
    CK_FLAGS flags;
    const struct text *says; /* NULL: it signs in the end */
    int logins, notes;
} answers[] = {
    {"a token that is locked says so, and is not asked again", CKR_PIN_LOCKED, 0, &TEXT_PIN_LOCKED, 1, 1},
    {"one that refuses the PIN is not asked again", CKR_PIN_INCORRECT, 0, &TEXT_PIN_REFUSED, 1, 1},
    {"nor one that wants another PIN", CKR_PIN_EXPIRED, 0, &TEXT_PIN_REFUSED, 1, 1},
    {"nor one that does not say what was wrong", CKR_FUNCTION_FAILED, 0, &TEXT_PIN_UNSURE, 1, 1},
    {"nor one that answers in a code of its vendor's", CKR_VENDOR_DEFINED | 5, 0, &TEXT_PIN_UNSURE, 1, 1},
    {"one that was pulled out before is asked again", CKR_DEVICE_REMOVED, 0, NULL, 2, 0},
    {"one that has a login already needs none", CKR_USER_ALREADY_LOGGED_IN, 0, NULL, 1, 0},
    {"one that would lock at the next wrong PIN is not asked", 0, CKF_USER_PIN_FINAL_TRY, &TEXT_PIN_FINAL_TRY,
     0, 0},
    {"one that says it is locked is not asked", 0, CKF_USER_PIN_LOCKED, &TEXT_PIN_LOCKED, 0, 0},
};

static void what_the_token_says_to_a_login_decides_about_the_next(void **state)
{
    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        struct error err = {0};
        heal(state);
        /* the key is known, so that the token is waited for where that helps */
        struct hsm *hsm CLEANUP(hsm_close) = dev_token_hsm(&token, 2000);
        struct key_description key CLEANUP(key_description_clear) = {0};
        check_row(hsm_describe(hsm, token.leader, &key, &err), answers[i].sentence);
        struct shim_fault *login = &token.control->call[SHIM_LOGIN];
        atomic_store(&login->rv, answers[i].rv);
        atomic_store(&login->count, 1);
        atomic_store(&token.control->token_flags, answers[i].flags);

        enum error_code expected = answers[i].says ? ERR_PIN_BLOCKED : ERR_NONE;
        bool real_login_missing = answers[i].rv == CKR_USER_ALREADY_LOGGED_IN;
        check_row(real_login_missing || sign(hsm, &err) == expected, answers[i].sentence);
        check_row(!answers[i].says || err.text == answers[i].says, answers[i].sentence);
        if (real_login_missing)
            (void)sign(hsm, &err); /* the shim lied: the key stays hidden */
        else
            check_row(sign_afresh(&err) == expected, answers[i].sentence);
        check_row(logins() == answers[i].logins + (expected == ERR_NONE && !real_login_missing),
                  answers[i].sentence);
        check_row(notes() == answers[i].notes, answers[i].sentence);
    }
}

/* ---- a key that wants the PIN for each signature (CKA_ALWAYS_AUTHENTICATE) */

static void a_key_that_wants_the_pin_each_time_gets_it_once_each_time(void **state)
{
    (void)state;
    char command[512];
    snprintf(command, sizeof(command),
             "pkcs11-tool --module %s --token-label agency --login --pin %.*s --keypairgen --key-type "
             "EC:prime256v1 "
             "--label always --id aa --always-auth >/dev/null 2>&1",
             token.softhsm, (int)strcspn(good_pin, "\n"), good_pin);
    assert_int_equal(system(command), 0);
    struct hsm *hsm CLEANUP(hsm_close) = dev_token_hsm(&token, 4000);
    struct digest_value digest = digest_of(DIGEST_SHA256, SPAN_LITERAL("abc"));
    const char *uri = "pkcs11:token=agency;object=always";
    struct error err = {0};
    for (int i = 1; i <= 3; i++) {
        struct buffer signature CLEANUP(buffer_clear) = {0};
        assert_true(hsm_sign(hsm, uri, DIGEST_SHA256, digest_span(&digest), &signature, &err));
        assert_int_equal(logins(), 1 + i);
    }
    pin_write("wrong");
    for (int i = 0; i < 3; i++) {
        struct buffer signature CLEANUP(buffer_clear) = {0};
        assert_false(hsm_sign(hsm, uri, DIGEST_SHA256, digest_span(&digest), &signature, &err));
        assert_ptr_equal(err.text, &TEXT_PIN_REFUSED);
    }
    assert_int_equal(logins(), 5);
    struct buffer signature CLEANUP(buffer_clear) = {0};
    assert_true(
        hsm_sign(hsm, token.agency, DIGEST_SHA256, digest_span(&digest), &signature, &err)); /* unharmed */
}

/* ---- the PIN's file and the notes' directory */

static void a_pin_file_that_cannot_serve_says_what_to_do(void **state)
{
    (void)state;
    const struct {
        const char *sentence, *pin;
        mode_t mode;
        const struct text *says;
    } rows[] = {{"an empty one", "", 0600, &TEXT_PIN_FILE_EMPTY},
                {"one whose first line is empty", "\n1234\n", 0600, &TEXT_PIN_FILE_EMPTY},
                {"one that everybody may read", "1234", 0644, &TEXT_PIN_FILE_OPEN},
                {"one that is not there", NULL, 0, &TEXT_PIN_FILE_UNREADABLE}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct error err = {0};
        pin_write(rows[i].pin ? rows[i].pin : "");
        chmod(token.pin_file, rows[i].mode);
        if (!rows[i].pin)
            unlink(token.pin_file);
        check_row(sign_afresh(&err) == ERR_PIN_BLOCKED && err.text == rows[i].says, rows[i].sentence);
    }
    const struct hsm_settings settings = {
        .program = KEEPER_PROGRAM, .module = PKCS11_SHIM, .notes = token.notes};
    struct hsm *hsm CLEANUP(hsm_close) = NULL;
    struct error err = {0};
    assert_true(hsm_open(&settings, &hsm, &err));
    assert_int_equal(sign(hsm, &err), ERR_PIN_BLOCKED);
    assert_ptr_equal(err.text, &TEXT_PIN_NO_FILE);
    assert_int_equal(logins(), 0);
}

static void without_notes_nobody_logs_in(void **state)
{
    (void)state;
    char under_a_file[192];
    snprintf(under_a_file, sizeof(under_a_file), "%s/notes", token.pin_file);
    const struct hsm_settings settings = {
        .program = KEEPER_PROGRAM, .module = PKCS11_SHIM, .pin_file = token.pin_file, .notes = under_a_file};
    struct hsm *hsm CLEANUP(hsm_close) = NULL;
    struct error err = {0};
    assert_true(hsm_open(&settings, &hsm, &err));
    assert_int_equal(sign(hsm, &err), ERR_DISK);
    assert_int_equal(logins(), 0);
}

static void several_keepers_log_in_one_after_the_other(void **state)
{
    (void)state;
    pid_t children[6];
    for (size_t i = 0; i < COUNT_OF(children); i++) {
        children[i] = fork();
        if (children[i] == 0) {
            struct error err = {0};
            struct hsm *hsm = dev_token_hsm(&token, 10000);
            enum error_code code = sign(hsm, &err);
            hsm_close(&hsm);
            _exit(code);
        }
    }
    for (size_t i = 0; i < COUNT_OF(children); i++) {
        int status = 0;
        waitpid(children[i], &status, 0);
        assert_int_equal(WEXITSTATUS(status), ERR_NONE);
    }
    assert_int_equal(logins(), COUNT_OF(children));
    assert_int_equal(notes(), 0);
}

/* ---- notes by themselves */

static void a_note_of_unknown_hand_forbids_every_pin(void **state)
{
    (void)state;
    const struct pin_use use = {.notes = token.notes,
                                .token = "leader",
                                .serial = "0123",
                                .pin_file = token.pin_file,
                                .until_ms = clock_monotonic_ms() + 1000};
    const char *const contents[] = {"", "state trying \n", "state refused\nsalt 00\nsha256 00\n", "\xff\xfe"};
    for (size_t i = 0; i < COUNT_OF(contents); i++) {
        struct pin_try attempt CLEANUP(pin_try_close) = {.directory = -1};
        struct error err = {0};
        check_row(pin_note_begin(&use, SPAN_LITERAL("1234"), &attempt, &err), contents[i]);
        char path[PIN_NOTE_PATH];
        memcpy(path, attempt.path, sizeof(path));
        pin_try_close(&attempt);
        FILE *file = fopen(path, "w");
        fputs(contents[i], file);
        fclose(file);
        check_row(!pin_note_begin(&use, SPAN_LITERAL("another"), &attempt, &err), contents[i]);
        check_row(err.code == ERR_PIN_BLOCKED, contents[i]);
        unlink(path);
    }
}

static void a_note_tells_no_pin_and_is_the_owners_alone(void **state)
{
    (void)state;
    struct error err = {0};
    pin_write("87654321\n");
    assert_int_equal(sign_afresh(&err), ERR_PIN_BLOCKED);
    struct stat note, directory;
    struct buffer text CLEANUP(buffer_clear) = {0};
    struct error why = {0};
    assert_true(file_read(err.arg[2], 4096, &text, &why));
    assert_true(span_find(buffer_span(&text), SPAN_LITERAL("87654321"), 0) == SIZE_MAX);
    assert_true(span_starts(buffer_span(&text), "state refused\n"));
    assert_int_equal(stat(err.arg[2], &note) | stat(token.notes, &directory), 0);
    assert_int_equal(note.st_mode & 0777, 0600);
    assert_int_equal(directory.st_mode & 0777, 0700);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_wrong_pin_is_tried_once_whoever_asks_and_how_often, heal),
        cmocka_unit_test_setup(a_pin_file_that_is_touched_holds_no_new_pin, heal),
        cmocka_unit_test_setup(a_keeper_takes_a_corrected_pin_without_a_restart, heal),
        cmocka_unit_test_setup(a_death_in_the_login_is_not_repeated, heal),
        cmocka_unit_test_setup(a_login_that_hangs_is_not_repeated, heal),
        cmocka_unit_test_setup(what_the_token_says_to_a_login_decides_about_the_next, heal),
        cmocka_unit_test_setup(a_key_that_wants_the_pin_each_time_gets_it_once_each_time, heal),
        cmocka_unit_test_setup(a_pin_file_that_cannot_serve_says_what_to_do, heal),
        cmocka_unit_test_setup(without_notes_nobody_logs_in, heal),
        cmocka_unit_test_setup(several_keepers_log_in_one_after_the_other, heal),
        cmocka_unit_test_setup(a_note_of_unknown_hand_forbids_every_pin, heal),
        cmocka_unit_test_setup(a_note_tells_no_pin_and_is_the_owners_alone, heal),
    };
    return cmocka_run_group_tests(tests, make, token_drop);
}
