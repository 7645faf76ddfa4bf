/* SPDX-License-Identifier: MIT */
#include "platform/feishu/feishu_element.h"

#include "platform/feishu/feishu_pen.h"

#define SUMMARY_MAX 150 /* code points */

cJSON *feishu_element_add(cJSON *elements, const char *tag)
{
	cJSON *element = json_push_object(elements);
	json_put_text(element, "tag", tag);
	return element;
}

cJSON *feishu_element_text(cJSON *object, const char *key, const char *text)
{
	cJSON *plain = json_put_object(object, key);
	json_put_text(plain, "tag", "plain_text");
	json_put_text(plain, "content", text);
	return plain;
}

cJSON *feishu_element_div(cJSON *elements, const char *text)
{
	return feishu_element_text(feishu_element_add(elements, "div"), "text", text);
}

/* How a summary is parsed is not told: nothing in it may look like a tag. */
static char *harmless(const char *text)
{
	g_autofree char *line = pen_line(text, SUMMARY_MAX);
	GString *out = g_string_new(NULL);
	for (const char *at = g_strstrip(line); *at; at++) {
		if (*at == '<')
			g_string_append(out, "＜");
		else if (*at == '>')
			g_string_append(out, "＞");
		else
			g_string_append_c(out, *at);
	}
	return g_string_free(out, FALSE);
}

cJSON *feishu_element_card(const char *title, const char *summary, cJSON **elements)
{
	cJSON *card = cJSON_CreateObject();
	json_put_text(card, "schema", "2.0");
	cJSON *config = json_put_object(card, "config");
	json_put_bool(config, "update_multi", TRUE);
	g_autofree char *line = harmless(summary);
	json_put_text(json_put_object(config, "summary"), "content", line);
	cJSON *header = title ? json_put_object(card, "header") : NULL;
	if (header) {
		feishu_element_text(header, "title", title);
		json_put_text(header, "template", "blue");
	}
	cJSON *body = json_put_object(card, "body");
	json_put_text(body, "direction", "vertical");
	*elements = json_put_array(body, "elements");
	return card;
}
