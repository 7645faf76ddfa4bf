/* SPDX-License-Identifier: MIT */
/* What the platform refuses in a card (protocols/feishu.md 9). Of schema 1.0 nearly nothing: there the unknown is ignored. */
#include "sandbox/feishu/card.h"

#include "sandbox/feishu/ident.h"
#include "sandbox/files.h"

enum {
	MOST_ELEMENTS = 200, MOST_LEVELS = 5, MOST_TABLES = 5, MOST_COLUMNS = 50, MOST_PAGE = 10, MOST_LABEL = 100, MOST_INPUT = 1000,
	MOST_TAGS = 3
};

enum card_error {
	ERROR_PERSON = 100290, ERROR_LIMIT = 11310, ERROR_TEMPLATE = 200380, ERROR_NAME = 200530, ERROR_CHART = 200550, ERROR_IMAGE = 200570,
	ERROR_JSON = 200621, ERROR_TAG = 200861, ERROR_COLUMNS = 200914, ERROR_ROW = 200915
};

/* One card under examination. */
struct exam {
	const struct tenant *tenant;
	GHashTable *names, *ids; /* names of components, element_ids; borrowed texts */
	guint elements, tables;
	int code;
	char *why;
};

/* Where a component stands. */
struct place {
	const cJSON *form; /* around it; NULL: none */
	gboolean root;
	guint level; /* of containers around it */
};

/* Latches the first fault. Always FALSE. */
static gboolean fault(struct exam *exam, int code, const char *format, ...) G_GNUC_PRINTF(3, 4);
static gboolean fault(struct exam *exam, int code, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	if (!exam->code) {
		exam->code = code;
		exam->why = g_strdup_vprintf(format, args);
	}
	va_end(args);
	return FALSE;
}

static gboolean is_one_of(const char *text, const char *words)
{
	g_auto(GStrv) list = g_strsplit(words, " ", -1);
	return g_strv_contains((const char *const *)list, text);
}

static const char *text_or(const cJSON *object, const char *key, const char *fallback)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
	return cJSON_IsString(item) ? item->valuestring : fallback;
}

/* An unknown member is an error in 2.0. */
static gboolean check_members(struct exam *exam, const cJSON *object, const char *known, const char *more, const char *what)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, object)
	{
		if (!is_one_of(item->string, known) && !is_one_of(item->string, more))
			return fault(exam, ERROR_JSON, "unknown property, property: %s of %s", item->string, what);
	}
	return TRUE;
}

/* ---- texts ---- */

static gboolean is_person(const struct exam *exam, const char *id)
{
	static const char *const types[] = { "open_id", "union_id", "user_id" };
	for (guint i = 0; i < G_N_ELEMENTS(types); i++) {
		const struct member *member = ident_member(exam->tenant->sb->room, types[i], id);
		if (member && !member->is_bot)
			return TRUE;
	}
	return FALSE;
}

static gboolean check_ids(struct exam *exam, char *value)
{
	g_auto(GStrv) ids = g_strsplit(g_strstrip(g_strdelimit(value, "\"'/", ' ')), ",", -1);
	for (char **id = ids; *id; id++) {
		if (!g_str_equal(*id, "all") && !is_person(exam, *id))
			return fault(exam, ERROR_PERSON, "invalid user resource, at or person: %s", *id);
	}
	return TRUE;
}

/* <at id=…>, <at ids=…>, <person id=…>. */
static gboolean check_mentions(struct exam *exam, const char *content)
{
	static const char *const openings[] = { "<at id=", "<at ids=", "<person id=" };
	for (guint i = 0; i < G_N_ELEMENTS(openings); i++) {
		for (const char *at = strstr(content, openings[i]); at; at = strstr(at + 1, openings[i])) {
			const char *from = at + strlen(openings[i]);
			g_autofree char *value = g_strndup(from, strcspn(from, i == 2 ? "> " : ">"));
			if (!check_ids(exam, value))
				return FALSE;
		}
	}
	return TRUE;
}

