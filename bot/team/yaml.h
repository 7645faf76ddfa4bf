/* SPDX-License-Identifier: MIT */
/*
 * A YAML file whose nodes know where they stand, over libyaml's document API: the ground of the configuration and
 * of the texts.
 *
 * One file is one document, in UTF-8, at most YAML_FILE_LIMIT_BYTES. Aliases arrive resolved, so a node may stand in
 * several places, even inside itself: walk by a table of what is expected, never by what is there. Depth, anchors and
 * values are bounded, so that no file of that size takes long.
 *
 * Thread: any. The nodes live as long as the file.
 */
#pragma once

#include <glib.h>
#include <yaml.h>

#include "base/banned.h"

enum { YAML_FILE_LIMIT_BYTES = 1024 * 1024 };

/* A place in a file, both from 1; line 0: the file as a whole. */
struct yaml_place {
	size_t line, column;
};

struct yaml_file {
	yaml_document_t document;
	const yaml_node_t *root; /* never NULL */
};

/* Parses text; NULL with the place and the reason (caller frees) when it is not one YAML document. */
struct yaml_file *yaml_file_parse(const char *text, gsize length, struct yaml_place *place, char **reason);
void yaml_file_free(struct yaml_file *file);

struct yaml_place yaml_place(const yaml_node_t *node);
/* "a text", "a list", "a section": what the node is, for messages. */
const char *yaml_noun(const yaml_node_t *node);

/* A scalar's text, NUL-terminated, borrowed; NULL for another node and for a text with a NUL inside. */
const char *yaml_scalar(const yaml_node_t *node);
/* TRUE for a plain scalar that says nothing: empty, ~, null. */
gboolean yaml_is_null(const yaml_node_t *node);

/* Items of a list, or pairs of a section; 0 for another node. */
size_t yaml_count(const yaml_node_t *node);
const yaml_node_t *yaml_item(const struct yaml_file *file, const yaml_node_t *list, size_t index);
void yaml_pair(const struct yaml_file *file, const yaml_node_t *section, size_t index, const yaml_node_t **key,
	const yaml_node_t **value);
/* The value of the first pair with that key; NULL when there is none or the node is no section. */
const yaml_node_t *yaml_member(const struct yaml_file *file, const yaml_node_t *section, const char *key);
