/* SPDX-License-Identifier: MIT */
/* What holds for every event that an adapter reads out of any bytes. Ends the program when it does not. */
#pragma once

#include "core/event.h"
#include "tests/fuzz/fuzz.h"

void fuzz_check_event(const struct event *event);
