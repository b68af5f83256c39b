#include "signer/pades_cover.h"

#include <stdlib.h>

#include "base/digest.h"
#include "signer/der.h"

enum { TOKENS_MAX = 8 << 20 /* bytes of all document timestamps that are handed to other signatures */ };

/* One signature as others ask about it. */
struct covered {
    struct pades_cover *cover;
    struct digest_value digests[DIGEST_ALGORITHMS]; /* .size is 0 as long as it is not known */
};

/* A signature, or something in the file, by a place in the file. */
struct placed {
    uint64_t at;
    size_t index;
    struct span what;
};

/* A document timestamp. */
struct token {
    struct buffer bytes;
    uint64_t end; /* of what it covers */
};

struct pades_cover {
    struct span bytes;
    const struct pdf_signatures *signatures;
    struct covered *all;  /* one a signature */
    struct placed *order; /* signatures, by where their digits stand */
    struct token *tokens; /* by where what they cover ends */
    struct stamp *stamps; /* the same ones */
    size_t stamp_count;
    struct span *proved; /* by where it stands: a timestamp proves all before some place in it */
};

/* One reading of the file for all signatures. */
static void digest_all(struct pades_cover *cover, enum digest_algorithm algorithm)
{
    struct digest *running CLEANUP(digest_free) = digest_new(algorithm);
    size_t read = 0;
    for (size_t i = 0; i < cover->signatures->count; i++) {
        const struct pdf_signature *signature = &cover->signatures->all[cover->order[i].index];
        digest_add(running, span_slice(cover->bytes, read, signature->before.size - read));
        read = signature->before.size;
        struct digest *one CLEANUP(digest_free) = digest_copy(running);
        digest_add(one, signature->after);
        cover->all[cover->order[i].index].digests[algorithm] = digest_finish(one);
    }
}

static bool digest_covered(void *context, enum digest_algorithm algorithm, struct digest_value *ret_digest,
                           struct error *err)
{
    (void)err;
    const struct covered *covered = context;
    if (covered->digests[algorithm].size == 0)
        digest_all(covered->cover, algorithm);
    *ret_digest = covered->digests[algorithm];
    return true;
}

struct signed_content pades_cover_content(struct pades_cover *cover, size_t index)
{
    return (struct signed_content){digest_covered, &cover->all[index]};
}

static int by_place(const void *a, const void *b)
{
    const struct placed *left = a, *right = b;
    if (left->at != right->at)
        return left->at < right->at ? -1 : 1;
    return left->index < right->index ? -1 : left->index > right->index;
}

/* Document timestamps by where what they cover ends; returns how many. */
static size_t find_stamps(const struct pdf_signatures *signatures, struct placed *ret_found)
{
    size_t count = 0, size = 0;
    for (size_t i = 0; i < signatures->count; i++) {
        const struct pdf_signature *signature = &signatures->all[i];
        if (signature->filter != PDF_FILTER_TIMESTAMP || signature->defect.text
            || signature->contents.raw.size > 2 * TOKENS_MAX - size)
            continue;
        size += signature->contents.raw.size;
        ret_found[count++] = (struct placed){.at = signature->end, .index = i};
    }
    qsort(ret_found, count, sizeof(*ret_found), by_place);
    return count;
}

/* The token without the zeros behind it. */
static struct span without_padding(struct span token)
{
    struct reader reader = reader_of(token);
    struct span whole = der_any(&reader).whole;
    return reader.failed ? token : whole;
}

static bool open_stamps(struct pades_cover *cover, const struct placed *found)
{
    for (size_t i = 0; i < cover->stamp_count; i++) {
        struct token *token = &cover->tokens[i];
        token->end = found[i].at;
        if (!pdf_string_bytes(&cover->signatures->all[found[i].index].contents, &token->bytes))
            return false;
        cover->stamps[i] = (struct stamp){.kind = STAMP_DOCUMENT,
                                          .token = without_padding(buffer_span(&token->bytes)),
                                          .content = pades_cover_content(cover, found[i].index)};
    }
    return true;
}

