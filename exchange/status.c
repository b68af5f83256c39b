#include "exchange/delivery.h"
#include "exchange/store_inner.h"

/* Business statuses: what a receiver's clerk says of a copy, and what the sender asks back. */

/* edxml.md 7.2 and 7.3. A late lower code never moves a copy back; 02 may still become 03 when the clerk thinks again. */
static const struct status_meaning meanings[] = {
    {"01", STATUS_WORK, 1, "Đã đến", "Arrived"},
    {"02", STATUS_WORK, 2, "Từ chối tiếp nhận", "Refused"},
    {"03", STATUS_WORK, 3, "Đã tiếp nhận", "Accepted"},
    {"04", STATUS_WORK, 4, "Đã phân công", "Assigned"},
    {"05", STATUS_WORK, 5, "Đang xử lý", "In progress"},
    {"06", STATUS_WORK, 6, "Hoàn thành", "Completed"},
    {"13", STATUS_RECALL, 1, "Lấy lại", "Asked back"},
    {"15", STATUS_RECALL, 2, "Đồng ý cho lấy lại hoặc cập nhật", "Agreed to give back or update"},
    {"16", STATUS_RECALL, 2, "Từ chối cho lấy lại hoặc cập nhật", "Refused to give back or update"},
};

const struct status_meaning *status_meaning(const char *code)
{
    for (size_t i = 0; i < COUNT_OF(meanings); i++)
        if (strcmp(meanings[i].code, code) == 0)
            return &meanings[i];
    return NULL;
}

bool status_may_follow(const char *before, const char *after)
{
    const struct status_meaning *old = status_meaning(before), *new = status_meaning(after);
    return new && (!old || (old->track == new->track &&new->rank > old->rank));
}

/* The copy it speaks of: by DocumentId, else by number and date; the newest when updates share a DocumentId. */
static bool copy_find(struct connection *connection, const struct status_report *report,
                      int64_t *ret_delivery, struct error *err)
{
    struct query q = query_of(
        connection,
        "SELECT d.seq FROM documents m JOIN deliveries d ON d.document = m.seq "
        "WHERE m.from_key = ?1 AND m.kind = 'edoc' AND ((?2 <> '' AND m.document_id = ?2) OR "
        "(?3 <> '' AND m.number || '/' || m.notation = ?3 AND m.date = ?4)) "
        "AND (d.to_key = ?5 OR d.to_key IN (SELECT b.key FROM agency_codes a JOIN agency_codes b "
        "ON b.agency = a.agency WHERE a.key = ?5)) ORDER BY (m.document_id = ?2) DESC, m.seq DESC LIMIT 1");
    bind_text(&q, report->about_from);
    bind_text(&q, report->about_document_id);
    bind_text(&q, report->about_code);
    bind_text(&q, report->about_date);
    bind_text(&q, report->receiver);
    if (query_row(&q))
        *ret_delivery = take_int(&q);
    return query_end(&q, err);
}

static bool said_so_far(struct connection *connection, int64_t delivery, char ret_work[static 8],
                        char ret_recall[static 8], struct error *err)
{
    struct query q = query_of(connection, "SELECT status, recall_status FROM deliveries WHERE seq = ?");
    bind_int(&q, delivery);
    if (query_row(&q)) {
        take_string(&q, 8, ret_work);
        take_string(&q, 8, ret_recall);
    }
    return query_end(&q, err);
}

static bool copy_tell(struct connection *connection, int64_t delivery, const struct status_report *report,
                      int64_t now, struct error *err)
{
    char work[8] = "", recall[8] = "";
    if (!said_so_far(connection, delivery, work, recall, err))
        return false;
    const struct status_meaning *meaning = status_meaning(report->code);
    bool recalling = meaning && meaning->track == STATUS_RECALL;
    if (!status_may_follow(recalling ? recall : work, report->code))
        return true;
    struct query q =
        recalling
            ? query_of(connection,
                       "UPDATE deliveries SET recall_status = ?, status_note = ?, updated = ? WHERE seq = ?")
            : query_of(connection,
                       "UPDATE deliveries SET status = ?, status_note = ?, status_time = ?, updated = ? "
                       "WHERE seq = ?");
    bind_text(&q, report->code);
    bind_text(&q, report->description);
    if (!recalling)
        bind_int(&q, now);
    bind_int(&q, now);
    bind_int(&q, delivery);
    return query_run(&q, NULL, err);
}

bool status_keep(struct connection *connection, int64_t message, const struct status_report *report,
                 int64_t now, struct error *err)
{
    int64_t delivery = 0;
    if (!copy_find(connection, report, &delivery, err))
        return false;
    struct query q = query_of(
        connection,
        "INSERT INTO statuses (message, delivery, code, note, said) VALUES (?, nullif(?, 0), ?, ?, ?)");
    bind_int(&q, message);
    bind_int(&q, delivery);
    bind_text(&q, report->code);
    bind_text(&q, report->description);
    bind_text(&q, report->timestamp);
    return query_run(&q, NULL, err) && (delivery == 0 || copy_tell(connection, delivery, report, now, err));
}
