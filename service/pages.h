/* What people and machines look at without an account: the citizen's page and its files, what a QR code opens, health, and the
 * operator's metrics. Pages are embedded in the program. */
#pragma once

#include "service/service.h"

http_handler pages_home, pages_verify, pages_asset, pages_icon, pages_robots, pages_openapi;
http_handler pages_code_data, pages_code_qr;
http_handler pages_health, pages_ready, pages_metrics;
