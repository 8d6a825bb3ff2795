// SPDX-License-Identifier: GPL-2.0
/* Read what verify/prove has left in $OUT/results. */
#include <ctype.h>
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "results.h"

char *format_string(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		errx(2, "out of memory");
	va_end(args);
	return text;
}

/* Room for one more; the size doubles at each power of two */
void *grow(void *array, int count, size_t size)
{
	if (count & (count - 1))
		return array;
	array = reallocarray(array, count ? 2 * count : 1, size);
	if (!array)
		errx(2, "out of memory");
	return array;
}

/* The contents of a file as a string; NULL if there is none */
char *read_text(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t room = 0;
	ssize_t length;

	if (!file) {
		if (errno != ENOENT && errno != ENOTDIR)
			err(2, "%s", path);
		return NULL;
	}
	length = getdelim(&text, &room, '\0', file);
	if (ferror(file))
		err(2, "%s", path);
	fclose(file);
	return length < 0 ? format_string("%s", "") : text;
}

char *first_line(const char *text)
{
	return format_string("%.*s", (int)strcspn(text, "\n"), text);
}

void compile_cause(regex_t *cause, const char *text)
{
	char why[128];
	int error = regcomp(cause, text, REG_EXTENDED | REG_NOSUB);

	if (error) {
		regerror(error, cause, why, sizeof(why));
		errx(2, "%s: %s", text, why);
	}
}

static void append_line(char **text, const char *line)
{
	char *longer = format_string("%s%s\n", *text ? *text : "", line);

	free(*text);
	*text = longer;
}

/* Take "ok 3 powernv9 kexec-file # SKIP why"; false if it is no such line */
static bool take_result(struct kernel *kernel, const char *line)
{
	bool bad = !strncmp(line, "not ", 4);
	char machine[64], test[64], rest[32] = "";
	struct result *result;

	if (sscanf(line + 4 * bad, "ok %*d %63s %63s # %31s", machine, test, rest) < 2)
		return false;
	kernel->results = grow(kernel->results, kernel->nr_results, sizeof(*result));
	result = &kernel->results[kernel->nr_results++];
	*result = (struct result){
		.machine = format_string("%s", machine),
		.test = format_string("%s", test),
		.verdict = !strcmp(rest, "SKIP") ? SKIP : !strcmp(rest, "ERROR") ? BROKEN :
			   bad ? FAIL : OK,
	};
	if (result->verdict == SKIP || result->verdict == BROKEN)
		append_line(&result->said, strchr(line, '#') + 2);
	return true;
}

/* A "fail: " before a cause says no more than the "not ok" before that */
static void take_said(struct result *result, const char *line)
{
	append_line(&result->said, line + (strncmp(line, "fail: ", 6) ? 0 : 6));
}

static void take_fact(struct kernel *kernel, const char *fact)
{
	const char *seconds = strstr(fact, ", built in ");

	if (!strncmp(fact, "inputs ", 7)) {
		kernel->inputs = format_string("%.*s", (int)strcspn(fact + 7, ":"), fact + 7);
	} else if (strncmp(fact, "kernel ", 7)) {
		if (seconds)
			kernel->build_seconds = atoi(seconds + strlen(", built in "));
		append_line(&kernel->facts, fact);
	}
}

/* Read a KTAP file; it is whole if all is there that it announces */
void read_kernel(struct kernel *kernel, const char *path)
{
	char *text = read_text(path), *rest = text, *line;
	int planned = 0, plans = 0, number;
	bool ended = false, totals = false;
	struct stat st;

	if (!text || stat(path, &st))
		errx(2, "cannot read %s", path);
	kernel->when = st.st_mtime;
	while ((line = strsep(&rest, "\n"))) {
		bool inner = !strncmp(line, "  ", 2);

		line += 2 * inner;
		if (sscanf(line, "1..%d", &number) == 1) {
			planned += number;
			plans++;
		} else if (!inner && (!strcmp(line, "ok 2 kexec_test") ||
				      !strcmp(line, "not ok 2 kexec_test"))) {
			ended = true;
		} else if (sscanf(line, "# booted in %d", &number) == 1) {
			kernel->boot_seconds = number;
		} else if (inner && !strncmp(line, "# Totals: ", 10)) {
			totals = true;
		} else if (!strncmp(line, "# ", 2) && !kernel->nr_results) {
			take_fact(kernel, line + 2);
		} else if (!strncmp(line, "# ", 2)) {
			take_said(&kernel->results[kernel->nr_results - 1], line + 2);
		} else {
			take_result(kernel, line);
		}
	}
	/* The outer plan also counts the line that ends it. */
	kernel->whole = plans == 2 && ended && totals && kernel->nr_results == planned - 1;
	free(text);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strverscmp((*a)->d_name, (*b)->d_name);
}

