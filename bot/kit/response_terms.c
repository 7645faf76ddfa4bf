/* SPDX-License-Identifier: MIT */
#include "kit/response_terms.h"

#include "base/json.h"
#include "base/span.h"
#include "team/calendar_file.h"

static const char *const targets[] = {
	[RESPONSE_FIRST] = "first_response",
	[RESPONSE_PLAN] = "plan",
	[RESPONSE_SOLUTION] = "resolution",
};
static const char *const whoms[] = {
	[RESPONSE_OWNER] = "owner",
	[RESPONSE_STAND_IN] = "stand-in",
	[RESPONSE_ROLE] = "role",
	[RESPONSE_MANAGER] = "manager",
	[RESPONSE_MANAGERS_MANAGER] = "managers-manager",
};
static const char *const hows[] = {
	[RESPONSE_THREAD] = "thread",
	[RESPONSE_DIRECT] = "direct",
	[RESPONSE_URGENT] = "urgent",
};
static const char *const reopens[] = {
	[RESPONSE_REOPEN_RESUME] = "resume",
	[RESPONSE_REOPEN_RESTART] = "restart",
	[RESPONSE_REOPEN_ONCE] = "once",
};

static const struct response_rung usual_ladder[] = {
	{ { 0, TRUE, FALSE }, RESPONSE_STAND_IN, RESPONSE_DIRECT },
	{ { 30 * 60, TRUE, FALSE }, RESPONSE_MANAGER, RESPONSE_DIRECT },
	{ { 2 * 3600, TRUE, FALSE }, RESPONSE_MANAGERS_MANAGER, RESPONSE_URGENT },
};
/* A list tells of these every evening: they ring once, for whom they wait. */
static const struct response_rung patient_ladder[] = {
	{ { 0, TRUE, FALSE }, RESPONSE_OWNER, RESPONSE_DIRECT },
};

/* What is promised where no policy says otherwise; the spans are base/span.h's, of working time. */
#define NOT CONFIG_NO_SPAN
static const struct usual {
	const char *applies;
	int64_t spans[RESPONSE_TARGETS];
	gboolean patient; /* no warning, the short ladder, nothing rings again */
} usual[] = {
	{ "blocker", { 30 * 60, 3600, NOT }, FALSE },
	{ "stall", { 12 * 3600, 8 * 3600, NOT }, FALSE }, /* first: the manager's answer to the plan; plan: the owner's */
	{ "customer", { 2 * 3600, NOT, 24 * 3600 }, FALSE },
	{ "feedback", { 12 * 3600, NOT, NOT }, TRUE }, /* a day and the next morning */
};
enum { USUAL_WARNING = 80, USUAL_REPEAT_S = 2 * 3600, USUAL_REPEATS = 3 };

/* A customer's next question is a promise of its own; who once took a thing has taken it; the rest goes on. */
static enum response_reopen reopen_of(const char *applies, enum response_target target)
{
	if (target != RESPONSE_FIRST)
		return RESPONSE_REOPEN_RESUME;
	return strcmp(applies, "customer") == 0 ? RESPONSE_REOPEN_RESTART : RESPONSE_REOPEN_ONCE;
}

static int index_of(const char *const *names, guint count, const char *name)
{
	for (guint i = 0; name && i < count; i++)
		if (strcmp(names[i], name) == 0)
			return (int)i;
	return -1;
}

const char *response_target_name(enum response_target target)
{
	return targets[target];
}

gboolean response_target_read(const char *name, enum response_target *out)
{
	int i = index_of(targets, G_N_ELEMENTS(targets), name);
	if (i >= 0)
		*out = (enum response_target)i;
	return i >= 0;
}

const char *response_whom_name(enum response_whom whom)
{
	return whoms[whom];
}

/* ---- from the configuration ---- */

struct calendar *response_plain_week(GTimeZone *zone)
{
	struct calendar *calendar = calendar_new("weekdays", zone);
	for (int day = 1; day <= 5; day++)
		calendar_add_weekly(calendar, day, (struct calendar_window){ 9 * 60, 18 * 60 });
	return calendar;
}

/* own: taken; NULL: the calendar is somebody else's. hours: taken. */
static struct response_terms *terms_new(const char *policy, int64_t span, const struct calendar *calendar, struct calendar *own, char *hours)
{
	struct response_terms *terms = g_new0(struct response_terms, 1);
	terms->policy = g_strdup(policy);
	terms->span = span;
	terms->calendar = own ? own : calendar;
	terms->own = own;
	terms->hours = hours;
	terms->ladder = g_array_new(FALSE, FALSE, sizeof(struct response_rung));
	return terms;
}

