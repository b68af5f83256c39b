/* Answers of timestamp authorities: the token that is taken out of one lies inside it. */
#include <stdlib.h>

#include "signer/timestamp_client.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct timestamp_answer answer = {0};
    bool read = timestamp_answer_read(span_of(data, size), &answer);
    if (!read && answer.token.size)
        abort();
    if (answer.token.size
        && (answer.token.data < data || answer.token.size > size
            || answer.token.data + answer.token.size > data + size))
        abort();
    return 0;
}
