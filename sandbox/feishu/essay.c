/* SPDX-License-Identifier: MIT */
#include "sandbox/feishu/essay.h"

#include "sandbox/feishu/card.h"
#include "sandbox/feishu/ident.h"
#include "sandbox/feishu/tongue.h"
#include "sandbox/files.h"

enum { MOST_TEXT = 150 * 1024, MOST_POST = 30 * 1024 };

static int read_text(struct essay *essay, struct open_call *call, const cJSON *content)
{
	const char *text = json_text_or(content, "text", NULL);
	if (!text || !*text)
		return open_fail(call, 230001, "text is empty");
	essay->text = tongue_from_text(call->room, text);
	return 0;
}

/* An address that is none makes the send fail (10). */
static gboolean has_bad_link(const cJSON *post)
{
	const cJSON *line, *node;
	cJSON_ArrayForEach(line, json_array(post, "content"))
	{
		cJSON_ArrayForEach(node, line)
		{
			const char *href = json_text_or(node, "href", "");
			if (g_str_equal(json_text_or(node, "tag", ""), "a") && !g_str_has_prefix(href, "http://") &&
				!g_str_has_prefix(href, "https://"))
				return TRUE;
		}
	}
	return FALSE;
}

static int read_post(struct essay *essay, struct open_call *call, const cJSON *content)
{
	const cJSON *post = tongue_post_body(content);
	if (!post)
		return open_fail(call, 230001, "invalid post content");
	if (has_bad_link(post))
		return open_fail(call, 230001, "invalid href");
	essay->post = cJSON_Duplicate(post, TRUE);
	essay->text = tongue_from_post(call->room, post);
	return 0;
}

static int read_file(struct essay *essay, struct open_call *call, const cJSON *content, const char *member)
{
	g_autofree char *id = ident_file_of_key(json_text_or(content, member, NULL));
	essay->file = files_find(call->sb->files, id);
	essay->text = g_strdup("");
	if (!essay->file)
		return open_fail(call, 230001, "invalid file key");
	return essay->file->owner == call->room->bot ? 0 : 230017;
}

static int read_image(struct essay *essay, struct open_call *call, const cJSON *content)
{
	return read_file(essay, call, content, "image_key");
}

static int read_document(struct essay *essay, struct open_call *call, const cJSON *content)
{
	return read_file(essay, call, content, "file_key");
}

static int read_interactive(struct essay *essay, struct open_call *call, const cJSON *content)
{
	return essay_read_card(essay, call, cJSON_Duplicate(content, TRUE));
}

static const struct {
	const char *type;
	int (*read)(struct essay *essay, struct open_call *call, const cJSON *content);
	gsize most_bytes;
} kinds[] = {
	{ "text", read_text, MOST_TEXT }, { "post", read_post, MOST_POST }, { "interactive", read_interactive, CARD_MOST_BYTES },
	{ "image", read_image, MOST_POST }, { "file", read_document, MOST_POST },
};

int essay_read(struct essay *essay, struct open_call *call, const char *msg_type, const char *content)
{
	if (!msg_type)
		return open_bad_field(call, "msg_type", "msg_type is required");
	if (!content)
		return open_bad_field(call, "content", "content is required");
	g_autoptr(cJSON) tree = json_parse(content, strlen(content), NULL);
	if (!cJSON_IsObject(tree))
		return open_fail(call, 230001, "content is not a string in json format");
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
		if (!g_str_equal(kinds[i].type, msg_type))
			continue;
		return strlen(content) > kinds[i].most_bytes ? 230025 : kinds[i].read(essay, call, tree);
	}
	return open_fail(call, 230001, "invalid msg_type");
}

int essay_read_card(struct essay *essay, struct open_call *call, cJSON *take_card)
{
	essay->card = take_card;
	g_autofree char *why = NULL, *printed = json_print(take_card);
	if (strlen(printed) > CARD_MOST_BYTES)
		return 230025;
	int sub_code = card_check(call->tenant, take_card, &why);
	if (sub_code) {
		g_autofree char *ext = g_strdup_printf("ErrCode: %d; ErrMsg: %s; ErrorValue: ; ", sub_code, why);
		return open_fail(call, 230099, ext);
	}
	essay->text = card_summary(call->room, take_card);
	return 0;
}

void essay_release(struct essay *essay)
{
	g_free(essay->text);
	cJSON_Delete(essay->card);
	cJSON_Delete(essay->post);
	memset(essay, 0, sizeof *essay);
}
