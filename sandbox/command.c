/* SPDX-License-Identifier: MIT */
/* The command `belltower sandbox`: options, one sandbox, until a signal. */
#include <glib-unix.h>

#include "base/log.h"
#include "sandbox/sandbox.h"

struct settings {
	char *listen, *cert_file, *key_file, *company_file;
	gboolean no_rate_limits, no_log, quiet;
	int kept_messages, page_messages;
};

static gboolean parse_listen(const char *text, char **address, guint16 *port)
{
	const char *colon = strrchr(text, ':');
	guint64 number;
	if (!colon || !g_ascii_string_to_unsigned(colon + 1, 10, 0, 65535, &number, NULL))
		return FALSE;
	g_autofree char *host = g_strndup(text, (gsize)(colon - text));
	gsize length = strlen(host);
	gboolean bracketed = length > 2 && host[0] == '[' && host[length - 1] == ']';
	*address = bracketed ? g_strndup(host + 1, length - 2) : g_strdup(*host ? host : "127.0.0.1");
	*port = (guint16)number;
	return TRUE;
}

static cJSON *read_company(const char *file, GError **error)
{
	g_autofree char *text = NULL;
	gsize length;
	if (!g_file_get_contents(file, &text, &length, error))
		return NULL;
	cJSON *company = json_parse(text, length, error);
	if (!company)
		g_prefix_error(error, "cannot read '%s': ", file);
	return company;
}

static gboolean stop(gpointer loop)
{
	g_main_loop_quit(loop);
	return G_SOURCE_CONTINUE;
}

static void run(const struct sandbox *sb)
{
	GMainLoop *loop = g_main_loop_new(NULL, FALSE);
	guint term = g_unix_signal_add(SIGTERM, stop, loop), interrupt = g_unix_signal_add(SIGINT, stop, loop);
	g_print("%s\n", sandbox_url(sb));
	fflush(stdout);
	g_main_loop_run(loop);
	g_source_remove(term);
	g_source_remove(interrupt);
	g_main_loop_unref(loop);
}

static gboolean serve(const struct settings *s, GError **error)
{
	g_autofree char *address = NULL;
	struct sandbox_options o = { .cert_file = s->cert_file, .key_file = s->key_file, .no_rate_limits = s->no_rate_limits,
		.no_log = s->no_log, .kept_messages = (guint)MAX(s->kept_messages, 0),
		.page_messages = (guint)MAX(s->page_messages, 0) };
	if (!parse_listen(s->listen ? s->listen : "127.0.0.1:8787", &address, &o.port)) {
		g_set_error(error, SANDBOX_ERROR, SANDBOX_ERROR_COMPANY, "--listen wants ADDRESS:PORT, not '%s'", s->listen);
		return FALSE;
	}
	o.address = address;
	g_autoptr(cJSON) company = s->company_file ? read_company(s->company_file, error) : NULL;
	if (s->company_file && !company)
		return FALSE;
	o.company = company;
	o.loop = lws_loop_new(error);
	if (!o.loop)
		return FALSE;
	o.clock = clock_new();
	struct sandbox *sb = sandbox_new(&o, error);
	gboolean made = sb != NULL;
	if (made)
		run(sb);
	sandbox_free(sb);
	lws_loop_free(o.loop);
	clock_free(o.clock);
	return made;
}

int sandbox_main(int argc, char **argv)
{
	struct settings s = { 0 };
	const GOptionEntry entries[] = {
		{ "listen", 'l', 0, G_OPTION_ARG_STRING, &s.listen, "Address and port; port 0: any (127.0.0.1:8787)", "ADDRESS:PORT" },
		{ "company", 'C', 0, G_OPTION_ARG_FILENAME, &s.company_file, "People and channels, as config/company.example.json", "FILE" },
		{ "tls-cert", 0, 0, G_OPTION_ARG_FILENAME, &s.cert_file, "Serve https and wss with this chain", "PEM" },
		{ "tls-key", 0, 0, G_OPTION_ARG_FILENAME, &s.key_file, "The chain's key", "PEM" },
		{ "no-rate-limits", 0, 0, G_OPTION_ARG_NONE, &s.no_rate_limits, "Never answer 429", NULL },
		{ "no-log", 0, 0, G_OPTION_ARG_NONE, &s.no_log, "Keep no calls and frames for the page", NULL },
		{ "keep", 0, 0, G_OPTION_ARG_INT, &s.kept_messages, "Messages kept in each channel (all)", "N" },
		{ "page-messages", 0, 0, G_OPTION_ARG_INT, &s.page_messages, "Most messages in one page of history", "N" },
		{ 0 },
	};
	g_autoptr(GOptionContext) context = g_option_context_new("- a chat server on your desk that speaks Slack");
	g_autoptr(GError) error = NULL;
	g_option_context_add_main_entries(context, entries, NULL);
	gboolean parsed = g_option_context_parse(context, &argc, &argv, &error);
	gboolean served = parsed && serve(&s, &error);
	if (!served)
		g_printerr("belltower sandbox: %s\n", error->message);
	g_free(s.listen);
	g_free(s.cert_file);
	g_free(s.key_file);
	g_free(s.company_file);
	return served ? 0 : parsed ? 1 : 2;
}
