/* SPDX-License-Identifier: MIT */
#include "sandbox/emoji.h"

static const struct {
	const char *text, *name;
} table[] = {
	{ "✅", "white_check_mark" }, { "☑️", "ballot_box_with_check" }, { "✔️", "heavy_check_mark" }, { "❌", "x" },
	{ "⚠️", "warning" }, { "🚨", "rotating_light" }, { "🔥", "fire" }, { "🎉", "tada" }, { "🎊", "confetti_ball" },
	{ "🎂", "birthday" }, { "🎁", "gift" }, { "👍", "+1" }, { "👎", "-1" }, { "👏", "clap" }, { "🙏", "pray" },
	{ "💪", "muscle" }, { "👀", "eyes" }, { "👋", "wave" }, { "🤝", "handshake" }, { "❤️", "heart" }, { "💯", "100" },
	{ "🚀", "rocket" }, { "⭐", "star" }, { "🌟", "star2" }, { "🏆", "trophy" }, { "🥇", "first_place_medal" },
	{ "📈", "chart_with_upwards_trend" }, { "📉", "chart_with_downwards_trend" }, { "📊", "bar_chart" },
	{ "📌", "pushpin" }, { "📝", "memo" }, { "📞", "telephone_receiver" }, { "📧", "e-mail" }, { "📅", "date" },
	{ "⏰", "alarm_clock" }, { "⏳", "hourglass_flowing_sand" }, { "🔔", "bell" }, { "💡", "bulb" }, { "💰", "moneybag" },
	{ "😀", "grinning" }, { "😄", "smile" }, { "😂", "joy" }, { "😊", "blush" }, { "😅", "sweat_smile" }, { "😭", "sob" },
	{ "😢", "cry" }, { "😡", "rage" }, { "🤔", "thinking_face" }, { "😎", "sunglasses" }, { "😴", "sleeping" },
	{ "😷", "mask" }, { "🤒", "face_with_thermometer" }, { "🤣", "rolling_on_the_floor_laughing" }, { "🆘", "sos" },
	{ "🆗", "ok" }, { "👌", "ok_hand" }, { "🙋", "raising_hand" }, { "🙌", "raised_hands" }, { "☕", "coffee" },
	{ "🍵", "tea" }, { "🌙", "crescent_moon" }, { "☀️", "sunny" }, { "🛑", "octagonal_sign" }, { "🚧", "construction" },
	{ "🔴", "red_circle" }, { "🟢", "large_green_circle" }, { "🟡", "large_yellow_circle" }, { "⬆️", "arrow_up" },
	{ "⬇️", "arrow_down" }, { "➡️", "arrow_right" }, { "❓", "question" }, { "❗", "exclamation" }, { "🌹", "rose" },
	{ "🧧", "red_envelope" }, { "🏮", "izakaya_lantern" }, { "🥳", "partying_face" }, { "🫡", "saluting_face" },
};

const char *emoji_name_at(const char *text, gsize *length)
{
	/* Each of ours begins with e2 or f0 in UTF-8; no Chinese character does. */
	if ((guchar)*text != 0xe2 && (guchar)*text != 0xf0)
		return NULL;
	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		if (g_str_has_prefix(text, table[i].text)) {
			*length = strlen(table[i].text);
			return table[i].name;
		}
	}
	return NULL;
}

const char *emoji_text(const char *name)
{
	const char *tone = strstr(name, "::");
	gsize length = tone ? (gsize)(tone - name) : strlen(name);
	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		if (strncmp(table[i].name, name, length) == 0 && table[i].name[length] == '\0')
			return table[i].text;
	}
	return NULL;
}

gboolean emoji_is_known(const char *name)
{
	return emoji_text(name) != NULL;
}

char *emoji_unicode(const char *name)
{
	const char *text = emoji_text(name);
	if (!text)
		return NULL;
	GString *hex = g_string_new(NULL);
	for (; *text; text = g_utf8_next_char(text))
		g_string_append_printf(hex, "%s%04x", hex->len ? "-" : "", g_utf8_get_char(text));
	return g_string_free(hex, FALSE);
}
