/* SPDX-License-Identifier: MIT */
#include "tests/support/feishu_rules.h"

enum { CARD_BYTES = 30000, ELEMENTS = 200, TABLES = 3, LEVELS = 5, COLUMNS = 50, BUTTON_TEXT = 100, PLACEHOLDER = 100 };

/* The members that a tag of schema 2.0 has here: an unknown one fails the whole send. */
static const struct {
	const char *tag, *members; /* with blanks around */
} tags[] = {
	{ "plain_text", " tag content text_size text_color lines " },
	{ "markdown", " tag content text_align text_size icon " },
	{ "div", " tag text fields icon " },
	{ "hr", " tag " },
	{ "img", " tag img_key alt title scale_type size preview " },
	{ "chart", " tag chart_spec aspect_ratio height color_theme preview " },
	{ "column_set", " tag columns flex_mode background_style " },
	{ "column", " tag width weight elements " },
	{ "table", " tag columns rows page_size row_height header_style freeze_first_column " },
	{ "form", " tag name elements " },
	{ "input", " tag name label placeholder default_value max_length input_type rows required width " },
	{ "select_static", " tag name placeholder options initial_option required width " },
	{ "button", " tag text type size width icon disabled disabled_tips confirm behaviors name form_action_type required " },
};

/* One card while it is judged. */
struct judging {
	guint elements, tables, submits;
	GHashTable *names;
	char *problem;
};

static void complain(struct judging *j, const char *what, const char *subject)
{
	if (!j->problem)
		j->problem = g_strdup_printf("%s: '%.80s'", what, subject);
}

static const char *members_of(const char *tag)
{
	for (gsize i = 0; i < G_N_ELEMENTS(tags); i++)
		if (strcmp(tags[i].tag, tag) == 0)
			return tags[i].members;
	return NULL;
}

static void judge_members(struct judging *j, const cJSON *element, const char *tag)
{
	const char *members = members_of(tag);
	const cJSON *member;
	if (!members) {
		complain(j, "unknown tag", tag);
		return;
	}
	cJSON_ArrayForEach (member, element) {
		g_autofree char *wanted = g_strdup_printf(" %s ", member->string);
		if (!strstr(members, wanted))
			complain(j, tag, member->string);
	}
}

static glong points(const cJSON *element, const char *path)
{
	return g_utf8_strlen(json_text_or(element, path, ""), -1);
}

static void judge_button(struct judging *j, const cJSON *button, gboolean in_form)
{
	static const char *const types[] = { "default", "primary", "danger", NULL };
	const char *name = json_text_or(button, "name", NULL);
	if (points(button, "text.content") < 1 || points(button, "text.content") > BUTTON_TEXT)
		complain(j, "button's text", json_text_or(button, "text.content", ""));
	if (!g_strv_contains(types, json_text_or(button, "type", "")))
		complain(j, "button's type", json_text_or(button, "type", ""));
	if (strcmp(json_text_or(button, "behaviors.0.type", ""), "callback") != 0 || !json_object(button, "behaviors.0.value"))
		complain(j, "button without a callback", "");
	if (in_form && (!name || !g_hash_table_add(j->names, (gpointer)name)))
		complain(j, "button in a form without its own name", name ? name : "");
	if (in_form && strcmp(json_text_or(button, "form_action_type", ""), "submit") == 0)
		j->submits++;
	if (!in_form && json_at(button, "form_action_type"))
		complain(j, "form's button outside a form", "");
}

static void judge_input(struct judging *j, const cJSON *input, gboolean in_form)
{
	const char *name = json_text_or(input, "name", "");
	int64_t most = json_int_or(input, "max_length", 1000);
	if (!in_form || !*name || !g_hash_table_add(j->names, (gpointer)name))
		complain(j, "input without its own name, or outside a form", name);
	if (most < 1 || most > 1000 || points(input, "default_value") > most)
		complain(j, "input's length", name);
	if (points(input, "placeholder.content") > PLACEHOLDER)
		complain(j, "input's placeholder", name);
}

