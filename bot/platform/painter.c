/* SPDX-License-Identifier: MIT */
#include "platform/painter.h"

#include "base/json.h"
#include "base/log.h"
#include "net/http_client.h"
#include "platform/child.h"

enum {
	AT_ONCE = 2, /* drawings; the others wait in line */
	FACES_AT_ONCE = 8,
	FACE_MS = 5000,
	KEPT_BYTES = 8 * 1024 * 1024, /* faces in memory */
	PEOPLE = 60,
};

struct painter {
	struct painter_setup setup;
	struct http_client *http; /* made for the first face */
	GHashTable *faces;	  /* URL → GBytes */
	gsize faces_bytes;
	GQueue drawings; /* struct drawing, those at work first */
	guint64 last_id;
};

struct drawing {
	struct painter *painter;
	guint64 id;
	cJSON *wish;
	GBytes *faces[PEOPLE]; /* by their place in the wish; NULL: none */
	struct fetch {
		struct drawing *drawing;
		guint place;
		char *url;
		guint64 call; /* 0: not under way */
	} fetches[PEOPLE];
	guint fetching;
	guint limit; /* a source: of the fetching, or to begin; 0: none */
	gboolean at_work, faceless;
	struct child *child;
	painter_done_fn *done;
	gpointer data;
};

/* ---- life ---- */

static void drawing_free(struct drawing *d)
{
	for (guint i = 0; i < PEOPLE; i++) {
		if (d->fetches[i].call)
			http_cancel(d->painter->http, d->fetches[i].call);
		g_free(d->fetches[i].url);
		g_clear_pointer(&d->faces[i], g_bytes_unref);
	}
	g_clear_handle_id(&d->limit, g_source_remove);
	child_cancel(d->child);
	cJSON_Delete(d->wish);
	g_free(d);
}

static void begin_next(struct painter *p);

/* why: NULL: nothing went wrong, or it was said before. */
static void end(struct drawing *d, GBytes *picture, const char *why)
{
	if (why)
		log_warning("a picture could not be drawn, the message goes without it", "reason", why);
	struct painter *p = d->painter;
	painter_done_fn *done = d->done;
	gpointer data = d->data;
	g_queue_remove(&p->drawings, d);
	drawing_free(d);
	begin_next(p);
	done(picture, data);
}

struct painter *painter_new(const struct painter_setup *setup)
{
	struct painter *p = g_new0(struct painter, 1);
	p->setup = *setup;
	p->setup.program = g_strdup(setup->program);
	p->setup.limit_ms = setup->limit_ms ? setup->limit_ms : PAINTER_MS;
	p->setup.faces_ms = setup->faces_ms ? setup->faces_ms : PAINTER_FACES_MS;
	p->faces = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
	g_queue_init(&p->drawings);
	return p;
}

void painter_free(struct painter *p)
{
	if (!p)
		return;
	g_queue_clear_full(&p->drawings, (GDestroyNotify)drawing_free);
	http_client_free(p->http);
	g_hash_table_unref(p->faces);
	g_free((char *)p->setup.program);
	g_free(p);
}

/* ---- the program ---- */

/* The wish with the length of each face, and the faces behind it. */
static GBytes *order_of(const struct drawing *d)
{
	GByteArray *faces = g_byte_array_new();
	g_autoptr(cJSON) wish = cJSON_Duplicate(d->wish, TRUE);
	cJSON *person;
	guint place = 0;
	cJSON_ArrayForEach (person, json_array(wish, "people")) {
		GBytes *face = place < PEOPLE && !d->faceless ? d->faces[place] : NULL;
		gsize length = 0;
		const guint8 *bytes = face ? g_bytes_get_data(face, &length) : NULL;
		cJSON_DeleteItemFromObjectCaseSensitive(person, "bytes");
		json_put_int(person, "bytes", (int64_t)length);
		if (length > 0)
			g_byte_array_append(faces, bytes, (guint)length);
		place++;
	}
	g_autofree char *line = json_print(wish);
	GByteArray *order = g_byte_array_new();
	g_byte_array_append(order, (const guint8 *)line, (guint)strlen(line));
	g_byte_array_append(order, (const guint8 *)"\n", 1);
	g_byte_array_append(order, faces->data, faces->len);
	g_byte_array_unref(faces);
	return g_byte_array_free_to_bytes(order);
}

static gboolean has_faces(const struct drawing *d)
{
	for (guint i = 0; i < PEOPLE && !d->faceless; i++)
		if (d->faces[i])
			return TRUE;
	return FALSE;
}

static gboolean is_png(GBytes *bytes)
{
	gsize length;
	const char *at = g_bytes_get_data(bytes, &length);
	return length > 8 && memcmp(at, "\x89PNG\r\n\x1a\n", 8) == 0;
}

static void run_program(struct drawing *d);

static void program_ended(GBytes *answer, const char *why, gpointer data)
{
	struct drawing *d = data;
	d->child = NULL;
	if (answer && is_png(answer)) {
		end(d, answer, NULL);
	} else if (has_faces(d)) {
		log_warning("a picture could not be drawn, trying it without faces", "reason", why ? why : "it is no PNG");
		d->faceless = TRUE;
		run_program(d);
	} else {
		end(d, NULL, why ? why : "what was drawn is no PNG");
	}
}

static void run_program(struct drawing *d)
{
	const struct painter_setup *setup = &d->painter->setup;
	g_autoptr(GBytes) order = order_of(d);
	d->child = child_run(&(struct child_order){ .program = setup->program, .input = order, .most_bytes = PAINTER_PICTURE_BYTES,
				     .limit_ms = setup->limit_ms },
		program_ended, d);
}

