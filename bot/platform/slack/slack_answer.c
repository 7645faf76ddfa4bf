/* SPDX-License-Identifier: MIT */
#include "platform/slack/slack_answer.h"

#include "platform/slack/slack_out.h"

#define RETRY_DEFAULT_MS 30000 /* a 429 without a header (7) */
#define RETRY_MAX_S	 (24 * 3600)
#define UNKNOWN_TRIES	 3 /* of an error that is not in the table */

static const struct {
	const char *code;
	enum slack_class class;
} codes[] = {
	{ "invalid_auth", SLACK_STOP },
	{ "not_authed", SLACK_STOP },
	{ "account_inactive", SLACK_STOP },
	{ "token_revoked", SLACK_STOP },
	{ "token_expired", SLACK_STOP },
	{ "not_allowed_token_type", SLACK_STOP },
	{ "user_removed_from_team", SLACK_STOP },
	{ "team_disabled", SLACK_STOP },
	{ "invalid_token", SLACK_STOP },
	{ "bad_token", SLACK_STOP },

	{ "missing_scope", SLACK_FORBIDDEN },
	{ "no_permission", SLACK_FORBIDDEN },
	{ "access_denied", SLACK_FORBIDDEN },
	{ "accesslimited", SLACK_FORBIDDEN },
	{ "app_access_restricted", SLACK_FORBIDDEN },
	{ "team_access_not_granted", SLACK_FORBIDDEN },
	{ "forbidden_team", SLACK_FORBIDDEN },
	{ "enterprise_is_restricted", SLACK_FORBIDDEN },
	{ "two_factor_setup_required", SLACK_FORBIDDEN },
	{ "ekm_access_denied", SLACK_FORBIDDEN },
	{ "plan_upgrade_required", SLACK_FORBIDDEN },
	{ "file_uploads_disabled", SLACK_FORBIDDEN },
	{ "not_enabled", SLACK_FORBIDDEN },
	{ "messages_tab_disabled", SLACK_FORBIDDEN },
	{ "deprecated_endpoint", SLACK_FORBIDDEN },
	{ "method_deprecated", SLACK_FORBIDDEN },

	{ "ratelimited", SLACK_SLOWER },
	{ "rate_limited", SLACK_SLOWER },

	{ "team_added_to_org", SLACK_BUSY },
	{ "org_login_required", SLACK_BUSY },
	{ "external_channel_migrating", SLACK_BUSY },
	{ "update_failed", SLACK_BUSY },
	{ "fetch_members_failed", SLACK_BUSY },

	{ "internal_error", SLACK_TROUBLE },
	{ "fatal_error", SLACK_TROUBLE },
	{ "service_unavailable", SLACK_TROUBLE },
	{ "request_timeout", SLACK_TROUBLE },

	{ "channel_not_found", SLACK_DESTINATION },
	{ "not_in_channel", SLACK_DESTINATION },
	{ "user_not_in_channel", SLACK_DESTINATION },
	{ "channel_is_limited_access", SLACK_DESTINATION },
	{ "is_archived", SLACK_DESTINATION },
	{ "is_inactive", SLACK_DESTINATION },
	{ "restricted_action", SLACK_DESTINATION },
	{ "restricted_action_read_only_channel", SLACK_DESTINATION },
	{ "restricted_action_thread_only_channel", SLACK_DESTINATION },
	{ "restricted_action_thread_locked", SLACK_DESTINATION },
	{ "restricted_action_non_threadable_channel", SLACK_DESTINATION },
	{ "cannot_reply_to_message", SLACK_DESTINATION },
	{ "posting_to_channel_denied", SLACK_DESTINATION },
	{ "user_not_found", SLACK_DESTINATION },
	{ "users_not_found", SLACK_DESTINATION },
	{ "user_disabled", SLACK_DESTINATION },
	{ "user_not_visible", SLACK_DESTINATION },
	{ "message_limit_exceeded", SLACK_DESTINATION },
	{ "too_many_emoji", SLACK_DESTINATION },
	{ "too_many_reactions", SLACK_DESTINATION },
	{ "not_reactable", SLACK_DESTINATION },
	{ "thread_locked", SLACK_DESTINATION },
	{ "no_access", SLACK_DESTINATION },
	{ "invalid_name", SLACK_DESTINATION },	      /* no such emoji here */
	{ "cant_delete_message", SLACK_DESTINATION }, /* it is there, but not ours */

	{ "message_not_found", SLACK_GONE },
	{ "thread_not_found", SLACK_GONE },
	{ "cant_update_message", SLACK_GONE },
	{ "edit_window_closed", SLACK_GONE },
	{ "not_found", SLACK_GONE },

	{ "already_reacted", SLACK_ALREADY },
	{ "no_reaction", SLACK_ALREADY },
	{ "already_pinned", SLACK_ALREADY },
	{ "already_in_channel", SLACK_ALREADY },

	{ "expired_trigger_id", SLACK_LATE },
	{ "exchanged_trigger_id", SLACK_LATE },
	{ "trigger_expired", SLACK_LATE },
	{ "trigger_exchanged", SLACK_LATE },
	{ "invalid_trigger_id", SLACK_LATE },
	{ "hash_conflict", SLACK_LATE },

	{ "invalid_arguments", SLACK_BUG },
	{ "invalid_arg_name", SLACK_BUG },
	{ "invalid_array_arg", SLACK_BUG },
	{ "invalid_blocks", SLACK_BUG },
	{ "invalid_blocks_format", SLACK_BUG },
	{ "msg_too_long", SLACK_BUG },
	{ "msg_blocks_too_long", SLACK_BUG },
	{ "no_text", SLACK_BUG },
	{ "invalid_json", SLACK_BUG },
	{ "json_not_object", SLACK_BUG },
	{ "invalid_post_type", SLACK_BUG },
	{ "missing_post_type", SLACK_BUG },
	{ "missing_argument", SLACK_BUG },
	{ "invalid_charset", SLACK_BUG },
	{ "invalid_form_data", SLACK_BUG },
	{ "markdown_text_conflict", SLACK_BUG },
	{ "invalid_metadata_format", SLACK_BUG },
	{ "invalid_metadata_schema", SLACK_BUG },
	{ "metadata_too_large", SLACK_BUG },
	{ "metadata_must_be_sent_from_app", SLACK_BUG },
	{ "too_many_attachments", SLACK_BUG },
	{ "block_mismatch", SLACK_BUG },
	{ "view_too_large", SLACK_BUG },
	{ "duplicate_external_id", SLACK_BUG },
};

