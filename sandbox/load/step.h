/* SPDX-License-Identifier: MIT */
/* A step of the load as people write it (load.h). Pure. */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "base/banned.h"

enum load_step_kind { LOAD_FULL, LOAD_PACED, LOAD_REFRESH, LOAD_DROP, LOAD_IDLE };

struct load_step {
	enum load_step_kind kind;
	const char *name; /* static */
	int64_t count;	  /* standups; 0: idle */
	int64_t rate;	  /* a second; 0: as fast as they are done */
	int64_t seconds;  /* idle alone */
};

/* Errors: G_OPTION_ERROR_BAD_VALUE. */
gboolean load_step_parse(const char *text, struct load_step *out, GError **error);
