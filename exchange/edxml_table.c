#include "exchange/edxml_table.h"

#define GROUP_OF(elements, type)                                                                             \
    {                                                                                                        \
        elements, COUNT_OF(elements), sizeof(type)                                                           \
    }
#define IN(type, field) .offset = offsetof(type, field)

/* clang-format off */

/* --- who: From, To --- */
static const struct element organization_elements[] = {
    {"OrganId",             "code",      ELEMENT_CODE, ELEMENT_REQUIRED, .also = 1, IN(struct organization, code)},
    {"OrganizationInCharge","in_charge", ELEMENT_TEXT, .length = 500, .also = 3, IN(struct organization, in_charge)},
    {"OrganName",           "name",      ELEMENT_TEXT, ELEMENT_REQUIRED, .length = 200, .also = 2, IN(struct organization, name)},
    {"OrganAdd",            "address",   ELEMENT_TEXT, .length = 500, .also = 4, IN(struct organization, address)},
    {"Email",               "email",     ELEMENT_TEXT, .length = 100, .also = 5, IN(struct organization, email)},
    {"Telephone",           "telephone", ELEMENT_TEXT, .length = 20, .also = 6, IN(struct organization, telephone)},
    {"Fax",                 "fax",       ELEMENT_TEXT, .length = 20, .also = 7, IN(struct organization, fax)},
    {"Website",             "website",   ELEMENT_TEXT, .length = 100, .also = 8, IN(struct organization, website)},
};
static const struct element_group organization_group = GROUP_OF(organization_elements, struct organization);

/* --- what: the children of MessageHeader --- */
static const struct element code_elements[] = {
    {"CodeNumber",   "number",   ELEMENT_TEXT, ELEMENT_REQUIRED, .length = 11, IN(struct header, number)},
    {"CodeNotation", "notation", ELEMENT_TEXT, ELEMENT_REQUIRED, .length = 30, IN(struct header, notation)},
};
static const struct element_group code_group = GROUP_OF(code_elements, struct header);

static const struct element promulgation_elements[] = {
    {"Place",            "place", ELEMENT_TEXT, .length = 50, IN(struct header, place)},
    {"PromulgationDate", "date",  ELEMENT_DATE, ELEMENT_REQUIRED, IN(struct header, date)},
};
static const struct element_group promulgation_group = GROUP_OF(promulgation_elements, struct header);

static const struct element type_elements[] = {
    {"Type",       "group",  ELEMENT_NUMBER, IN(struct header, type.group)},
    {"TypeDetail", "detail", ELEMENT_NUMBER, IN(struct header, type.detail)},
    {"TypeName",   "name",   ELEMENT_TEXT, .length = 100, IN(struct header, type.name)},
};
static const struct element_group type_group = GROUP_OF(type_elements, struct header);

static const struct element signer_elements[] = {
    {"Competence", "competence", ELEMENT_TEXT, .length = 100, IN(struct header, signer.competence)},
    {"Position",   "position",   ELEMENT_TEXT, .length = 100, IN(struct header, signer.position)},
    {"FullName",   "name",       ELEMENT_TEXT, .length = 50, IN(struct header, signer.name)},
};
static const struct element_group signer_group = GROUP_OF(signer_elements, struct header);

static const struct element reply_for_elements[] = {
    {"ReplyFor", "reply_for", ELEMENT_TEXTS, IN(struct header, reply_for)},
};
static const struct element_group reply_for_group = GROUP_OF(reply_for_elements, struct header);
static const struct element reference_code_elements[] = {
    {"ReferenceCode", "reference_codes", ELEMENT_TEXTS, IN(struct header, reference_codes)},
};
static const struct element_group reference_code_group = GROUP_OF(reference_code_elements, struct header);
static const struct element appendix_elements[] = {
    {"Appendix", "appendixes", ELEMENT_TEXTS, IN(struct header, appendixes)},
};
static const struct element_group appendix_group = GROUP_OF(appendix_elements, struct header);

static const struct element other_elements[] = {
    {"Priority",             "urgency",   ELEMENT_NUMBER, .most = 4, IN(struct header, urgency)},
    {"SphereOfPromulgation", "sphere",    ELEMENT_TEXT, .length = 100, IN(struct header, sphere)},
    {"TyperNotation",        "typist",    ELEMENT_TEXT, .length = 10, IN(struct header, typist)},
    {"PromulgationAmount",   "copies",    ELEMENT_NUMBER, IN(struct header, copies)},
    {"PageAmount",           "pages",     ELEMENT_NUMBER, IN(struct header, pages)},
    {"ReplyFors",            NULL,        ELEMENT_GROUP, .group = &reply_for_group},
    {"Direction",            "direction", ELEMENT_FLAG, IN(struct header, direction)},
    {"ReferenceCodes",       NULL,        ELEMENT_GROUP, .group = &reference_code_group},
    {"Appendixes",           NULL,        ELEMENT_GROUP, .group = &appendix_group},
    {"Secret",               NULL,        ELEMENT_SECRET, .flags = ELEMENT_ALIAS},
};
static const struct element_group other_group = GROUP_OF(other_elements, struct header);

