/* SPDX-License-Identifier: MIT */
#include "sandbox/faults.h"

#include "base/clock.h"
#include "base/random.h"
#include "sandbox/sandbox.h"

static const char *const names[FAULT_COUNT] = {
	[FAULT_RATE_LIMIT] = "rate_limit",
	[FAULT_SERVER_ERROR] = "server_error",
	[FAULT_DROP_BEFORE] = "drop_before",
	[FAULT_DROP_AFTER] = "drop_after",
	[FAULT_DROP_GREETING] = "drop_greeting",
	[FAULT_DROP_EVENT] = "drop_event",
	[FAULT_DROP_ACK] = "drop_ack",
	[FAULT_LOSE_ACKS] = "lose_acks",
	[FAULT_DUPLICATE_EVENTS] = "duplicate_events",
	[FAULT_SWAP_EVENTS] = "swap_events",
	[FAULT_LOSE_FRAGMENT] = "lose_fragment",
	[FAULT_GARBAGE] = "garbage",
	[FAULT_SILENCE] = "silence",
	[FAULT_REFUSE_CONNECTIONS] = "refuse_connections",
	[FAULT_EXPIRED_TOKEN] = "expired_token",
	[FAULT_NO_SCANS] = "no_scans",
	[FAULT_API_ERROR] = "api_error",
};

struct faults {
	gboolean on[FAULT_COUNT];
	int64_t times;	    /* occasions left; 0: without end */
	int64_t wait_s, delay_ms;
	GHashTable *methods; /* empty: all */
	char *api_error;
	void (*spent)(gpointer data);
	gpointer data;
};

struct faults *faults_new(void (*spent)(gpointer data), gpointer data)
{
	struct faults *faults = g_new0(struct faults, 1);
	faults->spent = spent;
	faults->data = data;
	faults->wait_s = 1;
	faults->methods = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return faults;
}

void faults_free(struct faults *faults)
{
	if (!faults)
		return;
	g_hash_table_unref(faults->methods);
	g_free(faults->api_error);
	g_free(faults);
}

gboolean faults_on(const struct faults *faults, enum fault fault, const char *method)
{
	if (!faults->on[fault])
		return FALSE;
	return !method || g_hash_table_size(faults->methods) == 0 || g_hash_table_contains(faults->methods, method);
}

gboolean faults_take(struct faults *faults, enum fault fault, const char *method)
{
	if (!faults_on(faults, fault, method))
		return FALSE;
	if (faults->times > 0 && --faults->times == 0) {
		memset(faults->on, 0, sizeof faults->on);
		faults->spent(faults->data);
	}
	return TRUE;
}

const char *faults_api_error(const struct faults *faults)
{
	return faults->api_error;
}

int faults_wait_s(const struct faults *faults)
{
	return (int)faults->wait_s;
}

int64_t faults_delay_ms(const struct faults *faults)
{
	return faults->delay_ms;
}

GBytes *faults_noise(void)
{
	guint8 bytes[48];
	random_bytes(bytes, sizeof bytes);
	return g_bytes_new(bytes, 1 + bytes[0] % (sizeof bytes - 1));
}

/* A text switches on too: what to fail with; an empty one switches off. */
static void set_fault(struct faults *faults, enum fault fault, const cJSON *item)
{
	gboolean text = fault == FAULT_API_ERROR && cJSON_IsString(item) && *item->valuestring;
	faults->on[fault] = text || (fault != FAULT_API_ERROR && cJSON_IsTrue(item));
	if (text) {
		g_free(faults->api_error);
		faults->api_error = g_strdup(item->valuestring);
	}
}

static int fault_of_name(const char *name)
{
	for (int i = 0; i < FAULT_COUNT; i++) {
		if (g_str_equal(names[i], name))
			return i;
	}
	return -1;
}

static gboolean is_other_key(const char *key)
{
	static const char *const others[] = { "do", "times", "methods", "wait_s", "delay_ms", NULL };
	return g_strv_contains(others, key);
}

static void set_methods(struct faults *faults, const cJSON *methods)
{
	const cJSON *method;
	g_hash_table_remove_all(faults->methods);
	cJSON_ArrayForEach(method, methods)
	{
		if (cJSON_IsString(method))
			g_hash_table_add(faults->methods, g_strdup(method->valuestring));
	}
}

gboolean faults_set(struct faults *faults, const cJSON *wanted, GError **error)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, wanted)
	{
		if (fault_of_name(item->string) < 0 && !is_other_key(item->string)) {
			g_set_error(error, SANDBOX_ERROR, SANDBOX_ERROR_ACT, "there is no fault '%s'", item->string);
			return FALSE;
		}
	}
	cJSON_ArrayForEach(item, wanted)
	{
		int fault = fault_of_name(item->string);
		if (fault >= 0)
			set_fault(faults, (enum fault)fault, item);
	}
	faults->times = MAX(json_int_or(wanted, "times", 0), 0);
	faults->wait_s = CLAMP(json_int_or(wanted, "wait_s", faults->wait_s), 1, 3600);
	faults->delay_ms = CLAMP(json_int_or(wanted, "delay_ms", faults->delay_ms), 0, HOURS(1));
	if (json_array(wanted, "methods"))
		set_methods(faults, json_array(wanted, "methods"));
	return TRUE;
}

cJSON *faults_describe(const struct faults *faults)
{
	cJSON *object = cJSON_CreateObject();
	for (int i = 0; i < FAULT_API_ERROR; i++)
		json_put_bool(object, names[i], faults->on[i]);
	json_put_text(object, names[FAULT_API_ERROR], faults->on[FAULT_API_ERROR] ? faults->api_error : "");
	json_put_int(object, "times", faults->times);
	json_put_int(object, "wait_s", faults->wait_s);
	json_put_int(object, "delay_ms", faults->delay_ms);
	cJSON *methods = json_put_array(object, "methods");
	GHashTableIter iter;
	gpointer name;
	g_hash_table_iter_init(&iter, faults->methods);
	while (g_hash_table_iter_next(&iter, &name, NULL))
		json_push_text(methods, name);
	return object;
}