/* A bare address swallows the Chinese text glued to it, and is no address any more (10). */
static gboolean check_links(struct exam *exam, const char *content)
{
	for (const char *at = strstr(content, "http"); at; at = strstr(at + 1, "http")) {
		if (!g_str_has_prefix(at, "http://") && !g_str_has_prefix(at, "https://"))
			continue;
		if (at > content && strchr("(\"'=", at[-1]))
			continue;
		gsize length = strcspn(at, " \n\t)<]");
		for (gsize i = 0; i < length; i++) {
			if ((guchar)at[i] >= 0x80)
				return fault(exam, ERROR_JSON, "invalid link: %.*s", (int)MIN(length, 60), at);
		}
	}
	return TRUE;
}

/* Tables in Markdown count as tables: a line of |, -, : and spaces with both of the first. */
static guint count_tables(const char *content)
{
	g_auto(GStrv) lines = g_strsplit(content, "\n", -1);
	guint n = 0;
	for (char **line = lines; *line; line++) {
		const char *text = g_strstrip(*line);
		n += *text && strspn(text, "|-: ") == strlen(text) && strchr(text, '|') && strstr(text, "--");
	}
	return n;
}

static gboolean check_markdown(struct exam *exam, const char *content)
{
	exam->tables += count_tables(content);
	return check_mentions(exam, content) && check_links(exam, content);
}

/* {tag: plain_text or lark_md, content}; absent is fine. most: characters; 0: any number. */
static gboolean check_text(struct exam *exam, const cJSON *owner, const char *key, glong most)
{
	const cJSON *text = cJSON_GetObjectItemCaseSensitive(owner, key);
	if (!text)
		return TRUE;
	const char *tag = text_or(text, "tag", ""), *content = text_or(text, "content", NULL);
	if (!is_one_of(tag, "plain_text lark_md markdown") || !*tag || !content)
		return fault(exam, ERROR_JSON, "%s of %s is no text object", key, text_or(owner, "tag", "card"));
	if (!check_members(exam, text, "tag content i18n_content text_size text_color text_align lines element_id icon", "margin", "text"))
		return FALSE;
	if (most && g_utf8_strlen(content, -1) > most)
		return fault(exam, ERROR_JSON, "%s of %s is longer than %ld characters", key, text_or(owner, "tag", ""), most);
	exam->elements++;
	return g_str_equal(tag, "plain_text") || check_markdown(exam, content);
}

/* ---- components ---- */

static gboolean check_elements(struct exam *exam, const cJSON *elements, struct place place);

static gboolean check_markdown_component(struct exam *exam, const cJSON *element, struct place place)
{
	(void)place;
	const char *content = text_or(element, "content", NULL);
	return content ? check_markdown(exam, content) : fault(exam, ERROR_JSON, "markdown without content");
}

static gboolean check_div(struct exam *exam, const cJSON *element, struct place place)
{
	(void)place;
	const cJSON *field;
	cJSON_ArrayForEach(field, cJSON_GetObjectItemCaseSensitive(element, "fields"))
	{
		if (!check_text(exam, field, "text", 0))
			return FALSE;
	}
	return check_text(exam, element, "text", 0);
}

static gboolean check_img(struct exam *exam, const cJSON *element, struct place place)
{
	(void)place;
	const char *key = text_or(element, "img_key", "");
	g_autofree char *id = ident_file_of_key(key);
	const struct file *file = files_find(exam->tenant->sb->files, id);
	if (!file || file->owner != exam->tenant->sb->room->bot)
		return fault(exam, ERROR_IMAGE, "the image key is not this app's: %s", key);
	return check_text(exam, element, "alt", 0) && check_text(exam, element, "title", 0);
}

static gboolean check_column_set(struct exam *exam, const cJSON *element, struct place place)
{
	const cJSON *column, *columns = cJSON_GetObjectItemCaseSensitive(element, "columns");
	if (!cJSON_IsArray(columns))
		return fault(exam, ERROR_JSON, "column_set without columns");
	place.root = FALSE;
	cJSON_ArrayForEach(column, columns)
	{
		exam->elements++;
		if (!g_str_equal(text_or(column, "tag", ""), "column"))
			return fault(exam, ERROR_JSON, "only a column stands in a column_set");
		if (!check_members(exam, column, "tag element_id width weight elements background_style vertical_align horizontal_align action",
			    "vertical_spacing horizontal_spacing padding margin direction", "column"))
			return FALSE;
		if (!check_elements(exam, cJSON_GetObjectItemCaseSensitive(column, "elements"), place))
			return FALSE;
	}
	return TRUE;
}