/* What stands in the file's first bytes is proved by every timestamp that covers them: validation data, and
 * the timestamps before. */
static bool link_proofs(struct pades_cover *cover, const struct pdf_proofs *proofs,
                        const struct evidence *evidence)
{
    size_t count = 0, all = proofs->count + cover->stamp_count;
    struct placed *placed CLEANUP(free_clear) = calloc(all + 1, sizeof(*placed));
    cover->proved = calloc(all + 1, sizeof(*cover->proved));
    if (!placed || !cover->proved)
        return false;
    for (size_t i = 0; i < proofs->count; i++)
        placed[count++] =
            (struct placed){proofs->all[i].end, i, evidence_at(evidence, proofs->all[i].item)->der};
    for (size_t i = 0; i < cover->stamp_count; i++)
        placed[count++] = (struct placed){cover->tokens[i].end, proofs->count + i, cover->stamps[i].token};
    qsort(placed, count, sizeof(*placed), by_place);
    for (size_t i = 0; i < count; i++)
        cover->proved[i] = placed[i].what;
    for (size_t s = 0, upto = 0; s < cover->stamp_count; s++) {
        while (upto < count && placed[upto].at < cover->tokens[s].end)
            upto++;
        cover->stamps[s].proves = cover->proved;
        cover->stamps[s].prove_count = upto;
    }
    return true;
}

static bool fill(struct pades_cover *cover, const struct pdf_proofs *proofs, const struct evidence *evidence)
{
    size_t count = cover->signatures->count;
    struct placed *found CLEANUP(free_clear) = calloc(count + 1, sizeof(*found));
    cover->all = calloc(count + 1, sizeof(*cover->all));
    cover->order = calloc(count + 1, sizeof(*cover->order));
    if (!found || !cover->all || !cover->order)
        return false;
    for (size_t i = 0; i < count; i++) {
        cover->all[i].cover = cover;
        cover->order[i] = (struct placed){.at = cover->signatures->all[i].before.size, .index = i};
    }
    qsort(cover->order, count, sizeof(*cover->order), by_place);
    size_t stamps = find_stamps(cover->signatures, found);
    cover->tokens = calloc(stamps + 1, sizeof(*cover->tokens));
    cover->stamps = calloc(stamps + 1, sizeof(*cover->stamps));
    if (!cover->tokens || !cover->stamps)
        return false;
    cover->stamp_count = stamps;
    return open_stamps(cover, found) && link_proofs(cover, proofs, evidence);
}

struct pades_cover *pades_cover_new(struct span bytes, const struct pdf_signatures *signatures,
                                    const struct pdf_proofs *proofs, const struct evidence *evidence)
{
    struct pades_cover *cover = calloc(1, sizeof(*cover));
    if (!cover)
        return NULL;
    cover->bytes = bytes;
    cover->signatures = signatures;
    if (!fill(cover, proofs, evidence))
        pades_cover_free(&cover);
    return cover;
}

void pades_cover_free(struct pades_cover **cover)
{
    if (!*cover)
        return;
    for (size_t i = 0; i < (*cover)->stamp_count; i++)
        buffer_clear(&(*cover)->tokens[i].bytes);
    free((*cover)->all);
    free((*cover)->order);
    free((*cover)->tokens);
    free((*cover)->stamps);
    free((*cover)->proved);
    free_clear(cover);
}

const struct stamp *pades_cover_stamps(const struct pades_cover *cover, size_t index, size_t *ret_count)
{
    size_t first = 0;
    while (first < cover->stamp_count && cover->tokens[first].end <= cover->signatures->all[index].end)
        first++;
    size_t count = cover->stamp_count - first;
    *ret_count = count < VERDICT_MAX_STAMPS ? count : VERDICT_MAX_STAMPS;
    return cover->stamps + first;
}

bool pades_cover_stamped(const struct pades_cover *cover, size_t index, uint64_t end)
{
    size_t last = cover->stamp_count;
    return last > 0 && cover->tokens[last - 1].end > cover->signatures->all[index].end
           && cover->tokens[last - 1].end > end;
}
