/* SPDX-License-Identifier: MIT */
/*
 * Slack: Socket Mode up, the Web API down (protocols/slack.md).
 *
 * What the table's functions promise beyond core/platform.h:
 * - start: asks who we are and for an address at once. Each time it is live again after it was not, it gives
 * an EVENT_GAP: at_ms: the last frame before (0: the program's start), until_ms: now.
 * - acknowledge: on the connection that the event came on, in one frame; when that one is gone nothing is
 * said, and the redelivery is recognised by its keys.
 * - send: a post in doubt is looked for in its channel by the row's id before it goes again; a private card
 * or a form in doubt fails, for it can not be looked for.
 * - host->refused after a refusal of either token, which tokens_revoked or app_uninstalled make it try; all connections are
 * then closed, and both tokens tried again every 15 minutes; host->live(TRUE) means that they are accepted
 * again.
 *
 * Thread: the loop.
 */
#pragma once

#include "core/platform.h"

extern const struct platform platform_slack;
