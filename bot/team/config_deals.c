/* SPDX-License-Identifier: MIT */
/* The stages of deals: what their keys mean together, and how they are found. */
#include "team/config_reader.h"

static const struct {
	const char *name, *zh, *en, *end;
	int stall_days;
} usual[] = {
	{ "lead", "线索", "lead", "open", 0 },
	{ "interest", "意向", "interest", "open", 0 },
	{ "negotiation", "谈判", "negotiation", "open", 7 },
	{ "won", "成单", "won", "won", 0 },
	{ "lost", "丢单", "lost", "lost", 0 },
};

static void take_usual(struct config_deals *deals)
{
	deals->stages = g_new0(struct config_stage *, G_N_ELEMENTS(usual) + 1);
	for (size_t i = 0; i < G_N_ELEMENTS(usual); i++) {
		struct config_stage *stage = deals->stages[i] = g_new0(struct config_stage, 1);
		stage->name = g_strdup(usual[i].name);
		stage->title.in[LANGUAGE_ZH_CN] = g_strdup(usual[i].zh);
		stage->title.in[LANGUAGE_EN] = g_strdup(usual[i].en);
		stage->end = g_strdup(usual[i].end);
		stage->stall_days = usual[i].stall_days;
	}
}

static gboolean ends(const struct config_stage *stage, const char *end)
{
	return g_strcmp0(stage->end, end) == 0;
}

static void check_stage(struct config_reader *r, struct config_stage *const *list, size_t i, const yaml_node_t *item)
{
	if (list[i]->stall_days > 0 && !ends(list[i], "open"))
		config_tell(r, config_place_in(r, item, "stall_days"), "'stall_days' are for open stages alone: a deal rests in the others");
	for (size_t j = 0; j < i && list[i]->name; j++)
		if (g_strcmp0(list[j]->name, list[i]->name) == 0)
			config_tell(r, config_place_in(r, item, "name"), "another stage is called '%s' already; each name once",
				list[i]->name);
}

/* A deal begins somewhere open, and ends. */
static void check_ends(struct config_reader *r, struct config_stage *const *list, const yaml_node_t *node)
{
	gboolean won = FALSE, lost = FALSE;
	for (struct config_stage *const *stage = list; *stage; stage++) {
		won = won || ends(*stage, "won");
		lost = lost || ends(*stage, "lost");
	}
	if (!ends(list[0], "open"))
		config_tell(r, yaml_place(node), "the first stage must be open: every deal begins there");
	if (!won || !lost)
		config_tell(r, yaml_place(node), "'stages' need one with end: won and one with end: lost");
}

void config_check_deals(struct config_reader *r)
{
	struct config_deals *deals = &r->config->deals;
	const yaml_node_t *section = yaml_member(r->file, r->file->root, "deals");
	const yaml_node_t *node = section ? yaml_member(r->file, section, "stages") : NULL;
	if (!node && !deals->stages)
		take_usual(deals);
	if (!node || !deals->stages || !deals->stages[0])
		return;
	for (size_t i = 0; deals->stages[i]; i++)
		check_stage(r, deals->stages, i, yaml_item(r->file, node, i));
	check_ends(r, deals->stages, node);
}

static gboolean is_called(const char *name, const char *words)
{
	g_autofree char *one = name ? g_utf8_casefold(name, -1) : NULL, *other = g_utf8_casefold(words, -1);
	return one && strcmp(one, other) == 0;
}

const struct config_stage *config_stage(const struct config *config, const char *words)
{
	for (struct config_stage **stage = config->deals.stages; *stage; stage++) {
		gboolean found = is_called((*stage)->name, words);
		for (int i = 0; i < LANGUAGE_COUNT && !found; i++)
			found = is_called((*stage)->title.in[i], words);
		if (found)
			return *stage;
	}
	return NULL;
}

const char *config_stage_title(const struct config_stage *stage, enum language language)
{
	const char *title = config_words_in(&stage->title, language);
	return title ? title : stage->name;
}
