/* SPDX-License-Identifier: MIT */
/* On Feishu: cards, forms in cards, words to the bot, and a chat with it in place of a home page. */
#include "play.h"

/* Markdown as it is read: entities are characters, tags and asterisks are gone. */
static void append_markdown(GString *out, const char *text)
{
	for (const char *c = text; *c; c = g_utf8_next_char(c)) {
		const char *end = *c == '<' ? strchr(c, '>') : *c == '&' && c[1] == '#' ? strchr(c, ';') : NULL;
		if (end && *c == '&')
			g_string_append_unichar(out, (gunichar)g_ascii_strtoull(c + 2, NULL, 10));
		else if (!end && *c != '*')
			g_string_append_len(out, c, g_utf8_next_char(c) - c);
		c = end ? end : c;
	}
}

static void append_line(GString *out, const char *tag, const char *text)
{
	if (strcmp(tag, "markdown") == 0)
		append_markdown(out, text);
	else
		g_string_append(out, text);
	g_string_append_c(out, '\n');
}

/* What is shown of a component and of those in it; a table's cells are texts by themselves. */
static void append_component(GString *out, const cJSON *node)
{
	static const char *const shown[] = { "content", "display_name", "default_value" };
	const char *tag = json_text_or(node, "tag", "");
	const cJSON *child;
	for (gsize i = 0; i < G_N_ELEMENTS(shown); i++) {
		const char *text = json_text_or(node, shown[i], NULL);
		if (text)
			append_line(out, tag, text);
	}
	cJSON_ArrayForEach(child, node)
	{
		gboolean hidden = child->string && strcmp(child->string, "behaviors") == 0;
		if ((cJSON_IsObject(child) || cJSON_IsArray(child)) && !hidden)
			append_component(out, child);
		else if (cJSON_IsString(child) && !*tag && child->string && child->string[0] == 'c' && g_ascii_isdigit(child->string[1]))
			append_line(out, "", child->valuestring);
	}
}

static char *text(const cJSON *shown)
{
	GString *out = g_string_new(NULL);
	const cJSON *card = json_object(shown, "card");
	append_component(out, card ? json_object(card, "header") : NULL);
	append_component(out, card ? json_object(card, "body") : NULL);
	g_string_append(out, card ? "" : json_text_or(shown, "text", ""));
	return g_string_free(out, FALSE);
}

/* ---- forms ---- */

static const cJSON *find_form(const cJSON *message)
{
	const cJSON *element;
	cJSON_ArrayForEach(element, json_array(message, "card.body.elements"))
	{
		if (strcmp(json_text_or(element, "tag", ""), "form") == 0)
			return element;
	}
	return NULL;
}

static gboolean is_open_form(const struct play *p, const cJSON *delta)
{
	return p->form && strcmp(json_text_or(p->form, "channel", ""), json_text_or(delta, "channel", "")) == 0 &&
	       strcmp(json_text_or(p->form, "message.ts", ""), json_text_or(delta, "message.ts", "")) == 0;
}

static enum deed_kind kind(struct play *p, const cJSON *delta, const char *before)
{
	if (find_form(json_object(delta, "message"))) {
		deeds_set_form(p, delta);
		return DEED_FORM;
	}
	if (!is_open_form(p, delta))
		return before ? DEED_CHANGE : DEED_POST;
	deeds_set_form(p, NULL);
	return DEED_CLOSED;
}

/* A card's callback was answered by a word of trouble. */
static void see(struct play *p, const cJSON *delta)
{
	if (strcmp(json_text_or(delta, "type", ""), "notice") == 0)
		deeds_add(p, DEED_COMPLAINT, json_text_or(delta, "user", NULL), g_strdup(json_text_or(delta, "text", "")));
}

static const cJSON *find_field(const cJSON *form, const char *field)
{
	const cJSON *element;
	cJSON_ArrayForEach(element, json_array(find_form(json_object(form, "message")), "elements"))
	{
		if (strcmp(json_text_or(element, "name", ""), field) == 0)
			return element;
	}
	return NULL;
}

static gboolean has_field(const cJSON *form, const char *field)
{
	return find_field(form, field) != NULL;
}

/* The value of the option that people see as these words; else the words. */
static const char *value_of(const cJSON *element, const char *words)
{
	const cJSON *option;
	cJSON_ArrayForEach(option, json_array(element, "options"))
	{
		if (strcmp(json_text_or(option, "text.content", ""), words) == 0)
			return json_text_or(option, "value", words);
	}
	return words;
}

static void submit(const cJSON *form, const cJSON *filled, cJSON *request)
{
	json_put_text(request, "channel", json_text_or(form, "channel", ""));
	json_put_text(request, "ts", json_text_or(form, "message.ts", ""));
	cJSON *values = json_put_object(request, "form_value");
	const cJSON *field;
	cJSON_ArrayForEach(field, filled)
		json_put_text(values, field->string, value_of(find_field(form, field->string), field->valuestring));
}

/* ---- words and buttons ---- */

static gboolean press(const cJSON *message, const char *label, cJSON *request)
{
	(void)message;
	json_put_text(request, "button", label); /* the sandbox looks for it, and says so when there is none */
	return TRUE;
}

static void run(struct play *p, const char *who, const char *command, const char *label)
{
	g_autofree char *channel = acts_find_id(p, "channels", "sales");
	g_autofree char *words = g_strconcat("@belltower ", command + (*command == '/'), NULL);
	acts_say(p, who, channel, NULL, words, label);
}

const struct manner manner_feishu = {
	.name = "feishu",
	.workspace = "platform: feishu, base_url: \"%s\", app_id: cli_0000000000000001, app_secret: sandbox-secret, gather_seconds: 0",
	.manager = "ou_u0grace00",
	.home = DEED_POST,
	.text = text,
	.kind = kind,
	.see = see,
	.press = press,
	.has_field = has_field,
	.submit = submit,
	.run = run,
	.open_home = "open_dm",
};
