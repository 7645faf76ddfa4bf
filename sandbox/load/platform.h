/* SPDX-License-Identifier: MIT */
/*
 * As much of a platform as a standup bot asks for, from memory: a workspace of so many people in so many channels, the events
 * of their standups, and answers to the API that are as long as real ones (protocols/slack.md 2, 6 and 7; protocols/feishu.md
 * 2, 3.3, 6 and 7).
 *
 * Standups are numbered from 0; person, channel, ids and time follow from the number, so that an acknowledgement and a
 * reaction lead back to it. Pure but for the counter of calls.
 */
#pragma once

#include "sandbox/load/server.h"

enum load_call { LOAD_CALL_OTHER, LOAD_CALL_POST, LOAD_CALL_UPDATE, LOAD_CALL_REACT, LOAD_CALL_COUNT };

struct load_company {
	guint people, teams;
	gboolean days;
	int64_t start_ms;      /* UTC: of standup 0 */
	const char *authority; /* HOST:PORT of the server; borrowed */
	int64_t calls;	       /* answered so far; ids of new messages come of it */
};

struct load_platform {
	const char *name;
	const char *path;      /* what follows the server's address in LOAD_URL */
	const char *headers;   /* of each answer, with their line ends */
	enum server_kind kind; /* of all messages on the socket */
	const char *hello;     /* said first; NULL: nothing */
	const char *goodbye;   /* announces that the connection will be closed; NULL: the platform never does */
	/* Writes the message that brings standup n. */
	void (*event)(const struct load_company *company, int64_t n, GString *out);
	/* The standup that this message acknowledges; -1: none. reply: comes empty; what is written there goes back. */
	int64_t (*hear)(const char *bytes, gsize length, GString *reply);
	/* Answers a call. standup: set when it is a reaction to one; comes as -1. */
	enum load_call (*answer)(struct load_company *company, const struct server_request *request, GString *out, int64_t *standup);
};

extern const struct load_platform load_slack, load_feishu;

/* --- company.c --- */
guint load_person(const struct load_company *company, int64_t n);
guint load_team(const struct load_company *company, guint person);
/* When standup n is written, UTC milliseconds: no two of one person at the same. */
int64_t load_time_ms(const struct load_company *company, int64_t n);
/* What it says, three lines; `newline` stands between them. Caller frees. */
char *load_text(int64_t n, const char *newline);
/* A number that belongs to n and comes in no order, as the platforms' ids do. */
guint64 load_scattered(const struct load_company *company, int64_t n);
