// SPDX-License-Identifier: GPL-2.0
/*
 * status FIXES.CONF [--plain] KDIR
 *
 * Tell which of the fixes of FIXES.CONF the kernel tree KDIR has, lacks or
 * does not need, from what its files say.  FIXES.CONF documents the rules.
 * Exit status: 0 if each fix is one of the three, 1 if not or on any error.
 *
 * --plain is for scripts: lines of tab-separated fields,
 *	version	7.1.13
 *	reads	arch/powerpc/Kconfig
 *	has|lacks|not needed|unclear	ID	FILE
 */

#include <err.h>
#include <errno.h>
#include <regex.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 6.0 was the first with all of the files that the rules look at. */
static const int oldest[] = { 6, 0 };

enum kind { KNOWN, HAS, LACKS, KINDS };

static const char * const kind_names[KINDS] = { "known", "has", "lacks" };

struct rule {
	enum kind kind;
	const char *file;	/* of a fix: the last that was named before */
	char *text;
	regex_t regex;
	int line;		/* of the match in the tree, 0: no match */
};

struct need {
	char *name;
	char *file;
	char *reason;
	bool wanted;		/* is a match wanted, or none? */
	struct rule rule;
};

struct fix {
	char *id;
	char *file;
	int nr_needs, nr_rules;
	struct need *needs[8];
	struct rule rules[8];
};

static struct need needs[16];
static struct fix fixes[32];
static int nr_needs, nr_fixes;

static const char *conf, *kdir;

static void *alloced(void *p)
{
	if (!p)
		errx(1, "out of memory");
	return p;
}

/* The text of a file of the tree, NULL if there is no such file. */
static char *read_tree(const char *file)
{
	size_t len = 0, room = 1 << 16, got;
	char *path, *text;
	FILE *f;

	if (asprintf(&path, "%s/%s", kdir, file) < 0)
		errx(1, "out of memory");
	f = fopen(path, "r");
	if (!f && (errno == ENOENT || errno == ENOTDIR)) {
		free(path);
		return NULL;
	}
	if (!f)
		errx(1, "%s: %s", path, strerror(errno));

	text = alloced(malloc(room));
	while ((got = fread(text + len, 1, room - len - 1, f)) > 0) {
		len += got;
		if (room - len == 1)
			text = alloced(realloc(text, room *= 2));
	}
	if (ferror(f))
		errx(1, "%s: %s", path, strerror(errno));
	if (memchr(text, '\0', len))
		errx(1, "%s: not a text file", path);
	text[len] = '\0';
	fclose(f);
	free(path);
	return text;
}

/* A blank of a rule stands for any amount of white space. */
static void compile(struct rule *rule, const char *text, int line)
{
	static const char blank[] = "[[:space:]]+";
	char *regex = alloced(calloc(strlen(text) + 1, sizeof(blank))), *end = regex;
	char error[128];
	const char *s;
	int err;

	rule->text = alloced(strdup(text));
	for (s = text; *s; s++) {
		if (*s == ' ')
			end = stpcpy(end, blank);
		else
			*end++ = *s;
	}
	err = regcomp(&rule->regex, regex, REG_EXTENDED | REG_NEWLINE);
	if (err) {
		regerror(err, &rule->regex, error, sizeof(error));
		errx(1, "%s:%d: %s: %s", conf, line, error, text);
	}
	free(regex);
}

/* The number of the line that the rule matches in the text, 0 for none. */
static int match(const struct rule *rule, const char *text)
{
	regmatch_t where;
	int line = 1;
	const char *s;

	if (regexec(&rule->regex, text, 1, &where, 0))
		return 0;
	where.rm_so += strspn(text + where.rm_so, " \t\n");
	for (s = text; s < text + where.rm_so; s++)
		line += *s == '\n';
	return line;
}

static struct need *find_need(const char *name)
{
	int i;

	for (i = 0; i < nr_needs; i++)
		if (!strcmp(needs[i].name, name))
			return &needs[i];
	return NULL;
}

/* One line of a "need" block.  False: no such key. */
static bool need_line(struct need *need, const char *key, const char *value,
		      int line)
{
	if (!strcmp(key, "file")) {
		need->file = alloced(strdup(value));
	} else if (!strcmp(key, "else")) {
		need->reason = alloced(strdup(value));
	} else if (!strcmp(key, "match") || !strcmp(key, "nomatch")) {
		if (need->rule.text)
			errx(1, "%s:%d: a second regex for %s", conf, line, need->name);
		need->wanted = !strcmp(key, "match");
		compile(&need->rule, value, line);
	} else {
		return false;
	}
	return true;
}

