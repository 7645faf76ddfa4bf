/* SPDX-License-Identifier: MIT */
/* What wakes meetings, and the words they obey. */
#include "meeting/meeting.h"

#include "meeting_texts.h"

static const struct command commands[] = {
	{ .words = (const char *const[]){ "action", "行动", NULL },
		.help = "meeting.help_action",
		.takes_text = TRUE,
		.run = meeting_action_command },
	{ .words = (const char *const[]){ "actions", "行动列表", NULL },
		.help = "meeting.help_actions",
		.only_tells = TRUE,
		.run = meeting_actions_command },
	{ 0 },
};

static const struct topic topics[] = {
	{ .name = "action", .title = "meeting.topic", .words = (const char *const[]){ "行动", NULL } },
	{ 0 },
};

static const struct trigger triggers[] = {
	{ .kind = EVENT_DUE, .word = "announce", .run = meeting_announce_due },
	{ .kind = EVENT_DUE, .word = "begin", .run = meeting_begin_due },
	{ .kind = EVENT_DUE, .word = "vote", .run = meeting_vote_due },
	{ .kind = EVENT_PRESSED, .word = "vote", .run = meeting_vote_pressed },
	{ .kind = EVENT_DUE, .word = "ask", .run = meeting_ask_due },
	{ .kind = EVENT_PRESSED, .word = "done", .run = meeting_done_pressed },
	{ .kind = EVENT_PRESSED, .word = "later", .run = meeting_later_pressed },
	{ .kind = EVENT_PRESSED, .word = "drop", .run = meeting_drop_pressed },
	{ 0 },
};

const struct ritual ritual_meeting = {
	.name = "meeting",
	.title = "meeting.help_title",
	.triggers = triggers,
	.commands = commands,
	.topics = topics,
	.sql = &SQL_MEETING,
	.texts = &texts_meeting,
	.start = meeting_plan,
	.look = meeting_look,
	.rings = meeting_rings,
};