/* ---- the faces ---- */

/* What is forgotten is fetched again. */
static void keep_face(struct painter *p, const char *url, GBytes *face)
{
	if (p->faces_bytes + g_bytes_get_size(face) > KEPT_BYTES) {
		g_hash_table_remove_all(p->faces);
		p->faces_bytes = 0;
	}
	if (g_hash_table_replace(p->faces, g_strdup(url), g_bytes_ref(face)))
		p->faces_bytes += g_bytes_get_size(face);
}

static void faces_are_there(struct drawing *d)
{
	g_clear_handle_id(&d->limit, g_source_remove);
	run_program(d);
}

static void face_came(const struct http_response *response, gpointer data)
{
	struct fetch *fetch = data;
	struct drawing *d = fetch->drawing;
	fetch->call = 0;
	if (response->outcome == HTTP_OK && response->status == 200 && response->body_length > 0) {
		d->faces[fetch->place] = g_bytes_new(response->body, response->body_length);
		keep_face(d->painter, fetch->url, d->faces[fetch->place]);
	}
	if (--d->fetching == 0)
		faces_are_there(d);
}

static void fetch_face(struct drawing *d, guint place, const char *url)
{
	struct painter *p = d->painter;
	if (!p->http)
		p->http = http_client_new(&(struct http_options){
			.ca_file = p->setup.ca_file, .proxy = p->setup.proxy, .max_active = FACES_AT_ONCE });
	struct fetch *fetch = &d->fetches[place];
	*fetch = (struct fetch){ d, place, g_strdup(url), 0 };
	d->fetching++;
	fetch->call = http_send(p->http,
		&(struct http_request){ .url = url, .timeout_ms = FACE_MS, .max_response_bytes = PAINTER_FACE_BYTES }, face_came, fetch);
}

static void find_face(struct drawing *d, guint place, const cJSON *person)
{
	const struct painter_setup *setup = &d->painter->setup;
	const char *account = json_text_or(person, "account", NULL);
	const char *url = account && setup->face ? setup->face(setup->data, account) : NULL;
	GBytes *kept = url ? g_hash_table_lookup(d->painter->faces, url) : NULL;
	if (kept)
		d->faces[place] = g_bytes_ref(kept);
	else if (url)
		fetch_face(d, place, url);
}

/* Who is not there by now has initials. */
static gboolean faces_are_late(gpointer data)
{
	struct drawing *d = data;
	d->limit = 0;
	for (guint i = 0; i < PEOPLE; i++) {
		if (d->fetches[i].call)
			http_cancel(d->painter->http, d->fetches[i].call);
		d->fetches[i].call = 0;
	}
	d->fetching = 0;
	faces_are_there(d);
	return G_SOURCE_REMOVE;
}

/* ---- a drawing ---- */

static gboolean begin(gpointer data)
{
	struct drawing *d = data;
	d->limit = 0;
	if (!d->wish || !d->painter->setup.program) {
		end(d, NULL, d->wish ? NULL : "the wish cannot be read");
		return G_SOURCE_REMOVE;
	}
	const cJSON *person;
	guint place = 0;
	cJSON_ArrayForEach (person, json_array(d->wish, "people")) {
		if (place < PEOPLE)
			find_face(d, place++, person);
	}
	if (d->fetching > 0)
		d->limit = g_timeout_add(d->painter->setup.faces_ms, faces_are_late, d);
	else
		faces_are_there(d);
	return G_SOURCE_REMOVE;
}

/* From an idle source, so that nothing is told from inside painter_draw. */
static void begin_next(struct painter *p)
{
	guint at_work = 0;
	for (GList *l = p->drawings.head; l && at_work < AT_ONCE; l = l->next) {
		struct drawing *d = l->data;
		if (!d->at_work)
			d->limit = g_idle_add_full(G_PRIORITY_DEFAULT, begin, d, NULL);
		d->at_work = TRUE;
		at_work++;
	}
}

guint64 painter_draw(struct painter *p, GBytes *wish, painter_done_fn *done, gpointer data)
{
	gsize length;
	const char *text = g_bytes_get_data(wish, &length);
	struct drawing *d = g_new0(struct drawing, 1);
	*d = (struct drawing){ .painter = p, .id = ++p->last_id, .wish = json_parse(text, length, NULL), .done = done, .data = data };
	guint64 id = d->id;
	g_queue_push_tail(&p->drawings, d);
	begin_next(p);
	return id;
}

void painter_cancel(struct painter *p, guint64 *id)
{
	for (GList *l = *id ? p->drawings.head : NULL; l; l = l->next) {
		struct drawing *d = l->data;
		if (d->id != *id)
			continue;
		g_queue_delete_link(&p->drawings, l);
		drawing_free(d);
		begin_next(p);
		break;
	}
	*id = 0;
}

/* ---- where it is ---- */

char *painter_find_program(void)
{
	static const char *const places[] = { "belltower-picture", "../" LIBEXECDIR "/belltower-picture" };
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *folder = self ? g_path_get_dirname(self) : NULL;
	for (gsize i = 0; folder && i < G_N_ELEMENTS(places); i++) {
		g_autofree char *path = g_build_filename(folder, places[i], NULL);
		if (g_file_test(path, G_FILE_TEST_IS_EXECUTABLE))
			return g_steal_pointer(&path);
	}
	return NULL;
}
