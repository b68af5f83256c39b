/* "Is this genuine?": POST /api/v1/verify for callers, POST /verify for anybody. Both keep nothing of what they are shown. */
#pragma once

#include "service/service.h"

http_handler verify_handle, verify_public;
