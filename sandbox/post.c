/* SPDX-License-Identifier: MIT */
#include "sandbox/post.h"

#include "base/timer.h"
#include "sandbox/live.h"
#include "sandbox/socket.h"

/*
 * One waiting line for each length of wait, so that each is sorted by itself: in by the tail, due at the head.
 * LINE_HELD lets the next event pass. LINE_SOON and those after it are the waits before each retry, in order; then an event
 * is given up.
 */
enum line { LINE_HELD, LINE_ACK, LINE_SOON, LINE_MINUTE, LINE_FIVE, LINE_COUNT };
enum { RETRIES = LINE_COUNT - LINE_SOON };

static const int64_t line_ms[LINE_COUNT] = {
	[LINE_HELD] = SECONDS(1), [LINE_ACK] = SECONDS(3), [LINE_SOON] = 0, [LINE_MINUTE] = MINUTES(1), [LINE_FIVE] = MINUTES(5)
};

static const char *const kinds[] = {
	[ENVELOPE_EVENT] = "events_api", [ENVELOPE_SLASH] = "slash_commands", [ENVELOPE_INTERACTIVE] = "interactive"
};

/* What is sent as interactive, but takes no answer. */
static const char *const one_way[] = { "shortcut", "message_action", "view_closed" };

struct letter {
	enum envelope_kind kind;
	char *envelope_id;
	char *payload; /* JSON */
	char *title;   /* for the log */
	gboolean accepts_response;
	guint attempt;
	int64_t due_ms;
	enum line line;
	GList link; /* in its line */
	fate_fn *decided;
	gpointer data;
	GDestroyNotify free_data;
};

struct post_office {
	struct sandbox *sb;
	GHashTable *letters; /* envelope_id → struct letter *, owned; all that are under way */
	GQueue lines[LINE_COUNT];
	struct timer *timer;
	GString *scratch;
};

static void letter_free(gpointer data)
{
	struct letter *letter = data;
	if (letter->free_data)
		letter->free_data(letter->data);
	g_free(letter->envelope_id);
	g_free(letter->payload);
	g_free(letter->title);
	g_free(letter);
}

/* ---- the lines ---- */

static void leave_line(struct post_office *post, struct letter *letter)
{
	g_queue_unlink(&post->lines[letter->line], &letter->link);
}

static void join_line(struct post_office *post, struct letter *letter, enum line line)
{
	letter->line = line;
	letter->due_ms = clock_mono_ms(post->sb->clock) + line_ms[line];
	g_queue_push_tail_link(&post->lines[line], &letter->link);
	if (!timer_is_armed(post->timer) || line_ms[line] < timer_remaining_ms(post->timer))
		timer_arm_in(post->timer, line_ms[line]);
}

static struct letter *head(const struct post_office *post, enum line line)
{
	return g_queue_peek_head((GQueue *)&post->lines[line]);
}

/* ---- sending ---- */

static void compose(GString *out, const struct letter *letter)
{
	g_string_printf(out, "{\"envelope_id\":\"%s\",\"payload\":", letter->envelope_id);
	g_string_append(out, letter->payload);
	g_string_append_printf(out, ",\"type\":\"%s\",\"accepts_response_payload\":%s", kinds[letter->kind],
		letter->accepts_response ? "true" : "false");
	if (letter->kind == ENVELOPE_EVENT)
		g_string_append_printf(out, ",\"retry_attempt\":%u,\"retry_reason\":\"%s\"", letter->attempt,
			letter->attempt ? "timeout" : "");
	g_string_append_c(out, '}');
}

static void log_letter(struct post_office *post, const struct letter *letter, const char *note)
{
	struct live *live = post->sb->live;
	if (!live_logs(live))
		return;
	g_autofree char *title = g_strdup_printf("%s%s%s", letter->title, *note ? " · " : "", note);
	live_log(live, LOG_OUT, "frame", title, 0, json_parse(post->scratch->str, post->scratch->len, NULL));
}

