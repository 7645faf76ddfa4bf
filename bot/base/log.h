/* SPDX-License-Identifier: MIT */
/*
 * The log: a constant message and variable fields.
 *
 *	log_info("outbox sent", "row", id, "ritual", name, "took_ms", ms);
 *
 * Values are texts or integers, up to eight pairs. On a terminal or a pipe a line is printed to standard error
 * (`info  outbox sent row=812 ritual=standup`); under systemd the journal gets the fields by name. Values are
 * escaped. No people's words and no tokens go in here.
 *
 * error: somebody must act; warning: handled, but unexpected; info: life cycle; debug: the rest. Any thread.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "base/banned.h"

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

struct log_field {
	const char *key;
	const char *text; /* NULL: the number counts */
	int64_t number;
};

/* What is quieter than `level` is dropped from now on; LOG_LEVEL_INFO at start. */
void log_set_level(enum log_level level);
/*
 * Whoever shall hear of errors, in the thread that wrote one, after it is written; it must not write one itself. fields: as in
 * log_write, borrowed. NULL: nobody; when that returns nobody is being told any more.
 */
typedef void log_alarm_fn(const char *message, const struct log_field *fields, gpointer data);
void log_set_alarm(log_alarm_fn *heard, gpointer data);
/* Writes one line; the macros below call it. fields ends with a NULL key. */
void log_write(enum log_level level, const char *message, const struct log_field *fields);
/* What is written: the message and the fields, escaped. */
char *log_line(const char *message, const struct log_field *fields);

static inline struct log_field log_field_text(const char *key, const char *text)
{
	return (struct log_field){ key, text ? text : "", 0 };
}

static inline struct log_field log_field_number(const char *key, int64_t number)
{
	return (struct log_field){ key, NULL, number };
}

static inline struct log_field log_field_unsigned(const char *key, uint64_t number)
{
	return (struct log_field){ key, NULL, (int64_t)number };
}

#define LOG_PAIR(k, v)                                                                                                 \
	_Generic((v), char *: log_field_text, const char *: log_field_text, unsigned long: log_field_unsigned,         \
		unsigned long long: log_field_unsigned, default: log_field_number)(k, v),
#define LOG_PAIRS_0()
#define LOG_PAIRS_2(k, v)      LOG_PAIR(k, v)
#define LOG_PAIRS_4(k, v, ...) LOG_PAIR(k, v) LOG_PAIRS_2(__VA_ARGS__)
#define LOG_PAIRS_6(k, v, ...) LOG_PAIR(k, v) LOG_PAIRS_4(__VA_ARGS__)
#define LOG_PAIRS_8(k, v, ...) LOG_PAIR(k, v) LOG_PAIRS_6(__VA_ARGS__)
#define LOG_PAIRS_10(k, v, ...) LOG_PAIR(k, v) LOG_PAIRS_8(__VA_ARGS__)
#define LOG_PAIRS_12(k, v, ...) LOG_PAIR(k, v) LOG_PAIRS_10(__VA_ARGS__)
#define LOG_PAIRS_14(k, v, ...) LOG_PAIR(k, v) LOG_PAIRS_12(__VA_ARGS__)
#define LOG_PAIRS_16(k, v, ...) LOG_PAIR(k, v) LOG_PAIRS_14(__VA_ARGS__)
#define LOG_PICK(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, name, ...) name
#define LOG_PAIRS(...)                                                                                                 \
	LOG_PICK(__VA_ARGS__ __VA_OPT__(, ) LOG_PAIRS_16, odd, LOG_PAIRS_14, odd, LOG_PAIRS_12, odd, LOG_PAIRS_10, odd, \
		LOG_PAIRS_8, odd, LOG_PAIRS_6, odd, LOG_PAIRS_4, odd, LOG_PAIRS_2, odd, LOG_PAIRS_0)                   \
	(__VA_ARGS__)
#define LOG_AT(level, message, ...)                                                                                    \
	log_write(level, "" message, (const struct log_field[]){ LOG_PAIRS(__VA_ARGS__){ NULL, NULL, 0 } })

#define log_error(message, ...)	  LOG_AT(LOG_LEVEL_ERROR, message, __VA_ARGS__)
#define log_warning(message, ...) LOG_AT(LOG_LEVEL_WARNING, message, __VA_ARGS__)
#define log_info(message, ...)	  LOG_AT(LOG_LEVEL_INFO, message, __VA_ARGS__)
#define log_debug(message, ...)	  LOG_AT(LOG_LEVEL_DEBUG, message, __VA_ARGS__)
