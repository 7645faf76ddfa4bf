/* SPDX-License-Identifier: MIT */
#include "help/help.h"

#include "help_texts.h"

/* ---- which ritual is meant ---- */

static gboolean is_same(const char *a, const char *b)
{
	g_autofree char *one = g_utf8_casefold(a, -1), *other = g_utf8_casefold(b, -1);
	return strcmp(one, other) == 0;
}

static gboolean has_command(const struct command *list, const char *words)
{
	for (const struct command *c = list; c && c->words; c++)
		for (const char *const *word = c->words; *word; word++)
			if (is_same(*word, words))
				return TRUE;
	return FALSE;
}

/* By its name, by what the help calls it in any language, or by one of its commands. */
static gboolean is_called(struct turn *t, const struct ritual *ritual, const char *words)
{
	for (int language = 0; language < LANGUAGE_COUNT; language++)
		if (is_same(turn_text_in(t, (enum language)language, ritual->title), words))
			return TRUE;
	return is_same(ritual->name, words) || has_command(ritual->commands, words);
}

/* NULL: none. */
static const struct ritual *ritual_meant(struct turn *t, const char *words)
{
	for (const struct ritual *const *r = t->rituals; *r; r++)
		if ((*r)->commands && is_called(t, *r, words))
			return *r;
	return NULL;
}

/* ---- the cards ---- */

static void list_commands(struct turn *t, struct message *m, const struct command *list)
{
	for (const struct command *c = list; c && c->words; c++) {
		if (c->help)
			message_item(m, turn_text(t, c->help));
		list_commands(t, m, c->subs);
	}
}

static struct message *card_of(struct turn *t, const struct ritual *ritual)
{
	struct message *m = message_new();
	message_title(m, turn_text(t, "help.of", TEXT_ARG("title", turn_text(t, ritual->title))));
	list_commands(t, m, ritual->commands);
	message_context(m, turn_text(t, "help.note"));
	return m;
}

static struct message *card_of_all(struct turn *t)
{
	struct message *m = message_new();
	message_title(m, turn_text(t, "help.title"));
	for (const struct ritual *const *r = t->rituals; *r; r++) {
		if (!(*r)->commands)
			continue;
		message_paragraph(m);
		message_bold(m, turn_text(t, (*r)->title));
		list_commands(t, m, (*r)->commands);
	}
	message_context(m, turn_text(t, "help.note"));
	return m;
}

/* The first thing that each ritual can be told, and a button for the rest of it. */
static void write_in_short(struct turn *t, struct message *m)
{
	message_title(m, turn_text(t, "help.title"));
	message_say(m, turn_text(t, "help.intro"));
	for (const struct ritual *const *r = t->rituals; *r; r++)
		if ((*r)->commands && (*r)->commands->help)
			message_item(m, turn_text(t, (*r)->commands->help));
	message_context(m, turn_text(t, "help.more"));
	for (const struct ritual *const *r = t->rituals; *r; r++)
		if ((*r)->commands && *r != &ritual_help)
			message_button(m, "help.topic", (*r)->name, turn_text(t, (*r)->title), MESSAGE_PLAIN);
}

static struct message *card_in_short(struct turn *t)
{
	struct message *m = message_new();
	write_in_short(t, m);
	return m;
}

static struct message *card_for(struct turn *t, const char *words)
{
	const struct ritual *ritual = ritual_meant(t, words);
	return ritual ? card_of(t, ritual) : card_in_short(t);
}

/* "all" is no sub-command, which could stand without "help": it is a word of any talk. */
static void help(struct turn *t, const struct event *event, const char *rest)
{
	(void)event;
	const char *words = turn_literal(t, rest);
	gboolean all = is_same(words, "all") || is_same(words, "全部");
	turn_private(t, all ? card_of_all(t) : card_for(t, words));
}

static void topic_pressed(struct turn *t, const struct event *event)
{
	turn_private(t, card_for(t, event->value));
}

static const struct command commands[] = {
	{ .words = (const char *const[]){ "help", "帮助", "?", "？", NULL },
		.help = "help.help",
		.only_tells = TRUE,
		.run = help },
	{ 0 },
};

static const struct trigger triggers[] = {
	{ .kind = EVENT_PRESSED, .word = "topic", .run = topic_pressed },
	{ 0 },
};

const struct ritual ritual_help = {
	.name = "help",
	.title = "help.help_title",
	.triggers = triggers,
	.commands = commands,
	.texts = &texts_help,
	.home = write_in_short,
};
