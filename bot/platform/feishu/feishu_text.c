/* SPDX-License-Identifier: MIT */
#include "platform/feishu/feishu_text.h"

#include "platform/feishu/feishu_emoji.h"

#define KEY_PREFIX  "@_user_"
#define KEY_ALL	    "@_all"
#define ID_MAX	    100

/* One message while it is read. */
struct writing {
	GString *out;
	const cJSON *mentions;
};

gboolean feishu_text_is_id(const char *text)
{
	gsize length = strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-");
	return length > 0 && length <= ID_MAX && text[length] == '\0';
}

/* ---- plain text ---- */

static void put_escaped(GString *out, const char *text, gsize length)
{
	for (gsize i = 0; i < length; i++) {
		if (text[i] == '<')
			g_string_append(out, "&lt;");
		else if (text[i] == '>')
			g_string_append(out, "&gt;");
		else if (text[i] == '&')
			g_string_append(out, "&amp;");
		else
			g_string_append_c(out, text[i]);
	}
}

static void put_plain(GString *out, const char *text)
{
	put_escaped(out, text, strlen(text));
}

char *feishu_text_neutral(const char *plain)
{
	GString *out = g_string_sized_new(strlen(plain));
	put_plain(out, plain);
	return g_string_free(out, FALSE);
}

/* ---- mentions ---- */

static void put_mention(GString *out, const char *account)
{
	g_string_append_printf(out, "<@%s>", account);
}

static const cJSON *find_mention(const cJSON *mentions, const char *key, gsize length)
{
	const cJSON *mention;
	cJSON_ArrayForEach (mention, mentions) {
		const char *other = json_text_or(mention, "key", "");
		if (strlen(other) == length && strncmp(other, key, length) == 0)
			return mention;
	}
	return NULL;
}

/* Whom a key such as "@_user_1" means: a mention, or the name of somebody who has no id for us. FALSE: nobody. */
static gboolean put_key(const struct writing *w, const char *key, gsize length)
{
	const cJSON *mention = find_mention(w->mentions, key, length);
	const char *account = json_text_or(mention, "id.open_id", NULL), *name = json_text_or(mention, "name", NULL);
	if (!account)
		account = json_text_or(mention, "id", NULL);
	if (account && feishu_text_is_id(account)) {
		put_mention(w->out, account);
		return TRUE;
	}
	if (!name)
		return FALSE;
	g_string_append_c(w->out, '@');
	put_plain(w->out, name);
	return TRUE;
}

/* The bytes of the key that text starts with; 0: none. Whole keys only: @_user_1 begins @_user_10. */
static gsize key_length(const char *text)
{
	gsize prefix = strlen(KEY_PREFIX);
	if (!g_str_has_prefix(text, KEY_PREFIX))
		return 0;
	gsize digits = strspn(text + prefix, "0123456789");
	return digits > 0 ? prefix + digits : 0;
}

/* "@_all", not followed by what would make it another word. */
static gboolean is_all(const char *text)
{
	return g_str_has_prefix(text, KEY_ALL) && !g_ascii_isalnum(text[strlen(KEY_ALL)]) && text[strlen(KEY_ALL)] != '_';
}

static void put_text(const struct writing *w, const char *text)
{
	while (*text) {
		gsize clean = strcspn(text, "@"), key = key_length(text + clean);
		put_escaped(w->out, text, clean);
		text += clean;
		if (key > 0 && put_key(w, text, key)) {
			text += key;
		} else if (is_all(text)) {
			g_string_append(w->out, "<!channel>");
			text += strlen(KEY_ALL);
		} else if (*text) {
			g_string_append_c(w->out, *text++);
		}
	}
}

/* ---- posts ---- */

static void put_text_node(const struct writing *w, const cJSON *node)
{
	put_plain(w->out, json_text_or(node, "text", ""));
}

static gboolean is_link(const char *href)
{
	return (g_str_has_prefix(href, "https://") || g_str_has_prefix(href, "http://")) && !strpbrk(href, "<>| \t\n") &&
	       g_utf8_strlen(href, -1) <= 2000;
}

static void put_link(const struct writing *w, const cJSON *node)
{
	const char *href = json_text_or(node, "href", ""), *text = json_text_or(node, "text", "");
	if (!is_link(href)) {
		put_plain(w->out, text);
		return;
	}
	g_autofree char *label = g_strdelimit(g_strdup(text), "|\n", ' ');
	g_string_append_c(w->out, '<');
	put_plain(w->out, href);
	g_string_append(w->out, *label ? "|" : "");
	put_plain(w->out, label);
	g_string_append_c(w->out, '>');
}

static void put_at(const struct writing *w, const cJSON *node)
{
	const char *user = json_text_or(node, "user_id", ""), *name = json_text_or(node, "user_name", "");
	if (strcmp(user, "all") == 0 || strcmp(user, KEY_ALL) == 0) {
		g_string_append(w->out, "<!channel>");
	} else if (!(key_length(user) == strlen(user) && *user && put_key(w, user, strlen(user)))) {
		if (*user != '@' && feishu_text_is_id(user))
			put_mention(w->out, user);
		else if (*name) {
			g_string_append_c(w->out, '@');
			put_plain(w->out, name);
		}
	}
}

