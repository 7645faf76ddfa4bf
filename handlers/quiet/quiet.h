/* SPDX-License-Identifier: MIT */
/*
 * Quiet 勿扰: people say when they want to be left alone, and which rituals they do not want to hear of in private; and what
 * had to wait for that (core/quiet.h) goes when its time has come, or stands in the day's digest.
 *
 *	quiet.c   what people say: quiet, mute, unmute
 *	digest.c  the jobs: "wake" when quiet hours end, "digest", "open" when a team works again, "forget"; a digest's button
 */
#pragma once

#include "core/ritual.h"

extern const struct ritual ritual_quiet;

void quiet_wake_due(struct turn *t, const struct event *event);
void quiet_digest_due(struct turn *t, const struct event *event);
void quiet_open_due(struct turn *t, const struct event *event);
void quiet_show_pressed(struct turn *t, const struct event *event);
void quiet_forget_due(struct turn *t, const struct event *event);
