/* SPDX-License-Identifier: MIT */
/*
 * As much of Slack as a standup bot asks for, from memory: a workspace of so many people in so many channels,
 * the envelopes of their standups, and answers to the Web API that are as long as real ones. Protocol page: 2
 * (Socket Mode), 6 and 7 (methods, people).
 *
 * Standups are numbered from 0; person, channel, ids and time follow from the number, so that an
 * acknowledgement and a reaction lead back to it.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "base/banned.h"

struct load_company {
	guint people, teams; /* person n writes in channel n % teams */
	gboolean days;	     /* each round through the people is a day later; else all is today */
	int64_t start_s;     /* UTC seconds of standup 0 */
};

/* Writes the envelope of standup n. */
void load_slack_envelope(const struct load_company *company, int64_t n, GString *out);
/* The standup that an acknowledgement or a reactions.add speaks of; -1: none. */
int64_t load_slack_acknowledged(const char *text, gsize length);
int64_t load_slack_reacted(const struct load_company *company, const char *body, gsize length);

/* The answer of a method. ticket: the port of apps.connections.open's address. ts: of the next message
 * posted. */
void load_slack_answer(const struct load_company *company, const char *method, const char *body, guint16 port,
	int64_t posted, GString *out);
