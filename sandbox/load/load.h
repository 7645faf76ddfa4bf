/* SPDX-License-Identifier: MIT */
/*
 * The load mode: Slack or Feishu to one bot, any bot, that is started, taken through steps and measured.
 *
 * The bot finds the platform's address in LOAD_URL of its environment. People of a made-up company write standups; each is
 * done when the bot has acknowledged its event and put a reaction on its message. A line of JSON for the start and for each
 * step tells how fast that went and what the bot cost. The steps:
 *
 *	full:COUNT        so many standups, always `outstanding` of them not done
 *	paced:COUNT:RATE  so many, RATE a second
 *	refresh:SECONDS   50 a second; after the first second the platform announces that it will close the connection
 *	drop:SECONDS      the same, but it closes it at once; Feishu says nothing before
 *	idle:SECONDS      nothing
 *
 * It has nothing in common with the room of the page but the protocol pages: a server of its own (server.h) and messages
 * made ahead, so that the generator is never the limit; its own share of a CPU is told too.
 *
 * Thread: the caller's, which it holds until all is done.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "base/banned.h"

struct load_setup {
	const char *platform; /* "slack" or "feishu" */
	const char *address;  /* numeric, to listen on */
	guint16 port;	      /* 0: any free one */
	guint people, teams;  /* person n writes in the channel of team n modulo teams; at least 1 each */
	guint outstanding;    /* at least 1 */
	gboolean days;	      /* each round through the people is a day later; else all is today */
	int64_t settle_ms;    /* from connected to the first step */
	const char *log;      /* the file for the bot's output; NULL: none */
	char *const *steps;   /* NULL-terminated */
	char *const *bot;     /* its command line, NULL-terminated */
};

/*
 * FALSE with G_OPTION_ERROR_BAD_VALUE: a step that is none; nothing was started. With another error: the bot ended, or did
 * not connect within 30 s, or nothing of its work was done for 60 s; it has been stopped.
 */
gboolean load_run(const struct load_setup *setup, GError **error);
