/* SPDX-License-Identifier: MIT */
/* The sandbox's parts, for its own files only: who is wired to whom. Made and freed in sandbox.c. */
#pragma once

#include "net/http_server.h"
#include "sandbox/faults.h"
#include "sandbox/room.h"
#include "sandbox/sandbox.h"

struct sandbox {
	struct clock *clock;
	struct timer *clock_teller; /* tells the pages that it was moved */
	struct lws_loop *loop;
	struct room *room;
	struct faults *faults;
	struct trouble *trouble;
	struct live *live;
	struct socket_hub *sockets;
	struct post_office *post;
	struct limits *limits;
	struct clicks *clicks;
	struct file_room *files;
	struct webapi *webapi;
	gboolean slack_used; /* an app of Slack's called: see tenant.h */
	struct tenant *tenant;
	struct http_server *server;
	char *url;
	cJSON *company; /* to begin again from */
	cJSON *rooms;	/* platform → address; NULL: all are this one */
	guint kept_messages, page_messages;
};
