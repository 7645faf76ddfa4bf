/* SPDX-License-Identifier: MIT */
#include "base/json.h"

G_DEFINE_QUARK(belltower-json, json_error)

/* Where people look for it: lines and columns from 1, columns in characters. */
static void tell_place(const char *text, const char *at, const char *what, GError **error)
{
	const char *line = text;
	unsigned number = 1;
	for (const char *p = text; p < at; p++) {
		if (*p == '\n') {
			number++;
			line = p + 1;
		}
	}
	g_set_error(error, JSON_ERROR, JSON_ERROR_SYNTAX, "%s line %u, column %ld", what, number, g_utf8_strlen(line, at - line) + 1);
}

cJSON *json_parse(const char *text, gsize length, GError **error)
{
	const char *end = NULL;
	/* A NUL inside would end cJSON's strings early, and bytes that are not UTF-8 would travel on. */
	if (!g_utf8_validate(text, (gssize)length, NULL)) {
		g_set_error(error, JSON_ERROR, JSON_ERROR_SYNTAX, "not valid UTF-8");
		return NULL;
	}
	cJSON *root = cJSON_ParseWithLengthOpts(text, length, &end, FALSE);
	if (!root) {
		tell_place(text, end ? end : text, "not valid JSON near", error);
		return NULL;
	}
	for (; end < text + length; end++) {
		if (!g_ascii_isspace(*end)) {
			cJSON_Delete(root);
			tell_place(text, end, "text after the JSON value at", error);
			return NULL;
		}
	}
	return root;
}

char *json_print(const cJSON *root)
{
	return cJSON_PrintUnformatted(root); /* cJSON allocates with malloc, which g_free frees since GLib 2.46 */
}

static cJSON *step(const cJSON *node, const char *name, gsize length)
{
	if (cJSON_IsArray(node)) {
		guint64 index;
		g_autofree char *digits = g_strndup(name, length);
		if (!g_ascii_string_to_unsigned(digits, 10, 0, G_MAXINT, &index, NULL))
			return NULL;
		return cJSON_GetArrayItem(node, (int)index);
	}
	if (!cJSON_IsObject(node))
		return NULL;
	cJSON *child;
	cJSON_ArrayForEach(child, node)
	{
		if (child->string && strncmp(child->string, name, length) == 0 && child->string[length] == '\0')
			return child;
	}
	return NULL;
}

cJSON *json_at(const cJSON *root, const char *path)
{
	const cJSON *node = root;
	while (node && *path) {
		gsize length = strcspn(path, ".");
		node = step(node, path, length);
		path += length + (path[length] == '.');
	}
	return (cJSON *)node;
}

gboolean json_text(const cJSON *root, const char *path, const char **out, GError **error)
{
	const cJSON *node = json_at(root, path);
	if (!node || cJSON_IsNull(node)) {
		g_set_error(error, JSON_ERROR, JSON_ERROR_MISSING, "'%s' is missing", path);
		return FALSE;
	}
	if (!cJSON_IsString(node)) {
		g_set_error(error, JSON_ERROR, JSON_ERROR_TYPE, "'%s' is not a string", path);
		return FALSE;
	}
	*out = node->valuestring;
	return TRUE;
}

const char *json_text_or(const cJSON *root, const char *path, const char *fallback)
{
	const cJSON *node = json_at(root, path);
	return cJSON_IsString(node) ? node->valuestring : fallback;
}

int64_t json_int_or(const cJSON *root, const char *path, int64_t fallback)
{
	const cJSON *node = json_at(root, path);
	if (!cJSON_IsNumber(node) || !(node->valuedouble >= -9007199254740992.0 && node->valuedouble <= 9007199254740992.0))
		return fallback;
	return (int64_t)node->valuedouble;
}

gboolean json_bool_or(const cJSON *root, const char *path, gboolean fallback)
{
	const cJSON *node = json_at(root, path);
	return cJSON_IsBool(node) ? cJSON_IsTrue(node) : fallback;
}

cJSON *json_array(const cJSON *root, const char *path)
{
	cJSON *node = json_at(root, path);
	return cJSON_IsArray(node) ? node : NULL;
}

cJSON *json_object(const cJSON *root, const char *path)
{
	cJSON *node = json_at(root, path);
	return cJSON_IsObject(node) ? node : NULL;
}

void json_put_text(cJSON *object, const char *key, const char *text)
{
	if (text)
		cJSON_AddStringToObject(object, key, text);
}

void json_put_int(cJSON *object, const char *key, int64_t number)
{
	cJSON_AddNumberToObject(object, key, (double)number);
}

void json_put_bool(cJSON *object, const char *key, gboolean value)
{
	cJSON_AddBoolToObject(object, key, value);
}

cJSON *json_put_object(cJSON *object, const char *key)
{
	return cJSON_AddObjectToObject(object, key);
}

cJSON *json_put_array(cJSON *object, const char *key)
{
	return cJSON_AddArrayToObject(object, key);
}

cJSON *json_push_object(cJSON *array)
{
	cJSON *object = cJSON_CreateObject();
	cJSON_AddItemToArray(array, object);
	return object;
}

void json_push_text(cJSON *array, const char *text)
{
	cJSON_AddItemToArray(array, cJSON_CreateString(text));
}
