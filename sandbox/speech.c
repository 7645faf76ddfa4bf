/* SPDX-License-Identifier: MIT */
#include "sandbox/speech.h"

#include "sandbox/emoji.h"

static const char *const broadcasts[] = { "here", "channel", "everyone" };

/* How much a client turns into codes: all in a message, only what can be clicked in a command's words. */
struct style {
	gboolean entities, domains, emoji;
	gboolean names; /* <@U1|name> */
};

static const struct style message_style = { .entities = TRUE, .domains = TRUE, .emoji = TRUE };
static const struct style command_style = { .names = TRUE };

static void append_escaped(GString *out, const char *text, gsize length)
{
	for (gsize i = 0; i < length; i++) {
		switch (text[i]) {
		case '&':
			g_string_append(out, "&amp;");
			break;
		case '<':
			g_string_append(out, "&lt;");
			break;
		case '>':
			g_string_append(out, "&gt;");
			break;
		default:
			g_string_append_c(out, text[i]);
		}
	}
}

/* A name ends where no letter or digit of its own script goes on: "@anabel" is not "@ana". */
static gboolean ends_name(const char *name_end)
{
	return !(g_ascii_isalnum(*name_end) || *name_end == '_' || *name_end == '-');
}

/* How many bytes after the @ name a member, the longest name first; 0: none. */
static gsize match_member(const struct room *room, const char *text, struct member **out)
{
	gsize longest = strnlen(text, room->longest_name);
	for (gsize length = longest; length > 0; length--) {
		if (!ends_name(text + length) || ((guchar)text[length] & 0xc0) == 0x80)
			continue;
		g_autofree char *name = g_strndup(text, length);
		*out = g_hash_table_lookup(room->shared_names, name);
		if (*out)
			return length;
	}
	return 0;
}

static gsize append_mention(const struct room *room, const char *at, gboolean named, GString *out)
{
	struct member *member = NULL;
	gsize length = match_member(room, at + 1, &member);
	if (length) {
		g_string_append_printf(out, named ? "<@%s|%s>" : "<@%s>", member->id, member->name);
		return length + 1;
	}
	for (guint i = 0; i < G_N_ELEMENTS(broadcasts); i++) {
		length = strlen(broadcasts[i]);
		if (g_str_has_prefix(at + 1, broadcasts[i]) && ends_name(at + 1 + length)) {
			g_string_append_printf(out, "<!%s>", broadcasts[i]);
			return length + 1;
		}
	}
	return 0;
}

static gsize append_channel(const struct room *room, const char *hash, GString *out)
{
	gsize length = 1;
	while (g_ascii_isalnum(hash[length]) || hash[length] == '-' || hash[length] == '_' || (guchar)hash[length] >= 0x80)
		length++;
	for (; length > 1; length--) {
		g_autofree char *name = g_strndup(hash + 1, length - 1);
		const struct channel *channel = g_hash_table_lookup(room->channel_by_name, name);
		if (channel) {
			g_string_append_printf(out, "<#%s|%s>", channel->id, channel->name);
			return length;
		}
	}
	return 0;
}

static gboolean is_url_char(char c)
{
	return (guchar)c > ' ' && (guchar)c < 0x7f && !strchr("<>\"`|", c);
}

/* Punctuation at the end belongs to the sentence. */
static gsize url_length(const char *text)
{
	gsize length = 0;
	while (is_url_char(text[length]))
		length++;
	while (length && strchr(".,;:!?)'", text[length - 1]))
		length--;
	return length;
}

static gsize append_url(const char *text, GString *out)
{
	gsize scheme = g_str_has_prefix(text, "https://") ? 8 : g_str_has_prefix(text, "http://") ? 7 : 0;
	gsize length = scheme ? url_length(text) : 0;
	if (length <= scheme)
		return 0;
	g_string_append_c(out, '<');
	append_escaped(out, text, length);
	g_string_append_c(out, '>');
	return length;
}

/* A bare "example.com": letters, a dot, a common ending. */
static gsize append_domain(const char *text, GString *out)
{
	static const char *const endings[] = { ".com", ".org", ".net", ".cn", ".io", ".example" };
	gsize length = 0;
	while (g_ascii_isalnum(text[length]) || text[length] == '-' || text[length] == '.')
		length++;
	while (length && text[length - 1] == '.')
		length--;
	g_autofree char *domain = g_strndup(text, length);
	for (guint i = 0; i < G_N_ELEMENTS(endings); i++) {
		if (g_str_has_suffix(domain, endings[i]) && length > strlen(endings[i]) && text[length] != '@') {
			g_string_append_printf(out, "<http://%s|%s>", domain, domain);
			return length;
		}
	}
	return 0;
}

static gsize append_emoji(const char *text, GString *out)
{
	gsize length = 0;
	const char *name = emoji_name_at(text, &length);
	if (name)
		g_string_append_printf(out, ":%s:", name);
	return length;
}