static gboolean check_container(struct exam *exam, const cJSON *element, struct place place)
{
	place.root = FALSE;
	const cJSON *header = cJSON_GetObjectItemCaseSensitive(element, "header");
	return (!header || check_text(exam, header, "title", 0)) &&
	       check_elements(exam, cJSON_GetObjectItemCaseSensitive(element, "elements"), place);
}

static gboolean check_row(struct exam *exam, const cJSON *row, GHashTable *columns)
{
	const cJSON *cell;
	cJSON_ArrayForEach(cell, row)
	{
		if (!g_hash_table_contains(columns, cell->string))
			return fault(exam, ERROR_ROW, "table rows have a key that is no column: %s", cell->string);
	}
	return TRUE;
}

static gboolean check_table(struct exam *exam, const cJSON *element, struct place place)
{
	(void)place;
	const cJSON *columns = cJSON_GetObjectItemCaseSensitive(element, "columns"), *item;
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
	exam->tables++;
	cJSON_ArrayForEach(item, columns)
	{
		const char *name = text_or(item, "name", "");
		if (!*name || !g_hash_table_add(names, (gpointer)name))
			return fault(exam, ERROR_COLUMNS, "a table's column has no name of its own");
		if (!is_one_of(text_or(item, "data_type", "text"), "text lark_md markdown options number persons date"))
			return fault(exam, ERROR_COLUMNS, "a table's column has an unknown data_type");
		if (!check_members(exam, item, "name display_name data_type width horizontal_align vertical_align format date_format", "", "column"))
			return FALSE;
	}
	if (!cJSON_GetArraySize(columns) || cJSON_GetArraySize(columns) > MOST_COLUMNS)
		return fault(exam, ERROR_COLUMNS, "a table has 1 to 50 columns");
	int64_t page = json_int_or(element, "page_size", 5);
	if (page < 1 || page > MOST_PAGE)
		return fault(exam, ERROR_JSON, "page_size is 1 to 10");
	cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(element, "rows"))
	{
		if (!check_row(exam, item, names))
			return FALSE;
	}
	return TRUE;
}

static gboolean check_chart(struct exam *exam, const cJSON *element, struct place place)
{
	const cJSON *spec = cJSON_GetObjectItemCaseSensitive(element, "chart_spec"), *data = cJSON_GetObjectItemCaseSensitive(spec, "data");
	if (place.form)
		return fault(exam, ERROR_JSON, "no chart inside a form");
	return (*text_or(spec, "type", "") && (cJSON_IsObject(data) || cJSON_IsArray(data))) ||
	       fault(exam, ERROR_CHART, "chart_spec has no type or no data");
}

static gboolean has_submit(const cJSON *tree)
{
	const cJSON *child;
	if (g_str_equal(text_or(tree, "form_action_type", ""), "submit"))
		return TRUE;
	cJSON_ArrayForEach(child, tree)
	{
		if ((cJSON_IsObject(child) || cJSON_IsArray(child)) && has_submit(child))
			return TRUE;
	}
	return FALSE;
}

static gboolean check_form(struct exam *exam, const cJSON *element, struct place place)
{
	if (!place.root)
		return fault(exam, ERROR_JSON, "a form stands at the root alone");
	if (!*text_or(element, "name", "") || !g_hash_table_add(exam->names, (gpointer)text_or(element, "name", "")))
		return fault(exam, ERROR_NAME, "a form has no name of its own");
	if (!has_submit(element))
		return fault(exam, ERROR_JSON, "a form holds no submit button");
	place.form = element;
	return check_container(exam, element, place);
}

/* ---- what people use ---- */

static gboolean check_behaviors(struct exam *exam, const cJSON *element)
{
	const cJSON *behavior;
	cJSON_ArrayForEach(behavior, cJSON_GetObjectItemCaseSensitive(element, "behaviors"))
	{
		const char *type = text_or(behavior, "type", "");
		if (g_str_equal(type, "callback") || g_str_equal(type, "form_action"))
			continue;
		if (!g_str_equal(type, "open_url"))
			return fault(exam, ERROR_JSON, "unknown behavior '%s'", type);
		if (!g_str_has_prefix(text_or(behavior, "default_url", ""), "http"))
			return fault(exam, ERROR_JSON, "open_url without default_url");
	}
	return TRUE;
}

