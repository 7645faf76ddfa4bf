/* SPDX-License-Identifier: MIT */
/*
 * A frame of the long connection (protocols/feishu.md 2.3), from the platform's side: written to the byte as the platform
 * does, read as strictly as it reads. The only user of protobuf-c in the sandbox; the .proto file is shared with the
 * adapter, nothing else. Pure.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "base/banned.h"

enum { PACKET_CONTROL = 0, PACKET_DATA = 1 };

struct packet_header {
	const char *key, *value;
};

struct packet_parts {
	guint64 seq_id, log_id;
	gint32 service, method;
	const struct packet_header *headers;
	gsize header_count;
	const char *payload; /* NULL: the frame has none */
	gsize length;
	const char *log_id_new; /* the same */
};

/* Caller unrefs. */
GBytes *packet_write(const struct packet_parts *parts);

struct packet;

/* NULL: not a frame. */
struct packet *packet_read(const char *bytes, gsize length);
void packet_free(struct packet *packet);
typedef struct packet packet_auto;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(packet_auto, packet_free)

guint64 packet_seq_id(const struct packet *packet);
guint64 packet_log_id(const struct packet *packet);
/* NULL: none. Borrowed. */
const char *packet_log_id_new(const struct packet *packet);
gint32 packet_service(const struct packet *packet);
gint32 packet_method(const struct packet *packet);
/* The first header of this key; NULL: none. Borrowed. */
const char *packet_header(const struct packet *packet, const char *key);
/* Borrowed, never NULL. */
const char *packet_payload(const struct packet *packet, gsize *length);
