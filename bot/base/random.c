/* SPDX-License-Identifier: MIT */
#include "base/random.h"

#include <errno.h>
#include <sys/random.h>

void random_bytes(void *out, size_t n)
{
	guint8 *at = out;
	while (n > 0) {
		ssize_t got = getrandom(at, n, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			g_error("the kernel gives no random bytes: %s", g_strerror(errno));
		at += got;
		n -= (size_t)got;
	}
}

double random_unit(void)
{
	uint64_t bits;
	random_bytes(&bits, sizeof bits);
	return (double)(bits >> 11) / 9007199254740992.0; /* 2^53 */
}
