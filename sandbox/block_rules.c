/* SPDX-License-Identifier: MIT */
#include "sandbox/block_rules.h"

static const char *const styles[] = { "primary", "danger", NULL };

static const struct rule confirm_rules[] = {
	{ "title", PLAIN, TRUE, 1, 100, .item = ANY }, { "text", TEXT, TRUE, 1, 300, .item = ANY },
	{ "confirm", PLAIN, TRUE, 1, 30, .item = ANY }, { "deny", PLAIN, TRUE, 1, 30, .item = ANY }, { 0 },
};
static const struct rule option_rules[] = {
	{ "text", TEXT, TRUE, 1, 75, .item = ANY }, { "value", STRING, TRUE, 1, 150, .item = ANY },
	{ "description", TEXT, FALSE, 1, 75, .item = ANY }, { 0 },
};
static const struct rule group_rules[] = {
	{ "label", PLAIN, TRUE, 1, 75, .item = ANY }, { "options", LIST, TRUE, 1, 100, option_rules, .item = OBJECT }, { 0 },
};

#define ACTION	    { "action_id", STRING, FALSE, 1, 255, .item = ANY }
#define CONFIRM	    { "confirm", OBJECT, FALSE, 0, 0, confirm_rules, .item = ANY }
#define PLACEHOLDER { "placeholder", PLAIN, FALSE, 1, 150, .item = ANY }

static const struct rule button_rules[] = {
	ACTION, CONFIRM, { "text", PLAIN, TRUE, 1, 75, .item = ANY }, { "value", STRING, FALSE, 0, 2000, .item = ANY },
	{ "url", STRING, FALSE, 0, 3000, .item = ANY }, { "accessibility_label", STRING, FALSE, 0, 75, .item = ANY },
	{ "style", CHOICE, FALSE, 0, 0, .words = styles, .item = ANY }, { 0 },
};
static const struct rule select_rules[] = {
	ACTION, CONFIRM, PLACEHOLDER, { "options", LIST, FALSE, 1, 100, option_rules, .item = OBJECT },
	{ "option_groups", LIST, FALSE, 1, 100, group_rules, .item = OBJECT }, { 0 },
};
static const struct rule picker_rules[] = { ACTION, CONFIRM, PLACEHOLDER, { 0 } };
static const struct rule overflow_rules[] = {
	ACTION, CONFIRM, { "options", LIST, TRUE, 1, 5, option_rules, .item = OBJECT }, { 0 },
};
static const struct rule tick_rules[] = {
	ACTION, CONFIRM, { "options", LIST, TRUE, 1, 10, option_rules, .item = OBJECT }, { 0 },
};
static const struct rule input_rules[] = {
	ACTION, PLACEHOLDER, { "initial_value", STRING, FALSE, 0, 3000, .item = ANY },
	{ "min_length", NUMBER, FALSE, 0, 3000, .item = ANY }, { "max_length", NUMBER, FALSE, 1, 3000, .item = ANY }, { 0 },
};
static const struct rule image_rules[] = {
	{ "alt_text", STRING, TRUE, 1, 2000, .item = ANY }, { "image_url", STRING, FALSE, 1, 3000, .item = ANY },
	{ "title", PLAIN, FALSE, 1, 2000, .item = ANY }, { 0 },
};