static void judge_select(struct judging *j, const cJSON *select, gboolean in_form)
{
	const char *name = json_text_or(select, "name", ""), *initial = json_text_or(select, "initial_option", NULL);
	const cJSON *option;
	gboolean found = !initial;
	if (!in_form || !*name || !g_hash_table_add(j->names, (gpointer)name))
		complain(j, "select without its own name, or outside a form", name);
	cJSON_ArrayForEach (option, json_array(select, "options")) {
		const char *value = json_text_or(option, "value", "");
		if (!*value || points(option, "text.content") < 1 || points(option, "text.content") > PLACEHOLDER)
			complain(j, "option's text or value", value);
		found = found || g_strcmp0(value, initial) == 0;
		j->elements++;
	}
	if (!found || cJSON_GetArraySize(json_array(select, "options")) == 0)
		complain(j, "select without options, or of none of them", name);
}

static void judge_table(struct judging *j, const cJSON *table)
{
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
	const cJSON *column, *row, *cell;
	cJSON_ArrayForEach (column, json_array(table, "columns")) {
		if (!g_hash_table_add(names, (gpointer)json_text_or(column, "name", "")) ||
			strcmp(json_text_or(column, "data_type", ""), "text") != 0)
			complain(j, "table's column", json_text_or(column, "name", ""));
	}
	cJSON_ArrayForEach (row, json_array(table, "rows")) {
		cJSON_ArrayForEach (cell, row) {
			if (!g_hash_table_contains(names, cell->string) || !cJSON_IsString(cell))
				complain(j, "table's cell", cell->string);
		}
	}
	int64_t page = json_int_or(table, "page_size", 5);
	if (g_hash_table_size(names) < 1 || g_hash_table_size(names) > COLUMNS || page < 1 || page > 10)
		complain(j, "table's size", "");
	j->tables++;
}

static void judge_element(struct judging *j, const cJSON *element, guint level, gboolean in_form);

static void judge_list(struct judging *j, const cJSON *list, guint level, gboolean in_form)
{
	const cJSON *element;
	cJSON_ArrayForEach (element, list) {
		judge_element(j, element, level, in_form);
	}
}

static void judge_form(struct judging *j, const cJSON *form, guint level)
{
	guint before = j->submits;
	judge_list(j, json_array(form, "elements"), level + 1, TRUE);
	if (j->submits == before)
		complain(j, "form without a submit button", "");
}

static void judge_text(struct judging *j, const cJSON *element, const char *tag)
{
	const char *content = json_text_or(element, "content", NULL);
	if (!content)
		complain(j, "no content", tag);
	else if (strcmp(tag, "markdown") == 0 && !j->problem)
		j->problem = feishu_markdown_problem(content);
	for (const char *at = content ? content : ""; *at; at++)
		if ((guchar)*at < 0x20 && *at != '\n')
			complain(j, "control character", tag);
}

static void judge_element(struct judging *j, const cJSON *element, guint level, gboolean in_form)
{
	const char *tag = json_text_or(element, "tag", "");
	gboolean is_table = strcmp(tag, "table") == 0, is_form = strcmp(tag, "form") == 0;
	j->elements++;
	judge_members(j, element, tag);
	if (level > LEVELS)
		complain(j, "too deep", tag);
	if ((is_table || is_form) && level > 1)
		complain(j, "not at the root", tag);
	if (is_table)
		judge_table(j, element);
	else if (is_form)
		judge_form(j, element, level);
	else if (strcmp(tag, "button") == 0)
		judge_button(j, element, in_form);
	else if (strcmp(tag, "input") == 0)
		judge_input(j, element, in_form);
	else if (strcmp(tag, "select_static") == 0)
		judge_select(j, element, in_form);
	else if (strcmp(tag, "plain_text") == 0 || strcmp(tag, "markdown") == 0)
		judge_text(j, element, tag);
	static const char *const texts[] = { "text", "label", "placeholder", "alt" };
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		if (json_object(element, texts[i]))
			judge_element(j, json_object(element, texts[i]), level, in_form);
	if (strcmp(tag, "column_set") == 0)
		judge_list(j, json_array(element, "columns"), level + 1, in_form);
	if (strcmp(tag, "column") == 0)
		judge_list(j, json_array(element, "elements"), level, in_form);
}

static void judge_frame(struct judging *j, const cJSON *card)
{
	const cJSON *summary = json_at(card, "config.summary.content");
	if (strcmp(json_text_or(card, "schema", ""), "2.0") != 0)
		complain(j, "schema", "");
	if (!json_bool_or(card, "config.update_multi", FALSE))
		complain(j, "update_multi", "");
	if (!cJSON_IsString(summary) || !*summary->valuestring || strpbrk(summary->valuestring, "<>\n"))
		complain(j, "summary", cJSON_IsString(summary) ? summary->valuestring : "");
	if (json_object(card, "header"))
		judge_element(j, json_object(card, "header.title"), 1, FALSE);
	if (!json_array(card, "body.elements"))
		complain(j, "no elements", "");
	if (!json_object(card, "header") && !json_array(card, "body.elements")->child)
		complain(j, "nothing to see", "");
}