enum slack_class slack_error_class(const char *code)
{
	for (gsize i = 0; code && i < G_N_ELEMENTS(codes); i++)
		if (strcmp(codes[i].code, code) == 0)
			return codes[i].class;
	return code && g_str_has_prefix(code, "invalid_metadata_") ? SLACK_BUG : SLACK_UNKNOWN;
}

void slack_answer_release(struct slack_answer *answer)
{
	if (answer)
		g_clear_pointer(&answer->reason, g_free);
}

/* Whether the row's card may go again as plain text. */
static gboolean may_be_plain(const struct outbox_row *row)
{
	static const gboolean cards[OUTBOX_KIND_COUNT] = {
		[OUTBOX_POST] = TRUE, [OUTBOX_URGE] = TRUE, [OUTBOX_REPLACE] = TRUE, [OUTBOX_PRIVATE] = TRUE, [OUTBOX_HOME] = TRUE
	};
	return cards[row->kind] && !row->plain;
}

/*
 * What may have been done: again when that does no harm, looked up when it is a post; what only one person
 * saw cannot be found again and goes at most once (10.3).
 */
static enum send_result doubtful(const struct outbox_row *row)
{
	if (slack_method(row->kind)->repeatable)
		return SEND_LATER;
	return row->kind == OUTBOX_POST || row->kind == OUTBOX_URGE ? SEND_IN_DOUBT : SEND_FAILED;
}

static enum send_result result_of(const struct outbox_row *row, enum slack_class class)
{
	switch (class) {
	case SLACK_STOP:
		return SEND_STOPPED;
	case SLACK_SLOWER:
	case SLACK_BUSY:
		return SEND_LATER;
	case SLACK_TROUBLE:
		return doubtful(row);
	case SLACK_GONE: /* what shall not be there is not there */
		return row->kind == OUTBOX_DELETE || row->kind == OUTBOX_UNREACT ? SEND_DONE : SEND_GONE;
	case SLACK_ALREADY:
		return SEND_DONE;
	case SLACK_LATE:
		return SEND_GONE;
	case SLACK_BUG:
		return may_be_plain(row) ? SEND_REFUSED : SEND_FAILED;
	case SLACK_UNKNOWN:
		return row->attempts + 1 < UNKNOWN_TRIES ? SEND_LATER : SEND_FAILED;
	case SLACK_FORBIDDEN:
	case SLACK_DESTINATION:
		break;
	}
	return SEND_FAILED;
}

/* "code: first message" or "code: needs 'scope'"; what Slack says of our request holds no secret. */
static char *reason_of(const cJSON *body, const char *code)
{
	const char *needed = json_text_or(body, "needed", NULL);
	const char *said = json_text_or(body, "response_metadata.messages.0", NULL);
	if (needed)
		return g_strdup_printf("%s: needs '%s'", code, needed);
	return said ? g_strdup_printf("%s: %s", code, said) : g_strdup(code);
}