static const struct element response_elements[] = {
    {"OrganId",          "code",        ELEMENT_CODE, ELEMENT_REQUIRED, .also = 1, IN(struct response, code)},
    {"Code",             "number",      ELEMENT_TEXT, ELEMENT_REQUIRED, .length = 42, .also = 2, IN(struct response, number)},
    {"DocumentId",       "document_id", ELEMENT_TEXT, ELEMENT_REQUIRED, .length = 200, .also = 4, IN(struct response, document_id)},
    {"PromulgationDate", "date",        ELEMENT_DATE, .also = 3, IN(struct response, date)},
};
static const struct element_group response_group = GROUP_OF(response_elements, struct response);

static const struct element task_elements[] = {
    {"TaskCode", "tasks", ELEMENT_TEXTS, IN(struct header, tasks)},
};
static const struct element_group task_group = GROUP_OF(task_elements, struct header);

static const struct element place_elements[] = {
    {"Place", "places", ELEMENT_TEXTS, .length = 150, IN(struct header, places)},
};
static const struct element_group place_group = GROUP_OF(place_elements, struct header);

/* A status names its clerk in another order than Bussiness does. */
static const struct element status_staff_elements[] = {
    {"Department",   "department",    ELEMENT_TEXT, .length = 250, IN(struct staff, department)},
    {"DepartmentId", "department_id", ELEMENT_TEXT, IN(struct staff, department_id)},
    {"Staff",        "name",          ELEMENT_TEXT, .length = 100, IN(struct staff, name)},
    {"StaffId",      "id",            ELEMENT_TEXT, IN(struct staff, id)},
    {"Mobile",       "mobile",        ELEMENT_TEXT, .length = 100, .also = 6, IN(struct staff, mobile)},
    {"Email",        "email",         ELEMENT_TEXT, .length = 100, .also = 5, IN(struct staff, email)},
};
static const struct element_group status_staff_group = GROUP_OF(status_staff_elements, struct staff);

/* `also`: the order of the standard's list of fourteen items, which the .NET kit writes. */
static const struct element message_elements[] = {
    {"From",            "from",             ELEMENT_GROUP, .also = 1, IN(struct header, from), .group = &organization_group},
    {"To",              "to",               ELEMENT_LIST, .also = 2, .most = PACKAGE_MAX_RECIPIENTS, IN(struct header, to), .group = &organization_group},
    {"DocumentId",      "document_id",      ELEMENT_TEXT, ELEMENT_OF_EDOC, .length = 200, .also = 14, IN(struct header, document_id)},
    {"Code",            NULL,               ELEMENT_GROUP, ELEMENT_OF_EDOC, .also = 3, .group = &code_group},
    {"PromulgationInfo", NULL,              ELEMENT_GROUP, ELEMENT_OF_EDOC, .also = 4, .group = &promulgation_group},
    {"DocumentType",    "type",             ELEMENT_GROUP, .also = 5, .group = &type_group},
    {"Subject",         "subject",          ELEMENT_TEXT, ELEMENT_OF_EDOC, .length = 500, .also = 6, IN(struct header, subject)},
    {"Content",         "summary",          ELEMENT_TEXT, .length = 500, .also = 7, IN(struct header, summary)},
    {"SignerInfo",      "signer",           ELEMENT_GROUP, .also = 8, .group = &signer_group},
    {"DueDate",         "due",              ELEMENT_DATE, .also = 9, IN(struct header, due)},
    {"OtherInfo",       NULL,               ELEMENT_GROUP, .also = 11, .group = &other_group},
    {"ResponseFor",     "response_for",     ELEMENT_LIST, .also = 12, .most = PACKAGE_MAX_RECIPIENTS, IN(struct header, response_for), .group = &response_group},
    {"SteeringType",    "steering",         ELEMENT_NUMBER, .also = 13, IN(struct header, steering)},
    {"ResponseForTask", NULL,               ELEMENT_GROUP, .also = 15, .group = &task_group},
    {"ApplicationType", "application_type", ELEMENT_TEXT, .also = 16, IN(struct header, application_type)},
    {"ToPlaces",        NULL,               ELEMENT_GROUP, .also = 10, .group = &place_group},
    /* of a status */
    {"StaffInfo",       "staff",            ELEMENT_GROUP, ELEMENT_OF_STATUS, .also = 17, IN(struct header, staff), .group = &status_staff_group},
    {"StatusCode",      "status",           ELEMENT_STATUS, ELEMENT_OF_STATUS, .also = 18, IN(struct header, status)},
    {"Description",     "description",      ELEMENT_TEXT, ELEMENT_OF_STATUS, .also = 19, IN(struct header, description)},
    {"Timestamp",       "time",             ELEMENT_TIME, ELEMENT_REQUIRED | ELEMENT_OF_STATUS, .also = 20, IN(struct header, time_ms)},
};
static const struct element_group message_group = GROUP_OF(message_elements, struct header);

