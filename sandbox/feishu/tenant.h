/* SPDX-License-Identifier: MIT */
/*
 * The room as Feishu shows it: the parts that serve protocols/feishu.md over the same company as Slack's, on the same port.
 * Only for the sandbox's own files.
 *
 * Whoever built an app for one platform does not use the other's: until an app asked for an endpoint or a token here,
 * nothing is pushed to Feishu, and once it did, nothing is pushed to Slack unless an app of Slack's came too. Any app_id
 * that begins with cli_ is welcome with any secret that begins with "sandbox". Thread: the loop.
 */
#pragma once

#include "sandbox/parts.h"

struct tenant_settings {
	/* ClientConfig, as the endpoint and each pong tell it: a count, and seconds. */
	int reconnect_count, reconnect_interval_s, reconnect_nonce_s, ping_interval_s;
	gsize fragment_bytes;	   /* payloads beyond this are cut into fragments */
	gboolean fragment_reverse; /* the last fragment first */
	gboolean fragment_repeat;  /* each fragment twice */
	int endpoint_code;	   /* the endpoint request fails so; 0: it succeeds */
	gboolean edit_events;	   /* the app has subscribed to edits */
	int64_t quota;		   /* calls in a month; 0: no end to them */
};

struct tenant {
	struct sandbox *sb;
	gboolean used; /* an app came */
	char *app_id;  /* the one that came last */
	char *key;     /* tenant_key */
	struct tenant_settings settings;
	GHashTable *scopes; /* granted; texts, owned */
	cJSON *menu;	    /* [{"key","name"}] */
	struct lines *lines;
	struct courier *courier;
	struct openapi *openapi;
	struct meter *meter;
	struct callbacks *callbacks;
};

struct tenant *tenant_new(struct sandbox *sb, gboolean no_rate_limits);
void tenant_free(struct tenant *tenant);
/* The company begins again; connections, tokens and settings stay. */
void tenant_forget(struct tenant *tenant);

/* An app showed these, in the endpoint request or for a token. 0, or the code for the refusal: 10003 or 10014. */
int tenant_admit(struct tenant *tenant, const char *app_id, const char *app_secret);
gboolean tenant_may(const struct tenant *tenant, const char *scope);
/* Nothing is unanswered or waits to be pushed again. */
gboolean tenant_is_quiet(const struct tenant *tenant);

/* Any subset of what tenant_describe shows under "settings". FALSE with a plain sentence. */
gboolean tenant_set(struct tenant *tenant, const cJSON *wanted, GError **error);
/* {"ReconnectCount",…} as clients are told. The caller's. */
cJSON *tenant_client_config(const struct tenant *tenant);
/* For the page's state: {app_id, bot_open_id, connections, settings, quota, menu}. The caller's. */
cJSON *tenant_describe(const struct tenant *tenant);

/* Routes: requests under /callback/ and /open-apis/; connections to /ws/v2. */
void tenant_serve_endpoint(struct sandbox *sb, struct http_call *http);
void tenant_serve_api(struct sandbox *sb, struct http_call *http);
