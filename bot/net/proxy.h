/* SPDX-License-Identifier: MIT */
/*
 * Which proxy a connection goes through, as curl and most programs read it from the environment. Pure.
 *
 * Thread: any.
 */
#pragma once

#include <glib.h>

#include "base/banned.h"

/* The environment's words; NULL where not set. */
struct proxy_words {
	const char *http_proxy, *https_proxy, *no_proxy;
};

/* http_proxy (in small letters only, as a CGI's HTTP_PROXY is the client's), https_proxy, no_proxy, and all_proxy. */
struct proxy_words proxy_words_from_environment(void);

/*
 * The proxy for a host, borrowed from the words; NULL: straight. configured: "" straight, a URL: that one, NULL: as the
 * words say. no_proxy: names and domains ("example.com" and ".example.com" both cover it and all below) and numeric
 * addresses separated by commas or blanks, or "*".
 */
const char *proxy_pick(
	const char *configured, const struct proxy_words *words, gboolean tls, const char *host);
