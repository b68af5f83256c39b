#include "signer/trusted_list.h"

#include <stdio.h>

#include "base/base_text.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/xml.h"
#include "signer/pinned.h"
#include "signer/trust_text.h"

static const char ns[] = "http://uri.etsi.org/02231/v2#";

void trusted_list_clear(struct trusted_list *list)
{
    for (size_t i = 0; i < list->service_count; i++)
        certificates_clear(&list->services[i].certificates);
    free(list->services);
    *list = (struct trusted_list){0};
}

static bool malformed(struct error *err, const char *where)
{
    return fail(err, ERR_MALFORMED, &TEXT_LIST_MALFORMED, where);
}

/* ---- words of the standard */

static struct span last_part(const char *uri)
{
    const char *slash = strrchr(uri, '/');
    return span_text(slash ? slash + 1 : uri);
}

static bool ends_in(const char *uri, const char *end)
{
    size_t size = strlen(uri), part = strlen(end);
    return size >= part && strcmp(uri + size - part, end) == 0;
}

/* TS 119 612, 5.5.1 and annex D: what a service of that type does with its certificates. */
static unsigned uses_of_type(const char *uri)
{
    static const struct {
        const char *end;
        unsigned uses;
    } types[] = {
        {"/Svctype/CA/QC", TRUST_MAY_SIGN | TRUST_MAY_SEAL},
        {"/Svctype/CA/PKC", TRUST_MAY_SIGN | TRUST_MAY_SEAL},
        {"/Svctype/NationalRootCA-QC", TRUST_MAY_ALL},
        {"/Svctype/TSA", TRUST_MAY_STAMP},
        {"/Svctype/TSA/QTST", TRUST_MAY_STAMP},
        {"/Svctype/TSA/TSS-QC", TRUST_MAY_STAMP},
        {"/Svctype/TSA/TSS-AdESQCandQES", TRUST_MAY_STAMP},
        {"/Svctype/Certstatus/OCSP", TRUST_MAY_OCSP},
        {"/Svctype/Certstatus/OCSP/QC", TRUST_MAY_OCSP},
    };
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (ends_in(uri, types[i].end))
            return types[i].uses;
    return 0;
}

/* 5.5.4 and annex D.5, with the names of the lists before 2016. */
static bool is_granted(const char *uri)
{
    static const char *const granted[] = {"granted",    "recognisedatnationallevel", "undersupervision",
                                          "accredited", "supervisionincessation",    "setbynationallaw"};
    for (size_t i = 0; i < COUNT_OF(granted); i++)
        if (span_is(last_part(uri), granted[i]))
            return true;
    return false;
}

/* ---- elements */

/* The text of the child of that name; NULL: there is none, or it is no text. The caller frees. */
static char *child_text(const xmlNode *parent, const char *name)
{
    char *text = NULL;
    const xmlNode *child = parent ? xml_first(parent, ns, name) : NULL;
    return child && xml_text(child, &text) ? text : NULL;
}

/* Dates of other programs may have fractions of a second. */
static bool child_time(const xmlNode *parent, const char *name, int64_t *ret_ms)
{
    char *text CLEANUP(free_clear) = child_text(parent, name);
    char *point = text ? strchr(text, '.') : NULL;
    if (point) {
        size_t digits = strspn(point + 1, "0123456789");
        memmove(point, point + 1 + digits, strlen(point + 1 + digits) + 1);
    }
    return text && clock_read(text, ret_ms);
}

/* 5.1.4: of several languages English, else the first. */
static void read_name(const xmlNode *parent, const char *what, size_t room, char *ret_name)
{
    const xmlNode *names = parent ? xml_first(parent, ns, what) : NULL;
    for (const xmlNode *at = names ? xml_first(names, ns, "Name") : NULL; at; at = xml_next(at, ns, "Name")) {
        char *text CLEANUP(free_clear) = NULL;
        xmlChar *language CLEANUP(xml_char_clear) = xmlNodeGetLang(at);
        bool english = language && strcasecmp((const char *)language, "en") == 0;
        if ((!ret_name[0] || english) && xml_text(at, &text))
            text_clean(text, strlen(text), room, ret_name);
        if (english)
            return;
    }
}

/* ---- services */