/* --- how: the children of TraceHeaderList --- */
static const struct element receiver_elements[] = {
    {"OrganId",      "code",  ELEMENT_CODE, ELEMENT_REQUIRED, IN(struct receiver, code)},
    {"ReceiverType", "added", ELEMENT_NUMBER, ELEMENT_REQUIRED, .most = 1, IN(struct receiver, added)},
};
static const struct element_group receiver_group = GROUP_OF(receiver_elements, struct receiver);
static const struct element receiver_list_elements[] = {
    {"Receiver", "receivers", ELEMENT_LIST, .most = PACKAGE_MAX_RECIPIENTS, IN(struct amendment, receivers), .group = &receiver_group},
};
static const struct element_group receiver_list_group = GROUP_OF(receiver_list_elements, struct amendment);

static const struct element amendment_elements[] = {
    {"DocumentInfo",     "document_changed",  ELEMENT_NUMBER, ELEMENT_REQUIRED, .most = 1, IN(struct amendment, document_changed)},
    {"DocumentReceiver", "receivers_changed", ELEMENT_NUMBER, ELEMENT_REQUIRED, .most = 1, IN(struct amendment, receivers_changed)},
    {"ReceiverList",     NULL,                ELEMENT_GROUP, .group = &receiver_list_group},
};
static const struct element_group amendment_group = GROUP_OF(amendment_elements, struct amendment);

static const struct element organ_id_elements[] = {
    {"OrganId", "receivers", ELEMENT_CODES, .most = PACKAGE_MAX_RECIPIENTS, IN(struct replacement, receivers)},
};
static const struct element_group organ_id_group = GROUP_OF(organ_id_elements, struct replacement);
static const struct element replacement_elements[] = {
    {"DocumentId",  "document_id", ELEMENT_TEXT, ELEMENT_REQUIRED, .length = 200, IN(struct replacement, document_id)},
    {"OrganIdList", NULL,          ELEMENT_GROUP, .group = &organ_id_group},
};
static const struct element_group replacement_group = GROUP_OF(replacement_elements, struct replacement);
static const struct element replacement_list_elements[] = {
    {"ReplacementInfo", "replaces", ELEMENT_LIST, .most = PACKAGE_MAX_RECIPIENTS, IN(struct business, replacements), .group = &replacement_group},
};
static const struct element_group replacement_list_group = GROUP_OF(replacement_list_elements, struct business);

static const struct element staff_elements[] = {
    {"Department",   "department",    ELEMENT_TEXT, .length = 250, IN(struct staff, department)},
    {"DepartmentId", "department_id", ELEMENT_TEXT, IN(struct staff, department_id)},
    {"Staff",        "name",          ELEMENT_TEXT, .length = 100, IN(struct staff, name)},
    {"StaffId",      "id",            ELEMENT_TEXT, IN(struct staff, id)},
    {"Email",        "email",         ELEMENT_TEXT, .length = 100, .also = 6, IN(struct staff, email)},
    {"Mobile",       "mobile",        ELEMENT_TEXT, .length = 100, .also = 5, IN(struct staff, mobile)},
};
static const struct element_group staff_group = GROUP_OF(staff_elements, struct staff);

