/* SPDX-License-Identifier: MIT */
#include "office.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/log.h"
#include "core_store.h"
#include "house.h"
#include "rehearsal.h"

/* ---- what the clerk says, on the loop ---- */

static void append(GString *list, const char *text)
{
	g_string_append_printf(list, "%s%s", list->len ? ", " : "", text);
}

int64_t office_notes(struct office *o)
{
	struct db *reader = open_good(o->files->db, DB_READER);
	int64_t notes = CORE_NUMBER(reader, "SELECT COUNT(*) FROM note");
	db_close(reader);
	return notes;
}

static void take_verdict(gpointer data, const char *workspace, const struct verdict *verdict)
{
	struct office *o = data;
	assert_string_equal(workspace, "acme");
	o->verdict_count++;
	g_autofree char *text = g_strdup_printf(
		"%" G_GINT64_FORMAT " %s", verdict->receipt, verdict->kept ? "kept" : "not kept");
	append(o->verdicts, text);
	if (verdict->problems)
		o->problem = g_strdup(g_array_index(verdict->problems, struct event_input, 0).value);
	if (o->checks_reader && verdict->kept)
		assert_true(office_notes(o) >= verdict->receipt);
}

static void take_row(gpointer data, struct outbox_row *take)
{
	struct office *o = data;
	const char *parts[] = { outbox_kind_name(take->kind), take->person ? take->person : take->channel };
	g_autofree char *text = g_strdup_printf(
		"%s %s%s", parts[0], parts[1] ? parts[1] : take->word, take->in_doubt ? " in doubt" : "");
	append(o->rows, text);
	g_ptr_array_add(o->handed, take);
}

static void take_due(gpointer data, int64_t due_ms)
{
	((struct office *)data)->due_ms = due_ms;
}

static void take_drained(gpointer data)
{
	((struct office *)data)->drained++;
}

static void take_configured(gpointer data, const struct config *old)
{
	struct office *o = data;
	append(o->news, "configured");
	o->old = old;
}

static void take_failing(gpointer data, gboolean failing)
{
	append(((struct office *)data)->news, failing ? "failing" : "works");
}

static void take_notes(gpointer data, const cJSON *notes)
{
	struct office *o = data;
	g_free(o->notes);
	o->notes = json_print(notes);
}

static const struct clerk_events events = {
	.verdict = take_verdict,
	.row = take_row,
	.due = take_due,
	.drained = take_drained,
	.configured = take_configured,
	.store_failing = take_failing,
	.notes = take_notes,
};

/* ---- the office ---- */

void office_hire(struct office *o)
{
	gsize count;
	const struct sql_owner *const *owners = rehearsal_schema(&count);
	g_autoptr(GError) error = NULL;
	o->db = open_good(o->files->db, DB_WRITER);
	core_check(db_migrate(o->db, owners, count, &error), error);
	o->clerk = clerk_new(
		&(struct clerk_setup){ o->db, o->clock, o->config, o->texts, rehearsals, &events, o },
		&error);
	core_check(o->clerk != NULL, error);
}

void office_dismiss(struct office *o)
{
	clerk_free(o->clerk);
	db_close(o->db);
	while (g_main_context_iteration(NULL, FALSE))
		;
}

int office_make(void **state)
{
	struct office *o = g_new0(struct office, 1);
	alarm(60);
	o->disk = fault_vfs_install();
	assert_int_equal(files_make((void **)&o->files), 0);
	o->clock = clock_new_frozen(1772413200000);
	o->config = house_config();
	o->texts = house_texts();
	o->verdicts = g_string_new(NULL);
	o->rows = g_string_new(NULL);
	o->news = g_string_new(NULL);
	o->handed = g_ptr_array_new_with_free_func((GDestroyNotify)outbox_row_free);
	office_hire(o);
	*state = o;
	return 0;
}

int office_free(void **state)
{
	struct office *o = *state;
	office_dismiss(o);
	g_string_free(o->verdicts, TRUE);
	g_string_free(o->rows, TRUE);
	g_string_free(o->news, TRUE);
	g_ptr_array_unref(o->handed);
	g_free(o->problem);
	g_free(o->notes);
	texts_free(o->texts);
	config_free(o->config);
	clock_free(o->clock);
	files_remove((void **)&o->files);
	fault_vfs_remove(o->disk);
	g_free(o);
	alarm(0);
	return 0;
}

void office_forget(struct office *o)
{
	g_string_truncate(o->verdicts, 0);
	g_string_truncate(o->rows, 0);
	g_string_truncate(o->news, 0);
}

void office_wait_idle(struct office *o)
{
	while (!clerk_is_idle(o->clerk)) {
		g_main_context_iteration(NULL, FALSE);
		g_thread_yield();
	}
}

void office_open(struct office *o)
{
	clerk_start(o->clerk);
	clerk_put(o->clerk, house_people("U1", "Ana", "C1"));
	clerk_put(o->clerk, house_people("U2", "Bo", "C1"));
	office_wait_idle(o);
	office_forget(o);
}

void office_open_and_close(struct office *o)
{
	office_open(o);
	clerk_stop(o->clerk);
	office_dismiss(o);
	office_hire(o);
	office_forget(o);
	g_ptr_array_set_size(o->handed, 0);
}

void office_put(struct office *o, struct event *take, gint64 receipt)
{
	take->receipt = receipt;
	take->keys[0] = g_strdup_printf("Ev%" G_GINT64_FORMAT, receipt);
	clerk_put(o->clerk, take);
}

void office_say(struct office *o, gint64 receipt, const char *text)
{
	office_put(o, house_said("U1", "C1", text), receipt);
}
