/* SPDX-License-Identifier: MIT */
#include "net/chunked.h"

/* More digits would be a size beyond any limit. */
#define MAX_DIGITS 8

/* From DONE on nothing more is read. */
enum { SIZE, EXTENSION, DATA, AFTER_DATA, TRAILER_START, TRAILER, DONE, LARGE, BAD };

static unsigned size_digit(struct chunked *c, char byte)
{
	int value = g_ascii_xdigit_value(byte);
	if (value >= 0) {
		c->left = c->left * 16 + (gsize)value;
		return ++c->digits > MAX_DIGITS ? LARGE : SIZE;
	}
	if (c->digits == 0)
		return BAD;
	if (byte == '\n')
		return c->left ? DATA : TRAILER_START;
	return byte == '\r' || byte == ';' || byte == ' ' || byte == '\t' ? EXTENSION : BAD;
}

/* What is not body, byte by byte: the state after it. */
static unsigned step(struct chunked *c, char byte)
{
	switch (c->state) {
	case SIZE:
		return size_digit(c, byte);
	case EXTENSION:
		return byte != '\n' ? EXTENSION : c->left ? DATA : TRAILER_START;
	case AFTER_DATA:
		c->digits = 0;
		return byte == '\n' ? SIZE : byte == '\r' ? AFTER_DATA : BAD;
	case TRAILER_START:
		return byte == '\n' ? DONE : byte == '\r' ? TRAILER_START : TRAILER;
	case TRAILER:
		return byte == '\n' ? TRAILER_START : TRAILER;
	}
	return c->state;
}

static gsize take_data(struct chunked *c, const char *bytes, gsize length, GString *out, gsize limit_bytes)
{
	gsize n = MIN(length, c->left);
	if (out->len + c->left > limit_bytes) {
		c->state = LARGE;
		return n;
	}
	g_string_append_len(out, bytes, (gssize)n);
	c->left -= n;
	if (c->left == 0)
		c->state = AFTER_DATA;
	return n;
}

enum chunked_verdict chunked_feed(
	struct chunked *c, const char *bytes, gsize length, GString *out, gsize limit_bytes)
{
	static const enum chunked_verdict verdicts[] = { [DONE] = CHUNKED_DONE, [LARGE] = CHUNKED_LARGE, [BAD] = CHUNKED_BAD };
	for (gsize i = 0; i < length && c->state < DONE;) {
		if (c->state == DATA)
			i += take_data(c, bytes + i, length - i, out, limit_bytes);
		else
			c->state = step(c, bytes[i++]);
	}
	return c->state < DONE ? CHUNKED_MORE : verdicts[c->state];
}
