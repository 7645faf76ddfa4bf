/* SPDX-License-Identifier: MIT */
/*
 * What this process may do from now on, before it looks at anything a stranger has made: compute, read the machine's
 * fonts, write what is open already. Not: reach the network, run or harm another program, write a file, grow without end.
 */
#pragma once

#include <glib.h>

#include "base/banned.h"

/* FALSE: the machine would not have it; the limits of memory and time hold all the same. */
gboolean confine_process(void);
