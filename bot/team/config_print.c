/* SPDX-License-Identifier: MIT */
/* The table of keys, written out: as a JSON schema for editors, and as a part of the man page. */
#include "team/config_keys.h"

#include "base/json.h"
#include "base/roff.h"

#define VARIABLE_PATTERN "\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}"

/* ---- the schema ---- */

static cJSON *section_schema(const struct config_section *section);

static cJSON *pattern_schema(const char *pattern)
{
	cJSON *schema = cJSON_CreateObject();
	json_put_text(schema, "type", "string");
	json_put_text(schema, "pattern", pattern);
	return schema;
}

static cJSON *enum_schema(const char *const *first, const char *const *second)
{
	cJSON *schema = cJSON_CreateObject(), *list = json_put_array(schema, "enum");
	for (; first && *first; first++)
		json_push_text(list, *first);
	for (; second && *second; second++)
		json_push_text(list, *second);
	return schema;
}

/* What stands in the file, or a text with a variable in it. */
static cJSON *or_variable(cJSON *take_schema, cJSON *take_other)
{
	cJSON *schema = cJSON_CreateObject(), *list = json_put_array(schema, "anyOf");
	cJSON_AddItemToArray(list, take_schema);
	if (take_other)
		cJSON_AddItemToArray(list, take_other);
	cJSON_AddItemToArray(list, pattern_schema(VARIABLE_PATTERN));
	return schema;
}

static cJSON *text_schema(const struct config_key *key)
{
	if (key->pattern)
		return or_variable(pattern_schema(key->pattern), NULL);
	cJSON *schema = cJSON_CreateObject();
	json_put_text(schema, "type", "string");
	json_put_int(schema, "minLength", 1);
	return schema;
}

static cJSON *list_schema(cJSON *take_items, int least, int most)
{
	cJSON *schema = cJSON_CreateObject();
	json_put_text(schema, "type", "array");
	if (least > 0)
		json_put_int(schema, "minItems", least);
	json_put_int(schema, "maxItems", most);
	cJSON_AddItemToObject(schema, "items", take_items);
	return schema;
}

static cJSON *integer_schema(const struct config_key *key)
{
	cJSON *schema = cJSON_CreateObject();
	json_put_text(schema, "type", "integer");
	json_put_int(schema, "minimum", key->least);
	json_put_int(schema, "maximum", key->most);
	return or_variable(schema, NULL);
}

static cJSON *flag_schema(void)
{
	static const char *const words[] = { "on", "off", "yes", "no", NULL };
	cJSON *schema = cJSON_CreateObject();
	json_put_text(schema, "type", "boolean");
	return or_variable(schema, enum_schema(words, NULL));
}

static cJSON *words_schema(const struct config_key *key)
{
	cJSON *schema = cJSON_CreateObject(), *list = json_put_array(schema, "anyOf");
	cJSON_AddItemToArray(list, text_schema(key));
	cJSON *each = json_push_object(list), *required = json_put_array(each, "required");
	json_put_text(each, "type", "object");
	json_put_bool(each, "additionalProperties", FALSE);
	cJSON *properties = json_put_object(each, "properties");
	for (int i = 0; i < LANGUAGE_COUNT; i++) {
		const char *tag = language_tag((enum language)i);
		json_push_text(required, tag);
		cJSON_AddItemToObject(properties, tag, text_schema(key));
	}
	return schema;
}

static cJSON *minute_schema(const struct config_key *key)
{
	g_autofree char *pattern = key->most > 0 ? g_strdup_printf("^(\\+[0-%d] )?([01][0-9]|2[0-3]):[0-5][0-9]$", key->most)
						 : g_strdup("^([01][0-9]|2[0-3]):[0-5][0-9]$");
	return or_variable(pattern_schema(pattern), NULL);
}

