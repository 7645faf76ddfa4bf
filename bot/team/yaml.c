/* SPDX-License-Identifier: MIT */
#include "team/yaml.h"

/* Far beyond any honest file, near enough that the worst one is read in no time. */
enum { DEPTH_LIMIT = 32, ANCHOR_LIMIT = 2000, NODE_LIMIT = 200000 };

/* The place of a byte of the text; columns count characters. */
static struct yaml_place place_of(const char *text, gsize offset)
{
	struct yaml_place place = { 1, 1 };
	for (gsize i = 0; i < offset; i++) {
		if (text[i] == '\n') {
			place.line++;
			place.column = 1;
		} else if (((guchar)text[i] & 0xc0) != 0x80) {
			place.column++;
		}
	}
	return place;
}

static struct yaml_place place_of_mark(const yaml_mark_t *mark)
{
	return (struct yaml_place){ mark->line + 1, mark->column + 1 };
}

/* What can be told before libyaml looks, and better. */
static char *look(const char *text, gsize length, struct yaml_place *place)
{
	const char *bad = NULL;
	*place = (struct yaml_place){ 0, 0 };
	if (length > YAML_FILE_LIMIT_BYTES)
		return g_strdup_printf("is larger than %d KiB", YAML_FILE_LIMIT_BYTES / 1024);
	if (length == 0)
		return g_strdup("is empty");
	if (g_utf8_validate_len(text, length, &bad))
		return NULL;
	*place = place_of(text, (gsize)(bad - text));
	return g_strdup(
		*bad ? "is not UTF-8 from here; save the file as UTF-8" : "a NUL byte; is this a text file?");
}

/* The line that a mark points into, for hints. */
static char *line_at(const char *text, gsize length, const yaml_mark_t *mark)
{
	const char *end = text + length;
	for (size_t i = 0; i < mark->line && text < end; i++) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		text = newline ? newline + 1 : end;
	}
	const char *newline = memchr(text, '\n', (size_t)(end - text));
	return g_strndup(text, (gsize)((newline ? newline : end) - text));
}

static gboolean has_tab_indent(const char *line)
{
	return line[strspn(line, " ")] == '\t';
}

/* The character at a mark, when libyaml found that no value may begin with it. */
static char bad_start(const yaml_parser_t *parser, const char *problem, const char *line)
{
	glong column = (glong)parser->problem_mark.column;
	if (!strstr(problem, "cannot start any token") || column >= g_utf8_strlen(line, -1))
		return '\0';
	char found = *g_utf8_offset_to_pointer(line, column);
	return strchr("@`%", found) ? found : '\0';
}

static char *explain(const yaml_parser_t *parser, const char *text, gsize length)
{
	const char *problem = parser->problem ? parser->problem : "cannot be read";
	g_autofree char *line = line_at(text, length, &parser->problem_mark);
	char start = bad_start(parser, problem, line);
	if (has_tab_indent(line))
		return g_strdup("a tab indents this line; use spaces");
	if (start)
		return g_strdup_printf(
			"a value that begins with %c must stand in quotes: \"%c…\"", start, start);
	if (parser->context)
		return g_strdup_printf("not valid YAML: %s, %s (which begins in line %zu)", problem,
			parser->context, parser->context_mark.line + 1);
	return g_strdup_printf("not valid YAML: %s", problem);
}

static char *parser_reason(
	const yaml_parser_t *parser, const char *text, gsize length, struct yaml_place *place)
{
	if (parser->error == YAML_READER_ERROR) {
		*place = place_of(text, MIN(parser->problem_offset, length));
		return g_strdup_printf("not valid YAML: %s", parser->problem);
	}
	if (parser->error == YAML_MEMORY_ERROR) {
		*place = (struct yaml_place){ 0, 0 };
		return g_strdup("nests too deep");
	}
	*place = place_of_mark(&parser->problem_mark);
	return explain(parser, text, length);
}

static void start(yaml_parser_t *parser, const char *text, gsize length)
{
	if (!yaml_parser_initialize(parser))
		g_error("out of memory");
	yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(parser, (const unsigned char *)text, length);
}

/* What the events of a file have come to so far. */
struct survey {
	int depth, documents, anchors, nodes;
};

static char *count_event(struct survey *survey, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SEQUENCE_START_EVENT:
		survey->depth++;
		survey->nodes++;
		survey->anchors += event->data.sequence_start.anchor != NULL;
		break;
	case YAML_MAPPING_START_EVENT:
		survey->depth++;
		survey->nodes++;
		survey->anchors += event->data.mapping_start.anchor != NULL;
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		survey->depth--;
		break;
	case YAML_SCALAR_EVENT:
		survey->nodes++;
		survey->anchors += event->data.scalar.anchor != NULL;
		break;
	case YAML_ALIAS_EVENT:
		survey->nodes++;
		survey->anchors++;
		break;
	case YAML_DOCUMENT_START_EVENT:
		survey->documents++;
		break;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		break;
	}
	if (survey->documents > 1)
		return g_strdup("a second document begins here ('---'); one file holds one");
	if (survey->depth > DEPTH_LIMIT)
		return g_strdup_printf("nests deeper than %d levels", DEPTH_LIMIT);
	if (survey->anchors > ANCHOR_LIMIT)
		return g_strdup_printf("has more than %d anchors and aliases", ANCHOR_LIMIT);
	return survey->nodes > NODE_LIMIT ? g_strdup_printf("has more than %d values", NODE_LIMIT) : NULL;
}

