/* SPDX-License-Identifier: MIT */
/* The company file: who works here, which channels there are, what the app may do. Fills a fresh room. */
#include "sandbox/room.h"

#include <gio/gio.h>

#include "base/zone.h"
#include "sandbox/sandbox.h"

G_DEFINE_QUARK(belltower-sandbox, sandbox_error)

GResource *belltower_company_data_get_resource(void);

/* What the manifest asks for, protocol section 15; a company file may grant less. */
static const char *const default_scopes[] = { "app_mentions:read", "channels:history", "channels:join", "channels:read",
	"chat:write", "chat:write.public", "chat:write.customize", "commands", "dnd:read", "files:read", "files:write",
	"groups:history", "groups:read", "im:history", "im:read", "im:write", "mpim:history", "mpim:read", "mpim:write", "pins:write",
	"reactions:read", "reactions:write", "team:read", "usergroups:read", "users.profile:read", "users:read",
	"users:read.email" };

static const char *const colors[] = { "#9f69e7", "#4bbe2e", "#e7392d", "#3c989f", "#674b1b", "#e96699", "#e0a729", "#684b6c" };

cJSON *company_example(void)
{
	g_autoptr(GBytes) bytes =
		g_resource_lookup_data(belltower_company_data_get_resource(), "/belltower/company.example.json", 0, NULL);
	g_assert(bytes);
	gsize length;
	const char *text = g_bytes_get_data(bytes, &length);
	return json_parse(text, length, NULL);
}

static void fail(GError **error, const char *what, const char *value)
{
	g_set_error(error, SANDBOX_ERROR, SANDBOX_ERROR_COMPANY, "company: %s '%s'", what, value ? value : "");
}

/* U0ANA0000: the kind's letter, 0, the name's letters and digits, nine characters in all; others by a hash. */
static char *id_of_name(const char *prefix, const char *name)
{
	GString *id = g_string_new(prefix);
	gboolean plain = TRUE;
	for (const char *c = name; *c; c++) {
		plain = plain && (guchar)*c < 0x80;
		if (g_ascii_isalnum(*c))
			g_string_append_c(id, g_ascii_toupper(*c));
	}
	if (!plain)
		g_string_append_printf(id, "%08X", g_str_hash(name));
	while (id->len < 9)
		g_string_append_c(id, '0');
	return g_string_free(id, FALSE);
}

/* "U0REP1000" is rep1's, so rep10 gets another. */
static char *free_id(const struct room *room, const char *prefix, const char *name)
{
	char *id = id_of_name(prefix, name);
	for (guint n = 2; room_member(room, id) || room_channel(room, id); n++) {
		g_free(id);
		g_autofree char *base = id_of_name(prefix, name);
		id = g_strdup_printf("%s%u", base, n);
	}
	return id;
}

/* Ids go into payloads as they are. */
static gboolean is_id(const char *id)
{
	gsize length = strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
	return length > 0 && id[length] == '\0';
}

/* What a typed @ may mean; the first who has a name keeps it. */
static void share_name(struct room *room, struct member *member, char *name)
{
	if (!*name || g_hash_table_contains(room->shared_names, name))
		return;
	g_hash_table_insert(room->shared_names, name, member);
	room->longest_name = MAX(room->longest_name, (guint)strlen(name));
}

static void keep_member(struct room *room, struct member *member)
{
	g_ptr_array_add(room->members, member);
	g_hash_table_insert(room->member_by_id, member->id, member);
	g_hash_table_insert(room->member_by_name, member->name, member);
	g_hash_table_insert(room->member_by_email, member->email, member);
	share_name(room, member, member->name);
	share_name(room, member, member->display_name);
	share_name(room, member, member->real_name);
}

struct member *room_add_member(struct room *room, const cJSON *d, GError **error)
{
	const char *name = json_text_or(d, "name", NULL), *id = json_text_or(d, "id", NULL);
	const char *zone = json_text_or(d, "zone", room->zone);
	if (!name || !*name) {
		fail(error, "a member has no", "name");
		return NULL;
	}
	g_autofree char *made_id = id ? g_strdup(id) : free_id(room, "U0", name);
	if (room_member(room, made_id) || g_hash_table_contains(room->member_by_name, name)) {
		fail(error, "there is already a member", name);
		return NULL;
	}
	if (!zone_find(zone)) {
		fail(error, "no such time zone as", zone);
		return NULL;
	}
	if (!is_id(made_id)) {
		fail(error, "an id is made of capitals and digits, not", made_id);
		return NULL;
	}
	struct member *member = g_new0(struct member, 1);
	member->id = g_steal_pointer(&made_id);
	member->name = g_strdup(name);
	member->real_name = g_strdup(json_text_or(d, "real_name", name));
	member->display_name = g_strdup(json_text_or(d, "display_name", ""));
	member->zone = g_strdup(zone);
	member->locale = g_strdup(json_text_or(d, "locale", "en-US"));
	g_autofree char *email = g_strdup_printf("%s@%s.example", name, room->domain);
	member->email = g_ascii_strdown(json_text_or(d, "email", email), -1);
	member->color = g_strdup(json_text_or(d, "color", colors[room->members->len % G_N_ELEMENTS(colors)]));
	member->is_bot = json_bool_or(d, "is_bot", FALSE);
	member->deleted = json_bool_or(d, "deleted", FALSE);
	member->faceless = member->is_bot || !json_bool_or(d, "face", TRUE);
	member->updated_s = clock_now_ms(room->clock) / 1000;
	member->views = g_ptr_array_new_with_free_func((GDestroyNotify)view_free);
	keep_member(room, member);
	return member;
}