/* One line of a "fix" block.  False: no such key. */
static bool fix_line(struct fix *fix, const char *key, const char *value,
		     int line)
{
	enum kind kind;

	if (!strcmp(key, "does"))
		return true;	/* for the reader of the file */
	if (!strcmp(key, "file")) {
		fix->file = alloced(strdup(value));
		return true;
	}
	if (!strcmp(key, "needs")) {
		struct need *need = find_need(value);

		if (!need || fix->nr_needs == 8)
			errx(1, "%s:%d: no such need, or too many: %s", conf, line, value);
		fix->needs[fix->nr_needs++] = need;
		return true;
	}
	for (kind = 0; kind < KINDS; kind++) {
		if (strcmp(key, kind_names[kind]))
			continue;
		if (fix->nr_rules == 8)
			errx(1, "%s:%d: too many rules for %s", conf, line, fix->id);
		fix->rules[fix->nr_rules].kind = kind;
		fix->rules[fix->nr_rules].file = fix->file;
		compile(&fix->rules[fix->nr_rules++], value, line);
		return true;
	}
	return false;
}

/* Would a file of another shape pass, or nothing ever be found? */
static void check_conf(void)
{
	int i, j;

	if (!nr_fixes)
		errx(1, "%s: no fixes in it", conf);
	for (i = 0; i < nr_needs; i++)
		if (!needs[i].file || !needs[i].rule.text || !needs[i].reason)
			errx(1, "%s: need %s: incomplete", conf, needs[i].name);
	for (i = 0; i < nr_fixes; i++) {
		int count[KINDS] = {}, nowhere = 0;

		for (j = 0; j < fixes[i].nr_rules; j++) {
			count[fixes[i].rules[j].kind]++;
			nowhere += !fixes[i].rules[j].file;
		}
		if (nowhere || !count[HAS] || !(count[KNOWN] + count[LACKS]))
			errx(1, "%s: fix %s: incomplete", conf, fixes[i].id);
	}
}

static void read_conf(void)
{
	char buf[512], *key, *value, *end;
	struct need *need = NULL;
	struct fix *fix = NULL;
	int line = 0;
	FILE *f = fopen(conf, "r");

	if (!f)
		errx(1, "%s: %s", conf, strerror(errno));
	while (fgets(buf, sizeof(buf), f)) {
		line++;
		end = strchr(buf, '\n');
		if (!end)
			errx(1, "%s:%d: line too long, or cut off", conf, line);
		*end = '\0';
		key = buf + strspn(buf, " \t");
		if (!*key || *key == '#')
			continue;
		value = key + strcspn(key, " \t");
		if (*value)
			*value++ = '\0';
		value += strspn(value, " \t");
		if (!*value)
			errx(1, "%s:%d: %s what?", conf, line, key);

		if (!strcmp(key, "need")) {
			if (nr_needs == 16)
				errx(1, "%s:%d: too many needs", conf, line);
			need = &needs[nr_needs++];
			need->name = alloced(strdup(value));
			fix = NULL;
		} else if (!strcmp(key, "fix")) {
			if (nr_fixes == 32)
				errx(1, "%s:%d: too many fixes", conf, line);
			fix = &fixes[nr_fixes++];
			fix->id = alloced(strdup(value));
			need = NULL;
		} else if (!(fix && fix_line(fix, key, value, line)) &&
			   !(need && need_line(need, key, value, line))) {
			errx(1, "%s:%d: unknown: %s", conf, line, key);
		}
	}
	if (ferror(f))
		errx(1, "%s: %s", conf, strerror(errno));
	fclose(f);
	check_conf();
}

/* The value of "KEY = value" in the tree's Makefile, NULL if not there. */
static char *makefile_value(const char *makefile, const char *key)
{
	const char *s;
	size_t len = strlen(key);

	for (s = makefile; s && *s; s = strchr(s, '\n'), s = s ? s + 1 : s) {
		if (strncmp(s, key, len) || strncmp(s + len, " =", 2))
			continue;
		s += len + 2;
		s += strspn(s, " \t");
		return alloced(strndup(s, strcspn(s, " \t\n")));
	}
	return NULL;
}

/* The version of the tree, spelled like "make kernelversion" does. */
static char *tree_version(void)
{
	static const char * const keys[] = { "VERSION", "PATCHLEVEL", "SUBLEVEL" };
	char *makefile = read_tree("Makefile"), *powerpc, *extra, *version;
	long number[3];
	int i;

	if (!makefile)
		errx(1, "%s is not a kernel tree: it has no Makefile", kdir);
	for (i = 0; i < 3; i++) {
		char *value = makefile_value(makefile, keys[i]), *end;

		number[i] = value ? strtol(value, &end, 10) : 0;
		if (!value || !*value || *end)
			errx(1, "%s is not a kernel tree: no %s in its Makefile", kdir, keys[i]);
		free(value);
	}
	powerpc = read_tree("arch/powerpc/Kconfig");
	if (!powerpc)
		errx(1, "%s is not a whole kernel tree: it has no arch/powerpc/Kconfig", kdir);
	free(powerpc);

	extra = makefile_value(makefile, "EXTRAVERSION");
	if (asprintf(&version, "%ld.%ld.%ld%s", number[0], number[1], number[2],
		     extra ? extra : "") < 0)
		errx(1, "out of memory");
	if (number[0] < oldest[0] || (number[0] == oldest[0] && number[1] < oldest[1]))
		errx(1, "%s is Linux %s, older than %d.%d: not known here", kdir, version,
		     oldest[0], oldest[1]);
	free(extra);
	free(makefile);
	return version;
}