static gboolean send_letter(struct post_office *post, struct letter *letter)
{
	compose(post->scratch, letter);
	if (!socket_hub_send(post->sb->sockets, post->scratch->str, post->scratch->len))
		return FALSE;
	g_autofree char *note = letter->attempt ? g_strdup_printf("retry %u", letter->attempt) : g_strdup("");
	log_letter(post, letter, note);
	if (letter->kind == ENVELOPE_EVENT && faults_take(post->sb->faults, FAULT_DUPLICATE_EVENTS, NULL)) {
		g_autofree char *second = room_uuid();
		char *first = letter->envelope_id;
		letter->envelope_id = second;
		compose(post->scratch, letter);
		letter->envelope_id = first;
		socket_hub_send(post->sb->sockets, post->scratch->str, post->scratch->len);
		log_letter(post, letter, "duplicate");
	}
	return TRUE;
}

/* Tells whoever asked, and forgets: the letter is gone before the word is given, for it may ask again. */
static void decide(struct post_office *post, struct letter *letter, enum fate fate, const cJSON *answer)
{
	g_hash_table_steal(post->letters, letter->envelope_id);
	if (letter->decided)
		letter->decided(post->sb, fate, answer, letter->data);
	letter_free(letter);
}

static void fail(struct post_office *post, struct letter *letter, enum fate fate);

static void try_letter(struct post_office *post, struct letter *letter)
{
	if (send_letter(post, letter))
		join_line(post, letter, LINE_ACK);
	else
		fail(post, letter, FATE_NO_ONE);
}

static void renew_envelope(struct post_office *post, struct letter *letter)
{
	g_hash_table_steal(post->letters, letter->envelope_id);
	g_free(letter->envelope_id);
	letter->envelope_id = room_uuid();
	g_hash_table_insert(post->letters, letter->envelope_id, letter);
}

/* The letter is in no line now. */
static void fail(struct post_office *post, struct letter *letter, enum fate fate)
{
	if (letter->kind != ENVELOPE_EVENT || letter->attempt >= RETRIES) {
		if (letter->kind == ENVELOPE_EVENT)
			live_note(post->sb->live, "an event was given up after its last retry");
		decide(post, letter, fate, NULL);
		return;
	}
	letter->attempt++;
	renew_envelope(post, letter);
	join_line(post, letter, LINE_SOON + (letter->attempt - 1));
}

/* With FAULT_SWAP_EVENTS an event waits until another went before it. */
static void post_letter(struct post_office *post, struct letter *letter)
{
	struct letter *held = head(post, LINE_HELD);
	if (!held && letter->kind == ENVELOPE_EVENT && faults_take(post->sb->faults, FAULT_SWAP_EVENTS, NULL)) {
		join_line(post, letter, LINE_HELD);
		return;
	}
	try_letter(post, letter);
	if (held) {
		leave_line(post, held);
		try_letter(post, held);
	}
}

static void serve_line(struct post_office *post, enum line line, int64_t now_ms)
{
	struct letter *letter;
	/* What joins a line while it is served waits for the next turn of the loop. */
	for (guint n = post->lines[line].length; n > 0 && (letter = head(post, line)) && letter->due_ms <= now_ms; n--) {
		leave_line(post, letter);
		if (line == LINE_ACK)
			fail(post, letter, FATE_TIMED_OUT);
		else
			try_letter(post, letter);
	}
}

static void serve(gpointer data)
{
	struct post_office *post = data;
	int64_t now_ms = clock_mono_ms(post->sb->clock);
	for (enum line line = 0; line < LINE_COUNT; line++)
		serve_line(post, line, now_ms);
	int64_t next_ms = G_MAXINT64;
	for (enum line line = 0; line < LINE_COUNT; line++) {
		const struct letter *letter = head(post, line);
		next_ms = letter ? MIN(next_ms, letter->due_ms) : next_ms;
	}
	if (next_ms < G_MAXINT64)
		timer_arm_in(post->timer, next_ms - clock_mono_ms(post->sb->clock));
}