static gboolean fill_members_of(struct room *room, struct channel *channel, const cJSON *names, GError **error)
{
	const cJSON *name;
	cJSON_ArrayForEach(name, names)
	{
		struct member *member = cJSON_IsString(name) ? room_member_named(room, name->valuestring) : NULL;
		if (!member) {
			fail(error, "a channel names no member", name->valuestring);
			return FALSE;
		}
		room_join(channel, member);
	}
	return TRUE;
}

struct channel *room_add_channel(struct room *room, const cJSON *d, GError **error)
{
	const char *name = json_text_or(d, "name", NULL), *id = json_text_or(d, "id", NULL);
	if (!name || !*name) {
		fail(error, "a channel has no", "name");
		return NULL;
	}
	g_autofree char *made_id = id ? g_strdup(id) : free_id(room, "C0", name);
	if (room_channel(room, made_id) || g_hash_table_contains(room->channel_by_name, name)) {
		fail(error, "there is already a channel", name);
		return NULL;
	}
	if (!is_id(made_id)) {
		fail(error, "an id is made of capitals and digits, not", made_id);
		return NULL;
	}
	struct channel *channel = room_make_channel(room, made_id);
	channel->name = g_strdup(name);
	channel->kind = json_bool_or(d, "is_private", FALSE) ? CHANNEL_PRIVATE : CHANNEL_PUBLIC;
	channel->topic = g_strdup(json_text_or(d, "topic", ""));
	channel->purpose = g_strdup(json_text_or(d, "purpose", ""));
	channel->archived = json_bool_or(d, "archived", FALSE);
	g_hash_table_insert(room->channel_by_name, channel->name, channel);
	if (!fill_members_of(room, channel, json_array(d, "members"), error))
		return NULL;
	channel->creator = channel->members->len ? g_ptr_array_index(channel->members, 0) : room->bot;
	return channel;
}

static gboolean add_bot(struct room *room, const cJSON *app, GError **error)
{
	g_autoptr(cJSON) bot = cJSON_CreateObject();
	json_put_text(bot, "id", json_text_or(app, "bot_user", "UBELLTOWER"));
	json_put_text(bot, "name", room->app_name);
	json_put_text(bot, "display_name", json_text_or(app, "display_name", room->app_name));
	json_put_bool(bot, "is_bot", TRUE);
	room->bot = room_add_member(room, bot, error);
	return room->bot != NULL;
}

static void fill_scopes(struct room *room, const cJSON *scopes)
{
	g_autoptr(GPtrArray) granted = g_ptr_array_new();
	const cJSON *scope;
	cJSON_ArrayForEach(scope, scopes)
	{
		if (cJSON_IsString(scope))
			g_ptr_array_add(granted, scope->valuestring);
	}
	for (guint i = 0; !scopes && i < G_N_ELEMENTS(default_scopes); i++)
		g_ptr_array_add(granted, (gpointer)default_scopes[i]);
	for (guint i = 0; i < granted->len; i++)
		g_hash_table_add(room->scopes, g_strdup(g_ptr_array_index(granted, i)));
	g_ptr_array_add(granted, NULL);
	room->scopes_text = g_strjoinv(",", (char **)granted->pdata);
}

static gboolean fill_app(struct room *room, const cJSON *company, GError **error)
{
	room->team_id = g_strdup(json_text_or(company, "workspace.id", "T0SANDBOX"));
	room->team_name = g_strdup(json_text_or(company, "workspace.name", "Sandbox"));
	room->domain = g_strdup(json_text_or(company, "workspace.domain", "sandbox"));
	room->zone = g_strdup(json_text_or(company, "workspace.zone", "UTC"));
	room->app_id = g_strdup(json_text_or(company, "app.id", "A0BELLTOWER"));
	room->bot_id = g_strdup(json_text_or(company, "app.bot_id", "B0BELLTOWER"));
	room->app_name = g_strdup(json_text_or(company, "app.name", "belltower"));
	if (!zone_find(room->zone)) {
		fail(error, "no such time zone as", room->zone);
		return FALSE;
	}
	if (!is_id(room->team_id) || !is_id(room->app_id) || !is_id(room->bot_id)) {
		fail(error, "an id is made of capitals and digits, not", !is_id(room->team_id) ? room->team_id :
			!is_id(room->app_id) ? room->app_id : room->bot_id);
		return FALSE;
	}
	fill_scopes(room, json_array(company, "app.scopes"));
	return add_bot(room, json_object(company, "app"), error);
}

static gboolean fill_commands(struct room *room, const cJSON *commands, GError **error)
{
	const cJSON *d;
	cJSON_ArrayForEach(d, commands)
	{
		const char *name = json_text_or(d, "command", "");
		if (*name != '/') {
			fail(error, "a command must begin with a slash, not", name);
			return FALSE;
		}
		struct command *command = g_new0(struct command, 1);
		command->name = g_strdup(name);
		command->description = g_strdup(json_text_or(d, "description", ""));
		command->usage_hint = g_strdup(json_text_or(d, "usage_hint", ""));
		g_ptr_array_add(room->commands, command);
	}
	return TRUE;
}

gboolean company_fill(struct room *room, const cJSON *company, GError **error)
{
	if (!cJSON_IsObject(company)) {
		fail(error, "not a JSON object:", "{…} expected");
		return FALSE;
	}
	if (!fill_app(room, company, error))
		return FALSE;
	const cJSON *d;
	cJSON_ArrayForEach(d, json_array(company, "members"))
	{
		if (!room_add_member(room, d, error))
			return FALSE;
	}
	cJSON_ArrayForEach(d, json_array(company, "channels"))
	{
		if (!room_add_channel(room, d, error))
			return FALSE;
	}
	return fill_commands(room, json_array(company, "commands"), error);
}
