/* SPDX-License-Identifier: MIT */
/* Thanks are no question: a customer's last kind word opens no promise. */
#include "customer/customer.h"

/* Longer ones before those that they begin with. */
static const char *const courtesies[] = {
	"thank you", "thanks", "thankyou", "thx", "many", "so much", "very much", "a lot", "for your help", "great", "perfect", "fine",
	"okay", "ok", "all good", "got it", "good bye", "goodbye", "bye", "cheers", "see you", "and",
	"非常感谢", "万分感谢", "感谢", "多谢", "谢谢", "谢了", "谢", "辛苦了", "辛苦", "收到", "知道了", "了解", "明白了", "明白", "好的", "好",
	"没问题", "可以了", "再见", "拜拜", "您", "你们", "你", "大家", "的帮助", "啦", "了", "哈", "啊", "哦",
};

static gsize courtesy_at(const char *text)
{
	for (size_t i = 0; i < G_N_ELEMENTS(courtesies); i++) {
		gsize length = strlen(courtesies[i]);
		gboolean ascii = (guchar)courtesies[i][0] < 0x80;
		if (g_ascii_strncasecmp(text, courtesies[i], length) == 0 && !(ascii && g_ascii_isalnum(text[length])))
			return length;
	}
	return 0;
}

/* A question mark asks, whatever stands before it; other signs, blanks and emoji say nothing. */
gboolean customer_is_courtesy(const char *text)
{
	gboolean kind = FALSE;
	while (*text) {
		gsize length = courtesy_at(text);
		gunichar c = g_utf8_get_char(text);
		if (!length && (g_unichar_isalnum(c) || c == '?' || c == 0xff1f)) /* ？ */
			return FALSE;
		kind = kind || length;
		text = length ? text + length : g_utf8_next_char(text);
	}
	return kind;
}
