/* SPDX-License-Identifier: MIT */
/* What methods read of their call: arguments of two kinds of body, channels that the bot may see, pages. */
#include "sandbox/scopes.h"
#include "sandbox/webapi.h"

cJSON *call_tree(struct api_call *call, const char *name, gboolean *broken)
{
	cJSON *item = cJSON_GetObjectItemCaseSensitive(call->args, name);
	*broken = FALSE;
	if (!item || cJSON_IsNull(item))
		return NULL;
	if (!cJSON_IsString(item))
		return item;
	if (!*item->valuestring)
		return NULL;
	cJSON *tree = json_parse(item->valuestring, strlen(item->valuestring), NULL);
	*broken = !tree;
	if (tree)
		g_ptr_array_add(call->parsed, tree);
	return tree;
}

/* A number or a boolean, written as text once and kept in its place. */
static const char *as_text(struct api_call *call, const char *name, const cJSON *item)
{
	char text[32];
	if (cJSON_IsBool(item))
		g_snprintf(text, sizeof text, "%s", cJSON_IsTrue(item) ? "true" : "false");
	else if (cJSON_IsNumber(item))
		g_ascii_formatd(text, sizeof text, "%.17g", item->valuedouble);
	else
		return NULL;
	cJSON_ReplaceItemInObjectCaseSensitive(call->args, name, cJSON_CreateString(text));
	return cJSON_GetObjectItemCaseSensitive(call->args, name)->valuestring;
}

const char *call_text_given(struct api_call *call, const char *name)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(call->args, name);
	return cJSON_IsString(item) ? item->valuestring : item ? as_text(call, name, item) : NULL;
}

const char *call_text(struct api_call *call, const char *name)
{
	const char *text = call_text_given(call, name);
	return text && *text ? text : NULL;
}

gboolean call_has(struct api_call *call, const char *name)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(call->args, name);
	return item && !cJSON_IsNull(item);
}

gboolean call_flag(struct api_call *call, const char *name, gboolean fallback)
{
	const char *text = call_text(call, name);
	return text ? g_str_equal(text, "true") || g_str_equal(text, "1") : fallback;
}

int64_t call_int(struct api_call *call, const char *name, int64_t fallback)
{
	const char *text = call_text(call, name);
	gint64 number;
	return text && g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &number, NULL) ? number : fallback;
}

void call_say(struct api_call *call, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	if (!call->messages)
		call->messages = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(call->messages, g_strdup_vprintf(format, args));
	va_end(args);
}

void call_warn(struct api_call *call, const char *warning)
{
	if (!call->warnings)
		call->warnings = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(call->warnings, g_strdup(warning));
}

const char *call_needs_scope(struct api_call *call, const char *scope)
{
	g_free(call->needed);
	call->needed = g_strdup(scope);
	return "missing_scope";
}

struct channel *call_channel(struct api_call *call, const char *name, const char **error)
{
	struct channel *channel = room_channel(call->room, call_text(call, name));
	gboolean hidden = channel && channel->kind == CHANNEL_PRIVATE && !room_is_in(channel, call->room->bot);
	if (channel && !hidden)
		return channel;
	*error = "channel_not_found";
	return NULL;
}

struct channel *call_channel_right(struct api_call *call, const char *name, const char *right, const char **error)
{
	struct channel *channel = call_channel(call, name, error);
	if (!channel || scopes_allow_channel(call->room, channel, right))
		return channel;
	*error = call_needs_scope(call, scopes_for_channel(channel->kind, right));
	return NULL;
}

/* A cursor is where the next page begins, dressed so that nobody takes it for a number. */
void call_set_cursor(struct api_call *call, const char *kind, int64_t from)
{
	g_autofree char *text = g_strdup_printf("%s:%" G_GINT64_FORMAT, kind, from);
	g_free(call->next_cursor);
	call->next_cursor = g_base64_encode((const guchar *)text, strlen(text));
}

gboolean call_cursor(struct api_call *call, const char *kind, int64_t fallback, int64_t *out, const char **error)
{
	const char *cursor = call_text(call, "cursor");
	gsize length = 0, kind_length = strlen(kind);
	*out = fallback;
	if (!cursor)
		return TRUE;
	g_autofree guchar *raw = g_base64_decode(cursor, &length);
	g_autofree char *text = g_strndup((const char *)raw, length);
	if (g_str_has_prefix(text, kind) && text[kind_length] == ':' &&
		g_ascii_string_to_signed(text + kind_length + 1, 10, 0, G_MAXINT64, out, NULL))
		return TRUE;
	*error = "invalid_cursor";
	return FALSE;
}

gboolean call_limit(struct api_call *call, guint fallback, guint most, guint *out, const char **error)
{
	int64_t limit = call_int(call, "limit", 0);
	if (limit < 0 || limit > most) {
		*error = "invalid_limit";
		return FALSE;
	}
	*out = limit == 0 ? fallback : (guint)limit;
	return TRUE;
}

gboolean call_page(struct api_call *call, guint total, guint fallback, guint most, guint *from, guint *to,
	const char **error)
{
	int64_t start;
	guint size;
	if (!call_cursor(call, "next", 0, &start, error) || !call_limit(call, fallback, most, &size, error))
		return FALSE;
	*from = (guint)MIN(start, total);
	*to = MIN(total, *from + size);
	if (*to < total)
		call_set_cursor(call, "next", *to);
	else
		call->next_cursor = g_strdup("");
	return TRUE;
}