static const struct shape elements[] = {
	{ "button", button_rules, { 0 } },
	{ "static_select", select_rules, { "options", "option_groups" } },
	{ "multi_static_select", select_rules, { "options", "option_groups" } },
	{ "external_select", picker_rules, { 0 } },
	{ "multi_external_select", picker_rules, { 0 } },
	{ "users_select", picker_rules, { 0 } },
	{ "multi_users_select", picker_rules, { 0 } },
	{ "conversations_select", picker_rules, { 0 } },
	{ "multi_conversations_select", picker_rules, { 0 } },
	{ "channels_select", picker_rules, { 0 } },
	{ "multi_channels_select", picker_rules, { 0 } },
	{ "datepicker", picker_rules, { 0 } },
	{ "timepicker", picker_rules, { 0 } },
	{ "datetimepicker", picker_rules, { 0 } },
	{ "overflow", overflow_rules, { 0 } },
	{ "radio_buttons", tick_rules, { 0 } },
	{ "checkboxes", tick_rules, { 0 } },
	{ "plain_text_input", input_rules, { 0 } },
	{ "rich_text_input", input_rules, { 0 } },
	{ "email_text_input", input_rules, { 0 } },
	{ "url_text_input", input_rules, { 0 } },
	{ "number_input", input_rules, { 0 } },
	{ "image", image_rules, { "image_url", "slack_file" } },
};

/* Which elements stand where. */
static const char *const in_actions[] = { "button", "static_select", "multi_static_select", "external_select",
	"multi_external_select", "users_select", "multi_users_select", "conversations_select", "multi_conversations_select",
	"channels_select", "multi_channels_select", "datepicker", "timepicker", "datetimepicker", "overflow", "radio_buttons",
	"checkboxes", NULL };
static const char *const in_section[] = { "button", "static_select", "multi_static_select", "external_select",
	"multi_external_select", "users_select", "multi_users_select", "conversations_select", "multi_conversations_select",
	"channels_select", "multi_channels_select", "datepicker", "timepicker", "overflow", "radio_buttons", "checkboxes",
	"image", NULL };
static const char *const in_input[] = { "static_select", "multi_static_select", "external_select", "multi_external_select",
	"users_select", "multi_users_select", "conversations_select", "multi_conversations_select", "channels_select",
	"multi_channels_select", "datepicker", "timepicker", "datetimepicker", "radio_buttons", "checkboxes",
	"plain_text_input", "rich_text_input", "email_text_input", "url_text_input", "number_input", NULL };
static const char *const in_context[] = { "image", "plain_text", "mrkdwn", NULL };

#define BLOCK_ID { "block_id", STRING, FALSE, 1, 255, .item = ANY }

static const struct rule field_rules[] = { { "", TEXT, FALSE, 1, 2000, .item = ANY }, { 0 } };
static const struct rule section_rules[] = {
	BLOCK_ID, { "text", TEXT, FALSE, 1, 3000, .item = ANY }, { "fields", LIST, FALSE, 1, 10, field_rules, .item = TEXT },
	{ "accessory", ELEMENT, FALSE, 0, 0, .words = in_section, .item = ANY }, { 0 },
};
static const struct rule header_rules[] = { BLOCK_ID, { "text", PLAIN, TRUE, 1, 150, .item = ANY }, { 0 } };
static const struct rule divider_rules[] = { BLOCK_ID, { 0 } };
static const struct rule context_rules[] = {
	BLOCK_ID, { "elements", LIST, TRUE, 1, 10, .words = in_context, .item = ELEMENT }, { 0 },
};
static const struct rule actions_rules[] = {
	BLOCK_ID, { "elements", LIST, TRUE, 1, 25, .words = in_actions, .item = ELEMENT }, { 0 },
};
static const struct rule input_block_rules[] = {
	BLOCK_ID, { "label", PLAIN, TRUE, 1, 2000, .item = ANY }, { "hint", PLAIN, FALSE, 1, 2000, .item = ANY },
	{ "element", ELEMENT, TRUE, 0, 0, .words = in_input, .item = ANY }, { 0 },
};
static const struct rule image_block_rules[] = {
	BLOCK_ID, { "alt_text", STRING, TRUE, 1, 2000, .item = ANY }, { "image_url", STRING, FALSE, 1, 3000, .item = ANY },
	{ "title", PLAIN, FALSE, 1, 2000, .item = ANY }, { 0 },
};
static const struct rule markdown_rules[] = { BLOCK_ID, { "text", STRING, TRUE, 1, 12000, .item = ANY }, { 0 } };
static const struct rule rich_text_rules[] = { BLOCK_ID, { "elements", LIST, TRUE, 0, 1000, .item = ANY }, { 0 } };
static const struct rule row_rules[] = { { "", LIST, FALSE, 1, 20, .item = ANY }, { 0 } };
static const struct rule table_rules[] = {
	BLOCK_ID, { "rows", LIST, TRUE, 1, 100, row_rules, .item = LIST }, { 0 },
};

