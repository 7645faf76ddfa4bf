/* SPDX-License-Identifier: MIT */
/*
 * What Block Kit allows, as tables (protocol 11.3): each kind of block and element, its fields, how long and how many.
 * blocks.c walks a tree by them. A line here is a limit there.
 */
#pragma once

#include <glib.h>

#include "base/banned.h"

enum kind {
	ANY,	 /* any tree: not looked into */
	STRING,	 /* least to most characters */
	PLAIN,	 /* a plain_text object */
	TEXT,	 /* plain_text or mrkdwn */
	CHOICE,	 /* a string, one of words */
	NUMBER,	 /* least to most */
	OBJECT,	 /* its own rules */
	ELEMENT, /* one element, of those that `words` names */
	LIST,	 /* least to most items of `item` */
};

struct rule {
	const char *key;
	enum kind kind;
	gboolean required;
	unsigned least, most;
	const struct rule *rules;   /* OBJECT; LIST of OBJECT or of TEXT */
	const char *const *words;   /* CHOICE, ELEMENT */
	enum kind item;
};

struct shape {
	const char *type;
	const struct rule *rules; /* ends with a zeroed one */
	const char *either[3];	  /* one of these keys must be there */
};

/* The rules of a block or an element of this type; NULL when there is no such. */
const struct shape *block_shape(const char *type);
const struct shape *block_element_shape(const char *type);
/* Of any view, and of a modal beside. */
extern const struct rule block_view_rules[];
extern const struct rule block_modal_rules[];
