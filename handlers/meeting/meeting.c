/* SPDX-License-Identifier: MIT */
/* What wakes meetings. */
#include "meeting/meeting.h"

#include "meeting_texts.h"

static const struct trigger triggers[] = {
	{ .kind = EVENT_DUE, .word = "announce", .run = meeting_announce_due },
	{ .kind = EVENT_DUE, .word = "begin", .run = meeting_begin_due },
	{ 0 },
};

const struct ritual ritual_meeting = {
	.name = "meeting",
	.triggers = triggers,
	.sql = &SQL_MEETING,
	.texts = &texts_meeting,
	.start = meeting_plan,
};