char *feishu_card_problem(const cJSON *card)
{
	struct judging j = { .names = g_hash_table_new(g_str_hash, g_str_equal) };
	judge_frame(&j, card);
	judge_list(&j, json_array(card, "body.elements"), 1, FALSE);
	g_autofree char *text = json_print(card);
	if (strlen(text) > CARD_BYTES)
		complain(&j, "too many bytes", "");
	if (j.elements > ELEMENTS)
		complain(&j, "too many elements", "");
	if (j.tables > TABLES)
		complain(&j, "too many tables", "");
	g_hash_table_unref(j.names);
	return j.problem;
}

char *feishu_request_problem(const char *body)
{
	g_autoptr(cJSON) root = json_parse(body, strlen(body), NULL);
	const char *content = json_text_or(root, "content", NULL);
	g_autoptr(cJSON) inner = content ? json_parse(content, strlen(content), NULL) : NULL;
	const cJSON *card = inner ? inner : json_object(root, "card");
	if (!card)
		return g_strdup("no card in the body");
	return strlen(body) > CARD_BYTES ? g_strdup_printf("a body of %u bytes", (guint)strlen(body)) : feishu_card_problem(card);
}

/* ---- markdown ---- */

/* The bytes of one of our own marks that text starts with; 0: none. */
static gsize mark_length(const char *text, gboolean line_start)
{
	static const char *const marks[] = { "**", "<font color='grey'>", "</font>" };
	for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
		if (g_str_has_prefix(text, marks[i]))
			return strlen(marks[i]);
	if (line_start && g_str_has_prefix(text, "- "))
		return 2;
	if (*text == '`') {
		gsize length = strcspn(text + 1, "`\n<>&[]\\");
		return text[1 + length] == '`' && length > 0 ? length + 2 : 0;
	}
	if (g_str_has_prefix(text, "&#")) {
		gsize digits = strspn(text + 2, "0123456789");
		return digits >= 2 && digits <= 3 && text[2 + digits] == ';' ? digits + 3 : 0;
	}
	if (g_str_has_prefix(text, "<at id=")) {
		gsize id = strspn(text + 7, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-");
		gboolean all = id == 3 && strncmp(text + 7, "all", 3) == 0;
		return id > 0 && !all && g_str_has_prefix(text + 7 + id, "></at>") ? 7 + id + 6 : 0;
	}
	return 0;
}

static gboolean is_plain_at(const char *at, gboolean line_start)
{
	if (strchr("&<>*~_[]()#:+-!\"'$\\/|`", *at))
		return FALSE;
	if (!line_start)
		return TRUE;
	gsize digits = strspn(at, "0123456789");
	return *at != '=' && *at != ' ' && *at != '\t' && !(digits > 0 && at[digits] == '.');
}

/* CommonMark: a "**" opens before and closes after what is neither blank nor punctuation, or all around it is. */
static gboolean is_bold_sound(const char *markdown, const char *mark, gboolean closes)
{
	const char *inner = closes ? g_utf8_find_prev_char(markdown, mark) : mark + 2;
	gunichar c = inner ? g_utf8_get_char(inner) : 0;
	return c != 0 && !g_unichar_isspace(c) && !g_unichar_ispunct(c);
}

char *feishu_markdown_problem(const char *markdown)
{
	gboolean line_start = TRUE, bold = FALSE;
	for (const char *at = markdown; *at;) {
		gsize mark = mark_length(at, line_start);
		gboolean is_bold = mark == 2 && g_str_has_prefix(at, "**");
		if (is_bold && !is_bold_sound(markdown, at, bold))
			return g_strdup_printf("bold that is none: '%.40s'", at);
		bold = is_bold ? !bold : bold;
		if (mark == 0 && *at != '\n' && !is_plain_at(at, line_start))
			return g_strdup_printf("forged: '%.40s'", at);
		if (*at == '\n' && bold)
			return g_strdup("bold over a line's end");
		line_start = *at == '\n' || (line_start && g_str_has_prefix(at, "- "));
		at = mark > 0 ? at + mark : g_utf8_next_char(at);
	}
	return bold ? g_strdup("bold without an end") : NULL;
}
