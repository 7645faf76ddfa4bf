/* SPDX-License-Identifier: MIT */
#include "sandbox/avatar.h"

#include <gio/gio.h>
#include <math.h>

/* ---- the face ---- */

struct oval {
	double x, y, width, height; /* middle and half sides, of the picture's side */
};

static const guint32 grounds[] = { 0xF6C28B, 0x9CD3C4, 0xA9C7F0, 0xF3A7A7, 0xC9B6EE, 0xF5D97E, 0xB5D99C, 0xE7B4D3 };
static const guint32 skins[] = { 0xFBDCC0, 0xF2C6A0, 0xD9A066, 0xB57B4A, 0x8A5A3B, 0xFFE3CF };
static const guint32 hairs[] = { 0x2A2026, 0x4A2E20, 0x7B4B2A, 0xB9853F, 0x1F2430, 0x8C8C94 };
static const guint32 shirts[] = { 0x2F6F9F, 0xC0503E, 0x3E8E62, 0x6A4C93, 0xD08A1F, 0x37474F };

/* Blends the colour in where the oval is; its edge is one pixel wide. */
static void paint(guint8 *pixel, double x, double y, const struct oval *o, guint32 colour)
{
	double dx = (x - o->x) / o->width, dy = (y - o->y) / o->height;
	double part = CLAMP(0.5 + (1 - sqrt(dx * dx + dy * dy)) * MIN(o->width, o->height) * AVATAR_PIXELS, 0, 1);
	for (int i = 0; i < 3; i++)
		pixel[i] = (guint8)(pixel[i] + ((int)(colour >> (16 - 8 * i) & 255) - pixel[i]) * part);
}

static void paint_pixel(guint8 *pixel, double x, double y, guint32 seed)
{
	double length = 0.05 + 0.24 * (seed >> 20 & 7) / 7.0; /* of the hair, below the crown */
	guint32 skin = skins[(seed >> 4) % G_N_ELEMENTS(skins)], hair = hairs[(seed >> 8) % G_N_ELEMENTS(hairs)];
	const struct {
		struct oval oval;
		guint32 colour;
	} parts[] = {
		{ { 0.5, 0.5, 1, 1 }, grounds[seed % G_N_ELEMENTS(grounds)] },
		{ { 0.5, 0.40 + length / 2, 0.29, 0.29 + length / 2 }, hair },
		{ { 0.5, 1.06, 0.38, 0.31 }, shirts[(seed >> 12) % G_N_ELEMENTS(shirts)] },
		{ { 0.5, 0.72, 0.10, 0.12 }, skin },
		{ { 0.5, 0.50, 0.215, 0.255 }, skin },
		{ { 0.5, 0.24, 0.23, 0.11 + 0.02 * (seed >> 16 & 3) }, hair },
		{ { 0.42, 0.49, 0.024, 0.032 }, 0x2B2B33 },
		{ { 0.58, 0.49, 0.024, 0.032 }, 0x2B2B33 },
		{ { 0.5, 0.615, 0.085, 0.055 }, 0xB4453F },
		{ { 0.5, 0.595, 0.095, 0.045 }, skin }, /* leaves a smile of the mouth */
	};
	for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
		paint(pixel, x, y, &parts[i].oval, parts[i].colour);
}

/* ---- the PNG ---- */

static guint32 crc_of(const guint8 *bytes, gsize length)
{
	guint32 crc = 0xFFFFFFFF;
	for (gsize i = 0; i < length; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
	}
	return ~crc;
}

static void append_number(GByteArray *png, guint32 number)
{
	number = GUINT32_TO_BE(number);
	g_byte_array_append(png, (const guint8 *)&number, 4);
}

static void append_chunk(GByteArray *png, const char *type, const guint8 *bytes, gsize length)
{
	append_number(png, (guint32)length);
	guint start = png->len;
	g_byte_array_append(png, (const guint8 *)type, 4);
	g_byte_array_append(png, bytes, (guint)length);
	append_number(png, crc_of(png->data + start, png->len - start));
}

static GBytes *deflate(const guint8 *bytes, gsize length)
{
	g_autoptr(GZlibCompressor) compressor = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 6);
	g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable();
	g_autoptr(GOutputStream) stream = g_converter_output_stream_new(memory, G_CONVERTER(compressor));
	g_output_stream_write_all(stream, bytes, length, NULL, NULL, NULL);
	g_output_stream_close(stream, NULL, NULL);
	return g_memory_output_stream_steal_as_bytes(G_MEMORY_OUTPUT_STREAM(memory));
}

GBytes *avatar_draw(const char *id)
{
	enum { ROW = 1 + 3 * AVATAR_PIXELS };
	static const guint8 header[] = { 0, 0, 0, AVATAR_PIXELS, 0, 0, 0, AVATAR_PIXELS, 8, 2, 0, 0, 0 };
	guint32 seed = g_str_hash(id) * 2654435761u;
	g_autofree guint8 *rows = g_malloc0(ROW * AVATAR_PIXELS);
	for (int y = 0; y < AVATAR_PIXELS; y++)
		for (int x = 0; x < AVATAR_PIXELS; x++)
			paint_pixel(rows + y * ROW + 1 + 3 * x, (x + 0.5) / AVATAR_PIXELS, (y + 0.5) / AVATAR_PIXELS, seed);
	g_autoptr(GBytes) packed = deflate(rows, ROW * AVATAR_PIXELS);
	gsize length;
	const guint8 *data = g_bytes_get_data(packed, &length);
	GByteArray *png = g_byte_array_new();
	g_byte_array_append(png, (const guint8 *)"\x89PNG\r\n\x1a\n", 8);
	append_chunk(png, "IHDR", header, sizeof header);
	append_chunk(png, "IDAT", data, length);
	append_chunk(png, "IEND", NULL, 0);
	return g_byte_array_free_to_bytes(png);
}
