/* SPDX-License-Identifier: MIT */
/* The world around: people hired and gone, the clock, bad luck, connections. */
#include "base/zone.h"
#include "sandbox/acts.h"
#include "sandbox/feishu/courier.h"
#include "sandbox/feishu/lines.h"
#include "sandbox/happen.h"
#include "sandbox/live.h"
#include "sandbox/socket.h"
#include "sandbox/state.h"

static gboolean add_member(struct act *act, GError **error)
{
	const struct member *member = room_add_member(act->room, act->args, error);
	if (!member)
		return FALSE;
	json_put_text(act->reply, "id", member->id);
	happen_member(act->sb, member, TRUE);
	return TRUE;
}

static gboolean add_channel(struct act *act, GError **error)
{
	const struct channel *channel = room_add_channel(act->room, act->args, error);
	if (!channel)
		return FALSE;
	json_put_text(act->reply, "id", channel->id);
	happen_channel(act->sb, channel);
	return TRUE;
}

static gboolean deactivate(struct act *act, GError **error)
{
	const char *name = act_text(act, "user", error);
	struct member *member = room_member_named(act->room, name);
	if (!name)
		return FALSE;
	if (!member || member == act->room->bot)
		return act_refuse(error, "there is no member '%s' to deactivate", name);
	member->deleted = TRUE;
	member->updated_s = clock_now_ms(act->sb->clock) / 1000;
	happen_member(act->sb, member, FALSE);
	return TRUE;
}

/* {"user", "emoji": ":palm_tree:", "text", "until": seconds}: what somebody writes beside their name; all empty: nothing. */
static gboolean set_status(struct act *act, GError **error)
{
	const char *name = act_text(act, "user", error);
	struct member *member = room_member_named(act->room, name);
	if (!name)
		return FALSE;
	if (!member)
		return act_refuse(error, "there is no member '%s' to have a status", name);
	g_free(member->status_emoji);
	g_free(member->status_text);
	member->status_emoji = g_strdup(json_text_or(act->args, "emoji", NULL));
	member->status_text = g_strdup(json_text_or(act->args, "text", NULL));
	member->status_expires_s = json_int_or(act->args, "until", 0);
	member->updated_s = clock_now_ms(act->sb->clock) / 1000;
	happen_member(act->sb, member, FALSE);
	return TRUE;
}

/* {"user", "zone"}: what somebody's profile says from now on. */
static gboolean set_zone(struct act *act, GError **error)
{
	const char *name = act_text(act, "user", error), *zone = name ? act_text(act, "zone", error) : NULL;
	struct member *member = room_member_named(act->room, name);
	if (!zone)
		return FALSE;
	if (!member || !zone_find(zone))
		return act_refuse(error, "there is no member '%s' or no such zone", name);
	g_free(member->zone);
	member->zone = g_strdup(zone);
	member->updated_s = clock_now_ms(act->sb->clock) / 1000;
	happen_member(act->sb, member, FALSE);
	return TRUE;
}

/* "09:30" and days ahead, in the workspace's zone. */
static gboolean local_instant(const struct act *act, const char *text, int64_t *out_ms, GError **error)
{
	int hour, minute;
	char tail, day[ZONE_DAY_SIZE];
	if (sscanf(text, "%2d:%2d%c", &hour, &minute, &tail) != 2 || hour < 0 || hour > 23 || minute < 0 || minute > 59)
		return act_refuse(error, "'%s' is no time of day like 09:30", text);
	GTimeZone *zone = zone_find(act->room->zone);
	zone_day(zone, clock_now_ms(act->sb->clock), day);
	zone_day_shift(day, (int)json_int_or(act->args, "days", 0), day);
	return zone_instant(zone, day, hour * 60 + minute, out_ms) || act_refuse(error, "no such day");
}

/*
 * Moving ahead: a clock that runs is put ahead, its monotonic hand left alone, so that no connection times out; of one
 * that is frozen (or with "intervals") both hands go, as if the time had passed.
 */
