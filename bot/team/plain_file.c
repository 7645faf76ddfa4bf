/* SPDX-License-Identifier: MIT */
#include "team/plain_file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int plain_file_open(const char *path, struct stat *status, char **reason)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, status) != 0) {
		*reason = g_strdup_printf("cannot be read: %s", g_strerror(errno));
	} else if (!S_ISREG(status->st_mode)) {
		*reason = g_strdup("is not a plain file");
	} else {
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

char *plain_file_read(const char *path, gsize limit_bytes, gsize *length, gboolean *is_open, char **reason)
{
	struct stat status;
	int fd = plain_file_open(path, &status, reason);
	if (fd < 0)
		return NULL;
	*is_open = (status.st_mode & S_IROTH) != 0;
	char *text = g_malloc(limit_bytes + 2);
	gsize have = 0;
	gssize got = 0;
	while (have <= limit_bytes && (got = read(fd, text + have, limit_bytes + 1 - have)) > 0)
		have += (gsize)got;
	close(fd);
	text[have] = '\0';
	*length = have;
	if (got >= 0 && have <= limit_bytes)
		return text;
	*reason = got < 0 ? g_strdup("cannot be read")
			  : g_strdup_printf("is larger than %zu KiB", limit_bytes / 1024);
	g_free(text);
	return NULL;
}
