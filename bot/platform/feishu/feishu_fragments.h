/* SPDX-License-Identifier: MIT */
/*
 * Large events come in fragments (protocols/feishu.md 2.5): data frames of one message_id, numbered from 0. Here they wait for
 * each other, in whatever order they come; a repeated one replaces the earlier.
 *
 *	gsize length;
 *	switch (feishu_fragments_put(fragments, frame, now_ms, &whole)) {
 *	case FEISHU_WHOLE: read whole, answer this frame
 *	case FEISHU_PART: wait; nothing is answered yet
 *	case FEISHU_STRAY: ignore the frame
 *
 * Bounded: a set of at most 64 fragments that is not complete 10 s after its last one is dropped (the platform pushes
 * the event again), and when there are more than 64 sets or 8 MiB, the oldest are.
 *
 * Thread: one owner. now_ms: of the monotonic hand.
 */
#pragma once

#include "platform/feishu/feishu_frame.h"

enum {
	FEISHU_FRAGMENTS_MAX = 64, /* of one event */
	FEISHU_FRAGMENT_SETS = 64,
	FEISHU_FRAGMENT_BYTES = 8 * 1024 * 1024, /* of all that wait */
	FEISHU_FRAGMENT_WAIT_MS = 10000,
};

enum feishu_fragment { FEISHU_WHOLE, FEISHU_PART, FEISHU_STRAY };

struct feishu_fragments;

struct feishu_fragments *feishu_fragments_new(void);
void feishu_fragments_free(struct feishu_fragments *fragments);

/* whole: with FEISHU_WHOLE the event's bytes, which the caller unrefs; else untouched. Also drops what waited too long. */
enum feishu_fragment feishu_fragments_put(struct feishu_fragments *fragments, const struct feishu_frame *frame,
	int64_t now_ms, GBytes **whole);
/* Drops what has waited too long; how many events that was. */
guint feishu_fragments_expire(struct feishu_fragments *fragments, int64_t now_ms);
/* When the next of them will have; -1: none waits. */
int64_t feishu_fragments_due_ms(const struct feishu_fragments *fragments);
/* Incomplete events, and their bytes. */
guint feishu_fragments_waiting(const struct feishu_fragments *fragments);
gsize feishu_fragments_bytes(const struct feishu_fragments *fragments);
