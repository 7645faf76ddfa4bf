/* SPDX-License-Identifier: MIT */
/* The one function of a fuzz target, as libFuzzer names it. Gives 0. */
#pragma once

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
