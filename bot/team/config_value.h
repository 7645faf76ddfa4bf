/* SPDX-License-Identifier: MIT */
/*
 * One value of the configuration: from the text in the file to the field in the struct. The half of the reading that
 * knows nothing of YAML.
 *
 * A reason is what follows a key's name in a message: "must be on or off, not 'maybe'". Thread: any.
 */
#pragma once

#include "team/config_keys.h"

#include "base/banned.h"

struct config_value {
	const char *text;  /* with its variables filled in */
	const char *shown; /* for messages: in quotes, as written in the file */
};

/* The text in quotes, safe to print: no control characters, not long, no token. Caller frees. */
char *config_value_show(const char *text);

/* The text with ${NAME} filled in and $${ made ${; NULL with the reason. What is filled in is not expanded again. */
char *config_value_expand(const char *text, char **reason);

/*
 * Checks the value and puts it into the key's field `out`, whose type is the key's. Returns NULL, or the reason (caller
 * frees). folder: absolute, where relative paths start. For types of one value; of CONFIG_DAYS, one word.
 */
char *config_value_put(const struct config_key *key, const char *folder, const struct config_value *value, void *out);
/* Adds a day, workdays or daily to the bits; NULL, or the reason. */
char *config_value_add_days(const char *word, const char *shown, unsigned *days);

/* The first folder in a variable of systemd, which is a list with colons; the fallback when it is not set. Caller frees. */
char *config_folder(const char *variable, const char *fallback);
char *config_absolute(const char *folder, const char *path);
