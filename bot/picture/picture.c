/* SPDX-License-Identifier: MIT */
/*
 * belltower-picture: a wish on standard input (wish.h), a PNG on standard output. Started by the daemon for each picture
 * (bot/platform/painter.h), so that neither a broken image nor a drawing that never ends is the daemon's trouble.
 *
 * Exit status: 0: drawn; 1: not, and why is on standard error.
 */
#include <unistd.h>

#include "picture/confine.h"
#include "picture/drawing.h"

static GByteArray *read_all(int fd)
{
	GByteArray *bytes = g_byte_array_new();
	guint8 piece[16384];
	for (gssize got = read(fd, piece, sizeof piece); got > 0 && bytes->len <= WISH_BYTES; got = read(fd, piece, sizeof piece))
		g_byte_array_append(bytes, piece, (guint)got);
	return bytes;
}

static gboolean write_all(int fd, GBytes *bytes)
{
	gsize length;
	const char *at = g_bytes_get_data(bytes, &length);
	while (length > 0) {
		gssize put = write(fd, at, length);
		if (put <= 0)
			return FALSE;
		at += put;
		length -= (gsize)put;
	}
	return TRUE;
}

static int fail(const char *why)
{
	fprintf(stderr, "belltower-picture: %s\n", why);
	return 1;
}

static int draw(void)
{
	/* Unconfined, nobody's image is looked at. */
	gboolean confined = confine_process();
	g_autoptr(GByteArray) bytes = read_all(STDIN_FILENO);
	if (bytes->len > WISH_BYTES)
		return fail("the wish is too long");
	g_autoptr(GError) error = NULL;
	g_autoptr(wish_auto) wish = wish_read((const char *)bytes->data, bytes->len, &error);
	if (!wish)
		return fail(error->message);
	g_autoptr(GBytes) png = drawing_make(wish, confined);
	if (!png)
		return fail("the picture cannot be drawn");
	return write_all(STDOUT_FILENO, png) ? 0 : fail("the picture cannot be written");
}

int main(int argc, char **argv)
{
	(void)argv;
	int status = argc > 1 ? fail("takes no arguments: a wish on standard input, a PNG on standard output") : draw();
	_exit(status); /* at once: the fonts' tables need no tidying up */
}