static void advance(const struct act *act, int64_t step_ms)
{
	struct clock *clock = act->sb->clock;
	if (clock_is_frozen(clock) || json_bool_or(act->args, "intervals", FALSE))
		clock_advance(clock, step_ms);
	else
		clock_set(clock, clock_now_ms(clock) + step_ms);
}

static gboolean move_clock(struct act *act, GError **error)
{
	int64_t step_ms = json_int_or(act->args, "advance_ms", -1), at_ms = json_int_or(act->args, "set_ms", -1);
	const char *to = json_text_or(act->args, "to", NULL);
	if (to && !local_instant(act, to, &at_ms, error))
		return FALSE;
	if (at_ms >= 0)
		clock_set(act->sb->clock, at_ms);
	else if (step_ms >= 0)
		advance(act, step_ms);
	else
		return act_refuse(error, "say advance_ms, set_ms or to");
	return TRUE;
}

static gboolean faults(struct act *act, GError **error)
{
	if (!faults_set(act->sb->faults, act->args, error))
		return FALSE;
	state_apply_faults(act->sb);
	return TRUE;
}

static gboolean disconnect(struct act *act, GError **error)
{
	const char *reason = act_text(act, "reason", error);
	if (!reason)
		return FALSE;
	socket_hub_disconnect(act->sb->sockets, reason, json_int_or(act->args, "close_ms", -1));
	lines_close(act->sb->tenant->lines);
	return TRUE;
}

static gboolean drop_connections(struct act *act, GError **error)
{
	(void)error;
	live_note(act->sb->live, "all connections of bots dropped");
	socket_hub_drop(act->sb->sockets);
	lines_drop(act->sb->tenant->lines);
	return TRUE;
}

/* A binary message, as it stands, on one of Feishu's long connections. */
static gboolean send_hex(const struct act *act, const char *hex, GError **error)
{
	gsize length = strlen(hex) / 2;
	g_autofree guint8 *bytes = g_malloc(length + 1);
	if (strspn(hex, "0123456789abcdefABCDEF") != strlen(hex) || strlen(hex) % 2)
		return act_refuse(error, "\"hex\" holds pairs of hexadecimal digits");
	for (gsize i = 0; i < length; i++)
		bytes[i] = (guint8)(g_ascii_xdigit_value(hex[2 * i]) << 4 | g_ascii_xdigit_value(hex[2 * i + 1]));
	g_autoptr(GBytes) frame_bytes = g_bytes_new(bytes, length);
	return courier_send_raw(act->sb->tenant->courier, frame_bytes) || act_refuse(error, "no bot is connected");
}

static gboolean frame(struct act *act, GError **error)
{
	if (json_at(act->args, "hex"))
		return send_hex(act, json_text_or(act->args, "hex", ""), error);
	const char *text = act_text(act, "text", error);
	if (!text)
		return FALSE;
	if (!socket_hub_send(act->sb->sockets, text, strlen(text)))
		return act_refuse(error, "no bot is connected");
	live_log(act->sb->live, LOG_OUT, "frame", "raw frame", 0, cJSON_CreateString(text));
	return TRUE;
}

static gboolean feishu(struct act *act, GError **error)
{
	if (!tenant_set(act->sb->tenant, act->args, error))
		return FALSE;
	if (live_is_watched(act->sb->live))
		live_push_value(act->sb->live, "feishu", "feishu", tenant_describe(act->sb->tenant));
	return TRUE;
}

static gboolean reset(struct act *act, GError **error)
{
	return state_reset(act->sb, error);
}

const struct act_row acts_world[] = {
	{ "add_member", add_member, 0 },
	{ "add_channel", add_channel, 0 },
	{ "deactivate", deactivate, 0 },
	{ "status", set_status, 0 },
	{ "zone", set_zone, 0 },
	{ "clock", move_clock, 0 },
	{ "faults", faults, 0 },
	{ "disconnect", disconnect, 0 },
	{ "drop_connections", drop_connections, 0 },
	{ "frame", frame, 0 },
	{ "feishu", feishu, 0 },
	{ "reset", reset, 0 },
	{ 0 },
};
