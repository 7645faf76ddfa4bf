/* SPDX-License-Identifier: MIT */
#include "sandbox/feishu/packet.h"

#include <sandbox_wire.pb-c.h>

struct packet {
	SandboxWire__Frame *wire;
};

GBytes *packet_write(const struct packet_parts *parts)
{
	SandboxWire__Frame wire = SANDBOX_WIRE__FRAME__INIT;
	g_autofree SandboxWire__Header *list = g_new(SandboxWire__Header, parts->header_count);
	g_autofree SandboxWire__Header **pointers = g_new(SandboxWire__Header *, parts->header_count);
	for (gsize i = 0; i < parts->header_count; i++) {
		sandbox_wire__header__init(&list[i]);
		list[i].key = (char *)parts->headers[i].key;
		list[i].value = (char *)parts->headers[i].value;
		pointers[i] = &list[i];
	}
	wire.seqid = parts->seq_id;
	wire.logid = parts->log_id;
	wire.service = parts->service;
	wire.method = parts->method;
	wire.headers = pointers;
	wire.n_headers = parts->header_count;
	wire.has_payload = parts->payload != NULL;
	wire.payload = (ProtobufCBinaryData){ parts->length, (guint8 *)parts->payload };
	wire.logidnew = (char *)parts->log_id_new;
	gsize size = sandbox_wire__frame__get_packed_size(&wire);
	guint8 *bytes = g_malloc(size);
	sandbox_wire__frame__pack(&wire, bytes);
	return g_bytes_new_take(bytes, size);
}

struct packet *packet_read(const char *bytes, gsize length)
{
	SandboxWire__Frame *wire = sandbox_wire__frame__unpack(NULL, length, (const guint8 *)bytes);
	if (!wire)
		return NULL;
	struct packet *packet = g_new0(struct packet, 1);
	packet->wire = wire;
	return packet;
}

void packet_free(struct packet *packet)
{
	if (!packet)
		return;
	sandbox_wire__frame__free_unpacked(packet->wire, NULL);
	g_free(packet);
}

guint64 packet_seq_id(const struct packet *packet)
{
	return packet->wire->seqid;
}

guint64 packet_log_id(const struct packet *packet)
{
	return packet->wire->logid;
}

const char *packet_log_id_new(const struct packet *packet)
{
	return packet->wire->logidnew;
}

gint32 packet_service(const struct packet *packet)
{
	return packet->wire->service;
}

gint32 packet_method(const struct packet *packet)
{
	return packet->wire->method;
}

const char *packet_header(const struct packet *packet, const char *key)
{
	for (size_t i = 0; i < packet->wire->n_headers; i++) {
		if (g_str_equal(packet->wire->headers[i]->key, key))
			return packet->wire->headers[i]->value;
	}
	return NULL;
}

const char *packet_payload(const struct packet *packet, gsize *length)
{
	const ProtobufCBinaryData *payload = &packet->wire->payload;
	*length = packet->wire->has_payload && payload->data ? payload->len : 0;
	return *length ? (const char *)payload->data : "";
}
