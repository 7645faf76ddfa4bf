/* SPDX-License-Identifier: MIT */
/*
 * Reads a chunked body (RFC 9112, 7.1) as it comes in. Trailers are skipped. A zeroed struct begins.
 *
 * Thread: any.
 */
#pragma once

#include <glib.h>

#include "base/banned.h"

struct chunked {
	unsigned state;
	gsize left; /* of this chunk, or its size while it is read */
	unsigned digits;
};

enum chunked_verdict { CHUNKED_MORE, CHUNKED_DONE, CHUNKED_LARGE, CHUNKED_BAD };

/* Appends what is body to out, as far as limit bytes in all; beyond: LARGE; where it is not chunked: BAD. */
enum chunked_verdict chunked_feed(
	struct chunked *c, const char *bytes, gsize length, GString *out, gsize limit_bytes);
