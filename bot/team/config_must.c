/* SPDX-License-Identifier: MIT */
#include "team/config_must.h"

#include <gio/gio.h>
#include "base/money.h"
#include "base/span.h"
#include "base/zone.h"
#include "team/recurrence.h"

char *config_must_name(const char *value, const char *shown)
{
	(void)shown;
	if (g_ascii_isspace(value[0]) || g_ascii_isspace(value[strlen(value) - 1]))
		return g_strdup("must not begin or end with a space");
	if (g_utf8_strlen(value, -1) > 64)
		return g_strdup("must not be longer than 64 characters");
	return NULL;
}

/* What a token's beginning says about it: protocol page of Slack, section 1. */
static const struct {
	const char *prefix, *what;
} tokens[] = {
	{ "xoxb-", "a bot token (xoxb-…)" },
	{ "xapp-", "an app-level token (xapp-…)" },
	{ "xoxp-", "a user token (xoxp-…)" },
	{ "xwfp-", "a workflow token (xwfp-…)" },
	{ "xoxe.", "a token that expires (xoxe.…; switch token rotation off in the app's settings)" },
	{ "xoxa-", "a token of an old kind (xoxa-…)" },
	{ "xoxs-", "a browser's token (xoxs-…)" },
	{ "xoxc-", "a browser's token (xoxc-…)" },
};

static const char *token_kind(const char *value)
{
	for (size_t i = 0; i < G_N_ELEMENTS(tokens); i++)
		if (g_str_has_prefix(value, tokens[i].prefix))
			return tokens[i].what;
	return "no token of Slack";
}