/* The first condition of the fix that is not met. */
static const struct need *unmet(const struct fix *fix)
{
	int i;

	for (i = 0; i < fix->nr_needs; i++) {
		struct need *need = fix->needs[i];
		char *text = read_tree(need->file);

		if (!text)
			errx(1, "%s: no %s, cannot tell about %s", kdir, need->file, fix->id);
		need->rule.line = match(&need->rule, text);
		free(text);
		if (!need->rule.line == need->wanted)
			return need;
	}
	return NULL;
}

/* Fills in where each rule matches; "has", "lacks" or NULL for neither. */
static const char *judge(struct fix *fix)
{
	int found[KINDS] = {}, count[KINDS] = {}, i;

	for (i = 0; i < fix->nr_rules; i++) {
		struct rule *rule = &fix->rules[i];
		char *text = read_tree(rule->file);

		if (!text)
			errx(1, "%s: no %s, cannot tell about %s", kdir, rule->file, fix->id);
		rule->line = match(rule, text);
		found[rule->kind] += !!rule->line;
		count[rule->kind]++;
		free(text);
	}

	if (found[KNOWN] < count[KNOWN])
		return NULL;
	if (found[HAS] == count[HAS] && !found[LACKS])
		return "has";
	if (!found[HAS] && found[LACKS] == count[LACKS])
		return "lacks";
	return NULL;
}

/* "FILE has no TEXT", without what only makes TEXT a regex. */
static void print_missing(const char *file, const char *regex)
{
	const char *s;

	printf("%s has no ", file);
	for (s = regex + strspn(regex, "^ "); *s; s++)
		if (*s != '\\' && (*s != '$' || s[1]))
			putchar(*s);
	putchar('\n');
}

/* The line that the verdict rests on, or what is not there. */
static void print_where(const struct fix *fix, bool has)
{
	enum kind kind = has ? HAS : LACKS;
	int i;

	for (i = 0; i < fix->nr_rules; i++)
		if (fix->rules[i].kind == kind) {
			printf("%s:%d\n", fix->rules[i].file, fix->rules[i].line);
			return;
		}
	for (i = 0; fix->rules[i].kind != HAS; i++)
		;
	print_missing(fix->rules[i].file, fix->rules[i].text);
}

static void complain(const struct fix *fix)
{
	int i;

	fprintf(stderr, "status: %s: %s/%s is neither broken nor fixed in a way known here:\n",
		fix->id, kdir, fix->rules[0].file);
	for (i = 0; i < fix->nr_rules; i++) {
		const struct rule *rule = &fix->rules[i];

		if (i && rule->file != rule[-1].file)
			fprintf(stderr, "\t%s:\n", rule->file);
		fprintf(stderr, "\t%-5s ", kind_names[rule->kind]);
		if (rule->line)
			fprintf(stderr, "line %-5d  %s\n", rule->line, rule->text);
		else
			fprintf(stderr, "not there   %s\n", rule->text);
	}
}

/* Prints what is known about a fix; false if it is unclear. */
static bool report(struct fix *fix, bool plain)
{
	const struct need *need = unmet(fix);
	const char *verdict = need ? "not needed" : judge(fix);

	if (plain) {
		printf("%s\t%s\t%s\n", verdict ? verdict : "unclear", fix->id, fix->rules[0].file);
	} else {
		printf("%-10s  %-25s  ", verdict ? verdict : "unclear", fix->id);
		if (need)
			printf("%s: ", need->reason);
		if (need && need->rule.line)
			printf("%s:%d\n", need->file, need->rule.line);
		else if (need)
			print_missing(need->file, need->rule.text);
		else if (verdict)
			print_where(fix, !strcmp(verdict, "has"));
		else
			printf("%s\n", fix->rules[0].file);
	}
	if (!verdict)
		complain(fix);
	return verdict;
}

int main(int argc, char **argv)
{
	bool plain = argc == 4 && !strcmp(argv[2], "--plain"), clear = true;
	char *version;
	int i, j;

	/* What was found comes before what was wrong, also in a log file. */
	setvbuf(stdout, NULL, _IOLBF, 0);

	if (argc != 3 + plain || !*argv[argc - 1] || *argv[argc - 1] == '-')
		errx(1, "usage: status [--plain] KDIR, the top directory of a kernel tree");
	conf = argv[1];
	kdir = argv[argc - 1];

	read_conf();
	version = tree_version();
	if (plain) {
		printf("version\t%s\n", version);
		for (i = 0; i < nr_needs; i++)
			printf("reads\t%s\n", needs[i].file);
		for (i = 0; i < nr_fixes; i++)
			for (j = 0; j < fixes[i].nr_rules; j++)
				printf("reads\t%s\n", fixes[i].rules[j].file);
	} else {
		printf("Linux %s in %s\n", version, kdir);
	}
	for (i = 0; i < nr_fixes; i++)
		clear &= report(&fixes[i], plain);
	free(version);
	return clear ? 0 : 1;
}
