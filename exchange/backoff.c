#include "exchange/backoff.h"

#include "base/digest.h"

int64_t backoff_ms(unsigned attempts, int64_t most)
{
    int64_t ceiling = BACKOFF_FIRST_MS;
    while (attempts-- > 0 && ceiling < most)
        ceiling *= 2;
    if (ceiling > most)
        ceiling = most;

    uint32_t chance;
    random_bytes((uint8_t *)&chance, sizeof(chance));
    return ceiling / 2 + (int64_t)chance % (ceiling / 2 + 1);
}
