/* POST /api/v1/sign?key=…&format=…&level=…: a document in, the signed document out. */
#pragma once

#include "service/service.h"

http_handler sign_handle;