/* A chart of bars, lines or areas has series over categories; a pie has segments. */
static const char *const charts[] = { "bar", "line", "area", "pie", NULL };
static const struct rule point_rules[] = {
	{ "label", STRING, TRUE, 1, 20, .item = ANY }, { "value", ANY, TRUE, 0, 0, .item = ANY }, { 0 },
};
static const struct rule series_rules[] = {
	{ "name", STRING, TRUE, 1, 20, .item = ANY }, { "data", LIST, TRUE, 1, 20, point_rules, .item = OBJECT }, { 0 },
};
static const struct rule category_rules[] = { { "", STRING, FALSE, 1, 20, .item = ANY }, { 0 } };
static const struct rule axis_rules[] = {
	{ "categories", LIST, TRUE, 1, 20, category_rules, .item = STRING }, { "x_label", STRING, FALSE, 1, 50, .item = ANY },
	{ "y_label", STRING, FALSE, 1, 50, .item = ANY }, { 0 },
};
static const struct rule chart_rules[] = {
	{ "type", CHOICE, TRUE, 0, 0, .words = charts, .item = ANY }, { "series", LIST, FALSE, 1, 6, series_rules, .item = OBJECT },
	{ "axis_config", OBJECT, FALSE, 0, 0, axis_rules, .item = ANY }, { "segments", LIST, FALSE, 1, 6, point_rules, .item = OBJECT }, { 0 },
};
static const struct rule visualization_rules[] = {
	BLOCK_ID, { "title", STRING, TRUE, 1, 50, .item = ANY }, { "chart", OBJECT, TRUE, 0, 0, chart_rules, .item = ANY }, { 0 },
};

static const struct shape shapes[] = {
	{ "section", section_rules, { "text", "fields" } },
	{ "header", header_rules, { 0 } },
	{ "divider", divider_rules, { 0 } },
	{ "context", context_rules, { 0 } },
	{ "actions", actions_rules, { 0 } },
	{ "input", input_block_rules, { 0 } },
	{ "image", image_block_rules, { "image_url", "slack_file" } },
	{ "markdown", markdown_rules, { 0 } },
	{ "rich_text", rich_text_rules, { 0 } },
	{ "table", table_rules, { 0 } },
	{ "data_visualization", visualization_rules, { 0 } },
	{ "video", divider_rules, { 0 } },
	{ "file", divider_rules, { 0 } },
};

const struct rule block_view_rules[] = {
	{ "private_metadata", STRING, FALSE, 0, 3000, .item = ANY }, { "callback_id", STRING, FALSE, 0, 255, .item = ANY },
	{ "external_id", STRING, FALSE, 0, 255, .item = ANY }, { 0 },
};
const struct rule block_modal_rules[] = {
	{ "title", PLAIN, TRUE, 1, 24, .item = ANY }, { "submit", PLAIN, FALSE, 1, 24, .item = ANY },
	{ "close", PLAIN, FALSE, 1, 24, .item = ANY }, { 0 },
};

static const struct shape *find(const struct shape *table, gsize count, const char *type)
{
	for (gsize i = 0; i < count; i++) {
		if (g_str_equal(table[i].type, type))
			return &table[i];
	}
	return NULL;
}

const struct shape *block_shape(const char *type)
{
	return find(shapes, G_N_ELEMENTS(shapes), type);
}

const struct shape *block_element_shape(const char *type)
{
	return find(elements, G_N_ELEMENTS(elements), type);
}
