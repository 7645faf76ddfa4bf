/* SPDX-License-Identifier: MIT */
#include "help/help.h"

#include "help_texts.h"

static void list_commands(struct turn *t, struct message *m, const struct command *list)
{
	for (const struct command *c = list; c && c->words; c++) {
		if (c->help)
			message_item(m, turn_text(t, c->help));
		list_commands(t, m, c->subs);
	}
}

static struct message *help_card(struct turn *t)
{
	struct message *m = message_new();
	message_title(m, turn_text(t, "help.title"));
	message_say(m, turn_text(t, "help.intro"));
	for (const struct ritual *const *r = t->rituals; *r; r++)
		list_commands(t, m, (*r)->commands);
	message_context(m, turn_text(t, "help.note"));
	return m;
}

static void help(struct turn *t, const struct event *event, const char *rest)
{
	(void)event;
	(void)rest;
	turn_private(t, help_card(t));
}

static void opened_home(struct turn *t, const struct event *event)
{
	(void)event;
	turn_home(t, help_card(t));
}

static const struct command commands[] = {
	{ .words = (const char *const[]){ "help", "帮助", "?", "？", NULL },
		.help = "help.help",
		.only_tells = TRUE,
		.run = help },
	{ 0 },
};

static const struct trigger triggers[] = {
	{ .kind = EVENT_OPENED_HOME, .run = opened_home },
	{ 0 },
};

const struct ritual ritual_help = {
	.name = "help",
	.triggers = triggers,
	.commands = commands,
	.texts = &texts_help,
};
