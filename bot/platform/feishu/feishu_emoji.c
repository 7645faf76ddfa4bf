/* SPDX-License-Identifier: MIT */
#include "platform/feishu/feishu_emoji.h"

/* The first row of a type gives its name, the first of a name its type. */
static const struct {
	const char *type, *name, *glyph;
} emojis[] = {
	{ "DONE", "white_check_mark", "✅" },
	{ "CheckMark", "heavy_check_mark", "✔️" },
	{ "CheckMark", "ballot_box_with_check", "✔️" },
	{ "CrossMark", "x", "❌" },
	{ "ERROR", "warning", "⚠️" },
	{ "ERROR", "exclamation", "⚠️" },
	{ "OK", "ok_hand", "👌" },
	{ "OK", "ok", "👌" },
	{ "THUMBSUP", "+1", "👍" },
	{ "THUMBSUP", "thumbsup", "👍" },
	{ "JIAYI", "+1", "👍" }, /* "me too" */
	{ "ThumbsDown", "-1", "👎" },
	{ "ThumbsDown", "thumbsdown", "👎" },
	{ "OnIt", "eyes", "👀" }, /* "I am at it" */
	{ "LGTM", "lgtm", NULL },
	{ "APPLAUSE", "clap", "👏" },
	{ "APPLAUSE", "raised_hands", "👏" },
	{ "CLAP", "clap", "👏" },
	{ "MUSCLE", "muscle", "💪" },
	{ "FISTBUMP", "facepunch", "👊" },
	{ "FISTBUMP", "fist", "👊" },
	{ "HEART", "heart", "❤️" },
	{ "LOVE", "heart_eyes", "😍" },
	{ "CAKE", "birthday", "🎂" },
	{ "GIFT", "gift", "🎁" },
	{ "PARTY", "tada", "🎉" },
	{ "PARTY", "partying_face", "🎉" },
	{ "FIREWORKS", "fireworks", "🎆" },
	{ "FIREWORKS", "confetti_ball", "🎆" },
	{ "FIRECRACKER", "firecracker", "🧨" },
	{ "Fire", "fire", "🔥" },
	{ "Trophy", "trophy", "🏆" },
	{ "REDPACKET", "red_envelope", "🧧" },
	{ "THANKS", "pray", "🙏" },
	{ "Hundred", "100", "💯" },
	{ "Alarm", "alarm_clock", "⏰" },
	{ "Alarm", "bell", "⏰" },
	{ "Alarm", "rotating_light", "⏰" },
	{ "Pin", "pushpin", "📌" },
	{ "GoGoGo", "rocket", "🚀" },
	{ "Typing", "keyboard", "⌨️" },
	{ "OneSecond", "hourglass_flowing_sand", "⏳" },
	{ "OneSecond", "hourglass", "⏳" },
	{ "GeneralWorkFromHome", "house", "🏠" },
	{ "GeneralBusinessTrip", "airplane", "✈️" },
	{ "GeneralDoNotDisturb", "no_bell", "🔕" },
};

char *feishu_emoji_name(const char *type)
{
	for (gsize i = 0; i < G_N_ELEMENTS(emojis); i++)
		if (strcmp(emojis[i].type, type) == 0)
			return g_strdup(emojis[i].name);
	return g_ascii_strdown(type, -1);
}

const char *feishu_emoji_type(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(emojis); i++)
		if (strcmp(emojis[i].name, name) == 0)
			return emojis[i].type;
	return NULL;
}

const char *feishu_emoji_glyph(const char *type)
{
	for (gsize i = 0; i < G_N_ELEMENTS(emojis); i++)
		if (strcmp(emojis[i].type, type) == 0)
			return emojis[i].glyph;
	return NULL;
}