static cJSON *inner_schema(const struct config_key *key)
{
	switch (key->type) {
	case CONFIG_TEXT:
	case CONFIG_ZONE:
	case CONFIG_RULE:
	case CONFIG_CALENDAR:
	case CONFIG_FILE:
	case CONFIG_STORE:
	case CONFIG_TYPE_COUNT:
		break;
	case CONFIG_CHOICE:
	case CONFIG_LETTER:
		return or_variable(enum_schema(key->choices, NULL), NULL);
	case CONFIG_FLAG:
		return flag_schema();
	case CONFIG_INTEGER:
		return integer_schema(key);
	case CONFIG_LANGUAGE:
		return or_variable(pattern_schema("^(zh|en)([-_].*)?$"), NULL);
	case CONFIG_SPAN:
		return or_variable(pattern_schema("^([0-9]+d|([0-9]+h)?([0-9]+m)?([0-9]+s)?)$"), NULL);
	case CONFIG_MINUTE:
		return minute_schema(key);
	case CONFIG_WORDS:
		return words_schema(key);
	case CONFIG_DAYS:
		return or_variable(enum_schema(config_days_words, calendar_weekdays),
			list_schema(enum_schema(config_days_words, calendar_weekdays), 1, 7));
	case CONFIG_TEXTS:
		return list_schema(text_schema(key), 0, key->most);
	case CONFIG_SECTION:
		return section_schema(key->section);
	case CONFIG_SECTIONS:
		return list_schema(section_schema(key->section), 1, key->most);
	}
	return text_schema(key);
}

static cJSON *key_schema(const struct config_key *key)
{
	cJSON *schema = inner_schema(key);
	cJSON_DeleteItemFromObject(schema, "description"); /* a key's own help is nearer than its section's */
	json_put_text(schema, "description", key->help);
	json_put_text(schema, "default", key->fallback);
	return schema;
}

static void put_secret_file(cJSON *properties, const struct config_key *key)
{
	g_autofree char *name = g_strconcat(key->name, "_file", NULL);
	g_autofree char *help =
		g_strdup_printf("A file that holds '%s'. A relative path starts at $CREDENTIALS_DIRECTORY "
				"under systemd, else at this file's folder.",
			key->name);
	cJSON *schema = json_put_object(properties, name);
	json_put_text(schema, "type", "string");
	json_put_int(schema, "minLength", 1);
	json_put_text(schema, "description", help);
}

/* A secret stands in NAME or in NAME_file: exactly one when it is required, else at most one. */
static void put_secret_rule(cJSON *all, const struct config_key *key)
{
	g_autofree char *file = g_strconcat(key->name, "_file", NULL);
	const char *const names[] = { key->name, file };
	cJSON *rule = json_push_object(all);
	if (!key->required) {
		cJSON *both = json_put_array(json_put_object(rule, "not"), "required");
		json_push_text(both, names[0]);
		json_push_text(both, names[1]);
		return;
	}
	cJSON *one = json_put_array(rule, "oneOf");
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		json_push_text(json_put_array(json_push_object(one), "required"), names[i]);
}

/* What must stand in a section: the keys for all (choice NULL), or those of one choice. */
static void put_required(
	cJSON *required, cJSON *rules, const struct config_section *section, const char *choice)
{
	for (size_t i = 0; i < section->count; i++) {
		const struct config_key *key = &section->keys[i];
		if (g_strcmp0(key->only, choice) != 0)
			continue;
		if (key->secret)
			put_secret_rule(rules, key);
		else if (key->required)
			json_push_text(required, key->name);
	}
}

/* Adds `allOf`, unless it is empty. */
static void put_rules(cJSON *schema, cJSON *take_rules)
{
	if (cJSON_GetArraySize(take_rules) > 0)
		cJSON_AddItemToObject(schema, "allOf", take_rules);
	else
		cJSON_Delete(take_rules);
}

/* Where the section has made this choice, the keys of others are not allowed. */
static void put_choice_rule(
	cJSON *rules, const struct config_section *section, const struct config_key *by, const char *choice)
{
	cJSON *rule = json_push_object(rules), *inner = cJSON_CreateArray();
	cJSON *chosen = json_put_object(json_put_object(rule, "if"), "properties");
	json_put_text(json_put_object(chosen, by->name), "const", choice);
	cJSON *then = json_put_object(rule, "then"), *properties = json_put_object(then, "properties");
	for (size_t i = 0; i < section->count; i++) {
		const struct config_key *key = &section->keys[i];
		if (!key->only || strcmp(key->only, choice) == 0)
			continue;
		json_put_bool(properties, key->name, FALSE);
		g_autofree char *file = g_strconcat(key->name, "_file", NULL);
		if (key->secret)
			json_put_bool(properties, file, FALSE);
	}
	put_required(json_put_array(then, "required"), inner, section, choice);
	put_rules(then, inner);
}

