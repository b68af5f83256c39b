#include "signer/drawing.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

#include "signer/report_text.h"

/* fontconfig keeps its fonts as long as the process lives, where a leak checker does not look; one that is there asks this. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig";
}

static struct drawing functions;
static bool loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Its own libraries, cairo among them, are found through it. */
static void load(void)
{
    void *library = dlopen("libpangocairo-1.0.so.0", RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return;
    bool all = true;
#define DRAWING_FIND(name)                                                                                   \
    {                                                                                                        \
        void *found = dlsym(library, #name);                                                                 \
        memcpy(&functions.name, &found, sizeof(found));                                                      \
        all = all && found;                                                                                  \
    }
    DRAWING_FUNCTIONS(DRAWING_FIND)
#undef DRAWING_FIND
    loaded = all;
}

bool drawing_load(const struct drawing **ret_drawing, struct error *err)
{
    pthread_once(&once, load);
    if (!loaded)
        return fail(err, ERR_UNSUPPORTED, &TEXT_DRAWING_AWAY);
    *ret_drawing = &functions;
    return true;
}
