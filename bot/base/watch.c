/* SPDX-License-Identifier: MIT */
#include "base/watch.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/inotify.h>
#include <unistd.h>

struct watch {
	char *name; /* in its folder: a file that is replaced is another file, but stands there */
	watch_fn *changed;
	gpointer data;
	int fd;
	guint source;
};

enum { READ_BYTES = 4096, EVENTS = IN_CLOSE_WRITE | IN_MOVED_TO | IN_ATTRIB };

/* TRUE when one of the events is about the file, or some were lost. */
static gboolean is_told(const struct watch *watch, const char *bytes, gsize length)
{
	gboolean told = FALSE;
	for (gsize at = 0; at + sizeof(struct inotify_event) <= length;) {
		struct inotify_event event;
		memcpy(&event, bytes + at, sizeof event);
		const char *name = bytes + at + sizeof event;
		told = told || (event.mask & IN_Q_OVERFLOW) || (event.len && strcmp(name, watch->name) == 0);
		at += sizeof event + event.len;
	}
	return told;
}

static gboolean look(gint fd, GIOCondition condition, gpointer data)
{
	struct watch *watch = data;
	char bytes[READ_BYTES];
	gboolean told = FALSE;
	(void)condition;
	for (ssize_t length; (length = read(fd, bytes, sizeof bytes)) > 0;)
		told = is_told(watch, bytes, (gsize)length) || told;
	if (told)
		watch->changed(watch->data); /* may free it */
	return G_SOURCE_CONTINUE;
}

struct watch *watch_new(const char *path, watch_fn *changed, gpointer data, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(path);
	struct watch *watch = g_new0(struct watch, 1);
	*watch = (struct watch){ g_path_get_basename(path), changed, data, inotify_init1(IN_NONBLOCK | IN_CLOEXEC), 0 };
	if (watch->fd < 0 || inotify_add_watch(watch->fd, folder, EVENTS) < 0) {
		g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "cannot watch '%s': %s", path, g_strerror(errno));
		watch_free(watch);
		return NULL;
	}
	watch->source = g_unix_fd_add(watch->fd, G_IO_IN, look, watch);
	return watch;
}

void watch_free(struct watch *watch)
{
	if (!watch)
		return;
	if (watch->source)
		g_source_remove(watch->source);
	if (watch->fd >= 0)
		close(watch->fd);
	g_free(watch->name);
	g_free(watch);
}
