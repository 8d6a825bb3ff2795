// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "match.h"

/* A kernel in which a context begins nowhere does not have it */
bool has_context(const struct match *match, u32 context)
{
	u32 i;

	for (i = 0; i < match->rules->nr_rules; i++)
		if (applies(match, i, RULE_ROOT, context))
			return true;
	return false;
}

/* @only is the context that is walked, or NULL */
static bool is_walked(const struct rules *rules, const struct rule *rule, const char *only)
{
	return !only || rule->context == NONE || !strcmp(rules->contexts[rule->context], only);
}

static bool is_found(const struct match *match, u32 name)
{
	return match->first[name] < match->first[name + 1];
}

static void find_symbols(struct match *match)
{
	const struct image *image = match->image;
	u32 nr_names = match->rules->nr_names, i, name, count = 0;
	u32 *names = zeroed(image->nr_symbols, sizeof(*names));

	match->first = zeroed(nr_names + 1, sizeof(*match->first));
	for (i = 0; i < image->nr_symbols; i++) {
		names[i] = find_name(match->rules, image->symbols[i].name);
		if (names[i] != NONE)
			match->first[names[i]]++;
	}
	for (name = 0; name <= nr_names; name++) {
		count += match->first[name];
		match->first[name] = count;
	}
	match->symbols = zeroed(count, sizeof(*match->symbols));
	for (i = image->nr_symbols; i-- > 0;)
		if (names[i] != NONE)
			match->symbols[--match->first[names[i]]] = i;
	free(names);
}

static void find_units(struct match *match)
{
	u32 i, unit;

	match->in_rules = zeroed(match->units->nr_units, sizeof(*match->in_rules));
	for (i = 0; i < match->first[match->rules->nr_names]; i++) {
		unit = find_unit(match->units, match->image->symbols[match->symbols[i]].addr);
		if (unit != NONE)
			match->in_rules[unit] = true;
	}
}

static void find_active(struct match *match)
{
	const struct rules *rules = match->rules;
	u32 i, j;

	match->active = zeroed(rules->nr_rules, sizeof(*match->active));
	for (i = 0; i < rules->nr_rules; i++) {
		const struct rule *rule = &rules->rules[i];

		match->active[i] = true;
		for (j = CONDITION; j < NR_RULE_WORDS && rule->words[j]; j++)
			match->active[i] &= is_found(match, rule->names[j]) != rule->negated[j];
	}
	for (i = 0; i < rules->nr_rules; i++)
		if (rules->rules[i].context != NONE &&
		    !has_context(match, rules->rules[i].context))
			match->active[i] = false;
}

/* Code that is not found is an error: all that it reaches would be missed */
static void check_code(const struct match *match, const struct rule *rule, enum rule_word word)
{
	u32 name = rule->names[word], i;

	if (!is_found(match, name))
		bad_rule(match->rules, rule->line, "%s has no %s", match->image->name,
			 rule->words[word]);
	for (i = match->first[name]; i < match->first[name + 1]; i++)
		if (find_code(match->image, match->image->symbols[match->symbols[i]].addr))
			return;
	bad_rule(match->rules, rule->line, "%s is not code", rule->words[word]);
}

struct match *match_rules(const struct rules *rules, const struct image *image,
			  const struct units *units, const char *only)
{
	struct match *match = zeroed(1, sizeof(*match));
	u32 i;

	*match = (struct match) { .rules = rules, .image = image, .units = units };
	find_symbols(match);
	find_units(match);
	find_active(match);
	for (i = 0; i < rules->nr_rules; i++) {
		const struct rule *rule = &rules->rules[i];

		if (!match->active[i] || !is_walked(rules, rule, only))
			continue;
		if (rule->kind == RULE_ROOT)
			check_code(match, rule, FIRST);
		else if (rule->kind == RULE_CALL)
			check_code(match, rule, SECOND);
	}
	return match;
}

bool applies(const struct match *match, u32 rule, enum rule_kind kind, u32 context)
{
	u32 wanted = match->rules->rules[rule].context;

	return match->active[rule] && match->rules->rules[rule].kind == kind &&
	       (wanted == context || wanted == NONE);
}

bool has_name(const struct match *match, u32 unit, u32 name)
{
	const struct unit *own = &match->units->units[unit];
	u32 i;

	for (i = match->first[name]; i < match->first[name + 1]; i++)
		if (match->symbols[i] >= own->symbol &&
		    match->symbols[i] - own->symbol < own->nr_symbols)
			return true;
	return false;
}

/* Is it in one of the variables of that name? */
bool is_in_variable(const struct match *match, u32 name, u64 addr)
{
	const struct symbol *symbol;
	u32 i;

	for (i = match->first[name]; i < match->first[name + 1]; i++) {
		symbol = &match->image->symbols[match->symbols[i]];
		/* Assembly has variables without a size */
		if (addr == symbol->addr ||
		    (addr > symbol->addr && addr - symbol->addr < symbol->size))
			return true;
	}
	return false;
}

/* Is it about a branch from @caller to @callee? */
bool cuts(const struct match *match, u32 rule, u32 caller, u32 callee)
{
	const struct rule *cut = &match->rules->rules[rule];

	if (!is_any(cut->words[FIRST]) && !has_name(match, caller, cut->names[FIRST]))
		return false;
	/* A function whose callees do not matter may be instrumented itself */
	if (is_any(cut->words[SECOND]))
		return match->units->units[callee].sink == SINK_NONE;
	return has_name(match, callee, cut->names[SECOND]);
}

/*
 * Tell of a rule that makes no difference. That is no error, as it may be about what
 * another compiler makes.
 */
void tell_unused(const struct match *match, const bool *used, const char *only)
{
	const struct rules *rules = match->rules;
	u32 i;

	for (i = 0; i < rules->nr_rules; i++) {
		const struct rule *rule = &rules->rules[i];

		if (used[i] || !match->active[i] || rule->kind == RULE_ROOT)
			continue;
		/* One of all contexts may have its use in another one */
		if (only && (rule->context == NONE || !is_walked(rules, rule, only)))
			continue;
		fprintf(stderr, "realmode_check: %s:%u: nothing goes from %s to %s here\n",
			rules->file, rule->line, rule->words[FIRST], rule->words[SECOND]);
	}
}
