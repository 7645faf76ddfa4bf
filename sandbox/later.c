/* SPDX-License-Identifier: MIT */
#include "sandbox/later.h"

struct later {
	struct http_call *http; /* NULL: the peer left */
};

struct later *later_new(struct act *act)
{
	if (!act->http)
		return NULL;
	struct later *later = g_new0(struct later, 1);
	later->http = act->http;
	http_call_set_data(act->http, later);
	act->waits = TRUE;
	return later;
}

void later_finish(struct later *later, const char *sentence)
{
	static const char *const headers[] = { "Content-Type: application/json; charset=utf-8", NULL };
	if (!later)
		return;
	if (later->http) {
		g_autoptr(cJSON) reply = cJSON_CreateObject();
		json_put_bool(reply, "ok", !sentence);
		json_put_text(reply, "error", sentence);
		g_autofree char *text = json_print(reply);
		http_reply(g_steal_pointer(&later->http), 200, headers, text, strlen(text));
	}
	g_free(later);
}

void later_free(struct later *later)
{
	if (later && later->http)
		http_drop(later->http);
	g_free(later);
}

gboolean later_gone(struct http_call *http)
{
	struct later *later = http_call_data(http);
	if (later)
		later->http = NULL;
	return later != NULL;
}
