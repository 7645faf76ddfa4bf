/* SPDX-License-Identifier: MIT */
/* On Slack: Block Kit, modals, slash commands and a home page. */
#include "play.h"

/* mrkdwn as it is read: entities, marks and zero-width spaces gone. */
static void append_plain(GString *out, const char *text)
{
	for (const char *c = text; *c; c = g_utf8_next_char(c)) {
		if (g_utf8_get_char(c) == 0x200b || ((*c == '*' || *c == '_') && g_utf8_get_char(g_utf8_next_char(c)) != 0x200b))
			continue;
		if (g_str_has_prefix(c, "&lt;") || g_str_has_prefix(c, "&gt;")) {
			g_string_append_c(out, c[1] == 'l' ? '<' : '>');
			c += 3;
		} else if (g_str_has_prefix(c, "&amp;")) {
			g_string_append_c(out, '&');
			c += 4;
		} else {
			g_string_append_len(out, c, g_utf8_next_char(c) - c);
		}
	}
}

static void append_block(GString *out, const cJSON *node)
{
	const cJSON *child;
	const char *text = json_text_or(node, "text", NULL);
	if (cJSON_IsObject(node) && text) {
		append_plain(out, text);
		g_string_append_c(out, '\n');
	}
	const char *value = json_text_or(node, json_object(node, "slack_file") ? "alt_text" : "initial_value", NULL);
	if (value)
		g_string_append_printf(out, "%s\n", value);
	cJSON_ArrayForEach(child, node)
	{
		if (cJSON_IsObject(child) || cJSON_IsArray(child))
			append_block(out, child);
	}
}

static char *text(const cJSON *shown)
{
	GString *out = g_string_new(json_text_or(shown, "title.text", ""));
	g_string_append(out, out->len ? "\n" : "");
	const cJSON *blocks = json_array(shown, "blocks");
	if (cJSON_GetArraySize(blocks) > 0)
		append_block(out, blocks);
	else
		append_plain(out, json_text_or(shown, "text", ""));
	return g_string_free(out, FALSE);
}

static enum deed_kind kind(struct play *p, const cJSON *delta, const char *before)
{
	(void)p;
	(void)delta;
	return before ? DEED_CHANGE : DEED_POST;
}

static void see(struct play *p, const cJSON *delta)
{
	const char *type = json_text_or(delta, "type", ""), *user = json_text_or(delta, "user", NULL);
	const cJSON *view = json_object(delta, "view");
	if (strcmp(type, "view") == 0) {
		deeds_set_form(p, view);
		deeds_add(p, view ? DEED_FORM : DEED_CLOSED, user, view ? text(view) : g_strdup(""));
	} else if (strcmp(type, "view_errors") == 0) {
		deeds_add(p, DEED_COMPLAINT, user, json_print(json_object(delta, "errors")));
	} else if (strcmp(type, "home") == 0) {
		deeds_add(p, DEED_HOME, user, text(view));
	}
}

static gboolean press(const cJSON *message, const char *label, cJSON *request)
{
	const cJSON *block, *element;
	cJSON_ArrayForEach(block, json_array(message, "blocks"))
	{
		cJSON_ArrayForEach(element, json_array(block, "elements"))
		{
			if (strcmp(json_text_or(element, "text.text", ""), label) != 0)
				continue;
			json_put_text(request, "block_id", json_text_or(block, "block_id", ""));
			json_put_text(request, "action_id", json_text_or(element, "action_id", ""));
			json_put_text(request, "value", json_text_or(element, "value", NULL));
			return TRUE;
		}
	}
	return FALSE;
}

static const cJSON *find_input(const cJSON *form, const char *field)
{
	const cJSON *block;
	cJSON_ArrayForEach(block, json_array(form, "blocks"))
	{
		if (strcmp(json_text_or(block, "block_id", ""), field) == 0)
			return block;
	}
	return NULL;
}

static gboolean has_field(const cJSON *form, const char *field)
{
	return find_input(form, field) != NULL;
}

/* The option that people see as that. */
static const cJSON *find_option(const cJSON *element, const char *words)
{
	const cJSON *option;
	cJSON_ArrayForEach(option, json_array(element, "options"))
	{
		if (strcmp(json_text_or(option, "text.text", ""), words) == 0)
			return option;
	}
	return NULL;
}

static void submit(const cJSON *form, const cJSON *filled, cJSON *request)
{
	cJSON *values = json_put_object(request, "values");
	const cJSON *field;
	json_put_text(request, "view_id", json_text_or(form, "id", ""));
	cJSON_ArrayForEach(field, filled)
	{
		const cJSON *element = json_object(find_input(form, field->string), "element");
		const cJSON *option = find_option(element, field->valuestring);
		cJSON *value = json_put_object(json_put_object(values, field->string), json_text_or(element, "action_id", ""));
		if (option)
			cJSON_AddItemToObject(value, "selected_option", cJSON_Duplicate(option, TRUE));
		else
			json_put_text(value, "value", field->valuestring);
	}
}

static void run(struct play *p, const char *who, const char *command, const char *label)
{
	(void)label;
	const char *blank = strchr(command, ' ');
	g_autofree char *channel = acts_find_id(p, "channels", "sales");
	g_autofree char *word = g_strndup(command, blank ? (gsize)(blank - command) : strlen(command));
	cJSON *request = acts_new("command", who);
	json_put_text(request, "channel", channel);
	json_put_text(request, "command", word);
	json_put_text(request, "text", blank ? blank + 1 : "");
	cJSON_Delete(acts_do(p, request));
}

const struct manner manner_slack = {
	.name = "slack",
	.workspace = "platform: slack, api_url: \"%sapi/\", bot_token: xoxb-sandbox, app_token: xapp-sandbox",
	.manager = "@grace",
	.home = DEED_HOME,
	.text = text,
	.kind = kind,
	.see = see,
	.press = press,
	.has_field = has_field,
	.submit = submit,
	.run = run,
	.open_home = "open_home",
};
