// SPDX-License-Identifier: GPL-2.0
/* The rules: what they say, and whether that is so in this kernel */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "realmode.h"

static const struct {
	const char *name;
	const char *arguments;
	u32 nr_arguments;
} rule_kinds[NR_RULE_KINDS] = {
	[RULE_ROOT] = { "root", "NAME", 1 },
	[RULE_CUT] = { "cut", "CALLER CALLEE", 2 },
	[RULE_CALL] = { "call", "CALLER CALLEE", 2 },
};

static void __noreturn __printf(2, 3)
bad_rule(unsigned int line, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	die("%s:%u: %s", rules_name, line, text);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A name counts without what the compiler (.isra.0) and ELFv1 (.f) add to it */
static u32 find_rule_name(const char *name)
{
	u32 low = 0, high = nr_rule_names;
	size_t length;

	if (*name == '.')
		name++;
	length = strcspn(name, ".");
	while (low < high) {
		u32 mid = (low + high) / 2;
		int order = strncmp(name, rule_names[mid], length);

		if (!order && rule_names[mid][length])
			order = -1;
		if (!order)
			return mid;
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NONE;
}

static const char *save_name(const char *name, unsigned int line)
{
	char *copy;

	if (!*name || strchr(name, '.'))
		bad_rule(line, "'%s' is no name: what follows a dot does not count", name);
	copy = checked(strdup(name));
	rule_names = grow(rule_names, nr_rule_names, sizeof(*rule_names));
	rule_names[nr_rule_names++] = copy;
	return copy;
}

static void add_context(const char *name, unsigned int line)
{
	u32 i;

	for (i = 0; i < nr_contexts; i++)
		if (!strcmp(contexts[i], name))
			bad_rule(line, "there is a context %s already", name);
	context = nr_contexts;
	contexts = grow(contexts, nr_contexts, sizeof(*contexts));
	contexts[nr_contexts++] = checked(strdup(name));
}

static bool is_any(const char *word)
{
	return !strcmp(word, "*");
}

static void add_rule(enum rule_kind kind, char **words, u32 nr_words, unsigned int line)
{
	u32 expected = 1 + rule_kinds[kind].nr_arguments, i;
	struct rule *rule;

	if (nr_words < expected || nr_words == expected + 1 ||
	    nr_words > expected + 1 + NR_RULE_WORDS - CONDITION ||
	    (nr_words > expected && strcmp(words[expected], "if")))
		bad_rule(line, "expected '%s %s [if [!]SYMBOL...] # reason'",
			 rule_kinds[kind].name, rule_kinds[kind].arguments);
	for (i = 1; i < expected; i++)
		if (is_any(words[i]) && kind != RULE_CUT)
			bad_rule(line, "only in a cut a name can be *");
	if (kind == RULE_CUT && is_any(words[1]) && is_any(words[2]))
		bad_rule(line, "a cut needs a name");
	if (kind == RULE_ROOT && context == NONE)
		bad_rule(line, "a root must be in a context");

	rules = grow(rules, nr_rules, sizeof(*rules));
	rule = &rules[nr_rules++];
	*rule = (struct rule) { .kind = kind, .context = context, .line = line };
	rule->words[FIRST] = save_name(words[1], line);
	if (expected > 2)
		rule->words[SECOND] = save_name(words[2], line);
	for (i = 0; expected + 1 + i < nr_words; i++) {
		const char *word = words[expected + 1 + i];

		/* Else a root that is renamed, or inlined, is gone without a word */
		if (kind == RULE_ROOT && !strcmp(word, words[1]))
			bad_rule(line, "a root cannot depend on its own name");
		rule->negated[CONDITION + i] = *word == '!';
		rule->words[CONDITION + i] = save_name(word + (*word == '!'), line);
	}
}

static void parse_line(char *text, unsigned int line)
{
	char *words[8], *reason, *save, *word;
	u32 count = 0, kind;

	reason = strchr(text, '#');
	if (reason)
		*reason++ = '\0';
	for (word = strtok_r(text, " \t\n", &save); word; word = strtok_r(NULL, " \t\n", &save)) {
		if (count == ARRAY_SIZE(words))
			bad_rule(line, "too many words");
		words[count++] = word;
	}
	if (!count)
		return;
	if (!strcmp(words[0], "context")) {
		if (count != 2)
			bad_rule(line, "expected 'context NAME'");
		add_context(words[1], line);
		return;
	}
	if (!reason || !reason[strspn(reason, " \t\n")])
		bad_rule(line, "a rule needs a '# reason'");
	for (kind = 0; kind < NR_RULE_KINDS; kind++) {
		if (!strcmp(words[0], rule_kinds[kind].name)) {
			add_rule(kind, words, count, line);
			return;
		}
	}
	bad_rule(line, "there is no rule '%s'", words[0]);
}

void load_rules(void)
{
	FILE *file = fopen(rules_name, "r");
	unsigned int line = 0;
	char *text = NULL;
	size_t size = 0;
	u32 i, j, count;

	if (!file)
		die("%s: %s", rules_name, strerror(errno));
	while (getline(&text, &size, file) >= 0)
		parse_line(text, ++line);
	if (ferror(file))
		die("%s: %s", rules_name, strerror(errno));
	free(text);
	fclose(file);
	if (!nr_contexts)
		die("%s: no context, nothing to check", rules_name);

	sort(rule_names, nr_rule_names, sizeof(*rule_names), compare_names);
	for (i = 0, count = 0; i < nr_rule_names; i++)
		if (!count || strcmp(rule_names[i], rule_names[count - 1]))
			rule_names[count++] = rule_names[i];
	nr_rule_names = count;
	for (i = 0; i < nr_rules; i++)
		for (j = 0; j < NR_RULE_WORDS; j++)
			rules[i].names[j] = rules[i].words[j] ?
					    find_rule_name(rules[i].words[j]) : NONE;
}

/* A kernel in which a context begins nowhere does not have it */
static bool has_context(u32 wanted)
{
	u32 i;

	for (i = 0; i < nr_rules; i++)
		if (rules[i].kind == RULE_ROOT && rules[i].context == wanted && rules[i].active)
			return true;
	return false;
}

/* @only is the context that is walked, or NULL */
static bool is_walked(const struct rule *rule, const char *only)
{
	return !only || rule->context == NONE || !strcmp(contexts[rule->context], only);
}

/* Which of the rules are about this kernel? */
void match_rules(const char *only)
{
	u32 i, j;

	rule_name_found = checked(calloc(nr_rule_names + 1, sizeof(*rule_name_found)));
	for (i = 0; i < nr_symbols; i++) {
		u32 name = find_rule_name(symbols[i].name);

		symbols[i].rule_name = name;
		if (name != NONE)
			rule_name_found[name] = true;
	}
	for (i = 0; i < nr_units; i++)
		for (j = 0; j < units[i].nr_symbols; j++)
			if (symbols[units[i].symbol + j].rule_name != NONE)
				units[i].in_rules = true;
	for (i = 0; i < nr_rules; i++) {
		struct rule *rule = &rules[i];

		rule->active = true;
		for (j = CONDITION; j < NR_RULE_WORDS && rule->words[j]; j++)
			rule->active &= rule_name_found[rule->names[j]] != rule->negated[j];
	}
	for (i = 0; i < nr_rules; i++) {
		struct rule *rule = &rules[i];

		if (rule->context != NONE && !has_context(rule->context))
			rule->active = false;
		/* Of the others nothing is lost: they only excuse what is found */
		if (rule->kind == RULE_ROOT && rule->active && is_walked(rule, only) &&
		    !rule_name_found[rule->names[FIRST]])
			bad_rule(rule->line, "%s has no %s", elf_name, rule->words[FIRST]);
	}
}

bool applies(const struct rule *rule, enum rule_kind kind)
{
	return rule->kind == kind && rule->active &&
	       (rule->context == context || rule->context == NONE);
}

bool has_name(const struct unit *unit, u32 name)
{
	u32 i;

	for (i = 0; i < unit->nr_symbols; i++)
		if (symbols[unit->symbol + i].rule_name == name)
			return true;
	return false;
}

bool is_cut(const struct unit *caller, const struct unit *callee)
{
	bool cut = false;
	u32 i;

	if (!caller->in_rules && !callee->in_rules)
		return false;
	for (i = 0; i < nr_rules; i++) {
		struct rule *rule = &rules[i];

		if (!applies(rule, RULE_CUT) ||
		    !(is_any(rule->words[FIRST]) || has_name(caller, rule->names[FIRST])))
			continue;
		/* A function whose callees do not matter may be instrumented itself */
		if (is_any(rule->words[SECOND]) ? callee->sink != SINK_NONE :
		    !has_name(callee, rule->names[SECOND]))
			continue;
		rule->used = true;
		cut = true;
	}
	return cut;
}

/*
 * Tell of a rule that makes no difference. That is no error, as it may be about what
 * another compiler makes.
 */
void check_rules_used(const char *only, bool quiet)
{
	u32 i;

	for (i = 0; i < nr_rules; i++) {
		const struct rule *rule = &rules[i];

		if (rule->used || !rule->active)
			continue;
		/* One of all contexts may have its use in another one */
		if (only && (rule->context == NONE || !is_walked(rule, only)))
			continue;
		if (rule->kind == RULE_ROOT)
			bad_rule(rule->line, "%s is not code", rule->words[FIRST]);
		if (!quiet)
			fprintf(stderr, "%s: %s:%u: nothing goes from %s to %s here\n", program,
				rules_name, rule->line, rule->words[FIRST], rule->words[SECOND]);
	}
}