/* Older servers say so of a trigger under another code (5.1). */
static gboolean tells_of_trigger(const cJSON *body)
{
	const cJSON *message;
	cJSON_ArrayForEach (message, json_array(body, "response_metadata.messages")) {
		if (cJSON_IsString(message) && strstr(message->valuestring, "trigger_id") &&
			(strstr(message->valuestring, "expired") ||
				strstr(message->valuestring, "exchanged")))
			return TRUE;
	}
	return FALSE;
}

static void wait_for_all(const struct slack_reply *reply, struct slack_answer *out)
{
	guint64 seconds;
	out->outcome.result = SEND_LATER;
	out->outcome.method_wide = TRUE;
	out->outcome.after_ms = RETRY_DEFAULT_MS;
	if (reply->retry_after &&
		g_ascii_string_to_unsigned(reply->retry_after, 10, 0, RETRY_MAX_S, &seconds, NULL))
		out->outcome.after_ms = (int64_t)seconds * 1000;
}

static void fail(struct slack_answer *out, enum send_result result, char *take_reason)
{
	out->outcome.result = result;
	out->reason = take_reason;
	out->outcome.reason = take_reason;
}

static void take_success(const struct slack_reply *reply, struct slack_answer *out)
{
	const char *ts = json_text_or(reply->body, "ts", NULL),
		   *channel = json_text_or(reply->body, "channel", NULL);
	out->outcome.result = SEND_DONE;
	out->outcome.message = ts ? ts : json_text_or(reply->body, "message_ts", NULL);
	out->outcome.channel = channel ? channel : json_text_or(reply->body, "channel.id", NULL);
}

static void take_error(
	const struct outbox_row *row, const struct slack_reply *reply, struct slack_answer *out)
{
	const char *code = json_text_or(reply->body, "error", "no error code");
	out->class = slack_error_class(code);
	if (out->class == SLACK_BUG && tells_of_trigger(reply->body))
		out->class = SLACK_LATE;
	enum send_result result = result_of(row, out->class);
	fail(out, result, result == SEND_DONE ? NULL : reason_of(reply->body, code));
	if (out->class == SLACK_SLOWER)
		wait_for_all(reply, out);
}

static void take_transport(
	const struct outbox_row *row, const struct slack_reply *reply, struct slack_answer *out)
{
	gboolean sent = reply->transport != HTTP_NOT_SENT;
	fail(out, sent ? doubtful(row) : SEND_LATER,
		g_strdup(reply->transport_error ? reply->transport_error : "no answer"));
}

/* A response_url answers 200 "ok"; all else is final: used up, expired, or nobody knows (5.6). */
static void take_url(const struct slack_reply *reply, struct slack_answer *out)
{
	if (reply->status == 200 && json_bool_or(reply->body, "ok", TRUE))
		out->outcome.result = SEND_DONE;
	else
		fail(out, reply->status >= 500 ? SEND_FAILED : SEND_GONE,
			g_strdup_printf("response_url answered %d", reply->status));
}

static void take_status(
	const struct outbox_row *row, const struct slack_reply *reply, struct slack_answer *out)
{
	gboolean broken = reply->status >= 500 || reply->status == 200;
	out->class = broken ? SLACK_TROUBLE : SLACK_UNKNOWN;
	fail(out, result_of(row, out->class),
		g_strdup_printf("answer of HTTP status %d is not Slack's", reply->status));
}

/* With a status of 500 and more only a refused token is believed. */
static gboolean is_final(const struct slack_reply *reply)
{
	return reply->status < 500 ||
	       slack_error_class(json_text_or(reply->body, "error", NULL)) == SLACK_STOP;
}

void slack_answer(const struct outbox_row *row, const struct slack_reply *reply, gboolean by_url,
	struct slack_answer *out)
{
	const cJSON *ok = json_at(reply->body, "ok");
	*out = (struct slack_answer){ .outcome.after_ms = -1 };
	if (reply->transport != HTTP_OK) {
		take_transport(row, reply, out);
	} else if (reply->status == 429) {
		out->class = SLACK_SLOWER;
		fail(out, SEND_LATER, g_strdup("ratelimited"));
		wait_for_all(reply, out);
	} else if (by_url) {
		take_url(reply, out);
	} else if (cJSON_IsTrue(ok) && reply->status < 300) {
		take_success(reply, out);
	} else if (cJSON_IsFalse(ok) && is_final(reply)) {
		take_error(row, reply, out);
	} else {
		take_status(row, reply, out);
	}
}
