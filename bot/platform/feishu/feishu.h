/* SPDX-License-Identifier: MIT */
/*
 * Feishu and Lark: the long connection up, the open API down (protocols/feishu.md).
 *
 * What the table's functions promise beyond core/platform.h:
 * - start: asks for an address and who we are at once. When it is live again after more than 15 s (and at the start) it
 * gives an EVENT_GAP; a shorter gap is left to the platform, which pushes again after 15 s.
 * - acknowledge: by a response frame on the connection that the event came on, once all events of a frame have their verdict; with
 * a form's problems, or the closed form, in a card's callback. When the connection is gone nothing is said, and the
 * push that follows is recognised by its keys.
 * - send: every message carries a uuid made of the row, by which the platform knows a repetition within the hour; a private card or a form in
 * doubt fails, for these have none. There is no home page: HOME is a message to the person, whose first visit alone is an event.
 * - host->refused after a refusal of app_id and app_secret, or of the app itself; all connections are then closed, and
 * tried again every 15 minutes; host->live(TRUE) means that they are accepted again.
 * - Calls that the monthly quota counts are counted, over restarts too, and the operator is told once at four fifths of it. From nine
 * tenths on boards change every ten minutes and reactions are left out; when nothing is left, an answer to a press or a form
 * goes with its acknowledgement, urgent calls and boards wait until the month turns or calls are taken again, all else fails
 * (feishu_quota.c). Who starts again and again asks nothing for a minute.
 *
 * Thread: the loop.
 */
#pragma once

#include "core/platform.h"

extern const struct platform platform_feishu;
