/* SPDX-License-Identifier: MIT */
#include "platform/slack/slack_block.h"

cJSON *block_text(const char *type, const char *text)
{
	cJSON *object = cJSON_CreateObject();
	json_put_text(object, "type", type);
	json_put_text(object, "text", text);
	if (strcmp(type, "mrkdwn") == 0)
		json_put_bool(object, "verbatim", TRUE);
	return object;
}

cJSON *block_add(cJSON *blocks, const char *type)
{
	cJSON *block = json_push_object(blocks);
	json_put_text(block, "type", type);
	return block;
}

void block_add_section(cJSON *blocks, const char *mrkdwn)
{
	cJSON_AddItemToObject(block_add(blocks, "section"), "text", block_text("mrkdwn", mrkdwn));
}

gboolean block_is(const cJSON *block, const char *type)
{
	return block && strcmp(json_text_or(block, "type", ""), type) == 0;
}

cJSON *block_last(const cJSON *blocks)
{
	return blocks->child ? blocks->child->prev : NULL; /* cJSON's first child points back to the last */
}