static int not_hidden(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int list(const char *path, struct dirent ***entries)
{
	int nr = scandir(path, entries, not_hidden, by_name);

	return nr < 0 ? 0 : nr;
}

/* False if it is not as today's prove writes it: then it is as old as the results. */
static bool read_wanted(struct config *config, const char *path)
{
	char *text = read_text(path), *rest = text, *line;

	while (text && (line = strsep(&rest, "\n"))) {
		struct wanted *wanted;
		char *variant = strsep(&line, "\t"), *test = strsep(&line, "\t");
		char *machine = strsep(&line, "\t"), *word = strsep(&line, "\t");
		char *causes = strsep(&line, "\t");

		if (!word)
			continue;
		config->wanted = grow(config->wanted, config->nr_wanted, sizeof(*wanted));
		wanted = &config->wanted[config->nr_wanted++];
		*wanted = (struct wanted){
			.variant = variant,
			.test = test,
			.machine = machine,
			.verdict = strcmp(word, "ok") ? FAIL : OK,
			.causes = causes,
		};
		if (wanted->verdict == OK)
			continue;
		if (!line)
			return false;
		compile_cause(&wanted->regex, line);
	}
	return true;
}

/* First as it is, then fixed, then without one fix after the other */
static int by_variant(const void *a, const void *b)
{
	const struct kernel *x = a, *y = b;
	bool x_without = !strncmp(x->variant, "without-", 8);
	bool y_without = !strncmp(y->variant, "without-", 8);

	if (x_without != y_without)
		return x_without - y_without;
	return x_without ? strcmp(x->variant, y->variant) : strcmp(y->variant, x->variant);
}

/* Results of other inputs than those of the last run are not shown. */
static void read_config(struct config *config, const char *path, const char *inputs)
{
	struct dirent **entries;
	int nr = list(path, &entries), i;

	for (i = 0; i < nr; i++) {
		const char *name = entries[i]->d_name, *end = strstr(name, ".ktap");
		struct kernel kernel = { };

		if (!end || strcmp(end, ".ktap"))
			continue;
		read_kernel(&kernel, format_string("%s/%s", path, name));
		if (!kernel.whole || !kernel.inputs || strcmp(kernel.inputs, inputs))
			continue;
		kernel.variant = format_string("%.*s", (int)(end - name), name);
		config->kernels = grow(config->kernels, config->nr_kernels, sizeof(kernel));
		config->kernels[config->nr_kernels++] = kernel;
	}
	if (config->nr_kernels)
		qsort(config->kernels, config->nr_kernels, sizeof(struct kernel), by_variant);
	if (!read_wanted(config, format_string("%s/wanted", path)))
		config->nr_kernels = 0;
}

static bool read_tree(struct tree *tree, const char *path)
{
	char *inputs = read_text(format_string("%s/inputs", path));
	struct dirent **entries;
	int nr, i;

	if (!inputs)
		return false;
	tree->path = inputs + strcspn(inputs, "\n");
	if (*tree->path)
		*tree->path++ = '\0';
	tree->path[strcspn(tree->path, "\n")] = '\0';
	if (!*tree->path)
		tree->path = tree->name;
	nr = list(path, &entries);
	for (i = 0; i < nr; i++) {
		struct config config = { .name = entries[i]->d_name };

		read_config(&config, format_string("%s/%s", path, config.name), inputs);
		if (!config.nr_kernels)
			continue;
		tree->configs = grow(tree->configs, tree->nr_configs, sizeof(config));
		tree->configs[tree->nr_configs++] = config;
	}
	return tree->nr_configs;
}

/* The trees of these names that have results, or all; names end with NULL */
struct tree *read_trees(const char *out, char **names, int *nr_trees)
{
	struct dirent **entries;
	struct tree *trees = NULL;
	int nr = list(format_string("%s/results", out), &entries), i, n;

	*nr_trees = 0;
	for (i = 0; i < nr; i++) {
		struct tree tree = { .name = entries[i]->d_name };

		for (n = 0; names[n] && strcmp(names[n], tree.name); n++)
			;
		if ((names[0] && !names[n]) ||
		    !read_tree(&tree, format_string("%s/results/%s", out, tree.name)))
			continue;
		trees = grow(trees, *nr_trees, sizeof(tree));
		trees[(*nr_trees)++] = tree;
	}
	return trees;
}

struct kernel *find_kernel(const struct config *config, const char *variant)
{
	int i;

	for (i = 0; i < config->nr_kernels; i++)
		if (!strcmp(config->kernels[i].variant, variant))
			return &config->kernels[i];
	return NULL;
}

struct result *find_result(const struct kernel *kernel, const char *machine, const char *test)
{
	int i;

	for (i = 0; kernel && i < kernel->nr_results; i++)
		if (!strcmp(kernel->results[i].machine, machine) &&
		    !strcmp(kernel->results[i].test, test))
			return &kernel->results[i];
	return NULL;
}

enum verdict verdict_of(const struct config *config, const struct wanted *wanted)
{
	struct result *result = find_result(find_kernel(config, wanted->variant),
					    wanted->machine, wanted->test);

	if (!result)
		return NONE;
	if (result->verdict == FAIL && wanted->verdict == FAIL && !is_of(result, &wanted->regex))
		return STRAY;
	return result->verdict;
}

struct wanted *find_wanted(const struct config *config, const char *variant,
			   const struct result *place)
{
	int i;

	for (i = 0; i < config->nr_wanted; i++)
		if (!strcmp(config->wanted[i].variant, variant) &&
		    !strcmp(config->wanted[i].machine, place->machine) &&
		    !strcmp(config->wanted[i].test, place->test))
			return &config->wanted[i];
	return NULL;
}

const char *spelled(enum verdict verdict)
{
	static const char * const words[] = {
		[NONE] = "-", [OK] = "ok", [FAIL] = "FAIL", [SKIP] = "skip", [BROKEN] = "?",
		[STRAY] = "stray",
	};

	return words[verdict];
}

char *wrong_of(const struct config *config, const struct wanted *wanted)
{
	enum verdict verdict = wanted ? verdict_of(config, wanted) : NONE;

	if (!wanted || verdict == wanted->verdict)
		return NULL;
	if (verdict == STRAY)
		return format_string("fails, but not of this: %s", wanted->causes);
	return format_string("is %s, must be %s", spelled(verdict), spelled(wanted->verdict));
}

/*
 * A boot ends once, and the first line says how.  The checker has a line for each of
 * what it has found.
 */
bool is_of(const struct result *result, const regex_t *cause)
{
	bool checker = !strcmp(result->test, "realmode_check");
	const char *text = result->said;
	bool found = false;

	while (text && *text && !found) {
		char *line = first_line(text);

		found = !regexec(cause, line, 0, NULL, 0);
		text += strlen(line) + 1;
		free(line);
		if (!checker)
			break;
	}
	return found;
}

/*
 * "boot 1, before ...: the machine stopped (checkstop) in A <- B <- C" is A <- B
 * <- C; "boot 1, ...: dead" is dead; of what the checker says it is the first line.
 */
char *culprit(const struct result *result)
{
	char *line, *from;

	if (!result || result->verdict == OK || !result->said)
		return NULL;
	line = first_line(result->said);
	from = strstr(line, " <- ");
	if (!from) {
		from = strstr(line, "\": ");
		if (from)
			return from + 3;
		from = strstr(line, "complaint: ");
		return from ? from + 11 : line;
	}
	while (from > line && from[-1] != ' ')
		from--;
	return from;
}
