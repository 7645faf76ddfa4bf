/* SPDX-License-Identifier: MIT */
#include "sandbox/draft.h"

#include "sandbox/blocks.h"

enum { MOST_CHARACTERS = 40000, MOST_ATTACHMENTS = 100, MOST_MARKDOWN = 12000, MOST_METADATA = 16 * 1024 };

static gboolean is_given(const cJSON *item)
{
	return item && !cJSON_IsNull(item) && !(cJSON_IsString(item) && !*item->valuestring);
}

/* A copy of the tree, or the tree of the text; NULL when it is no JSON. */
static cJSON *tree_of(const cJSON *item)
{
	return cJSON_IsString(item) ? json_parse(item->valuestring, strlen(item->valuestring), NULL) :
				      cJSON_Duplicate(item, TRUE);
}

/* An empty array says: none. */
static void drop_empty(cJSON **array)
{
	if (*array && cJSON_GetArraySize(*array) == 0)
		g_clear_pointer(array, cJSON_Delete);
}

static const char *read_text(struct draft *draft, const cJSON *args)
{
	const cJSON *text = cJSON_GetObjectItemCaseSensitive(args, "text");
	const char *markdown = json_text_or(args, "markdown_text", NULL);
	draft->has_text = cJSON_IsString(text);
	if (markdown && (draft->has_text || cJSON_HasObjectItem(args, "blocks")))
		return "markdown_text_conflict";
	if (markdown && g_utf8_strlen(markdown, -1) > MOST_MARKDOWN)
		return "msg_too_long";
	const char *said = markdown ? markdown : draft->has_text ? text->valuestring : "";
	draft->has_text = draft->has_text || markdown;
	draft->truncated = g_utf8_strlen(said, -1) > MOST_CHARACTERS;
	draft->text = draft->truncated ? g_utf8_substring(said, 0, MOST_CHARACTERS) : g_strdup(said);
	return NULL;
}

static const char *read_blocks(struct draft *draft, const cJSON *args, GPtrArray *messages)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(args, "blocks");
	draft->has_blocks = is_given(item);
	if (!draft->has_blocks)
		return NULL;
	draft->blocks = tree_of(item);
	const char *error = blocks_check(draft->blocks, BLOCKS_MESSAGE, "/blocks", messages);
	if (error)
		return error;
	blocks_name(draft->blocks);
	drop_empty(&draft->blocks);
	return NULL;
}

static const char *read_attachments(struct draft *draft, const cJSON *args)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(args, "attachments");
	draft->has_attachments = is_given(item);
	draft->attachments = draft->has_attachments ? tree_of(item) : NULL;
	if (draft->has_attachments && !cJSON_IsArray(draft->attachments))
		return "invalid_attachments";
	if (cJSON_GetArraySize(draft->attachments) > MOST_ATTACHMENTS)
		return "too_many_attachments";
	drop_empty(&draft->attachments);
	return NULL;
}

static gboolean is_word(const char *text, gboolean upper)
{
	for (const char *c = text; *c; c++) {
		if (!(g_ascii_islower(*c) || g_ascii_isdigit(*c) || *c == '_' || (upper && g_ascii_isupper(*c))))
			return FALSE;
	}
	return g_ascii_isalpha(*text);
}

static gboolean is_payload(const cJSON *payload)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, payload)
	{
		if (!is_word(item->string, FALSE) || !(cJSON_IsString(item) || cJSON_IsNumber(item) || cJSON_IsBool(item)))
			return FALSE;
	}
	return cJSON_IsObject(payload);
}

/* Section 10.1: event_type of letters, digits and underscores; a flat payload. {} takes metadata away. */
static const char *read_metadata(struct draft *draft, const cJSON *args)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(args, "metadata");
	draft->has_metadata = is_given(item);
	if (!draft->has_metadata)
		return NULL;
	draft->metadata = tree_of(item);
	if (!cJSON_IsObject(draft->metadata))
		return "invalid_metadata_format";
	drop_empty(&draft->metadata);
	if (!draft->metadata)
		return NULL;
	if (!is_word(json_text_or(draft->metadata, "event_type", ""), TRUE))
		return "invalid_metadata_format";
	if (!is_payload(json_at(draft->metadata, "event_payload")))
		return "invalid_metadata_schema";
	g_autofree char *text = json_print(draft->metadata);
	return strlen(text) > MOST_METADATA ? "metadata_too_large" : NULL;
}

const char *draft_read(struct draft *draft, const cJSON *args, GPtrArray *messages)
{
	const char *error = read_text(draft, args);
	if (!error)
		error = read_blocks(draft, args, messages);
	if (!error)
		error = read_attachments(draft, args);
	if (!error)
		error = read_metadata(draft, args);
	return error;
}

const char *draft_check_said(const struct draft *draft)
{
	return *draft->text || draft->blocks || draft->attachments ? NULL : "no_text";
}

void draft_release(struct draft *draft)
{
	g_free(draft->text);
	cJSON_Delete(draft->blocks);
	cJSON_Delete(draft->attachments);
	cJSON_Delete(draft->metadata);
	memset(draft, 0, sizeof *draft);
}