static const struct element business_elements[] = {
    {"DocumentId",            "document_id", ELEMENT_TEXT, .length = 200, IN(struct business, document_id)},
    {"BussinessDocType",      "type",        ELEMENT_BUSINESS, ELEMENT_REQUIRED, IN(struct business, type)},
    {"BussinessDocReason",    "reason",      ELEMENT_TEXT, IN(struct business, reason)},
    {"Paper",                 "paper",       ELEMENT_NUMBER, .most = 1, IN(struct business, paper)},
    {"BussinessDocumentInfo", "changes",     ELEMENT_LIST, .most = PACKAGE_MAX_RECIPIENTS, IN(struct business, amendments), .group = &amendment_group},
    {"ReplacementInfoList",   NULL,          ELEMENT_GROUP, .group = &replacement_list_group},
    {"StaffInfo",             "staff",       ELEMENT_LIST, .most = PACKAGE_MAX_RECIPIENTS, IN(struct business, staff), .group = &staff_group},
};
static const struct element_group business_group = GROUP_OF(business_elements, struct business);

static const struct element hop_elements[] = {
    {"OrganId",   "code", ELEMENT_CODE, IN(struct hop, code)},
    {"Timestamp", "time", ELEMENT_TIME, ELEMENT_REQUIRED, IN(struct hop, time_ms)},
};
static const struct element_group hop_group = GROUP_OF(hop_elements, struct hop);

/* The library writes Bussiness first, the hand samples of the axis last. */
static const struct element trace_elements[] = {
    {"Paper",       NULL,       ELEMENT_NUMBER, ELEMENT_ALIAS, .also = 1, IN(struct header, business.paper)},
    {"Bussiness",   "business", ELEMENT_GROUP, .also = 3, IN(struct header, business), .group = &business_group},
    {"TraceHeader", "trace",    ELEMENT_LIST, .also = 2, .most = PACKAGE_MAX_RECIPIENTS, IN(struct header, trace), .group = &hop_group},
};
static const struct element_group trace_group = GROUP_OF(trace_elements, struct header);

static const struct element header_elements[] = {
    {"MessageHeader",    NULL, ELEMENT_GROUP, ELEMENT_REQUIRED, .group = &message_group},
    {"TraceHeaderList",  NULL, ELEMENT_GROUP, .group = &trace_group},
    {"Signature",        NULL, ELEMENT_SKIP, .flags = ELEMENT_ALIAS},
    {"DigitalSignature", NULL, ELEMENT_SKIP, .flags = ELEMENT_ALIAS},
};
const struct element_group edxml_header = GROUP_OF(header_elements, struct header);

/* --- the files --- */
static const struct element reference_elements[] = {
    {"ContentId",      NULL, ELEMENT_TEXT, ELEMENT_REQUIRED, .also = 4, IN(struct wire_reference, content_id)},
    {"ContentType",    NULL, ELEMENT_TEXT, ELEMENT_REQUIRED, .also = 3, IN(struct wire_reference, content_type)},
    {"Description",    NULL, ELEMENT_TEXT, .also = 1, IN(struct wire_reference, description)},
    {"AttachmentName", NULL, ELEMENT_TEXT, ELEMENT_REQUIRED, .length = 500, .also = 2, IN(struct wire_reference, name)},
};
static const struct element_group reference_group = GROUP_OF(reference_elements, struct wire_reference);
static const struct element manifest_elements[] = {
    {"Reference", NULL, ELEMENT_LIST, .most = PACKAGE_MAX_ATTACHMENTS, IN(struct wire, references), .group = &reference_group},
};
static const struct element_group manifest_group = GROUP_OF(manifest_elements, struct wire);
static const struct element body_elements[] = {
    {"edXMLManifest", NULL, ELEMENT_GROUP, .group = &manifest_group},
    {"Manifest",      NULL, ELEMENT_GROUP, ELEMENT_ALIAS, .group = &manifest_group},
};
static const struct element_group body_group = GROUP_OF(body_elements, struct wire);

static const struct element attachment_elements[] = {
    {"ContentId",              NULL, ELEMENT_TEXT, ELEMENT_REQUIRED, .also = 1, IN(struct wire_attachment, content_id)},
    {"AttachmentName",         NULL, ELEMENT_TEXT, .length = 500, .also = 3, IN(struct wire_attachment, name)},
    {"Description",            NULL, ELEMENT_TEXT, .also = 4, IN(struct wire_attachment, description)},
    {"FieldName",              NULL, ELEMENT_TEXT, .also = 5, IN(struct wire_attachment, field_name)},
    {"MimeType",               NULL, ELEMENT_TEXT, .also = 6, IN(struct wire_attachment, mime_type)},
    {"ContentType",            NULL, ELEMENT_TEXT, ELEMENT_REQUIRED, .also = 7, IN(struct wire_attachment, content_type)},
    {"ContentTransferEncoded", NULL, ELEMENT_TEXT, ELEMENT_REQUIRED, .also = 2, IN(struct wire_attachment, content)},
    {"Format",                 NULL, ELEMENT_TEXT, .also = 8, IN(struct wire_attachment, format)},
};
static const struct element_group attachment_group = GROUP_OF(attachment_elements, struct wire_attachment);
static const struct element encoded_elements[] = {
    {"Attachment", NULL, ELEMENT_LIST, .most = PACKAGE_MAX_ATTACHMENTS, IN(struct wire, attachments), .group = &attachment_group},
};
static const struct element_group encoded_group = GROUP_OF(encoded_elements, struct wire);

