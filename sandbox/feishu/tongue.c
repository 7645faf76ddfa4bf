/* SPDX-License-Identifier: MIT */
#include "sandbox/feishu/tongue.h"

#include "sandbox/emoji.h"
#include "sandbox/feishu/ident.h"

/* ---- from Slack's form ---- */

static void say_mention(const struct room *room, const char *id, GString *out, GPtrArray *mentions)
{
	g_autofree char *key = g_strndup(id, strcspn(id, "|"));
	struct member *member = room_member(room, key);
	if (!member) {
		g_string_append_printf(out, "@%s", key);
		return;
	}
	g_ptr_array_add(mentions, member);
	g_string_append_printf(out, "@_user_%u", mentions->len);
}

static void append_unescaped(GString *out, const char *text, gsize length)
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
		if (!used)
			g_string_append_c(out, text[i]);
		i += MAX(used, 1);
	}
}

/* What stands between < and >, of which the room's own tokens are made. */
static void say_token(const struct room *room, const char *token, GString *out, GPtrArray *mentions)
{
	const char *bar = strchr(token, '|'), *label = bar ? bar + 1 : NULL;
	if (*token == '@') {
		say_mention(room, token + 1, out, mentions);
	} else if (*token == '#') {
		g_autofree char *id = g_strndup(token + 1, strcspn(token + 1, "|"));
		const struct channel *channel = room_channel(room, id);
		g_string_append_printf(out, "#%s", channel && channel->name ? channel->name : label ? label : id);
	} else if (*token == '!') {
		gboolean fixed = g_str_has_prefix(token, "!here") || g_str_has_prefix(token, "!channel") ||
				 g_str_has_prefix(token, "!everyone");
		g_string_append(out, fixed ? "@_all" : label ? label : token + 1);
	} else {
		/* A label that says less than the address, as of a bare domain, is what was typed. */
		const char *shown = label ? label : token;
		append_unescaped(out, shown, strlen(shown));
	}
}

/* ":name:" of an emoji we know; the bytes it takes, or 0. */
static gsize say_emoji(const char *colon, GString *out)
{
	gsize length = strspn(colon + 1, "abcdefghijklmnopqrstuvwxyz0123456789_+-");
	if (!length || colon[1 + length] != ':')
		return 0;
	g_autofree char *name = g_strndup(colon + 1, length);
	const char *text = emoji_text(name);
	if (!text)
		return 0;
	g_string_append(out, text);
	return length + 2;
}

char *tongue_to_feishu(const struct room *room, const char *text, GPtrArray *mentions)
{
	GString *out = g_string_new(NULL);
	while (*text) {
		gsize plain = strcspn(text, "<:");
		append_unescaped(out, text, plain);
		text += plain;
		const char *end = *text == '<' ? strchr(text, '>') : NULL;
		gsize used = *text == ':' ? say_emoji(text, out) : 0;
		if (end) {
			g_autofree char *token = g_strndup(text + 1, (gsize)(end - text - 1));
			say_token(room, token, out, mentions);
			used = (gsize)(end + 1 - text);
		}
		if (!used && *text)
			g_string_append_c(out, *text);
		text += used ? used : *text != '\0';
	}
	return g_string_free(out, FALSE);
}

/* ---- into Slack's form ---- */

static void append_escaped(GString *out, const char *text, gsize length)
{
	for (gsize i = 0; i < length; i++) {
		const char *entity = text[i] == '&' ? "&amp;" : text[i] == '<' ? "&lt;" : text[i] == '>' ? "&gt;" : NULL;
		if (entity)
			g_string_append(out, entity);
		else
			g_string_append_c(out, text[i]);
	}
}

static void mention_by_id(const struct room *room, const char *id, GString *out)
{
	const struct member *member = ident_member(room, "open_id", id);
	if (!member)
		member = ident_member(room, "union_id", id);
	if (!member && *id != 'o')
		member = ident_member(room, "user_id", id);
	if (g_str_equal(id, "all"))
		g_string_append(out, "<!channel>");
	else if (member)
		g_string_append_printf(out, "<@%s>", member->id);
	else
		g_string_append_printf(out, "@%s", id);
}

/* <at user_id="ou_x">Name</at>, <at id=ou_x></at>, <at ids=a,b></at>, <at email=…>: the bytes it takes, or 0. */
static gsize take_at(const struct room *room, const char *text, GString *out)
{
	const char *close = g_str_has_prefix(text, "<at ") ? strchr(text, '>') : NULL;
	const char *equals = close ? memchr(text, '=', (gsize)(close - text)) : NULL;
	if (!equals)
		return 0;
	g_autofree char *value = g_strndup(equals + 1, (gsize)(close - equals - 1));
	g_strstrip(g_strdelimit(value, "\"'/", ' '));
	gboolean by_mail = g_str_has_prefix(text, "<at email");
	g_auto(GStrv) ids = g_strsplit(value, ",", -1);
	for (char **id = ids; *id; id++) {
		const struct member *member = by_mail ? room_member_of_email(room, *id) : NULL;
		g_autofree char *open_id = member ? ident_open_id(member) : g_strdup(*id);
		mention_by_id(room, open_id, out);
	}
	const char *end = strstr(close, "</at>");
	return (gsize)((end ? end + strlen("</at>") : close + 1) - text);
}