void response_terms_free(struct response_terms *terms)
{
	if (!terms)
		return;
	g_array_unref(terms->ladder);
	calendar_free(terms->own);
	g_free(terms->hours);
	g_free(terms->policy);
	g_free(terms);
}

static const struct config_policy *policy_of(const struct config *config, const struct config_team *team, const char *applies)
{
	for (struct config_policy **p = config->policies; p && *p; p++)
		if (strcmp((*p)->applies, applies) == 0 &&
			(!*(*p)->teams || g_strv_contains((const char *const *)(*p)->teams, team->name)))
			return *p;
	return NULL;
}

static const struct usual *usual_of(const char *applies)
{
	for (size_t i = 0; i < G_N_ELEMENTS(usual); i++)
		if (strcmp(usual[i].applies, applies) == 0)
			return &usual[i];
	return NULL;
}

static gboolean is_patient(const char *applies)
{
	const struct usual *u = usual_of(applies);
	return u && u->patient;
}

static void take_usual_ladder(struct response_terms *terms, gboolean patient)
{
	g_array_append_vals(terms->ladder, patient ? patient_ladder : usual_ladder,
		patient ? G_N_ELEMENTS(patient_ladder) : G_N_ELEMENTS(usual_ladder));
}

static void take_policy(struct response_terms *terms, const struct config_policy *policy)
{
	for (char **warn = policy->warn; *warn && terms->warn_count < G_N_ELEMENTS(terms->warn); warn++)
		terms->warn[terms->warn_count++] = (int)g_ascii_strtoll(*warn, NULL, 10);
	for (struct config_step **s = policy->ladder; s && *s; s++) {
		struct response_rung rung = { { (*s)->after_s, TRUE, strcmp((*s)->clock, "wall") == 0 },
			(enum response_whom)index_of(whoms, G_N_ELEMENTS(whoms), (*s)->to),
			(enum response_how)index_of(hows, G_N_ELEMENTS(hows), (*s)->how) };
		g_array_append_val(terms->ladder, rung);
	}
	if (!policy->ladder)
		take_usual_ladder(terms, is_patient(policy->applies));
	terms->repeat_s = policy->repeat_s;
	terms->repeat_most = policy->repeat_most;
	terms->afresh = strcmp(policy->new_target, "reset") == 0;
	terms->onward = strcmp(policy->new_calendar, "forward") == 0;
}

static void take_usual(struct response_terms *terms, gboolean patient)
{
	take_usual_ladder(terms, patient);
	if (patient)
		return;
	terms->warn[terms->warn_count++] = USUAL_WARNING;
	terms->repeat_s = USUAL_REPEAT_S;
	terms->repeat_most = USUAL_REPEATS;
}

static int64_t usual_span(const char *applies, enum response_target target)
{
	const struct usual *u = usual_of(applies);
	return u ? u->spans[target] : CONFIG_NO_SPAN;
}

static int64_t policy_span(const struct config_policy *policy, enum response_target target)
{
	const int64_t spans[] = {
		[RESPONSE_FIRST] = policy->first_response,
		[RESPONSE_PLAN] = policy->plan,
		[RESPONSE_SOLUTION] = policy->resolution,
	};
	return spans[target];
}

struct response_terms *response_terms_now(const struct config *config, const struct config_team *team, GTimeZone *zone,
	const char *applies, enum response_target target)
{
	const struct config_policy *policy = policy_of(config, team, applies);
	int64_t span = policy ? policy_span(policy, target) : usual_span(applies, target);
	if (span == CONFIG_NO_SPAN)
		return NULL;
	const struct calendar *calendar = policy && policy->calendar ? policy->calendar : team->calendar;
	struct calendar *own = calendar ? NULL : response_plain_week(zone);
	struct response_terms *terms = terms_new(policy ? policy->name : "", span, calendar, own, calendar_file_print(own ? own : calendar));
	if (policy)
		take_policy(terms, policy);
	else
		take_usual(terms, is_patient(applies));
	terms->reopen = reopen_of(applies, target);
	return terms;
}

struct response_promise response_terms_promise(const struct response_terms *terms, int64_t start_ms)
{
	return (struct response_promise){
		.calendar = terms->calendar,
		.start_ms = start_ms,
		.target_s = MAX(terms->span, 0),
		.target_days = terms->span < 0 ? (int)-terms->span : 0,
		.reopen = terms->reopen,
	};
}

