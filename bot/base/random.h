/* SPDX-License-Identifier: MIT */
/* Randomness from the kernel. Any thread. */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "base/banned.h"

/* Uniform in [0, 1). */
double random_unit(void);
/* Fills n bytes. */
void random_bytes(void *out, size_t n);