/* 5.5.9.4: a CA for qualified certificates may be named for some of their kinds alone. */
static unsigned narrowed(const xmlNode *information, unsigned uses)
{
    unsigned kinds = 0;
    bool named = false;
    const xmlNode *all = xml_first(information, ns, "ServiceInformationExtensions");
    for (const xmlNode *one = all ? xml_first(all, ns, "Extension") : NULL; one;
         one = xml_next(one, ns, "Extension")) {
        char *uri CLEANUP(free_clear) = child_text(xml_first(one, ns, "AdditionalServiceInformation"), "URI");
        if (!uri || !strstr(uri, "/SvcInfoExt/For"))
            continue;
        named = true;
        kinds |= ends_in(uri, "/ForeSignatures") ? TRUST_MAY_SIGN : 0;
        kinds |= ends_in(uri, "/ForeSeals") ? TRUST_MAY_SEAL : 0;
    }
    return named ? uses & kinds : uses;
}

/* 5.5 and 5.6: the service as it is, or as it was. False: no time, no type or no status. */
static bool read_period(const xmlNode *information, struct trust_period *ret_period)
{
    char *type CLEANUP(free_clear) = child_text(information, "ServiceTypeIdentifier");
    char *status CLEANUP(free_clear) = child_text(information, "ServiceStatus");
    struct trust_period period = {0};
    if (!type || !status || !child_time(information, "StatusStartingTime", &period.from_ms))
        return false;
    struct span word = last_part(status);
    text_clean((const char *)word.data, word.size, sizeof(period.status), period.status);
    if (is_granted(status))
        period.uses = narrowed(information, uses_of_type(type));
    *ret_period = period;
    return true;
}

/* Oldest first; above the limit the oldest are forgotten: at their time nothing is known. */
static void insert_period(struct trusted_service *service, const struct trust_period *period)
{
    struct trust_period *list = service->periods;
    size_t at = service->period_count;
    while (at > 0 && list[at - 1].from_ms > period->from_ms)
        at--;
    if (service->period_count == TRUST_MAX_PERIODS) {
        if (at == 0)
            return;
        memmove(list, list + 1, (--at) * sizeof(*list));
    } else {
        memmove(&list[at + 1], &list[at], (service->period_count++ - at) * sizeof(*list));
    }
    list[at] = *period;
}

/* 5.6.6: each lasts until the next begins. */
static void close_periods(struct trusted_service *service)
{
    for (size_t i = 0; i + 1 < service->period_count; i++)
        service->periods[i].until_ms = service->periods[i + 1].from_ms;
}

static bool read_periods(const xmlNode *information, const xmlNode *history, struct trusted_service *service)
{
    struct trust_period period;
    if (!read_period(information, &period))
        return false;
    insert_period(service, &period);
    for (const xmlNode *past = history ? xml_first(history, ns, "ServiceHistoryInstance") : NULL; past;
         past = xml_next(past, ns, "ServiceHistoryInstance")) {
        if (!read_period(past, &period))
            return false;
        insert_period(service, &period);
    }
    close_periods(service);
    return true;
}

/* 5.5.3: several certificates of one key; what is no certificate is no use to us. */
static bool read_identities(const xmlNode *information, struct trusted_service *service, struct error *err)
{
    const xmlNode *identity = xml_first(information, ns, "ServiceDigitalIdentity");
    for (const xmlNode *id = identity ? xml_first(identity, ns, "DigitalId") : NULL; id;
         id = xml_next(id, ns, "DigitalId")) {
        char *text CLEANUP(free_clear) = child_text(id, "X509Certificate");
        struct buffer der CLEANUP(buffer_clear) = {0};
        X509 *readable CLEANUP(x509_clear) = NULL;
        struct error unreadable = {0};
        if (!text || service->certificates.count == TRUSTED_LIST_MAX_IDENTITIES)
            continue;
        if (!base64_read(span_text(text), &der)
            || !certificate_read(buffer_span(&der), &readable, &unreadable))
            continue;
        if (!certificates_add(&service->certificates, buffer_span(&der), err))
            return false;
    }
    return true;
}

static bool is_of_use(const struct trusted_service *service)
{
    bool useful = false;
    for (size_t i = 0; i < service->period_count; i++)
        useful |= service->periods[i].uses != 0;
    return useful && service->certificates.count > 0;
}

