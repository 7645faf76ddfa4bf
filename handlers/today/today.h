/* SPDX-License-Identifier: MIT */
/*
 * Today 今天: one look at what somebody should know now (kit/look.h): a manager sees who is away, how the standup goes, what is blocked
 * and for how long yet; everybody else only what is their own.
 *
 * It is a direct message, one a day: asked for again it comes anew and the older one goes; a press on it, or a form that was opened
 * from it and sent, changes it in place. The bot's home shows the same, above what the bot understands; where the home is a message
 * the look on it goes as soon as the day's own stands.
 */
#pragma once

#include "core/ritual.h"

extern const struct ritual ritual_today;