guint response_terms_change(const struct response_terms *old, const struct response_terms *now, struct response_event out[2])
{
	guint count = 0;
	if (old->span >= 0 && now->span >= 0 && old->span != now->span)
		out[count++] = (struct response_event){ .kind = RESPONSE_RETARGET, .target_s = now->span, .afresh = now->afresh };
	if (strcmp(old->hours, now->hours) != 0)
		out[count++] = (struct response_event){ .kind = RESPONSE_RECALENDAR, .calendar = now->calendar, .onward = now->onward };
	return count;
}

/* ---- to text and back ---- */

static void put_ladder(cJSON *root, const GArray *ladder)
{
	cJSON *list = json_put_array(root, "ladder");
	for (guint i = 0; i < ladder->len; i++) {
		const struct response_rung *rung = &g_array_index(ladder, struct response_rung, i);
		cJSON *item = json_push_object(list);
		json_put_int(item, "after_s", rung->step.after_s);
		json_put_bool(item, "wall", rung->step.wall);
		json_put_text(item, "to", whoms[rung->whom]);
		json_put_text(item, "how", hows[rung->how]);
	}
}

char *response_terms_print(const struct response_terms *terms)
{
	g_autoptr(cJSON) root = cJSON_CreateObject();
	g_autofree char *span = span_text(terms->span);
	json_put_text(root, "policy", terms->policy);
	json_put_text(root, "target", span);
	json_put_text(root, "reopen", reopens[terms->reopen]);
	cJSON *warn = json_put_array(root, "warn");
	for (guint i = 0; i < terms->warn_count; i++)
		cJSON_AddItemToArray(warn, cJSON_CreateNumber(terms->warn[i]));
	put_ladder(root, terms->ladder);
	json_put_int(root, "repeat_s", terms->repeat_s);
	json_put_int(root, "repeat_most", terms->repeat_most);
	json_put_bool(root, "afresh", terms->afresh);
	json_put_bool(root, "onward", terms->onward);
	json_put_text(root, "calendar_name", calendar_name(terms->calendar));
	json_put_text(root, "calendar", terms->hours);
	return json_print(root);
}

static gboolean read_rung(const cJSON *item, struct response_rung *rung)
{
	int whom = index_of(whoms, G_N_ELEMENTS(whoms), json_text_or(item, "to", NULL));
	int how = index_of(hows, G_N_ELEMENTS(hows), json_text_or(item, "how", NULL));
	*rung = (struct response_rung){ { json_int_or(item, "after_s", -1), TRUE, json_bool_or(item, "wall", FALSE) },
		(enum response_whom)whom, (enum response_how)how };
	return whom >= 0 && how >= 0 && rung->step.after_s >= 0;
}

static gboolean read_lists(const cJSON *root, struct response_terms *terms)
{
	const cJSON *item;
	gboolean good = TRUE;
	cJSON_ArrayForEach (item, json_array(root, "warn")) {
		if (terms->warn_count < G_N_ELEMENTS(terms->warn))
			terms->warn[terms->warn_count++] = (int)item->valuedouble;
	}
	cJSON_ArrayForEach (item, json_array(root, "ladder")) {
		struct response_rung rung;
		good = read_rung(item, &rung) && good;
		g_array_append_val(terms->ladder, rung);
	}
	return good;
}

static struct calendar *read_calendar(const cJSON *root)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	const char *text = json_text_or(root, "calendar", "");
	return calendar_file_parse(json_text_or(root, "calendar_name", "?"), "terms", text, strlen(text), problems);
}

struct response_terms *response_terms_parse(const char *text, GError **error)
{
	g_autoptr(cJSON) root = json_parse(text, strlen(text), error);
	if (!root)
		return NULL;
	int64_t span = 0;
	int reopen = index_of(reopens, G_N_ELEMENTS(reopens), json_text_or(root, "reopen", NULL));
	struct calendar *calendar = read_calendar(root);
	g_autoptr(response_terms_auto) terms =
		terms_new(json_text_or(root, "policy", ""), 0, NULL, calendar, g_strdup(json_text_or(root, "calendar", "")));
	if (!calendar || reopen < 0 || !span_parse(json_text_or(root, "target", ""), &span) || !read_lists(root, terms)) {
		g_set_error(error, JSON_ERROR, JSON_ERROR_TYPE, "the terms of a promise cannot be read");
		return NULL;
	}
	terms->span = span;
	terms->reopen = (enum response_reopen)reopen;
	terms->repeat_s = json_int_or(root, "repeat_s", 0);
	terms->repeat_most = (int)json_int_or(root, "repeat_most", 0);
	terms->afresh = json_bool_or(root, "afresh", FALSE);
	terms->onward = json_bool_or(root, "onward", FALSE);
	return g_steal_pointer(&terms);
}
