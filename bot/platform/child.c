/* SPDX-License-Identifier: MIT */
#include "platform/child.h"

#include <errno.h>
#include <gio/gio.h>
#include <sys/mman.h>
#include <unistd.h>

struct child {
	GSubprocess *process; /* NULL: could not be started */
	GCancellable *cancel; /* of reading, when it is killed */
	GByteArray *answer;
	gsize most_bytes;
	guint limit; /* a source; 0: none */
	guint under_way; /* operations that will still call back */
	char *why; /* NULL: nothing is wrong so far */
	child_done_fn *done; /* NULL: cancelled */
	gpointer data;
};

enum { PIECE = 64 * 1024 };

static void child_free(struct child *c)
{
	g_clear_handle_id(&c->limit, g_source_remove);
	g_clear_object(&c->process);
	g_object_unref(c->cancel);
	g_byte_array_unref(c->answer);
	g_free(c->why);
	g_free(c);
}

static void finish(struct child *c)
{
	g_autoptr(GBytes) answer = g_bytes_new(c->answer->data, c->answer->len);
	if (c->done)
		c->done(c->why ? NULL : answer, c->why, c->data);
	child_free(c);
}

/* One operation has called back; the last one ends it all. */
static void step_ended(struct child *c)
{
	if (--c->under_way == 0)
		finish(c);
}

/* The first reason counts. */
static void stop(struct child *c, const char *why)
{
	if (!c->why)
		c->why = g_strdup(why);
	g_cancellable_cancel(c->cancel);
	if (c->process)
		g_subprocess_force_exit(c->process);
}

static gboolean took_too_long(gpointer data)
{
	struct child *c = data;
	c->limit = 0;
	stop(c, "it took too long");
	return G_SOURCE_REMOVE;
}

static void exited(GObject *process, GAsyncResult *result, gpointer data)
{
	struct child *c = data;
	g_autoptr(GError) error = NULL;
	if (!g_subprocess_wait_check_finish(G_SUBPROCESS(process), result, &error) && !c->why)
		c->why = g_strdup(error->message);
	step_ended(c);
}

static void read_on(struct child *c);

static void was_read(GObject *pipe, GAsyncResult *result, gpointer data)
{
	struct child *c = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) piece = g_input_stream_read_bytes_finish(G_INPUT_STREAM(pipe), result, &error);
	gsize length = piece ? g_bytes_get_size(piece) : 0;
	if (error && !c->why)
		c->why = g_strdup(error->message);
	if (length > c->most_bytes - c->answer->len) {
		stop(c, "it said too much");
	} else if (length > 0) {
		g_byte_array_append(c->answer, g_bytes_get_data(piece, NULL), (guint)length);
		read_on(c);
	}
	step_ended(c);
}

static void read_on(struct child *c)
{
	c->under_way++;
	g_input_stream_read_bytes_async(g_subprocess_get_stdout_pipe(c->process), PIECE, G_PRIORITY_DEFAULT, c->cancel, was_read, c);
}

/*
 * A file in memory that begins at its start: nobody has to write while somebody reads, and who does not read to the end
 * harms nobody. -1 with the error.
 */
static int open_input(GBytes *input, GError **error)
{
	gsize length;
	const char *at = g_bytes_get_data(input, &length);
	int fd = memfd_create("input", MFD_CLOEXEC);
	for (gssize put = 0; fd >= 0 && length > 0 && put >= 0; at += put, length -= (gsize)put)
		put = write(fd, at, length);
	if (fd >= 0 && length == 0 && lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(errno), "no memory for its input: %s", g_strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

static GSubprocess *spawn(const struct child_order *order, GError **error)
{
	int fd = open_input(order->input, error);
	if (fd < 0)
		return NULL;
	g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE);
	g_subprocess_launcher_take_stdin_fd(launcher, fd);
	return g_subprocess_launcher_spawn(launcher, error, order->program, NULL);
}

static gboolean never_started(gpointer data)
{
	finish(data);
	return G_SOURCE_REMOVE;
}

struct child *child_run(const struct child_order *order, child_done_fn *done, gpointer data)
{
	g_autoptr(GError) error = NULL;
	struct child *c = g_new0(struct child, 1);
	*c = (struct child){ .cancel = g_cancellable_new(), .answer = g_byte_array_new(),
		.most_bytes = order->most_bytes, .done = done, .data = data };
	c->process = spawn(order, &error);
	if (c->process) {
		c->limit = g_timeout_add(order->limit_ms, took_too_long, c);
		c->under_way++;
		g_subprocess_wait_check_async(c->process, NULL, exited, c);
		read_on(c);
	} else {
		c->why = g_strdup(error->message);
		g_idle_add_full(G_PRIORITY_DEFAULT, never_started, c, NULL);
	}
	return c;
}

void child_cancel(struct child *c)
{
	if (!c)
		return;
	c->done = NULL;
	stop(c, "nobody waits for it any more");
}
