/* SPDX-License-Identifier: MIT */
#include "core/outbox_row.h"

static const char *const kind_names[] = {
	[OUTBOX_POST] = "post",
	[OUTBOX_REPLACE] = "replace",
	[OUTBOX_DELETE] = "delete",
	[OUTBOX_REACT] = "react",
	[OUTBOX_UNREACT] = "unreact",
	[OUTBOX_PRIVATE] = "private",
	[OUTBOX_FORM] = "form",
	[OUTBOX_HOME] = "home",
	[OUTBOX_ASK_PERSON] = "ask person",
	[OUTBOX_ASK_MEMBERS] = "ask members",
	[OUTBOX_ASK_CHANNEL] = "ask channel",
	[OUTBOX_ASK_HISTORY] = "ask history",
	[OUTBOX_URGE] = "urge",
	[OUTBOX_ASK_MESSAGE] = "ask message",
};
G_STATIC_ASSERT(G_N_ELEMENTS(kind_names) == OUTBOX_KIND_COUNT);

struct outbox_row *outbox_row_new(gint64 id, enum outbox_kind kind, const char *workspace)
{
	struct outbox_row *row = g_new0(struct outbox_row, 1);
	row->id = id;
	row->kind = kind;
	row->workspace = g_strdup(workspace);
	row->weight = 1;
	return row;
}

guint outbox_weight(const GPtrArray *files)
{
	guint weight = 1;
	for (guint i = 0; files && i < files->len; i++) {
		const struct message_file *file = files->pdata[i];
		weight += 1 + (guint)(g_bytes_get_size(file->bytes) / OUTBOX_FILE_UNIT);
	}
	return weight;
}

void outbox_row_carry(struct outbox_row *row, GPtrArray *files)
{
	row->files = files ? g_ptr_array_ref(files) : NULL;
	row->weight = outbox_weight(files);
}

void outbox_row_say(struct outbox_row *row, const struct message *message)
{
	g_autoptr(GPtrArray) files = message_files(message);
	row->content = message_to_json(message);
	outbox_row_carry(row, files);
}

void outbox_row_free(struct outbox_row *row)
{
	if (!row)
		return;
	g_free(row->workspace);
	g_free(row->channel);
	g_free(row->thread);
	g_free(row->person);
	g_free(row->message);
	g_free(row->word);
	g_free(row->token);
	g_free(row->content);
	g_clear_pointer(&row->files, g_ptr_array_unref);
	g_free(row);
}

const char *outbox_kind_name(enum outbox_kind kind)
{
	return kind_names[kind];
}