static cJSON *section_schema(const struct config_section *section)
{
	cJSON *schema = cJSON_CreateObject(), *rules = cJSON_CreateArray();
	json_put_text(schema, "type", "object");
	json_put_text(schema, "description", section->help);
	json_put_bool(schema, "additionalProperties", FALSE);
	cJSON *properties = json_put_object(schema, "properties");
	for (size_t i = 0; i < section->count; i++) {
		const struct config_key *key = &section->keys[i];
		cJSON_AddItemToObject(properties, key->name, key_schema(key));
		if (key->secret)
			put_secret_file(properties, key);
	}
	put_required(json_put_array(schema, "required"), rules, section, NULL);
	const struct config_key *by = section->choice ? &section->keys[section->choice] : NULL;
	for (const char *const *choice = by ? by->choices : NULL; choice && *choice; choice++)
		put_choice_rule(rules, section, by, *choice);
	put_rules(schema, rules);
	return schema;
}

char *config_schema(void)
{
	g_autoptr(cJSON) schema = cJSON_CreateObject();
	json_put_text(schema, "$schema", "https://json-schema.org/draft/2020-12/schema");
	json_put_text(schema, "title", "belltower.yaml");
	json_put_text(schema, "$comment",
		"Made from bot/team/config_keys.c by belltower_manual schema; do not edit.");
	cJSON *body = section_schema(&config_top);
	while (body->child) {
		cJSON *item = cJSON_DetachItemViaPointer(body, body->child);
		cJSON_AddItemToObject(schema, item->string, item);
	}
	cJSON_Delete(body);
	char *text = cJSON_Print(schema), *line = g_strconcat(text, "\n", NULL);
	cJSON_free(text);
	return line;
}

/* ---- the man page ---- */

static void write_note(GString *out, const struct config_key *key)
{
	if (key->only)
		g_string_append_printf(out, "For platform %s alone. ", key->only);
	if (key->required)
		g_string_append(out, "Required.\n");
	else if (key->fallback || key->absent) {
		g_string_append(out, "When absent: ");
		roff_append(out, key->fallback ? key->fallback : key->absent);
		g_string_append(out, ".\n");
	}
	if (key->secret) {
		g_string_append(out, "Or ");
		g_string_append_printf(out, "\\fB%s_file\\fR, a file that holds it.\n", key->name);
	}
}

static void write_key(GString *out, const struct config_key *key)
{
	g_string_append(out, ".TP\n\\fB");
	g_string_append_printf(out, "%s\\fR", key->name);
	if (key->example) {
		g_string_append(out, ": ");
		roff_append(out, key->example);
	}
	g_string_append_c(out, '\n');
	roff_append(out, key->help);
	g_string_append_c(out, '\n');
	write_note(out, key);
}

static void write_section(GString *out, const char *title, const struct config_section *section)
{
	g_string_append_printf(out, ".SS %s\n", title);
	if (section->help) {
		roff_append(out, section->help);
		g_string_append_c(out, '\n');
	}
	for (size_t i = 0; i < section->count; i++)
		write_key(out, &section->keys[i]);
	for (size_t i = 0; i < section->count; i++) {
		const struct config_key *key = &section->keys[i];
		if (!key->section)
			continue;
		g_autofree char *below =
			g_strdup_printf(key->type == CONFIG_SECTIONS ? "Each of %s" : "In %s", key->name);
		write_section(out, below, key->section);
	}
}

char *config_manual(void)
{
	GString *out = g_string_new(NULL);
	write_section(out, "At the top of the file", &config_top);
	return g_string_free(out, FALSE);
}
