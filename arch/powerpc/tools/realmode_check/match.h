/* SPDX-License-Identifier: GPL-2.0 */
/* Which rules are about this image, and what their names stand for in it */
#ifndef MATCH_H
#define MATCH_H

#include "rules.h"
#include "units.h"

struct match {
	const struct rules *rules;
	const struct image *image;
	const struct units *units;
	bool *active;		/* of each rule */
	bool *in_rules;		/* of each unit: one of its symbols is in the rules */
	u32 *symbols;		/* those in the rules, in the order of the names */
	u32 *first;		/* of each name, and one more: where its symbols begin */
};

struct match *match_rules(const struct rules *rules, const struct image *image,
			  const struct units *units, const char *only);

bool has_context(const struct match *match, u32 context);
bool applies(const struct match *match, u32 rule, enum rule_kind kind, u32 context);
bool has_name(const struct match *match, u32 unit, u32 name);
bool is_in_variable(const struct match *match, u32 name, u64 addr);
bool cuts(const struct match *match, u32 rule, u32 caller, u32 callee);
void tell_unused(const struct match *match, const bool *used, const char *only);

#endif
