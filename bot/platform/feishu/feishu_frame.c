/* SPDX-License-Identifier: MIT */
#include "platform/feishu/feishu_frame.h"

#include "base/json.h"
#include <frame.pb-c.h>

enum { METHOD_CONTROL = 0, METHOD_DATA = 1 };

struct feishu_frame {
	FeishuWire__Frame *wire;
};

static const struct {
	int method;
	const char *type;
	enum feishu_frame_kind kind;
} kinds[] = {
	{ METHOD_CONTROL, "ping", FEISHU_FRAME_PING },
	{ METHOD_CONTROL, "pong", FEISHU_FRAME_PONG },
	{ METHOD_DATA, "event", FEISHU_FRAME_EVENT },
	{ METHOD_DATA, "card", FEISHU_FRAME_CARD },
};

const struct feishu_settings feishu_settings_default = { .reconnect_count = -1,
	.reconnect_interval_s = 120,
	.reconnect_nonce_s = 30,
	.ping_interval_s = 120 };

struct feishu_frame *feishu_frame_decode(const guint8 *data, gsize length)
{
	FeishuWire__Frame *wire = feishu_wire__frame__unpack(NULL, length, data);
	if (!wire)
		return NULL;
	struct feishu_frame *frame = g_new0(struct feishu_frame, 1);
	frame->wire = wire;
	return frame;
}

void feishu_frame_free(struct feishu_frame *frame)
{
	if (!frame)
		return;
	feishu_wire__frame__free_unpacked(frame->wire, NULL);
	g_free(frame);
}

const char *feishu_frame_header(const struct feishu_frame *frame, const char *key)
{
	for (size_t i = 0; i < frame->wire->n_headers; i++)
		if (strcmp(frame->wire->headers[i]->key, key) == 0)
			return frame->wire->headers[i]->value;
	return NULL;
}

int feishu_frame_number(const struct feishu_frame *frame, const char *key, int fallback)
{
	const char *text = feishu_frame_header(frame, key);
	gint64 number;
	return text && g_ascii_string_to_signed(text, 10, G_MININT, G_MAXINT, &number, NULL) ? (int)number : fallback;
}

enum feishu_frame_kind feishu_frame_kind(const struct feishu_frame *frame)
{
	const char *type = feishu_frame_header(frame, "type");
	for (gsize i = 0; type && i < G_N_ELEMENTS(kinds); i++)
		if (kinds[i].method == frame->wire->method && strcmp(kinds[i].type, type) == 0)
			return kinds[i].kind;
	return FEISHU_FRAME_OTHER;
}

const char *feishu_frame_payload(const struct feishu_frame *frame, gsize *length)
{
	const ProtobufCBinaryData *payload = &frame->wire->payload;
	*length = frame->wire->has_payload && payload->data ? payload->len : 0;
	return *length > 0 ? (const char *)payload->data : "";
}

void feishu_frame_drop_payload(struct feishu_frame *frame)
{
	ProtobufCBinaryData *payload = &frame->wire->payload;
	free(payload->data); /* protobuf-c's own allocator is malloc */
	*payload = (ProtobufCBinaryData){ 0 };
	frame->wire->has_payload = FALSE;
}

/* ---- writing ---- */

static GBytes *pack(const FeishuWire__Frame *wire)
{
	gsize size = feishu_wire__frame__get_packed_size(wire);
	guint8 *data = g_malloc(size);
	feishu_wire__frame__pack(wire, data);
	return g_bytes_new_take(data, size);
}

GBytes *feishu_frame_encode(const struct feishu_frame *frame)
{
	return pack(frame->wire);
}

GBytes *feishu_frame_ping(int32_t service)
{
	FeishuWire__Header type = FEISHU_WIRE__HEADER__INIT, *headers[] = { &type };
	FeishuWire__Frame wire = FEISHU_WIRE__FRAME__INIT;
	type.key = (char[]){ "type" };
	type.value = (char[]){ "ping" };
	wire.service = service;
	wire.method = METHOD_CONTROL;
	wire.headers = headers;
	wire.n_headers = G_N_ELEMENTS(headers);
	return pack(&wire);
}

/* {"code":200,"data":"<base64 of the response's JSON>"}; base64 has nothing that JSON would escape. */
static char *reply_payload(gboolean kept, const char *data)
{
	if (!kept || !data)
		return g_strdup(kept ? "{\"code\":200}" : "{\"code\":500}");
	g_autofree char *coded = g_base64_encode((const guchar *)data, strlen(data));
	return g_strdup_printf("{\"code\":200,\"data\":\"%s\"}", coded);
}

GBytes *feishu_frame_reply(const struct feishu_frame *frame, gboolean kept, const char *data, int64_t took_ms)
{
	FeishuWire__Frame wire = *frame->wire; /* its texts and unknown fields are borrowed */
	g_autofree char *payload = reply_payload(kept, data);
	g_autofree char *took = g_strdup_printf("%" G_GINT64_FORMAT, (gint64)took_ms);
	g_autofree FeishuWire__Header **headers = g_new(FeishuWire__Header *, wire.n_headers + 1);
	FeishuWire__Header took_header = FEISHU_WIRE__HEADER__INIT;
	took_header.key = (char[]){ "biz_rt" };
	took_header.value = took;
	for (size_t i = 0; i < wire.n_headers; i++)
		headers[i] = wire.headers[i];
	headers[wire.n_headers++] = &took_header;
	wire.headers = headers;
	wire.has_payload = TRUE;
	wire.payload = (ProtobufCBinaryData){ .len = strlen(payload), .data = (uint8_t *)payload };
	return pack(&wire);
}

/* ---- settings ---- */

void feishu_settings_read(struct feishu_settings *settings, const char *json, gsize length)
{
	const struct {
		const char *key;
		int *value, least, most;
	} members[] = {
		{ "ReconnectCount", &settings->reconnect_count, -1, G_MAXINT },
		{ "ReconnectInterval", &settings->reconnect_interval_s, 1, 3600 },
		{ "ReconnectNonce", &settings->reconnect_nonce_s, 0, 600 },
		{ "PingInterval", &settings->ping_interval_s, 1, 600 },
	};
	g_autoptr(cJSON) root = length > 0 ? json_parse(json, length, NULL) : NULL;
	for (gsize i = 0; root && i < G_N_ELEMENTS(members); i++)
		*members[i].value = (int)CLAMP(json_int_or(root, members[i].key, *members[i].value),
			members[i].least, members[i].most);
}
