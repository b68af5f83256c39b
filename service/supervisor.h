/* The small single-threaded process behind `vanthu serve`: starts the keeper and the service, starts them anew when they die, and
 * nothing else, so that what can crash or hang does so alone. SIGHUP reads the settings again: when they are good the service is ended in
 * order and started with them. TERM and INT end everything in order. */
#pragma once

#include "base/error.h"

/* Runs until it is told to end. Errors are those of the start: afterwards everything is logged. */
bool supervisor_run(const char *config_path, struct error *err) MUST_USE;