/* --- the package --- */
static const struct element envelope_elements[] = {
    {"edXMLHeader", NULL, ELEMENT_GROUP, ELEMENT_REQUIRED, IN(struct wire, header), .group = &edxml_header},
    {"edXMLBody",   NULL, ELEMENT_GROUP, .group = &body_group},
};
static const struct element_group envelope_group = GROUP_OF(envelope_elements, struct wire);
static const struct element root_elements[] = {
    {"edXMLEnvelope",     NULL, ELEMENT_GROUP, ELEMENT_REQUIRED, .group = &envelope_group},
    {"AttachmentEncoded", NULL, ELEMENT_GROUP, .group = &encoded_group},
};
const struct element_group edxml_root = GROUP_OF(root_elements, struct wire);

/* clang-format on */

/* --- walking --- */

/* The lists of ours have their pointer and their count in the same places; memcpy keeps their types apart. */
struct element_list element_list_at(const void *field)
{
    struct element_list list;
    memcpy(&list, field, sizeof(list));
    return list;
}

void *element_list_grow(void *field, size_t size)
{
    struct element_list list = element_list_at(field);
    if ((list.count & (list.count - 1)) == 0) { /* full at every power of two */
        char *grown = realloc(list.items, (list.count ? 2 * list.count : 1) * size);
        if (!grown)
            return NULL;
        list.items = grown;
    }
    char *item = list.items + list.count++ * size;
    memset(item, 0, size);
    memcpy(field, &list, sizeof(list));
    return item;
}

size_t element_item_size(const struct element *element)
{
    return element->kind == ELEMENT_LIST    ? element->group->size
           : element->kind == ELEMENT_TEXTS ? sizeof(wire_text)
                                            : sizeof(struct agency_code);
}

bool element_empty(const struct element *element, const void *base)
{
    const void *field = element_field_const(base, element);
    switch (element->kind) {
    case ELEMENT_GROUP:
        return element_group_empty(element->group, field);
    case ELEMENT_LIST:
    case ELEMENT_TEXTS:
    case ELEMENT_CODES:
        return element_list_at(field).count == 0;
    case ELEMENT_TEXT:
        return *(const wire_text *)field == NULL;
    case ELEMENT_CODE:
        return agency_code_empty(field);
    case ELEMENT_DATE:
        return ((const struct date *)field)->text[0] == '\0';
    case ELEMENT_TIME:
        return *(const int64_t *)field == 0;
    case ELEMENT_NUMBER:
    case ELEMENT_FLAG:
    case ELEMENT_BUSINESS:
    case ELEMENT_STATUS:
        return !((const struct number *)field)->present;
    case ELEMENT_SECRET:
    case ELEMENT_SKIP:
        return true;
    }
    return true;
}

bool element_group_empty(const struct element_group *group, const void *base)
{
    for (size_t i = 0; i < group->count; i++)
        if (!element_empty(&group->elements[i], base))
            return false;
    return true;
}

static void clear_list(const struct element *element, void *field)
{
    struct element_list list = element_list_at(field);
    size_t size = element_item_size(element);
    for (size_t i = 0; i < list.count; i++) {
        if (element->kind == ELEMENT_LIST)
            element_group_clear(element->group, list.items + i * size);
        else if (element->kind == ELEMENT_TEXTS)
            free_clear(list.items + i * size);
    }
    free(list.items);
    list = (struct element_list){0};
    memcpy(field, &list, sizeof(list));
}

static void clear_element(const struct element *element, void *field)
{
    switch (element->kind) {
    case ELEMENT_GROUP:
        element_group_clear(element->group, field);
        break;
    case ELEMENT_LIST:
    case ELEMENT_TEXTS:
    case ELEMENT_CODES:
        clear_list(element, field);
        break;
    case ELEMENT_TEXT:
        free_clear(field);
        break;
    default:
        break; /* owns nothing */
    }
}

void element_group_clear(const struct element_group *group, void *base)
{
    for (size_t i = 0; i < group->count; i++)
        clear_element(&group->elements[i], element_field(base, &group->elements[i]));
}
