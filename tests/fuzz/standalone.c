/* SPDX-License-Identifier: MIT */
/* Replays the files of the folders given as arguments through a fuzz target, where libFuzzer is not at hand.
 */
#include <glib.h>
#include <stdio.h>

#include "tests/fuzz/fuzz.h"

static gboolean play(const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	g_autofree char *data = NULL;
	gsize size;
	g_autoptr(GError) error = NULL;
	if (!g_file_get_contents(path, &data, &size, &error)) {
		fprintf(stderr, "%s\n", error->message);
		return FALSE;
	}
	/* A copy of exactly this size, so that a sanitizer sees one byte too many. */
	g_autofree uint8_t *input = g_memdup2(data, size);
	LLVMFuzzerTestOneInput(input, size);
	return TRUE;
}

static guint play_folder(const char *folder)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GDir) dir = g_dir_open(folder, 0, &error);
	if (!dir) {
		fprintf(stderr, "%s\n", error->message);
		return 0;
	}
	guint played = 0;
	for (const char *name; (name = g_dir_read_name(dir));)
		played += play(folder, name) ? 1 : 0;
	printf("%s: %u inputs\n", folder, played);
	return played;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (play_folder(argv[i]) == 0)
			return 1;
	}
	return argc > 1 ? 0 : 1;
}
