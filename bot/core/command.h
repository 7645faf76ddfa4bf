/* SPDX-License-Identifier: MIT */
/*
 * Words addressed to the bot: which command is meant. Words are matched without regard to case, in every language at
 * once; a command's word ends at a blank, a colon, a line's end, or where Chinese is followed by anything. Where a
 * command takes no free text, "help: somebody please look" and a message of several lines are not that command.
 * Pure; any thread.
 */
#pragma once

#include "core/ritual.h"

struct command_match {
	const struct ritual *ritual;
	const struct command *command; /* the sub-command when one was named */
	const char *rest;	       /* into the text, after the words and blanks */
};

/*
 * FALSE when the text does not begin with a known word. A sub-command's word may stand without the one it belongs to
 * when two words at most follow: "show @ana". rituals: ends with NULL.
 */
gboolean command_find(const struct ritual *const *rituals, const char *text, struct command_match *out);
/*
 * The same for words within a sentence that names the bot, "can you @belltower help": talk must not become a command by
 * chance, so one that does something counts only when it is whole and nothing follows it ("standup skip").
 */
gboolean command_find_in_talk(const struct ritual *const *rituals, const char *text, struct command_match *out);
/* The known word, also of a sub-command, nearest to the text's first one, when near enough to be a slip; else NULL. */
const char *command_nearest(const struct ritual *const *rituals, const char *text);
/* The same among one list of commands, when the text is a single word, or one with a person or a date after it. */
const char *command_nearest_of(const struct command *list, const char *text);
/* Whether neutral text is a list of parts, by lines or by ; ； | ｜ between them. */
gboolean command_is_list(const char *text);