static void put_emotion(const struct writing *w, const cJSON *node)
{
	const char *type = json_text_or(node, "emoji_type", ""), *glyph = feishu_emoji_glyph(type);
	if (glyph)
		g_string_append(w->out, glyph);
	else if (*type && feishu_text_is_id(type))
		g_string_append_printf(w->out, "[%s]", type);
}

static void put_code(const struct writing *w, const cJSON *node)
{
	g_string_append(w->out, "```\n");
	put_plain(w->out, json_text_or(node, "text", ""));
	g_string_append(w->out, "\n```");
}

/* Pictures, videos and rules say nothing. */
static void put_node(const struct writing *w, const cJSON *node)
{
	static const struct {
		const char *tag;
		void (*put)(const struct writing *w, const cJSON *node);
	} tags[] = {
		{ "text", put_text_node },
		{ "md", put_text_node },
		{ "a", put_link },
		{ "at", put_at },
		{ "emotion", put_emotion },
		{ "code_block", put_code },
	};
	const char *tag = json_text_or(node, "tag", "");
	for (gsize i = 0; i < G_N_ELEMENTS(tags); i++)
		if (strcmp(tags[i].tag, tag) == 0)
			tags[i].put(w, node);
}

/* A line that holds only a picture leaves none behind. */
static void put_post_lines(const struct writing *w, const cJSON *lines)
{
	const cJSON *line, *node;
	gboolean first = TRUE;
	cJSON_ArrayForEach (line, lines) {
		gsize before = w->out->len;
		if (!cJSON_IsArray(line))
			continue;
		if (!first)
			g_string_append_c(w->out, '\n');
		gsize start = w->out->len;
		cJSON_ArrayForEach (node, line) {
			put_node(w, node);
		}
		if (w->out->len == start && line->child)
			g_string_truncate(w->out, before);
		else
			first = FALSE;
	}
}

/* ---- by type ---- */

/*
 * A text that was edited comes back by REST as its editor wrote it: in paragraphs, with breaks and entities. Not documented;
 * seen by deepcoldy/botmux (src/im/lark/event-dispatcher.ts) and ITcathyh/dutydeck (edited-message.ts), 2026.
 */
static char *without_paragraphs(const char *text)
{
	static const struct {
		const char *mark, *plain;
	} marks[] = {
		{ "</p>\n<p>", "\n" },
		{ "</p><p>", "\n" },
		{ "<br>", "\n" },
		{ "<br/>", "\n" },
		{ "<br />", "\n" },
		{ "&nbsp;", " " },
		{ "&quot;", "\"" },
		{ "&#39;", "'" },
		{ "&lt;", "<" },
		{ "&gt;", ">" },
		{ "&amp;", "&" }, /* last, or what it shows would be read as another */
	};
	if (!g_str_has_prefix(text, "<p>") || !g_str_has_suffix(text, "</p>"))
		return g_strdup(text);
	GString *out = g_string_new_len(text + strlen("<p>"), (gssize)(strlen(text) - strlen("<p></p>")));
	for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
		g_string_replace(out, marks[i].mark, marks[i].plain, 0);
	return g_string_free(out, FALSE);
}

static void read_text(const struct writing *w, const cJSON *content)
{
	g_autofree char *text = without_paragraphs(json_text_or(content, "text", ""));
	put_text(w, text);
}

static void read_post(const struct writing *w, const cJSON *content)
{
	put_post_lines(w, json_array(content, "content"));
}

static const struct {
	const char *type;
	void (*read)(const struct writing *w, const cJSON *content);
} types[] = {
	{ "text", read_text },
	{ "post", read_post },
	{ "hongbao", read_text },
};

/* A post's title is its first line, above a mention of the bot. */
static void prepend_title(struct event *event, const char *title)
{
	if (!*title)
		return;
	g_autofree char *neutral = feishu_text_neutral(title), *text = event->text;
	event->text = g_strconcat(neutral, *text ? "\n" : "", text, NULL);
}

gboolean feishu_text_read(struct event *event, const char *type, const char *content, const cJSON *mentions, const char *bot)
{
	g_autoptr(cJSON) root = json_parse(content, strlen(content), NULL);
	if (!cJSON_IsObject(root))
		return FALSE;
	struct writing w = { .out = g_string_new(NULL), .mentions = cJSON_IsArray(mentions) ? mentions : NULL };
	for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
		if (strcmp(types[i].type, type) == 0)
			types[i].read(&w, root);
	event->text = g_string_free(w.out, FALSE);
	event_find_mention(event, bot);
	if (strcmp(type, "post") == 0)
		prepend_title(event, json_text_or(root, "title", ""));
	return TRUE;
}
