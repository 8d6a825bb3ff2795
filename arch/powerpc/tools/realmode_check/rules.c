// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "rules.h"

static const struct {
	const char *name;
	const char *arguments;
	u32 nr_arguments;
} rule_kinds[NR_RULE_KINDS] = {
	[RULE_ROOT] = { "root", "NAME", 1 },
	[RULE_CUT] = { "cut", "CALLER CALLEE", 2 },
	[RULE_CALL] = { "call", "CALLER CALLEE [via SYMBOL]", 2 },
};

void bad_rule(const struct rules *rules, unsigned int line, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	die("%s:%u: %s", rules->file, line, text);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A name counts without what the compiler (.isra.0) and ELFv1 (.f) add to it */
u32 find_name(const struct rules *rules, const char *name)
{
	u32 low = 0, high = rules->nr_names;
	size_t length;

	if (*name == '.')
		name++;
	length = strcspn(name, ".");
	while (low < high) {
		u32 mid = (low + high) / 2;
		int order = strncmp(name, rules->names[mid], length);

		if (!order && rules->names[mid][length])
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

static const char *save_name(struct rules *rules, const char *name, unsigned int line)
{
	char *copy;

	if (!*name || strchr(name, '.'))
		bad_rule(rules, line, "'%s' is no name: what follows a dot does not count", name);
	copy = checked(strdup(name));
	rules->names = grow(rules->names, rules->nr_names, sizeof(*rules->names));
	rules->names[rules->nr_names++] = copy;
	return copy;
}

static void add_context(struct rules *rules, const char *name, unsigned int line)
{
	u32 i;

	for (i = 0; i < rules->nr_contexts; i++)
		if (!strcmp(rules->contexts[i], name))
			bad_rule(rules, line, "there is a context %s already", name);
	rules->contexts = grow(rules->contexts, rules->nr_contexts, sizeof(*rules->contexts));
	rules->contexts[rules->nr_contexts++] = checked(strdup(name));
}

bool is_any(const char *word)
{
	return !strcmp(word, "*");
}

static void add_rule(struct rules *rules, enum rule_kind kind, char **words, u32 nr_words,
		     unsigned int line)
{
	u32 expected = 1 + rule_kinds[kind].nr_arguments, i;
	const char *via = NULL;
	struct rule *rule;

	if (kind == RULE_CALL && nr_words >= expected + 2 && !strcmp(words[expected], "via")) {
		via = words[expected + 1];
		expected += 2;
	}
	if (nr_words < expected || nr_words == expected + 1 ||
	    nr_words > expected + 1 + NR_RULE_WORDS - CONDITION ||
	    (nr_words > expected && strcmp(words[expected], "if")))
		bad_rule(rules, line, "expected '%s %s [if [!]SYMBOL...] # reason'",
			 rule_kinds[kind].name, rule_kinds[kind].arguments);
	for (i = 1; i < nr_words; i++)
		if (is_any(words[i]) && kind != RULE_CUT)
			bad_rule(rules, line, "only in a cut a name can be *");
	if (kind == RULE_CUT && is_any(words[1]) && is_any(words[2]))
		bad_rule(rules, line, "a cut needs a name");
	if (kind == RULE_ROOT && !rules->nr_contexts)
		bad_rule(rules, line, "a root must be in a context");

	rules->rules = grow(rules->rules, rules->nr_rules, sizeof(*rules->rules));
	rule = &rules->rules[rules->nr_rules++];
	*rule = (struct rule) {
		.kind = kind,
		/* That is NONE before the first one */
		.context = rules->nr_contexts - 1,
		.line = line,
	};
	rule->words[FIRST] = save_name(rules, words[1], line);
	if (expected > 2)
		rule->words[SECOND] = save_name(rules, words[2], line);
	if (via)
		rule->words[VIA] = save_name(rules, via, line);
	for (i = 0; expected + 1 + i < nr_words; i++) {
		const char *word = words[expected + 1 + i];

		/* Else a root that is renamed, or inlined, is gone without a word */
		if (kind == RULE_ROOT && !strcmp(word, words[1]))
			bad_rule(rules, line, "a root cannot depend on its own name");
		rule->negated[CONDITION + i] = *word == '!';
		rule->words[CONDITION + i] = save_name(rules, word + (*word == '!'), line);
	}
}

static void parse_line(struct rules *rules, char *text, unsigned int line)
{
	char *words[10], *reason, *save, *word;
	u32 count = 0, kind;

	reason = strchr(text, '#');
	if (reason)
		*reason++ = '\0';
	for (word = strtok_r(text, " \t\n", &save); word; word = strtok_r(NULL, " \t\n", &save)) {
		if (count == ARRAY_SIZE(words))
			bad_rule(rules, line, "too many words");
		words[count++] = word;
	}
	if (!count)
		return;
	if (!strcmp(words[0], "context")) {
		if (count != 2)
			bad_rule(rules, line, "expected 'context NAME'");
		add_context(rules, words[1], line);
		return;
	}
	if (!reason || !reason[strspn(reason, " \t\n")])
		bad_rule(rules, line, "a rule needs a '# reason'");
	for (kind = 0; kind < NR_RULE_KINDS; kind++) {
		if (!strcmp(words[0], rule_kinds[kind].name)) {
			add_rule(rules, kind, words, count, line);
			return;
		}
	}
	bad_rule(rules, line, "there is no rule '%s'", words[0]);
}

static void sort_names(struct rules *rules)
{
	u32 i, j, count = 0;

	sort(rules->names, rules->nr_names, sizeof(*rules->names), compare_names);
	for (i = 0; i < rules->nr_names; i++)
		if (!count || strcmp(rules->names[i], rules->names[count - 1]))
			rules->names[count++] = rules->names[i];
	rules->nr_names = count;
	for (i = 0; i < rules->nr_rules; i++) {
		struct rule *rule = &rules->rules[i];

		for (j = 0; j < NR_RULE_WORDS; j++)
			rule->names[j] = rule->words[j] ? find_name(rules, rule->words[j]) : NONE;
	}
}

struct rules *read_rules(const char *file)
{
	struct rules *rules = zeroed(1, sizeof(*rules));
	FILE *stream = fopen(file, "r");
	unsigned int line = 0;
	char *text = NULL;
	size_t size = 0;

	rules->file = file;
	if (!stream)
		die("%s: %s", file, strerror(errno));
	while (getline(&text, &size, stream) >= 0)
		parse_line(rules, text, ++line);
	if (ferror(stream))
		die("%s: %s", file, strerror(errno));
	free(text);
	fclose(stream);
	if (!rules->nr_contexts)
		die("%s: no context, nothing to check", file);
	sort_names(rules);
	return rules;
}