/* [label](url): the bytes it takes, or 0. */
static gsize take_link(const char *text, GString *out)
{
	const char *middle = *text == '[' ? strstr(text, "](") : NULL;
	const char *end = middle ? strchr(middle, ')') : NULL;
	if (!end || memchr(text, '\n', (gsize)(end - text)))
		return 0;
	g_autofree char *url = g_strndup(middle + 2, (gsize)(end - middle - 2));
	if (!g_str_has_prefix(url, "http"))
		return 0;
	g_string_append_c(out, '<');
	append_escaped(out, url, strlen(url));
	g_string_append_c(out, '|');
	append_escaped(out, text + 1, (gsize)(middle - text - 1));
	g_string_append_c(out, '>');
	return (gsize)(end + 1 - text);
}

/* Marks that stand for one another, the longer ones first. */
static const struct {
	const char *feishu, *slack;
} marks[] = {
	{ "**", "*" }, { "~~", "~" }, { "<i>", "_" }, { "</i>", "_" }, { "<s>", "~" }, { "</s>", "~" },
	{ "<u>", "" }, { "</u>", "" }, { "<br>", "\n" }, { "</font>", "" }, { "</text_tag>", "" },
};

static gsize take_mark(const char *text, GString *out)
{
	for (guint i = 0; i < G_N_ELEMENTS(marks); i++) {
		if (g_str_has_prefix(text, marks[i].feishu)) {
			g_string_append(out, marks[i].slack);
			return strlen(marks[i].feishu);
		}
	}
	const char *end = g_str_has_prefix(text, "<font ") || g_str_has_prefix(text, "<text_tag ") ? strchr(text, '>') : NULL;
	return end ? (gsize)(end + 1 - text) : 0;
}

/* &#42; of Markdown: the bytes it takes, or 0. */
static gsize take_entity(const char *text, GString *out)
{
	const char *end = g_str_has_prefix(text, "&#") ? strchr(text, ';') : NULL;
	g_autofree char *digits = end ? g_strndup(text + 2, (gsize)(end - text - 2)) : NULL;
	guint64 code;
	if (!digits || !g_ascii_string_to_unsigned(digits, 10, 9, 0x10ffff, &code, NULL) || !g_unichar_validate((gunichar)code))
		return 0;
	char character[7] = { 0 };
	append_escaped(out, character, (gsize)g_unichar_to_utf8((gunichar)code, character));
	return (gsize)(end + 1 - text);
}

static char *from(const struct room *room, const char *text, gboolean markdown)
{
	GString *out = g_string_new(NULL);
	while (*text) {
		gsize used = take_at(room, text, out);
		used = used ? used : take_link(text, out);
		used = used ? used : take_mark(text, out);
		used = used || !markdown ? used : take_entity(text, out);
		if (!used)
			append_escaped(out, text, 1);
		text += used ? used : 1;
	}
	return g_string_free(out, FALSE);
}

char *tongue_from_text(const struct room *room, const char *text)
{
	return from(room, text, FALSE);
}

char *tongue_from_markdown(const struct room *room, const char *text)
{
	return from(room, text, TRUE);
}

/* ---- posts ---- */

const cJSON *tongue_post_body(const cJSON *content)
{
	const cJSON *language;
	cJSON_ArrayForEach(language, content)
	{
		if (cJSON_IsObject(language) && json_array(language, "content"))
			return language;
	}
	return NULL;
}

static void say_node(const struct room *room, const cJSON *node, GString *out)
{
	const char *tag = json_text_or(node, "tag", ""), *text = json_text_or(node, "text", "");
	if (g_str_equal(tag, "at")) {
		mention_by_id(room, json_text_or(node, "user_id", ""), out);
	} else if (g_str_equal(tag, "a")) {
		g_string_append_printf(out, "<%s|", json_text_or(node, "href", ""));
		append_escaped(out, text, strlen(text));
		g_string_append_c(out, '>');
	} else if (g_str_equal(tag, "md")) {
		g_autofree char *said = tongue_from_markdown(room, text);
		g_string_append(out, said);
	} else if (g_str_equal(tag, "emotion")) {
		const char *type = json_text_or(node, "emoji_type", ""), *name = tongue_reaction_name(type);
		g_string_append_printf(out, ":%s:", name ? name : type);
	} else if (g_str_equal(tag, "hr")) {
		g_string_append(out, "———");
	} else {
		append_escaped(out, text, strlen(text));
	}
}