static bool keep(struct trusted_list *list, struct trusted_service *service, struct error *err)
{
    if (list->service_count == TRUSTED_LIST_MAX_SERVICES)
        return fail(err, ERR_TOO_LARGE, &TEXT_TRUST_TOO_MANY, "4096");
    if ((list->service_count & (list->service_count - 1)) == 0) { /* full: room doubles */
        size_t room = list->service_count ? 2 * list->service_count : 1;
        struct trusted_service *grown = realloc(list->services, room * sizeof(*grown));
        if (!grown)
            return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
        list->services = grown;
    }
    list->services[list->service_count++] = *service;
    *service = (struct trusted_service){0};
    return true;
}

static bool read_service(struct trusted_list *list, const xmlNode *element, const char *provider,
                         struct error *err)
{
    const xmlNode *information = xml_first(element, ns, "ServiceInformation");
    struct trusted_service service = {0};
    if (!information)
        return malformed(err, "ServiceInformation");
    snprintf(service.provider, sizeof(service.provider), "%s", provider);
    read_name(information, "ServiceName", sizeof(service.name), service.name);
    bool good = (read_periods(information, xml_first(element, ns, "ServiceHistory"), &service)
                 || malformed(err, "StatusStartingTime"))
                && read_identities(information, &service, err)
                && (!is_of_use(&service) || keep(list, &service, err));
    certificates_clear(&service.certificates);
    return good;
}

static bool read_provider(struct trusted_list *list, const xmlNode *element, struct error *err)
{
    char name[128] = "";
    read_name(xml_first(element, ns, "TSPInformation"), "TSPName", sizeof(name), name);
    const xmlNode *services = xml_first(element, ns, "TSPServices");
    for (const xmlNode *at = services ? xml_first(services, ns, "TSPService") : NULL; at;
         at = xml_next(at, ns, "TSPService"))
        if (!read_service(list, at, name, err))
            return false;
    return true;
}

/* ---- the list */

/* TS 119 612, 5.3 */
static bool read_scheme(struct trusted_list *list, const xmlNode *scheme, struct error *err)
{
    char *version CLEANUP(free_clear) = child_text(scheme, "TSLVersionIdentifier");
    char *sequence CLEANUP(free_clear) = child_text(scheme, "TSLSequenceNumber");
    char *territory CLEANUP(free_clear) = child_text(scheme, "SchemeTerritory");
    if (!version || !sequence)
        return malformed(err, "TSLVersionIdentifier");
    list->sequence = strtoll(sequence, NULL, 10);
    if (territory)
        text_clean(territory, strlen(territory), sizeof(list->territory), list->territory);
    read_name(scheme, "SchemeOperatorName", sizeof(list->operator_name), list->operator_name);
    if (!child_time(scheme, "ListIssueDateTime", &list->issued_ms))
        return malformed(err, "ListIssueDateTime");
    const xmlNode *next = xml_first(scheme, ns, "NextUpdate");
    if (next && xml_first(next, ns, "dateTime") && !child_time(next, "dateTime", &list->next_update_ms))
        return malformed(err, "NextUpdate");
    return true;
}

bool trusted_list_read(struct span xml, struct trusted_list *ret_list, struct error *err)
{
    xmlDoc *doc CLEANUP(xml_doc_clear) = NULL;
    struct trusted_list list CLEANUP(trusted_list_clear) = {0};
    if (!xml_read(xml, &doc, err))
        return false;
    const xmlNode *root = xmlDocGetRootElement(doc);
    const xmlNode *scheme = xml_first(root, ns, "SchemeInformation");
    if (!xml_is(root, ns, "TrustServiceStatusList") || !scheme)
        return malformed(err, "TrustServiceStatusList");
    if (!read_scheme(&list, scheme, err))
        return false;
    const xmlNode *providers = xml_first(root, ns, "TrustServiceProviderList");
    for (const xmlNode *at = providers ? xml_first(providers, ns, "TrustServiceProvider") : NULL; at;
         at = xml_next(at, ns, "TrustServiceProvider"))
        if (!read_provider(&list, at, err))
            return false;
    *ret_list = list;
    list = (struct trusted_list){0};
    return true;
}

bool trusted_list_open(struct span xml, const struct certificates *signers, const char *name,
                       struct trusted_list *ret_list, struct error *err)
{
    struct trusted_list list CLEANUP(trusted_list_clear) = {0};
    if (!trusted_list_read(xml, &list, err) || !pinned_signed(xml, signers, list.issued_ms, name, err))
        return false;
    *ret_list = list;
    list = (struct trusted_list){0};
    return true;
}
