/* SPDX-License-Identifier: MIT */
/* From a wish to a picture, with faces from a real server, by belltower-picture itself and by programs that fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/json.h"
#include "net/http_server.h"
#include "platform/painter.h"
#include "tests/unit/platform/programs.h"

static const char wish[] = "{\"kind\":\"cake\",\"headline\":\"x\",\"people\":[{\"name\":\"Ana\",\"account\":\"ana\",\"star\":true},"
			   "{\"name\":\"Bo\",\"account\":\"bo\"},{\"name\":\"Cy\"}]}";

/* Says "PNG" with what it was told, so that the test sees it. */
#define ECHO "printf '\\211PNG\\r\\n\\032\\n'; cat"

struct studio {
	struct lws_loop *lws;
	struct http_server *server;
	struct programs programs;
	char *url;
	unsigned asked;	   /* for faces */
	gboolean silent;   /* the server does not answer */
	struct painter *painter;
	unsigned done;
	GBytes *picture;
};

static void on_request(struct http_call *call, gpointer data)
{
	struct studio *s = data;
	s->asked++;
	if (s->silent)
		return;
	gboolean bo = g_str_has_suffix(http_call_path(call), "bo");
	http_reply(call, bo ? 404 : 200, NULL, "FACE", 4);
}

static const char *find_face(gpointer data, const char *account)
{
	const struct studio *s = data;
	static char *url;
	g_free(url);
	url = g_strconcat(s->url, account, NULL);
	return url;
}

static void on_done(GBytes *picture, gpointer data)
{
	struct studio *s = data;
	s->done++;
	g_clear_pointer(&s->picture, g_bytes_unref);
	s->picture = picture ? g_bytes_ref(picture) : NULL;
}

static int open_studio(void **state)
{
	static const struct http_server_events events = { .request = on_request };
	struct studio *s = g_new0(struct studio, 1);
	s->lws = lws_loop_new(NULL);
	s->server = http_server_new(s->lws, &(struct http_server_options){ 0 }, &events, s, NULL);
	s->url = g_strdup_printf("http://127.0.0.1:%u/", http_server_port(s->server));
	programs_open(&s->programs);
	*state = s;
	return 0;
}

static int close_studio(void **state)
{
	struct studio *s = *state;
	painter_free(s->painter);
	http_server_free(s->server);
	lws_loop_free(s->lws);
	programs_close(&s->programs);
	g_clear_pointer(&s->picture, g_bytes_unref);
	g_free(s->url);
	g_free(s);
	return 0;
}

static void open_painter(struct studio *s, const char *program)
{
	s->painter = painter_new(&(struct painter_setup){ .program = program, .proxy = "", .face = find_face, .data = s });
}

static guint64 draw(struct studio *s, const char *text)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	unsigned before = s->done;
	guint64 id = painter_draw(s->painter, bytes, on_done, s);
	assert_true(id > 0);
	assert_int_equal(s->done, before); /* never from inside */
	return id;
}

static gboolean set_flag(gpointer data)
{
	*(gboolean *)data = TRUE;
	return G_SOURCE_REMOVE;
}

static void wait_for(struct studio *s, unsigned done)
{
	gboolean late = FALSE;
	guint limit = g_timeout_add_seconds(60, set_flag, &late);
	while (s->done < done && !late)
		g_main_context_iteration(NULL, TRUE);
	if (!late)
		g_source_remove(limit);
	assert_int_equal(s->done, done);
}

/* What an ECHO program was told. */
static const char *told(const struct studio *s)
{
	assert_non_null(s->picture);
	return (const char *)g_bytes_get_data(s->picture, NULL) + 8;
}

static gboolean was_told(const struct studio *s, const char *what)
{
	return g_strstr_len(told(s), (gssize)g_bytes_get_size(s->picture) - 8, what) != NULL;
}

static void a_cake_is_drawn(void **state)
{
	struct studio *s = *state;
	open_painter(s, PROGRAM);
	draw(s, wish);
	wait_for(s, 1);
	assert_non_null(s->picture);
	assert_true(g_bytes_get_size(s->picture) > 10000);
	assert_memory_equal(g_bytes_get_data(s->picture, NULL), "\x89PNG\r\n\x1a\n", 8);
}

