/* SPDX-License-Identifier: MIT */
/* The same trouble in other words, and yesterday's standup once more: one pair of texts a line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "handlers/standup/alike.h"

struct pair {
	const char *one, *other;
	gboolean alike;
};

static void check(const struct pair *pairs, size_t count, gboolean (*alike)(const char *, const char *))
{
	for (size_t i = 0; i < count; i++) {
		const struct pair *p = &pairs[i];
		if (alike(p->one, p->other) != p->alike || alike(p->other, p->one) != p->alike)
			fail_msg("'%s' and '%s' should%s be alike", p->one, p->other, p->alike ? "" : " not");
	}
}

static void the_same_trouble(void **state)
{
	(void)state;
	static const struct pair pairs[] = {
		{ "客户预算不足", "客户预算不足", TRUE },
		{ "某客户预算不足", "客户预算还是不足。", TRUE },
		{ "法务还没审批合同", "合同法务还没审批", TRUE },
		{ "等华瑞盖章，已经等了2天", "等华瑞盖章，已经等了3天！", TRUE },
		{ "等华瑞盖章（第二天）", "还在等华瑞盖章（第三天）", TRUE },
		{ "报价单缺成本价", "报价单缺成本价，财务王姐这周出差，回来才能给", TRUE }, /* said at more length */
		{ "客户Ａ预算不足", "客户a预算不足", TRUE },			    /* of another width */
		{ "Waiting for legal", "still waiting for Legal's review", TRUE },
		{ "Waiting for contract 17, 2 days", "waiting for contract 17 (3 days)", TRUE },
		{ "<@U042> has not sent the deck", "the deck has still not been sent by <@U042>", TRUE },
		{ "no budget at Initech", "Initech: still no budget!", TRUE },
		{ "缺样机", "缺样机", TRUE },

		{ "客户A预算不足", "客户B预算不足", FALSE },
		{ "Waiting for contract 17", "Waiting for contract 18", FALSE },
		{ "客户预算不足", "物流延误", FALSE },
		{ "华瑞预算不足", "宏远预算不足", FALSE },
		{ "no budget at Initech", "no answer from Globex", FALSE },
		{ "legal", "budget", FALSE },
		{ "无", "无", FALSE }, /* nothing stands for ever */
		{ "none", "None.", FALSE },
		{ "没有卡点", "没有卡点", FALSE },
		{ "n/a", "n/a", FALSE },
		{ "", "", FALSE },
		{ "", "客户预算不足", FALSE },
		{ "！！！", "！！！", FALSE },
		{ "3天", "3天", FALSE }, /* a count of time says nothing */
	};
	check(pairs, G_N_ELEMENTS(pairs), alike_is_same_trouble);
}

static void a_copy(void **state)
{
	(void)state;
	static const struct pair pairs[] = {
		{ "拜访华瑞两位采购经理\n准备投标文件\n预算不足", "拜访华瑞两位采购经理\n准备投标文件\n预算不足", TRUE },
		{ "拜访华瑞两位采购经理\n准备投标文件\n预算不足", "拜访了华瑞两位采购经理。\n准备投标文件！\n预算还是不足", TRUE },
		{ "Called eight old customers\nVisit Globex and send them an offer\nnone",
			"called eight old customers.\nVisit Globex, and send them the offer\nnone", TRUE },
		{ "拜访华瑞两位采购经理\n准备投标文件\n预算不足", "拜访华瑞两位采购经理\n准备投标文件\n无", FALSE },
		{ "成单2单，回访老客户名单\n触达15个新线索\n无", "成单3单，回访老客户名单\n触达15个新线索\n无", FALSE }, /* another figure is another day */
		{ "打电话\n打电话\n无", "打电话\n打电话\n无", FALSE }, /* too short to tell */
		{ "", "", FALSE },
	};
	check(pairs, G_N_ELEMENTS(pairs), alike_is_copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_trouble),
		cmocka_unit_test(a_copy),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
