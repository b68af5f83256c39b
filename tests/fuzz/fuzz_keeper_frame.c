/* Frames of the keeper: what can be read can be written back octet for octet. The first byte says which side is read. */
#include <stdlib.h>

#include "hsm/keeper_frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same(struct buffer *wire, struct span frame, bool written)
{
    struct span back = span_slice(buffer_span(wire), KEEPER_SIZE_BYTES, SIZE_MAX);
    if (!written || keeper_frame_size(wire->data) != frame.size || !span_equal(back, frame))
        abort();
    buffer_clear(wire);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer wire CLEANUP(buffer_clear) = {0};
    struct keeper_answer answer CLEANUP(keeper_answer_clear) = {0};
    struct keeper_request request;
    struct error err = {0};
    if (size == 0)
        return 0;
    struct span frame = span_of(data + 1, size - 1);
    if (data[0] == 'q' && frame.size <= KEEPER_REQUEST_MAX && keeper_request_read(frame, &request, &err))
        same(&wire, frame, keeper_request_write(&request, &wire));
    if (data[0] == 'a' && frame.size <= KEEPER_ANSWER_MAX && keeper_answer_read(frame, &answer, &err))
        same(&wire, frame, keeper_answer_write(&answer, &wire));
    return 0;
}
