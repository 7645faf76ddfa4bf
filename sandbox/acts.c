/* SPDX-License-Identifier: MIT */
#include "sandbox/acts.h"

static const struct act_row *const tables[] = { acts_talk, acts_app, acts_world };

gboolean act_refuse(GError **error, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error_literal(error, SANDBOX_ERROR, SANDBOX_ERROR_ACT, text);
	return FALSE;
}

const char *act_text(const struct act *act, const char *name, GError **error)
{
	const char *text = json_text_or(act->args, name, NULL);
	if (!text)
		act_refuse(error, "the act has no \"%s\"", name);
	return text;
}

static gboolean find_who(struct act *act, GError **error)
{
	const char *name = act_text(act, "as", error);
	if (!name)
		return FALSE;
	act->who = room_member_named(act->room, name);
	if (!act->who)
		return act_refuse(error, "there is no member '%s'", name);
	return !act->who->deleted || act_refuse(error, "'%s' is deactivated", name);
}

static gboolean find_channel(struct act *act, GError **error)
{
	const char *name = act_text(act, "channel", error);
	if (!name)
		return FALSE;
	act->channel = room_channel_named(act->room, name);
	return act->channel || act_refuse(error, "there is no channel '%s'", name);
}

static gboolean find_message(struct act *act, GError **error)
{
	const char *ts = act_text(act, "ts", error);
	if (!ts)
		return FALSE;
	act->message = room_message(act->channel, ts);
	return act->message || act_refuse(error, "there is no message '%s' in that channel", ts);
}

static gboolean prepare(struct act *act, unsigned needs, GError **error)
{
	if ((needs & ACT_WHO) && !find_who(act, error))
		return FALSE;
	if ((needs & ACT_CHANNEL) && !find_channel(act, error))
		return FALSE;
	return !(needs & ACT_MESSAGE) || find_message(act, error);
}

static const struct act_row *find_row(const char *name)
{
	for (guint t = 0; t < G_N_ELEMENTS(tables); t++) {
		for (const struct act_row *row = tables[t]; row->name; row++) {
			if (g_str_equal(row->name, name))
				return row;
		}
	}
	return NULL;
}

static gboolean perform(struct act *act, GError **error)
{
	const char *name = act_text(act, "do", error);
	if (!name)
		return FALSE;
	const struct act_row *row = find_row(name);
	if (!row)
		return act_refuse(error, "there is no act '%s'", name);
	return prepare(act, row->needs, error) && row->run(act, error);
}

cJSON *acts_perform(struct sandbox *sb, const cJSON *args, struct http_call *http)
{
	g_autoptr(GError) error = NULL;
	struct act act = { .sb = sb, .room = sb->room, .args = args, .reply = cJSON_CreateObject(), .http = http };
	json_put_bool(act.reply, "ok", TRUE);
	if (!perform(&act, &error)) {
		cJSON_Delete(act.reply);
		act.reply = cJSON_CreateObject();
		json_put_bool(act.reply, "ok", FALSE);
		json_put_text(act.reply, "error", error->message);
	}
	if (act.waits)
		g_clear_pointer(&act.reply, cJSON_Delete);
	return act.reply;
}
