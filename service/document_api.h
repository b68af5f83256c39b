/* Documents over /api/v1: hand one in (multipart `header` and `file`…, 202 when it is on the disk), see
 * where it stands. */
#pragma once

#include "service/service.h"

http_handler document_submit, document_show, document_list_handle, document_package;