/* What stands at `at`, turned into codes; how many bytes it was, 0: nothing special. */
static gsize append_special(const struct room *room, const char *at, gboolean fresh, const struct style *style, GString *out)
{
	gsize used = 0;
	if (*at == '@' && fresh)
		used = append_mention(room, at, style->names, out);
	else if (*at == '#' && fresh)
		used = append_channel(room, at, out);
	else if (*at == 'h' && fresh)
		used = append_url(at, out);
	if (!used && style->domains && fresh && g_ascii_isalnum(*at))
		used = append_domain(at, out);
	if (!used && style->emoji && (guchar)*at >= 0xe2)
		used = append_emoji(at, out);
	return used;
}

static char *convert(const struct room *room, const char *typed, const struct style *style)
{
	GString *out = g_string_sized_new(strlen(typed) + 32);
	char before = ' ';
	for (const char *at = typed; *at;) {
		gboolean fresh = !g_ascii_isalnum(before) && before != '_' && before != '@' && before != '.';
		gsize used = append_special(room, at, fresh, style, out);
		if (!used) {
			used = 1;
			if (style->entities)
				append_escaped(out, at, 1);
			else
				g_string_append_c(out, *at);
		}
		before = at[used - 1];
		at += used;
	}
	return g_string_free(out, FALSE);
}

char *speech_from_typed(const struct room *room, const char *typed)
{
	return convert(room, typed, &message_style);
}

char *speech_for_command(const struct room *room, const char *typed)
{
	return convert(room, typed, &command_style);
}

/* ---- rich_text ---- */

static void append_decoded(GString *out, const char *text, gsize length)
{
	static const struct {
		const char *entity;
		char c;
	} entities[] = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' } };
	for (gsize i = 0; i < length;) {
		gsize used = 0;
		for (guint e = 0; text[i] == '&' && e < G_N_ELEMENTS(entities) && !used; e++) {
			if (g_str_has_prefix(text + i, entities[e].entity)) {
				g_string_append_c(out, entities[e].c);
				used = strlen(entities[e].entity);
			}
		}
		if (!used) {
			g_string_append_c(out, text[i]);
			used = 1;
		}
		i += used;
	}
}

static cJSON *push_leaf(cJSON *elements, const char *type)
{
	cJSON *leaf = json_push_object(elements);
	json_put_text(leaf, "type", type);
	return leaf;
}

static void flush_text(cJSON *elements, GString *text)
{
	if (text->len == 0)
		return;
	json_put_text(push_leaf(elements, "text"), "text", text->str);
	g_string_truncate(text, 0);
}

/* inside: what stands between < and >. */
static void push_special(cJSON *elements, const char *inside)
{
	g_auto(GStrv) parts = g_strsplit(inside, "|", 2);
	const char *name = parts[0] + 1;
	if (*inside == '@') {
		json_put_text(push_leaf(elements, "user"), "user_id", name);
	} else if (*inside == '#') {
		json_put_text(push_leaf(elements, "channel"), "channel_id", name);
	} else if (g_str_has_prefix(inside, "!subteam^")) {
		json_put_text(push_leaf(elements, "usergroup"), "usergroup_id", parts[0] + strlen("!subteam^"));
	} else if (*inside == '!') {
		json_put_text(push_leaf(elements, "broadcast"), "range", name);
	} else {
		cJSON *link = push_leaf(elements, "link");
		g_autoptr(GString) url = g_string_new(NULL);
		append_decoded(url, parts[0], strlen(parts[0]));
		json_put_text(link, "url", url->str);
		json_put_text(link, "text", parts[1]);
	}
}

/* ":tada:" or ":wave::skin-tone-3:" that Slack knows; its bytes, or 0. */
static gsize push_emoji(cJSON *elements, GString *text, const char *at)
{
	gsize length = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz0123456789_+-");
	if (length == 0 || at[length + 1] != ':')
		return 0;
	g_autofree char *name = g_strndup(at + 1, length);
	g_autofree char *unicode = emoji_unicode(name);
	if (!unicode)
		return 0;
	flush_text(elements, text);
	cJSON *leaf = push_leaf(elements, "emoji");
	json_put_text(leaf, "name", name);
	json_put_text(leaf, "unicode", unicode);
	return length + 2;
}

static void fill_section(cJSON *elements, const char *text)
{
	g_autoptr(GString) plain = g_string_sized_new(64);
	while (*text) {
		gsize used = strcspn(text, "<:");
		append_decoded(plain, text, used);
		text += used;
		const char *end = *text == '<' ? strchr(text, '>') : NULL;
		if (end) {
			flush_text(elements, plain);
			g_autofree char *inside = g_strndup(text + 1, (gsize)(end - text - 1));
			push_special(elements, inside);
			text = end + 1;
		} else if (*text) {
			used = *text == ':' ? push_emoji(elements, plain, text) : 0;
			if (!used)
				g_string_append_c(plain, *text);
			text += used ? used : 1;
		}
	}
	flush_text(elements, plain);
}

cJSON *speech_blocks(const char *text)
{
	cJSON *blocks = cJSON_CreateArray();
	cJSON *block = json_push_object(blocks);
	char id[6];
	g_snprintf(id, sizeof id, "%05x", g_str_hash(text) & 0xfffff);
	json_put_text(block, "type", "rich_text");
	json_put_text(block, "block_id", id);
	cJSON *section = json_push_object(json_put_array(block, "elements"));
	json_put_text(section, "type", "rich_text_section");
	fill_section(json_put_array(section, "elements"), text);
	return blocks;
}