static void faces_come_with_the_wish_and_are_kept(void **state)
{
	struct studio *s = *state;
	open_painter(s, programs_write(&s->programs, ECHO));
	draw(s, wish);
	wait_for(s, 1);
	assert_true(was_told(s, "\"account\":\"ana\",\"star\":true,\"bytes\":4}"));
	assert_true(was_told(s, "\"account\":\"bo\",\"bytes\":0}"));
	assert_true(was_told(s, "\"name\":\"Cy\",\"bytes\":0}"));
	assert_true(was_told(s, "\nFACE"));
	assert_int_equal(s->asked, 2);
	draw(s, wish);
	wait_for(s, 2);
	assert_true(was_told(s, "\nFACE"));
	assert_int_equal(s->asked, 3); /* only for whom there was none */
}

static void a_server_that_is_silent_costs_the_faces(void **state)
{
	struct studio *s = *state;
	s->silent = TRUE;
	s->painter = painter_new(&(struct painter_setup){
		.program = programs_write(&s->programs, ECHO), .proxy = "", .faces_ms = 50, .face = find_face, .data = s });
	draw(s, wish);
	wait_for(s, 1);
	assert_true(was_told(s, "\"account\":\"ana\",\"star\":true,\"bytes\":0}"));
}

/* A decoder that dies of somebody's face costs the faces, not the picture. */
static void a_deadly_face_is_left_out(void **state)
{
	struct studio *s = *state;
	open_painter(s, programs_write(&s->programs, "in=$(cat); case $in in *FACE) kill -11 $$ ;; esac; printf '\\211PNG\\r\\n\\032\\n%s' \"$in\""));
	draw(s, wish);
	wait_for(s, 1);
	assert_true(was_told(s, "\"account\":\"ana\",\"star\":true,\"bytes\":0}"));
}

static void without_a_picture_it_is_told_too(void **state)
{
	struct studio *s = *state;
	const char *const programs[] = { NULL, "/nowhere/belltower-picture", programs_write(&s->programs, "exit 1"),
		programs_write(&s->programs, "kill -9 $$"), programs_write(&s->programs, "echo '<html>'"), programs_write(&s->programs, "exec yes") };
	for (gsize i = 0; i < G_N_ELEMENTS(programs); i++) {
		open_painter(s, programs[i]);
		draw(s, wish);
		wait_for(s, (unsigned)i + 1);
		assert_null(s->picture);
		painter_free(g_steal_pointer(&s->painter));
	}
}

static void one_that_never_ends_is_ended(void **state)
{
	struct studio *s = *state;
	s->painter = painter_new(&(struct painter_setup){
		.program = programs_write(&s->programs, "exec sleep 1000"), .proxy = "", .limit_ms = 50 });
	draw(s, wish);
	wait_for(s, 1);
	assert_null(s->picture);
}

static void a_broken_wish_is_none(void **state)
{
	struct studio *s = *state;
	open_painter(s, PROGRAM);
	static const char *const wishes[] = { "", "{", "{\"kind\":\"pie\"}", "[]" };
	for (gsize i = 0; i < G_N_ELEMENTS(wishes); i++) {
		draw(s, wishes[i]);
		wait_for(s, (unsigned)i + 1);
		assert_null(s->picture);
	}
}

/* Many at once: each has its end, in line; who is cancelled has none. */
static void a_rush_is_drawn_in_line(void **state)
{
	struct studio *s = *state;
	open_painter(s, programs_write(&s->programs, ECHO));
	guint64 ids[12], unknown = 999;
	for (gsize i = 0; i < G_N_ELEMENTS(ids); i++)
		ids[i] = draw(s, wish);
	painter_cancel(s->painter, &ids[0]); /* at work */
	painter_cancel(s->painter, &ids[7]); /* in line */
	painter_cancel(s->painter, &ids[7]);
	painter_cancel(s->painter, &unknown);
	assert_int_equal(ids[0] + ids[7] + unknown, 0);
	wait_for(s, 10);
	draw(s, wish);
	painter_free(g_steal_pointer(&s->painter)); /* with work under way */
	while (g_main_context_iteration(NULL, FALSE))
		;
	assert_int_equal(s->done, 10);
}

#define STUDIO(test) cmocka_unit_test_setup_teardown(test, open_studio, close_studio)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STUDIO(a_cake_is_drawn),
		STUDIO(faces_come_with_the_wish_and_are_kept),
		STUDIO(a_server_that_is_silent_costs_the_faces),
		STUDIO(a_deadly_face_is_left_out),
		STUDIO(without_a_picture_it_is_told_too),
		STUDIO(one_that_never_ends_is_ended),
		STUDIO(a_broken_wish_is_none),
		STUDIO(a_rush_is_drawn_in_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
