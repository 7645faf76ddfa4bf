/* SPDX-License-Identifier: MIT */
#include "tests/support/as_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static const char *const results[] = {
	[SEND_DONE] = "done",
	[SEND_LATER] = "later",
	[SEND_IN_DOUBT] = "in doubt",
	[SEND_REFUSED] = "refused",
	[SEND_GONE] = "gone",
	[SEND_FAILED] = "failed",
	[SEND_STOPPED] = "stopped",
};

static void show(GString *out, const char *name, const char *text)
{
	if (text)
		g_string_append_printf(out, " %s=%s", name, text);
}

static void show_people(GString *out, const struct event *event)
{
	for (guint i = 0; event->people && i < event->people->len; i++) {
		const struct event_person *p = &g_array_index(event->people, struct event_person, i);
		g_string_append_printf(out, " %s(%s)", p->account, p->name ? p->name : "");
		show(out, "handle", p->handle);
		show(out, "email", p->email);
		show(out, "zone", p->zone);
		show(out, "language", p->language);
		g_string_append(out, p->bot ? " bot" : "");
		g_string_append(out, p->deactivated ? " deactivated" : "");
		if (p->absence == EVENT_ABSENT)
			g_string_append_printf(out, " absent until=%" G_GINT64_FORMAT, (gint64)p->absent_until_ms);
	}
}

char *event_as_line(const struct event *event)
{
	GString *out = g_string_new(event_kind_name(event->kind));
	show(out, "by", event->person);
	show(out, event->place.kind == PLACE_DIRECT ? "direct" : "in", event->place.channel);
	show(out, "thread", event->place.thread);
	show(out, "message", event->message);
	show(out, "word", event->word);
	show(out, "value", event->value);
	show(out, "text", event->text);
	show(out, "call", event->call);
	show(out, "token", event->place.token);
	for (guint i = 0; event->inputs && i < event->inputs->len; i++) {
		const struct event_input *input = &g_array_index(event->inputs, struct event_input, i);
		g_string_append_printf(out, " [%s=%s]", input->name, input->value);
	}
	show_people(out, event);
	g_string_append_printf(out, "%s%s at=%" G_GINT64_FORMAT, event->addressed ? " addressed" : "",
		event->late_copy ? " late" : "", (gint64)event->at_ms);
	for (guint i = 0; i < EVENT_KEYS && event->keys[i]; i++)
		g_string_append_printf(out, " %s", event->keys[i]);
	show(out, "of", event->subject);
	return g_string_free(out, FALSE);
}

char *outcome_as_line(const struct outcome *outcome, const char *flags)
{
	GString *out = g_string_new(results[outcome->result]);
	if (outcome->after_ms >= 0)
		g_string_append_printf(out, " after=%" G_GINT64_FORMAT, (gint64)outcome->after_ms);
	g_string_append(out, outcome->method_wide ? " all" : "");
	g_string_append(out, flags);
	show(out, "message", outcome->message);
	show(out, "channel", outcome->channel);
	if (outcome->reason)
		g_string_append_printf(out, ": %s", outcome->reason);
	return g_string_free(out, FALSE);
}

guint differs(const char *what, const char *got, const char *expected)
{
	if (g_strcmp0(got, expected) == 0)
		return 0;
	print_error("%s:\n  got      %s\n  expected %s\n", what, got, expected);
	return 1;
}

char *repeated(const char *text, guint times)
{
	GString *out = g_string_new(NULL);
	while (times-- > 0)
		g_string_append(out, text);
	return g_string_free(out, FALSE);
}

struct message *form_with_choice(guint count)
{
	struct message *form = form_new("a.b", "", "T", "S", NULL);
	form_choice(form, "where", "Where?", NULL, "o1", FALSE);
	for (guint i = 0; i < count; i++) {
		g_autofree char *value = g_strdup_printf("o%u", i), *label = i == 0 ? repeated("字", 200) : g_strdup_printf("<Option %u>", i);
		form_option(form, value, label);
	}
	return form;
}
