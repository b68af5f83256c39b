/* A trusted list as an address on the network returns it: taken apart before anybody knows who signed it. */
#include <stdlib.h>

#include "base/xml.h"
#include "signer/trusted_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool started;
    struct trusted_list list CLEANUP(trusted_list_clear) = {0};
    struct error err = {0};
    if (!started)
        xml_init();
    started = true;
    if (!trusted_list_read(span_of(data, size), &list, &err))
        return 0;
    for (size_t i = 0; i < list.service_count; i++) {
        const struct trusted_service *service = &list.services[i];
        if (service->period_count == 0 || service->certificates.count == 0)
            abort(); /* what is handed on says what and when */
        for (size_t k = 1; k < service->period_count; k++)
            if (service->periods[k].from_ms < service->periods[k - 1].from_ms)
                abort();
    }
    return 0;
}