static gboolean check_options(struct exam *exam, const cJSON *element, gboolean with_text)
{
	const cJSON *option;
	cJSON_ArrayForEach(option, cJSON_GetObjectItemCaseSensitive(element, "options"))
	{
		if (!text_or(option, "value", NULL))
			return fault(exam, ERROR_JSON, "an option's value is a text");
		if (with_text && !(cJSON_HasObjectItem(option, "text") && check_text(exam, option, "text", MOST_LABEL)))
			return fault(exam, ERROR_JSON, "an option has no text");
	}
	return TRUE;
}

/* In a form each has a name of its own; elsewhere one that it has is its own too. */
static gboolean check_name(struct exam *exam, const cJSON *element, struct place place)
{
	const char *name = text_or(element, "name", "");
	if (!*name && place.form)
		return fault(exam, ERROR_NAME, "a %s in a form has no name", text_or(element, "tag", ""));
	return !*name || g_hash_table_add(exam->names, (gpointer)name) || fault(exam, ERROR_NAME, "the name '%s' stands twice", name);
}

static gboolean check_interactive(struct exam *exam, const cJSON *element, struct place place)
{
	return check_name(exam, element, place) && check_behaviors(exam, element) && check_text(exam, element, "placeholder", MOST_LABEL) &&
	       check_text(exam, element, "text", MOST_LABEL) && check_text(exam, element, "label", 0);
}

static gboolean check_button(struct exam *exam, const cJSON *element, struct place place)
{
	const char *action = text_or(element, "form_action_type", "");
	if (!is_one_of(text_or(element, "type", "default"),
		    "default primary danger text primary_text danger_text primary_filled danger_filled laser"))
		return fault(exam, ERROR_JSON, "unknown type of button");
	if (*action && !is_one_of(action, "submit reset"))
		return fault(exam, ERROR_JSON, "form_action_type is submit or reset");
	return check_interactive(exam, element, place);
}

static gboolean check_input(struct exam *exam, const cJSON *element, struct place place)
{
	int64_t most = json_int_or(element, "max_length", MOST_INPUT);
	if (most < 1 || most > MOST_INPUT)
		return fault(exam, ERROR_JSON, "max_length is 1 to 1000");
	if (!is_one_of(text_or(element, "input_type", "text"), "text multiline_text password"))
		return fault(exam, ERROR_JSON, "unknown input_type");
	return check_interactive(exam, element, place);
}

static gboolean check_select(struct exam *exam, const cJSON *element, struct place place)
{
	gboolean person = g_str_has_suffix(text_or(element, "tag", ""), "_person");
	if (!person && !cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(element, "options")))
		return fault(exam, ERROR_JSON, "a select has no options");
	return check_options(exam, element, !person) && check_interactive(exam, element, place);
}

static gboolean check_multi_select(struct exam *exam, const cJSON *element, struct place place)
{
	return place.form ? check_select(exam, element, place) : fault(exam, ERROR_JSON, "a multi-select stands in a form alone");
}

static gboolean check_person(struct exam *exam, const cJSON *element, struct place place)
{
	(void)place;
	gboolean dropped = json_bool_or(element, "drop_invalid_user_id", FALSE);
	const cJSON *person;
	if (cJSON_HasObjectItem(element, "user_id") && !dropped && !is_person(exam, text_or(element, "user_id", "")))
		return fault(exam, ERROR_PERSON, "invalid user resource, person");
	cJSON_ArrayForEach(person, cJSON_GetObjectItemCaseSensitive(element, "persons"))
	{
		if (!dropped && !is_person(exam, text_or(person, "id", "")))
			return fault(exam, ERROR_PERSON, "invalid user resource, person_list");
	}
	return TRUE;
}

/* ---- the table of components ---- */

#define SELECT_MEMBERS "type placeholder options initial_option initial_index selected_values value behaviors name required width " \
		       "disabled disabled_tips confirm"
