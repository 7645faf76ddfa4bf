/* SPDX-License-Identifier: MIT */
/* Uploading in three steps (protocol section 9). */
#include "sandbox/blocks.h"
#include "sandbox/files.h"
#include "sandbox/webapi.h"

enum { SNIPPET_BYTES = 1024 * 1024 };

static const char *upload_url(struct api_call *call)
{
	int64_t length = call_int(call, "length", 0);
	if (length <= 0)
		return "missing_argument";
	if (call_text(call, "snippet_type") && length > SNIPPET_BYTES)
		return "snippet_too_large";
	const struct file *file = files_announce(call->sb->files, call->room->bot, call_text(call, "filename"), (gsize)length, NULL);
	if (!file)
		return "storage_limit_reached";
	g_autofree char *url = g_strdup_printf("%supload/%s", call->sb->url, file->id);
	json_put_text(call->reply, "upload_url", url);
	json_put_text(call->reply, "file_id", file->id);
	return NULL;
}

static const char *check_destination(struct api_call *call, struct channel **channel)
{
	const char *error = NULL;
	if (!call_text(call, "channel_id"))
		return NULL;
	*channel = call_channel(call, "channel_id", &error);
	if (!*channel)
		return error;
	return room_is_in(*channel, call->room->bot) ? NULL : "not_in_channel";
}

/* Each file was brought and not yet completed; their ids are added. */
static const char *check_files(struct api_call *call, const cJSON *list, GPtrArray *ids)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, list)
	{
		const struct file *file = files_find(call->sb->files, json_text_or(item, "id", NULL));
		if (!file || !file->bytes || file->completed)
			return "file_not_found";
		g_ptr_array_add(ids, file->id);
	}
	return ids->len ? NULL : "invalid_arguments";
}

static void complete(struct api_call *call, const cJSON *list)
{
	cJSON *files = json_put_array(call->reply, "files");
	const cJSON *item;
	cJSON_ArrayForEach(item, list)
	{
		struct file *file = files_find(call->sb->files, json_text_or(item, "id", NULL));
		file->completed = TRUE;
		g_free(file->title);
		file->title = g_strdup(json_text_or(item, "title", file->name));
		cJSON *object = json_push_object(files);
		json_put_text(object, "id", file->id);
		json_put_text(object, "title", file->title);
	}
}

static const char *complete_upload(struct api_call *call)
{
	gboolean broken, broken_blocks;
	struct channel *channel = NULL;
	const cJSON *list = call_tree(call, "files", &broken), *blocks = call_tree(call, "blocks", &broken_blocks);
	g_autoptr(GPtrArray) ids = g_ptr_array_new();
	const char *error = check_files(call, list, ids);
	if (!error)
		error = check_destination(call, &channel);
	if (!error && (blocks || broken_blocks)) {
		call->messages = g_ptr_array_new_with_free_func(g_free);
		error = blocks_check(blocks, BLOCKS_MESSAGE, "/blocks", call->messages);
	}
	if (error)
		return error;
	complete(call, list);
	g_ptr_array_add(ids, NULL);
	files_scan_soon(call->sb->files, channel, (const char *const *)ids->pdata, call_text(call, "initial_comment"),
		call_text(call, "thread_ts"), blocks ? cJSON_Duplicate(blocks, TRUE) : NULL);
	return NULL;
}

static const char *file_info(struct api_call *call)
{
	const struct file *file = files_find(call->sb->files, call_text(call, "file"));
	if (!file || !file->completed)
		return "file_not_found";
	cJSON *object = files_wire(call->sb->files, file);
	cJSON_AddItemToObject(object, "shares", cJSON_Duplicate(file->shares, TRUE));
	cJSON_AddItemToObject(call->reply, "file", object);
	json_put_array(call->reply, "comments");
	return NULL;
}

const struct api_method api_file_methods[] = {
	{ .name = "files.getUploadURLExternal", .run = upload_url, .tier = TIER_4, .scope = "files:write",
		.needs = { "filename", "length" }, .missing = "missing_argument" },
	{ .name = "files.completeUploadExternal", .run = complete_upload, .tier = TIER_4, .json = TRUE, .scope = "files:write",
		.needs = { "files" } },
	{ .name = "files.info", .run = file_info, .tier = TIER_4, .scope = "files:read", .needs = { "file" },
		.missing = "file_not_found" },
	{ 0 },
};
