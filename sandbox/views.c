/* SPDX-License-Identifier: MIT */
#include "sandbox/views.h"

void view_free(struct view *view)
{
	if (!view)
		return;
	g_free(view->id);
	g_free(view->hash);
	g_free(view->external_id);
	g_free(view->root_id);
	g_free(view->previous_id);
	cJSON_Delete(view->body);
	cJSON_Delete(view->values);
	g_free(view);
}