#define PICKER_MEMBERS "placeholder initial_date initial_time initial_datetime value behaviors name required width disabled " \
		       "disabled_tips confirm"
#define BOX_MEMBERS "elements direction padding vertical_spacing horizontal_spacing vertical_align horizontal_align"

static const struct component {
	const char *tag, *members;
	gboolean (*check)(struct exam *exam, const cJSON *element, struct place place);
	gboolean container, root_only;
} components[] = {
	{ "markdown", "content i18n_content text_align text_size icon", .check = check_markdown_component },
	{ "div", "text fields icon width extra", .check = check_div },
	{ .tag = "hr", .members = "" },
	{ "img", "img_key i18n_img_key alt title scale_type size preview corner_radius transparent", .check = check_img },
	{ "column_set", "columns flex_mode background_style horizontal_spacing horizontal_align action", .check = check_column_set, .container = TRUE },
	{ "table", "columns rows page_size row_height row_max_height header_style freeze_first_column", .check = check_table, .root_only = TRUE },
	{ "chart", "chart_spec aspect_ratio height color_theme preview", .check = check_chart },
	{ "form", "name confirm " BOX_MEMBERS, .check = check_form, .container = TRUE, .root_only = TRUE },
	{ "input", "name label label_position placeholder default_value i18n_default_value max_length input_type show_icon rows auto_resize "
		   "max_rows required width disabled disabled_tips value behaviors confirm fallback", .check = check_input },
	{ "button", "text type size width icon disabled disabled_tips hover_tips confirm behaviors name form_action_type required value",
		.check = check_button },
	{ "select_static", SELECT_MEMBERS, .check = check_select },
	{ "select_person", SELECT_MEMBERS, .check = check_select },
	{ "multi_select_static", SELECT_MEMBERS, .check = check_multi_select },
	{ "multi_select_person", SELECT_MEMBERS, .check = check_multi_select },
	{ "date_picker", PICKER_MEMBERS, .check = check_interactive },
	{ "picker_time", PICKER_MEMBERS, .check = check_interactive },
	{ "picker_datetime", PICKER_MEMBERS, .check = check_interactive },
	{ "select_img", "options multi_select layout aspect_ratio can_preview style name required value behaviors disabled disabled_tips",
		.check = check_interactive },
	{ "checker", "text name checked overall_checkable button_area checked_style value behaviors disabled disabled_tips hover_tips confirm",
		.check = check_interactive },
	{ "overflow", "options width value behaviors confirm name", .check = check_interactive },
	{ "collapsible_panel", "header expanded border background_color " BOX_MEMBERS, .check = check_container, .container = TRUE },
	{ "interactive_container", "behaviors width height background_style has_border border_color corner_radius disabled confirm hover_tips "
				   "value " BOX_MEMBERS, .check = check_container, .container = TRUE },
	{ "person", "user_id size style show_avatar show_name drop_invalid_user_id", .check = check_person },
	{ "person_list", "persons lines size style show_avatar show_name drop_invalid_user_id icon", .check = check_person },
};

static const struct component *find_component(const char *tag)
{
	for (guint i = 0; i < G_N_ELEMENTS(components); i++) {
		if (g_str_equal(components[i].tag, tag))
			return &components[i];
	}
	return NULL;
}

static gboolean is_element_id(const char *id)
{
	gsize length = strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
	return g_ascii_isalpha(*id) && id[length] == '\0' && length <= 20;
}

static gboolean check_element(struct exam *exam, const cJSON *element, struct place place)
{
	const char *tag = text_or(element, "tag", ""), *id = text_or(element, "element_id", NULL);
	const struct component *component = find_component(tag);
	exam->elements++;
	if (!component)
		return is_one_of(tag, "note action") ?
			       fault(exam, ERROR_TAG, "cards of schema V2 no longer support this capability; unsupported tag %s", tag) :
			       fault(exam, ERROR_JSON, "not support tag: %s", tag);
	if (component->root_only && !place.root)
		return fault(exam, ERROR_JSON, "a %s stands at the root alone", tag);
	if (id && (!is_element_id(id) || !g_hash_table_add(exam->ids, (gpointer)id)))
		return fault(exam, ERROR_JSON, "element_id '%s' is wrong or stands twice", id);
	if (!check_members(exam, element, component->members, "tag element_id margin", tag))
		return FALSE;
	place.level += component->container ? 1 : 0;
	if (place.level > MOST_LEVELS)
		return fault(exam, ERROR_LIMIT, "more than 5 levels of containers");
	return !component->check || component->check(exam, element, place);
}