static char *check_token(const char *value, const char *prefix, const char *what, const char *other_prefix,
	const char *other_key)
{
	if (strcspn(value, " \t\r\n") < strlen(value))
		return g_strdup("has white space in or around the token; remove it");
	if (g_str_has_prefix(value, other_prefix))
		return g_strdup_printf("holds %s, which belongs into '%s'; here goes %s", token_kind(value),
			other_key, what);
	if (!g_str_has_prefix(value, prefix))
		return g_strdup_printf("holds %s; here goes %s", token_kind(value), what);
	if (strlen(value) == strlen(prefix) ||
		strspn(value, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_") != strlen(value))
		return g_strdup_printf("does not hold a whole token; copy %s from the app's settings", what);
	return NULL;
}

char *config_must_bot_token(const char *value, const char *shown)
{
	(void)shown;
	return check_token(value, "xoxb-", "the bot token (xoxb-…)", "xapp-", "app_token");
}

char *config_must_app_token(const char *value, const char *shown)
{
	(void)shown;
	return check_token(value, "xapp-", "the app-level token (xapp-…)", "xoxb-", "bot_token");
}

static gboolean is_loopback(const char *host)
{
	g_autoptr(GInetAddress) address = g_inet_address_new_from_string(host);
	return address ? g_inet_address_get_is_loopback(address) : g_ascii_strcasecmp(host, "localhost") == 0;
}

static char *check_url(const char *value, const char *shown, const char *example)
{
	g_autoptr(GUri) uri = g_uri_parse(value, G_URI_FLAGS_HAS_PASSWORD, NULL);
	const char *host = uri ? g_uri_get_host(uri) : NULL;
	if (!host || !*host || strcspn(value, " ") < strlen(value))
		return g_strdup_printf("must be a URL like %s, not %s", example, shown);
	if (g_uri_get_userinfo(uri) || g_uri_get_query(uri) || g_uri_get_fragment(uri))
		return g_strdup_printf("must be a URL without user, query and fragment, not %s", shown);
	const char *scheme = g_uri_get_scheme(uri);
	if (strcmp(scheme, "https") == 0 || (strcmp(scheme, "http") == 0 && is_loopback(host)))
		return NULL;
	if (strcmp(scheme, "http") == 0)
		return g_strdup_printf(
			"must begin with https://, not %s: tokens would cross the network in the clear "
			"(http:// is for this machine's own addresses)",
			shown);
	return g_strdup_printf("must begin with https://, not %s", shown);
}

char *config_must_api_url(const char *value, const char *shown)
{
	return check_url(value, shown, "https://slack.com/api/");
}

char *config_must_base_url(const char *value, const char *shown)
{
	return check_url(value, shown, "https://open.feishu.cn");
}

/* The other one of the two, shown by mistake, would be a secret in a message. */
char *config_must_app_id(const char *value, const char *shown)
{
	(void)shown;
	if (g_str_has_prefix(value, "cli_") && strlen(value) > 4 &&
		strspn(value, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_") == strlen(value))
		return NULL;
	return g_strdup("must be the App ID (cli_…) from the app's page under Credentials");
}

char *config_must_app_secret(const char *value, const char *shown)
{
	(void)shown;
	if (strcspn(value, " \t\r\n") < strlen(value))
		return g_strdup("has white space in or around it; remove it");
	if (g_str_has_prefix(value, "cli_"))
		return g_strdup("holds an App ID (cli_…), which belongs into 'app_id'; here goes the App Secret");
	return NULL;
}

char *config_must_proxy(const char *value, const char *shown)
{
	(void)shown; /* may hold a password */
	g_autoptr(GUri) uri = g_uri_parse(value, G_URI_FLAGS_HAS_PASSWORD, NULL);
	const char *host = uri ? g_uri_get_host(uri) : NULL;
	gboolean spaced = strcspn(value, " \t\r\n") < strlen(value);
	if (spaced || !host || !*host || strcmp(g_uri_get_scheme(uri), "http") != 0 ||
		g_uri_get_port(uri) <= 0)
		return g_strdup(
			"must be like http://proxy.example:3128 or http://user:password@proxy.example:3128");
	return NULL;
}

/* An id as platforms make them: C0123456789; a name begins with #. */
static gboolean is_id(const char *value)
{
	return strlen(value) >= 2 && g_ascii_isupper(value[0]) &&
	       strspn(value, G_CSET_A_2_Z G_CSET_DIGITS) == strlen(value);
}

/* An id of Feishu: oc_0123456789abcdef, ou_…. */
static gboolean is_prefixed_id(const char *value, const char *prefix)
{
	return g_str_has_prefix(value, prefix) && value[strlen(prefix)] &&
	       strspn(value, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_") == strlen(value);
}

/* Each platform's; config_check sees that they are of the workspace's. */
char *config_must_channel(const char *value, const char *shown)
{
	if ((value[0] == '#' && value[1]) || is_prefixed_id(value, "oc_"))
		return NULL;
	if (is_prefixed_id(value, "ou_") || is_prefixed_id(value, "on_"))
		return g_strdup_printf(
			"must be a channel, and %s is the id of a person; a group's id begins with oc_", shown);
	if (is_id(value) && strchr("CG", value[0]))
		return NULL;
	if (is_id(value) && strchr("UWDT", value[0]))
		return g_strdup_printf(
			"must be a channel, and %s is the id of a person, workspace or direct message; a "
			"channel's id begins with C",
			shown);
	return g_strdup_printf(
		"must be a channel's id (C0123456789, oc_…) or its name in quotes (\"#sales\"), not %s", shown);
}

char *config_must_word(const char *value, const char *shown)
{
	if (strcspn(value, " \t/<>@:：") < strlen(value) || g_utf8_strlen(value, -1) > 32)
		return g_strdup_printf("must be one word of up to 32 characters without / : @ < >, not %s", shown);
	return NULL;
}

char *config_must_manager(const char *value, const char *shown)
{
	const char *at = strchr(value, '@');
	gboolean plain = strcspn(value, " ,<>") == strlen(value);
	if (plain && at == value && value[1] && !strchr(value + 1, '@'))
		return NULL;
	if (plain && at && at > value && at[1] && !strchr(at + 1, '@'))
		return NULL;
	if ((is_id(value) && strchr("UW", value[0])) || is_prefixed_id(value, "ou_"))
		return NULL;
	return g_strdup_printf(
		"must hold ids (U0123456789), names in quotes (\"@ana\") or e-mail addresses, not %s", shown);
}

/* Of the ladder: a point in time, not a day. */
char *config_must_no_days(const char *value, const char *shown)
{
	int64_t span;
	return span_parse(value, &span) && span < 0 ? g_strdup_printf("must be a span of hours and minutes like 30m or 2h, not %s", shown)
						    : NULL;
}

/* Of a meeting: in good time, and not so early that it is forgotten. */
char *config_must_announce(const char *value, const char *shown)
{
	int64_t span;
	return span_parse(value, &span) && (span == 0 || span < -14 || span > 14 * 24 * 3600)
		       ? g_strdup_printf("must be a span of up to 14d, like 3h or 1d, not %s", shown)
		       : NULL;
}

char *config_must_link(const char *value, const char *shown)
{
	gboolean known = g_str_has_prefix(value, "https://") || g_str_has_prefix(value, "http://");
	return known && strcspn(value, " <>|") == strlen(value)
		       ? NULL
		       : g_strdup_printf("must be an address like https://meet.example.com/review, not %s", shown);
}

char *config_must_percent(const char *value, const char *shown)
{
	g_autofree char *number = g_strndup(value, strcspn(value, "%"));
	gboolean sign = g_str_has_suffix(value, "%") && strlen(number) + 1 == strlen(value);
	return sign && g_ascii_string_to_unsigned(number, 10, 1, 99, NULL, NULL)
		       ? NULL
		       : g_strdup_printf("must be from 1%% to 99%% of the target, not %s", shown);
}

char *config_must_currency(const char *value, const char *shown)
{
	return money_is_currency(value) ? NULL : g_strdup_printf("must be three capital letters as in ISO 4217, like CNY or EUR, not %s", shown);
}

char *config_must_emoji(const char *value, const char *shown)
{
	if (*value && strcspn(value, " :,<>") == strlen(value))
		return NULL;
	return g_strdup_printf("must hold names of emojis without colons (star), not %s", shown);
}

char *config_must_audience(const char *value, const char *shown)
{
	char *reason = strcmp(value, "team") == 0 ? NULL : config_must_manager(value, shown);
	if (reason) {
		g_free(reason);
		reason = g_strdup_printf("must hold team, roles or names in quotes (\"@hr\", \"@ana\"), e-mail addresses or ids, not %s", shown);
	}
	return reason;
}

char *config_must_day(const char *value, const char *shown)
{
	return zone_day_is_valid(value) ? NULL : g_strdup_printf("must be a day as 2026-03-02, not %s", shown);
}

char *config_must_listen(const char *value, const char *shown)
{
	g_autoptr(GSocketAddress) address = NULL;
	g_autoptr(GNetworkAddress) parsed = G_NETWORK_ADDRESS(g_network_address_parse(value, 0, NULL));
	guint16 port = parsed ? g_network_address_get_port(parsed) : 0;
	if (port)
		address = g_inet_socket_address_new_from_string(g_network_address_get_hostname(parsed), port);
	return address ? NULL : g_strdup_printf("must be a numeric address and a port like 127.0.0.1:8642 or [::1]:8642, not %s", shown);
}

/* Nobody guesses 24 characters that a machine has drawn. */
enum { SENDER_TOKEN_LEAST = 24, SENDER_TOKEN_MOST = 512 };

char *config_must_sender_token(const char *value, const char *shown)
{
	gsize length = strlen(value);
	(void)shown;
	if (strspn(value, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-._~+/=") < length)
		return g_strdup("has white space or a character in it that no token has; remove it");
	if (length < SENDER_TOKEN_LEAST || length > SENDER_TOKEN_MOST)
		return g_strdup_printf("must have %d to %d characters; make one with: openssl rand -hex 32", SENDER_TOKEN_LEAST,
			SENDER_TOKEN_MOST);
	return NULL;
}

char *config_must_party(const char *value, const char *shown)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(recurrence_auto) rule = recurrence_parse(value, &error);
	if (!rule)
		return g_strdup_printf("is no rule: %s", error->message);
	if (recurrence_is_time(rule))
		return g_strdup_printf("must say the day too, such as last workday of month 15:00, not %s", shown);
	return NULL;
}
