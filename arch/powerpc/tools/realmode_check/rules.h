/* SPDX-License-Identifier: GPL-2.0 */
/* What the rules file says */
#ifndef RULES_H
#define RULES_H

#include "util.h"

enum rule_kind { RULE_ROOT, RULE_CUT, RULE_CALL, NR_RULE_KINDS };

enum rule_word { FIRST, SECOND, VIA, CONDITION, NR_RULE_WORDS = CONDITION + 3 };

struct rule {
	enum rule_kind kind;
	u32 context;				/* index, or NONE: in all of them */
	const char *words[NR_RULE_WORDS];	/* NULL where there is none */
	u32 names[NR_RULE_WORDS];		/* the same, as index in the names */
	unsigned int line;
	bool negated[NR_RULE_WORDS];	/* the condition is that there is no such name */
};

struct rules {
	const char *file;
	struct rule *rules;
	u32 nr_rules;
	const char **names;	/* sorted, each of them once */
	u32 nr_names;
	const char **contexts;
	u32 nr_contexts;
};

struct rules *read_rules(const char *file);
u32 find_name(const struct rules *rules, const char *name);
bool is_any(const char *word);

void __noreturn __printf(3, 4)
bad_rule(const struct rules *rules, unsigned int line, const char *format, ...);

#endif