static gboolean check_elements(struct exam *exam, const cJSON *elements, struct place place)
{
	const cJSON *element;
	if (elements && !cJSON_IsArray(elements))
		return fault(exam, ERROR_JSON, "elements is no array");
	cJSON_ArrayForEach(element, elements)
	{
		if (!check_element(exam, element, place))
			return FALSE;
	}
	return TRUE;
}

/* ---- the card ---- */

static gboolean check_header(struct exam *exam, const cJSON *header)
{
	if (!header)
		return TRUE;
	if (!check_members(exam, header, "title subtitle template text_tag_list i18n_text_tag_list icon padding", "", "header"))
		return FALSE;
	if (!is_one_of(text_or(header, "template", "default"),
		    "blue wathet turquoise green yellow orange red carmine violet purple indigo grey default"))
		return fault(exam, ERROR_JSON, "unknown template of header");
	if (cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(header, "text_tag_list")) > MOST_TAGS)
		return fault(exam, ERROR_JSON, "more than 3 tags in the header");
	return check_text(exam, header, "title", 0) && check_text(exam, header, "subtitle", 0);
}

static gboolean check_second(struct exam *exam, const cJSON *card)
{
	const cJSON *body = cJSON_GetObjectItemCaseSensitive(card, "body"), *config = cJSON_GetObjectItemCaseSensitive(card, "config");
	if (!check_members(exam, card, "schema config header body card_link fallback", "", "card") ||
		!check_members(exam, config,
			"update_multi summary locales enable_forward enable_forward_interaction style width_mode use_custom_translation",
			"streaming_mode streaming_config", "config") ||
		!check_members(exam, body, "elements direction padding vertical_spacing horizontal_spacing", "horizontal_align vertical_align", "body"))
		return FALSE;
	if (cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(config, "update_multi")))
		return fault(exam, ERROR_JSON, "update_multi is always true in schema 2.0");
	if (!check_header(exam, cJSON_GetObjectItemCaseSensitive(card, "header")))
		return FALSE;
	if (!check_elements(exam, cJSON_GetObjectItemCaseSensitive(body, "elements"), (struct place){ .root = TRUE }))
		return FALSE;
	if (exam->elements > MOST_ELEMENTS)
		return fault(exam, ERROR_LIMIT, "element exceeds the limit");
	return exam->tables <= MOST_TABLES || fault(exam, ERROR_LIMIT, "card table number over limit");
}

static gboolean check_first(struct exam *exam, const cJSON *card)
{
	const cJSON *elements = cJSON_GetObjectItemCaseSensitive(card, "elements");
	if (elements && !cJSON_IsArray(elements))
		return fault(exam, ERROR_JSON, "elements is no array");
	return !cJSON_HasObjectItem(card, "body") || fault(exam, ERROR_JSON, "a body without schema 2.0");
}

static gboolean check_card(struct exam *exam, const cJSON *card)
{
	const char *schema = text_or(card, "schema", "1.0");
	if (!cJSON_IsObject(card))
		return fault(exam, ERROR_JSON, "parse card json err");
	if (is_one_of(text_or(card, "type", ""), "template card"))
		return fault(exam, ERROR_TEMPLATE, "template does not exist");
	if (g_str_equal(schema, "2.0"))
		return check_second(exam, card);
	return g_str_equal(schema, "1.0") ? check_first(exam, card) : fault(exam, ERROR_JSON, "unknown schema '%s'", schema);
}

int card_check(const struct tenant *tenant, const cJSON *card, char **why)
{
	struct exam exam = { .tenant = tenant };
	exam.names = g_hash_table_new(g_str_hash, g_str_equal);
	exam.ids = g_hash_table_new(g_str_hash, g_str_equal);
	check_card(&exam, card);
	g_hash_table_unref(exam.names);
	g_hash_table_unref(exam.ids);
	*why = exam.why;
	return exam.code;
}
