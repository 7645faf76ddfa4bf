/* SPDX-License-Identifier: MIT */
/*
 * An act whose end is not known yet: a form is sent, and only the app's acknowledgement tells what becomes of it. The
 * page's request waits for that; in-process callers do not. Thread: the loop.
 */
#pragma once

#include "net/http_server.h"
#include "sandbox/acts.h"

struct later;

/* For this act; NULL when nobody can wait (in-process). It lives until later_finish. */
struct later *later_new(struct act *act);
/* Answers and frees: {"ok":true}, or the sentence. NULL is nothing. */
void later_finish(struct later *later, const char *sentence);
/* Frees without an answer: for what is forgotten. */
void later_free(struct later *later);
/* The peer of a waiting request left. FALSE when it did not wait here. */
gboolean later_gone(struct http_call *http);