char *tongue_from_post(const struct room *room, const cJSON *post)
{
	GString *out = g_string_new(NULL);
	const char *title = json_text_or(post, "title", "");
	if (*title) {
		g_string_append_c(out, '*');
		append_escaped(out, title, strlen(title));
		g_string_append_c(out, '*');
	}
	const cJSON *line, *node;
	cJSON_ArrayForEach(line, json_array(post, "content"))
	{
		if (out->len)
			g_string_append_c(out, '\n');
		cJSON_ArrayForEach(node, line)
			say_node(room, node, out);
	}
	return g_string_free(out, FALSE);
}

static void receive_at(const struct room *room, cJSON *node, GPtrArray *mentions)
{
	const char *id = json_text_or(node, "user_id", "");
	struct member *member = ident_member(room, "open_id", id);
	g_autofree char *key = member ? g_strdup_printf("@_user_%u", mentions->len + 1) : g_strdup("@_all");
	if (member)
		g_ptr_array_add(mentions, member);
	cJSON_ReplaceItemInObjectCaseSensitive(node, "user_id", cJSON_CreateString(key));
	json_put_text(node, "user_name", member ? member->real_name : "");
}

cJSON *tongue_post_received(const struct room *room, const cJSON *post, GPtrArray *mentions)
{
	cJSON *received = cJSON_CreateObject();
	json_put_text(received, "title", json_text_or(post, "title", ""));
	cJSON *content = cJSON_Duplicate(json_array(post, "content"), TRUE), *line, *node;
	cJSON_ArrayForEach(line, content)
	{
		cJSON_ArrayForEach(node, line)
		{
			const char *tag = json_text_or(node, "tag", "");
			if (g_str_equal(tag, "at"))
				receive_at(room, node, mentions);
			else if (g_str_equal(tag, "md"))
				cJSON_ReplaceItemInObjectCaseSensitive(node, "tag", cJSON_CreateString("text"));
			if (cJSON_IsObject(node) && !cJSON_HasObjectItem(node, "style"))
				json_put_array(node, "style");
		}
	}
	cJSON_AddItemToObject(received, "content", content);
	return received;
}

/* ---- emoji under messages ---- */

/* Types that the protocol page lists, 3.4; with the name that Slack's people know. */
static const struct {
	const char *type, *name;
} reactions[] = {
	{ "DONE", "white_check_mark" }, { "THUMBSUP", "+1" }, { "ThumbsDown", "-1" }, { "OK", "ok_hand" },
	{ "CheckMark", "heavy_check_mark" }, { "CrossMark", "x" }, { "APPLAUSE", "clap" }, { "MUSCLE", "muscle" },
	{ "HEART", "heart" }, { "CAKE", "birthday" }, { "GIFT", "gift" }, { "PARTY", "tada" }, { "FIREWORKS", "confetti_ball" },
	{ "Fire", "fire" }, { "Trophy", "trophy" }, { "REDPACKET", "red_envelope" }, { "THANKS", "pray" }, { "Alarm", "alarm_clock" },
	{ "Pin", "pushpin" }, { "Hundred", "100" }, { "Typing", NULL },
	{ "OnIt", NULL }, { "LGTM", NULL }, { "JIAYI", NULL }, { "CLAP", NULL }, { "FISTBUMP", NULL }, { "LOVE", NULL },
	{ "FIRECRACKER", NULL }, { "Get", NULL }, { "Yes", NULL }, { "No", NULL }, { "ERROR", NULL }, { "GoGoGo", NULL },
	{ "OneSecond", NULL }, { "GeneralWorkFromHome", NULL }, { "GeneralBusinessTrip", NULL }, { "GeneralDoNotDisturb", NULL },
};

const char *tongue_reaction_name(const char *emoji_type)
{
	for (guint i = 0; i < G_N_ELEMENTS(reactions); i++) {
		if (g_str_equal(reactions[i].type, emoji_type))
			return reactions[i].name ? reactions[i].name : reactions[i].type;
	}
	return NULL;
}

const char *tongue_reaction_type(const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(reactions); i++) {
		if (g_strcmp0(reactions[i].name, name) == 0 || g_str_equal(reactions[i].type, name))
			return reactions[i].type;
	}
	return NULL;
}

cJSON *tongue_reactions(void)
{
	cJSON *array = cJSON_CreateArray();
	for (guint i = 0; i < G_N_ELEMENTS(reactions); i++) {
		cJSON *item = json_push_object(array);
		json_put_text(item, "type", reactions[i].type);
		json_put_text(item, "name", reactions[i].name ? reactions[i].name : reactions[i].type);
	}
	return array;
}
