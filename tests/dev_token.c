#include "tests/dev_token.h"

#include <stdio.h>
#include <stdlib.h>

static void must(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "dev token: %s\n", what);
    abort();
}

static void take_line(struct dev_token *token, char *line)
{
    const struct {
        const char *name;
        char *to;
        size_t size;
    } names[] = {
        {"PKCS11_MODULE", token->softhsm, sizeof(token->softhsm)},
        {"LEADER_URI", token->leader, sizeof(token->leader)},
        {"AGENCY_URI", token->agency, sizeof(token->agency)},
        {"LEADER_EC_URI", token->ec, sizeof(token->ec)},
        {"LEADER_RSA3072_URI", token->rsa3072, sizeof(token->rsa3072)},
        {"LEADER_RSA4096_URI", token->rsa4096, sizeof(token->rsa4096)},
        {"PIN_FILE", token->pin_file, sizeof(token->pin_file)},
    };
    line[strcspn(line, "\n")] = '\0';
    char *value = strchr(line, '=');
    must(value != NULL, line);
    *value++ = '\0';
    if (strcmp(line, "SOFTHSM2_CONF") == 0)
        setenv("SOFTHSM2_CONF", value, 1);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(line, names[i].name) == 0)
            snprintf(names[i].to, names[i].size, "%s", value);
}

void dev_token_make(struct dev_token *token)
{
    const char *tmpfs = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    char command[512], line[1024], control[160];
    snprintf(token->dir, sizeof(token->dir), "%s/vanthu-token-XXXXXX", tmpfs);
    must(mkdtemp(token->dir) != NULL, "mkdtemp");
    snprintf(command, sizeof(command), "%s/tools/dev-token %s --ec --rsa3072 --rsa4096", SOURCE_DIR,
             token->dir);
    FILE *tool = popen(command, "r");
    must(tool != NULL, command);
    while (fgets(line, sizeof(line), tool))
        take_line(token, line);
    must(pclose(tool) == 0, command);

    snprintf(token->notes, sizeof(token->notes), "%s/notes", token->dir);
    snprintf(control, sizeof(control), "%s/control", token->dir);
    token->control = shim_map(control, 1);
    must(token->control != NULL, control);
    setenv("VANTHU_SHIM_CONTROL", control, 1);
    setenv("VANTHU_SHIM_MODULE", token->softhsm, 1);
}

void dev_token_remove(struct dev_token *token)
{
    char command[256];
    snprintf(command, sizeof(command), "rm -rf '%s'", token->dir);
    must(system(command) == 0, command);
}

void dev_token_heal(struct dev_token *token)
{
    memset(token->control, 0, sizeof(*token->control));
}

struct hsm *dev_token_hsm(const struct dev_token *token, int64_t deadline_ms)
{
    const struct hsm_settings settings = {.program = KEEPER_PROGRAM,
                                          .module = PKCS11_SHIM,
                                          .pin_file = token->pin_file,
                                          .notes = token->notes,
                                          .deadline_ms = deadline_ms};
    struct hsm *hsm = NULL;
    struct error err = {0};
    must(hsm_open(&settings, &hsm, &err), err.cause);
    return hsm;
}
