/* SPDX-License-Identifier: MIT */
#include "sandbox/feishu/ident.h"

enum { TS_DIGITS = 16 };

static char *prefixed(const char *prefix, const char *id)
{
	g_autofree char *lower = g_ascii_strdown(id, -1);
	return g_strconcat(prefix, lower, NULL);
}

/* The room's id behind the prefix; NULL when the text is not exactly what prefixed() makes. */
static char *unprefixed(const char *prefix, const char *text)
{
	if (!text || !g_str_has_prefix(text, prefix))
		return NULL;
	const char *rest = text + strlen(prefix);
	gsize length = strspn(rest, "abcdefghijklmnopqrstuvwxyz0123456789");
	return length > 0 && rest[length] == '\0' ? g_ascii_strup(rest, -1) : NULL;
}

/* ---- people ---- */

static const struct {
	const char *type, *prefix;
} person_types[] = { { "open_id", "ou_" }, { "union_id", "on_" }, { "user_id", "" } };

static const char *prefix_of(const char *type)
{
	for (guint i = 0; i < G_N_ELEMENTS(person_types); i++) {
		if (g_str_equal(person_types[i].type, type))
			return person_types[i].prefix;
	}
	return NULL;
}

char *ident_of_type(const struct member *member, const char *type)
{
	const char *prefix = prefix_of(type);
	return prefix ? prefixed(prefix, member->id) : NULL;
}

char *ident_open_id(const struct member *member)
{
	return prefixed("ou_", member->id);
}

char *ident_union_id(const struct member *member)
{
	return prefixed("on_", member->id);
}

char *ident_user_id(const struct member *member)
{
	return prefixed("", member->id);
}

void ident_put(cJSON *object, const char *key, const struct member *member, gboolean user_id)
{
	cJSON *ids = json_put_object(object, key);
	g_autofree char *open = ident_open_id(member), *unioned = ident_union_id(member), *user = ident_user_id(member);
	json_put_text(ids, "union_id", unioned);
	json_put_text(ids, "open_id", open);
	if (user_id)
		json_put_text(ids, "user_id", user);
	else
		cJSON_AddNullToObject(ids, "user_id");
}

struct member *ident_member(const struct room *room, const char *type, const char *text)
{
	if (!text || !type)
		return NULL;
	if (g_str_equal(type, "email"))
		return room_member_of_email(room, text);
	const char *prefix = prefix_of(type);
	g_autofree char *id = prefix ? unprefixed(prefix, text) : NULL;
	return room_member(room, id);
}

/* ---- places ---- */

char *ident_chat_id(const struct channel *channel)
{
	return prefixed("oc_", channel->id);
}

struct channel *ident_chat(const struct room *room, const char *chat_id)
{
	g_autofree char *id = unprefixed("oc_", chat_id);
	return room_channel(room, id);
}

static char *of_message(const char *prefix, const struct channel *channel, const char *ts)
{
	g_autofree char *lower = g_ascii_strdown(channel->id, -1);
	const char *dot = strchr(ts, '.');
	int seconds = dot ? (int)(dot - ts) : (int)strlen(ts);
	return g_strdup_printf("%s%s%.*s%s", prefix, lower, seconds, ts, dot ? dot + 1 : "");
}

char *ident_message_id(const struct channel *channel, const char *ts)
{
	return of_message("om_", channel, ts);
}

char *ident_thread_id(const struct channel *channel, const char *ts)
{
	return of_message("omt_", channel, ts);
}

gboolean ident_place(const struct room *room, const char *id, struct channel **channel, char **take_ts)
{
	g_autofree char *message = unprefixed("om_", id), *thread = unprefixed("omt_", id);
	char *both = message ? message : thread;
	gsize length = both ? strlen(both) : 0;
	if (length <= TS_DIGITS || strspn(both + length - TS_DIGITS, "0123456789") != TS_DIGITS)
		return FALSE;
	g_autofree char *channel_id = g_strndup(both, length - TS_DIGITS);
	*channel = room_channel(room, channel_id);
	if (!*channel)
		return FALSE;
	const char *digits = both + length - TS_DIGITS;
	*take_ts = g_strdup_printf("%.10s.%s", digits, digits + 10);
	return TRUE;
}

/* ---- files ---- */

char *ident_image_key(const char *file_id)
{
	return prefixed("img_v3_", file_id);
}

char *ident_file_key(const char *file_id)
{
	return prefixed("file_v3_", file_id);
}

char *ident_file_of_key(const char *key)
{
	char *id = unprefixed("img_v3_", key);
	return id ? id : unprefixed("file_v3_", key);
}

/*
 * While the clock stands, each ts is a microsecond after the last; these become milliseconds, for on Feishu two messages
 * of one person with the same text and create_time are one message, sent twice by a client that lost its network.
 */
int64_t ident_time_ms(const char *ts)
{
	int64_t us = room_ts_us(ts);
	return us / 1000 + us % 1000;
}
