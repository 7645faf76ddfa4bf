/* SPDX-License-Identifier: MIT */
#include "net/proxy.h"

static const char *word(const char *small, const char *capital)
{
	const char *value = g_getenv(small);
	if (!value && capital)
		value = g_getenv(capital);
	return value && *value ? value : NULL;
}

struct proxy_words proxy_words_from_environment(void)
{
	const char *all = word("all_proxy", "ALL_PROXY");
	const char *http = word("http_proxy", NULL), *https = word("https_proxy", "HTTPS_PROXY");
	return (struct proxy_words){
		.http_proxy = http ? http : all,
		.https_proxy = https ? https : all,
		.no_proxy = word("no_proxy", "NO_PROXY"),
	};
}

static gboolean covers(const char *entry, const char *host)
{
	if (strcmp(entry, "*") == 0)
		return TRUE;
	entry += *entry == '.';
	gsize entry_length = strlen(entry), host_length = strlen(host);
	if (entry_length == 0 || entry_length > host_length)
		return FALSE;
	const char *tail = host + host_length - entry_length;
	return g_ascii_strcasecmp(tail, entry) == 0 && (tail == host || tail[-1] == '.');
}

static gboolean is_excepted(const char *no_proxy, const char *host)
{
	if (!no_proxy)
		return FALSE;
	g_auto(GStrv) entries = g_strsplit_set(no_proxy, ", \t", -1);
	for (char **entry = entries; *entry; entry++) {
		if (covers(*entry, host))
			return TRUE;
	}
	return FALSE;
}

const char *proxy_pick(
	const char *configured, const struct proxy_words *words, gboolean tls, const char *host)
{
	if (configured)
		return *configured ? configured : NULL;
	if (is_excepted(words->no_proxy, host))
		return NULL;
	return tls ? words->https_proxy : words->http_proxy;
}
