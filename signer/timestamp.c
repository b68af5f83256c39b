#include "signer/timestamp.h"

#include <time.h>

#include "signer/der.h"

static bool two_digits(struct span text, size_t at, int *ret_value)
{
    if (at + 2 > text.size)
        return false;
    int tens = text.data[at] - '0', ones = text.data[at + 1] - '0';
    *ret_value = tens * 10 + ones;
    return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9;
}

/* "YYYYMMDDhhmmss[.s…]Z" */
static bool read_time(struct span text, int64_t *ret_ms)
{
    int part[7];
    struct tm utc = {0};
    for (size_t i = 0; i < COUNT_OF(part); i++)
        if (!two_digits(text, 2 * i, &part[i]))
            return false;
    utc.tm_year = part[0] * 100 + part[1] - 1900;
    utc.tm_mon = part[2] - 1;
    utc.tm_mday = part[3];
    utc.tm_hour = part[4];
    utc.tm_min = part[5];
    utc.tm_sec = part[6];
    *ret_ms = (int64_t)timegm(&utc) * 1000;
    return text.data[text.size - 1] == 'Z';
}

bool timestamp_read(struct span info, struct timestamp *ret_timestamp)
{
    struct reader whole = reader_of(info), r = der_enter(&whole, DER_SEQUENCE);
    struct timestamp stamp = {0};
    uint32_t version = der_small(&r);
    der_read(&r, DER_OID); /* the policy it was issued under */
    struct reader imprint = der_enter(&r, DER_SEQUENCE), algorithm = der_enter(&imprint, DER_SEQUENCE);
    stamp.algorithm = der_read(&algorithm, DER_OID);
    stamp.imprint = der_read(&imprint, DER_OCTETS);
    der_read(&r, DER_INTEGER); /* its serial number */
    struct span time = der_read(&r, DER_GENERALIZED_TIME);
    if (r.failed || imprint.failed || algorithm.failed || whole.left.size != 0 || version != 1
        || !read_time(time, &stamp.time_ms))
        return false;
    *ret_timestamp = stamp;
    return true;
}