/*
 * Reads the file once as events, before the tree is made: libyaml's work grows with the square of the depth of [ and {
 * and of the number of anchors, so both are bounded here, where a file can still be left half read.
 */
static char *survey_reason(const char *text, gsize length, struct yaml_place *place)
{
	yaml_parser_t parser;
	struct survey survey = { 0 };
	char *reason = NULL;
	gboolean more = TRUE;
	start(&parser, text, length);
	while (more && !reason) {
		yaml_event_t event;
		if (!yaml_parser_parse(&parser, &event)) {
			reason = parser_reason(&parser, text, length, place);
			break;
		}
		*place = place_of_mark(&event.start_mark);
		reason = count_event(&survey, &event);
		more = event.type != YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return reason;
}

struct yaml_file *yaml_file_parse(const char *text, gsize length, struct yaml_place *place, char **reason)
{
	yaml_parser_t parser;
	*reason = look(text, length, place);
	if (!*reason)
		*reason = survey_reason(text, length, place);
	if (*reason)
		return NULL;
	start(&parser, text, length);
	struct yaml_file *file = g_new0(struct yaml_file, 1);
	if (!yaml_parser_load(&parser, &file->document)) {
		*reason = parser_reason(&parser, text, length, place);
		g_clear_pointer(&file, g_free); /* libyaml has deleted the half-made document */
	} else {
		file->root = yaml_document_get_root_node(&file->document);
	}
	yaml_parser_delete(&parser);
	if (file && !file->root) {
		*reason = g_strdup("is empty");
		*place = (struct yaml_place){ 0, 0 };
		g_clear_pointer(&file, yaml_file_free);
	}
	return file;
}

void yaml_file_free(struct yaml_file *file)
{
	if (!file)
		return;
	yaml_document_delete(&file->document);
	g_free(file);
}

struct yaml_place yaml_place(const yaml_node_t *node)
{
	return place_of_mark(&node->start_mark);
}

const char *yaml_noun(const yaml_node_t *node)
{
	switch (node->type) {
	case YAML_SCALAR_NODE:
		return "a text";
	case YAML_SEQUENCE_NODE:
		return "a list";
	case YAML_MAPPING_NODE:
		return "a section";
	case YAML_NO_NODE:
		break;
	}
	return "nothing";
}

const char *yaml_scalar(const yaml_node_t *node)
{
	if (node->type != YAML_SCALAR_NODE)
		return NULL;
	const char *text = (const char *)node->data.scalar.value; /* libyaml ends it with a NUL */
	return strlen(text) == node->data.scalar.length ? text : NULL;
}

gboolean yaml_is_null(const yaml_node_t *node)
{
	if (node->type != YAML_SCALAR_NODE || node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		return FALSE;
	const char *text = (const char *)node->data.scalar.value;
	return !*text || strcmp(text, "~") == 0 || strcmp(text, "null") == 0;
}

size_t yaml_count(const yaml_node_t *node)
{
	if (node->type == YAML_SEQUENCE_NODE)
		return (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
	if (node->type == YAML_MAPPING_NODE)
		return (size_t)(node->data.mapping.pairs.top - node->data.mapping.pairs.start);
	return 0;
}

static const yaml_node_t *node_at(const struct yaml_file *file, int index)
{
	return yaml_document_get_node((yaml_document_t *)&file->document, index); /* it only reads */
}

const yaml_node_t *yaml_item(const struct yaml_file *file, const yaml_node_t *list, size_t index)
{
	return node_at(file, list->data.sequence.items.start[index]);
}

void yaml_pair(const struct yaml_file *file, const yaml_node_t *section, size_t index,
	const yaml_node_t **key, const yaml_node_t **value)
{
	const yaml_node_pair_t *pair = &section->data.mapping.pairs.start[index];
	*key = node_at(file, pair->key);
	*value = node_at(file, pair->value);
}

const yaml_node_t *yaml_member(const struct yaml_file *file, const yaml_node_t *section, const char *key)
{
	if (section->type != YAML_MAPPING_NODE)
		return NULL;
	for (size_t i = 0; i < yaml_count(section); i++) {
		const yaml_node_t *name, *value;
		yaml_pair(file, section, i, &name, &value);
		if (g_strcmp0(yaml_scalar(name), key) == 0)
			return value;
	}
	return NULL;
}