struct post_office *post_office_new(struct sandbox *sb)
{
	struct post_office *post = g_new0(struct post_office, 1);
	post->sb = sb;
	post->letters = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, letter_free);
	post->timer = timer_new(NULL, sb->clock, serve, post);
	post->scratch = g_string_sized_new(4096);
	for (enum line line = 0; line < LINE_COUNT; line++)
		g_queue_init(&post->lines[line]);
	return post;
}

void post_office_free(struct post_office *post)
{
	if (!post)
		return;
	g_hash_table_unref(post->letters);
	timer_free(post->timer);
	g_string_free(post->scratch, TRUE);
	g_free(post);
}

void post_forget(struct post_office *post)
{
	for (enum line line = 0; line < LINE_COUNT; line++)
		g_queue_init(&post->lines[line]);
	g_hash_table_remove_all(post->letters);
}

static gboolean takes_answer(enum envelope_kind kind, const char *type)
{
	for (guint i = 0; i < G_N_ELEMENTS(one_way); i++) {
		if (g_str_equal(one_way[i], type))
			return FALSE;
	}
	return kind != ENVELOPE_EVENT;
}

static struct letter *new_letter(struct post_office *post, enum envelope_kind kind, char *take_payload, const char *what)
{
	struct letter *letter = g_new0(struct letter, 1);
	letter->kind = kind;
	letter->link.data = letter;
	letter->envelope_id = room_uuid();
	letter->payload = take_payload;
	letter->accepts_response = takes_answer(kind, what);
	letter->title = live_logs(post->sb->live) ? g_strdup_printf("%s %s", kinds[kind], what) : NULL;
	g_hash_table_insert(post->letters, letter->envelope_id, letter);
	return letter;
}

void post_event(struct post_office *post, const char *type, char *take_outer)
{
	post_letter(post, new_letter(post, ENVELOPE_EVENT, take_outer, type));
}

void post_ask(struct post_office *post, enum envelope_kind kind, cJSON *take_payload, fate_fn *decided, gpointer take_data,
	GDestroyNotify free_data)
{
	const char *what = json_text_or(take_payload, "command", json_text_or(take_payload, "type", ""));
	struct letter *letter = new_letter(post, kind, json_print(take_payload), what);
	cJSON_Delete(take_payload);
	letter->decided = decided;
	letter->data = take_data;
	letter->free_data = free_data;
	post_letter(post, letter);
}

/* ---- acknowledgements ---- */

static void log_receipt(struct post_office *post, const char *title, cJSON *take_detail)
{
	live_log(post->sb->live, LOG_IN, "frame", title, 0, take_detail);
}

void post_receive(struct post_office *post, const char *text, gsize length)
{
	g_autoptr(cJSON) ack = json_parse(text, length, NULL);
	const char *envelope_id = json_text_or(ack, "envelope_id", NULL);
	struct letter *letter = envelope_id ? g_hash_table_lookup(post->letters, envelope_id) : NULL;
	gboolean logs = live_logs(post->sb->live);
	if (!letter) {
		if (logs)
			log_receipt(post, ack ? "acknowledgement of nothing" : "not JSON", ack ? cJSON_Duplicate(ack, TRUE) : NULL);
		return;
	}
	if (faults_take(post->sb->faults, FAULT_LOSE_ACKS, NULL)) {
		if (logs)
			log_receipt(post, "acknowledgement, lost", cJSON_Duplicate(ack, TRUE));
		return;
	}
	if (logs)
		log_receipt(post, "acknowledgement", cJSON_Duplicate(ack, TRUE));
	leave_line(post, letter);
	decide(post, letter, FATE_ACKNOWLEDGED, json_object(ack, "payload"));
}

gboolean post_is_quiet(const struct post_office *post)
{
	return g_hash_table_size(post->letters) == 0;
}
