// SPDX-License-Identifier: GPL-2.0
/*
 * report COMMAND OUT [TREE...]: what verify/prove has found, out of the KTAP
 * files and the lists of wanted results in OUT/results.
 *
 *	wrong	what is not as it has to be, why, and the command that shows it again;
 *		exit status 1 if there is any
 *	table	the same, then tree x machine x test, unfixed against fixed
 *	rows	for scripts: tree, variant, config, test, machine, result
 *	html	a page with all that is known
 *	junit	for CI systems: a failure is what "wrong" prints
 *
 * report whole FILE: is this KTAP file complete?  The exit status says so.
 * report cause FILE MACHINE TEST REGEX: does that test there fail of this cause?
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

#define WITHOUT "without-"

/* The callers of what died, nearest first, as far as a line has room for them */
static void print_culprit(const struct result *result)
{
	char *text = culprit(result), *end = text;
	int frames;

	if (!text)
		return;
	for (frames = 0; frames < 3 && end; frames++)
		end = strstr(end + 1, " <- ");
	printf("  %.*s", end ? (int)(end - text) : (int)strlen(text), text);
}

/* A fix is left out, and all of its tests pass */
static bool unnoticed(const struct config *config, const char *variant)
{
	bool any = false;
	int i;

	for (i = 0; i < config->nr_wanted; i++) {
		if (strcmp(config->wanted[i].variant, variant))
			continue;
		any = true;
		if (verdict_of(config, &config->wanted[i]) != OK)
			return false;
	}
	return any;
}

static void print_unnoticed(const struct tree *tree, const struct config *config)
{
	int i;

	for (i = 0; i < config->nr_kernels; i++) {
		const char *variant = config->kernels[i].variant;

		if (!strncmp(variant, WITHOUT, strlen(WITHOUT)) && unnoticed(config, variant))
			printf("NO TEST NOTICES that %s %s lacks %s: blind test, or useless fix\n",
			       tree->name, config->name, variant + strlen(WITHOUT));
	}
}

static void print_note(const struct config *config, const struct wanted *wanted)
{
	char *wrong = wrong_of(config, wanted);

	if (wrong)
		printf(" (%s)", wrong);
	free(wrong);
}

static void print_both(const struct tree *tree, const struct config *config)
{
	struct kernel *fixed = find_kernel(config, "fixed");
	struct kernel *unfixed = find_kernel(config, "unfixed");
	int i;

	for (i = 0; fixed && i < fixed->nr_results; i++) {
		struct result *good = &fixed->results[i];
		struct result *bad = find_result(unfixed, good->machine, good->test);
		struct wanted *must_fail = find_wanted(config, "unfixed", good);
		enum verdict verdict = bad ? bad->verdict : NONE;

		if (!strcmp(good->test, "canary"))
			continue;
		if (must_fail)
			verdict = verdict_of(config, must_fail);
		printf("%-13s %-9s %-14s %-14s %-7s  %-5s", tree->name, config->name, good->test,
		       good->machine, spelled(verdict), spelled(good->verdict));
		print_culprit(good->verdict == OK ? bad : good);
		print_note(config, must_fail);
		print_note(config, find_wanted(config, "fixed", good));
		putchar('\n');
	}
}

static void print_left_out(const struct tree *tree, const struct config *config)
{
	int i;

	for (i = 0; i < config->nr_wanted; i++) {
		const struct wanted *wanted = &config->wanted[i];

		if (strncmp(wanted->variant, WITHOUT, strlen(WITHOUT)) ||
		    verdict_of(config, wanted) == NONE)
			continue;
		printf("%-13s %-9s %-14s %-14s %-5s  %-25s", tree->name, config->name,
		       wanted->test, wanted->machine, spelled(verdict_of(config, wanted)),
		       wanted->variant + strlen(WITHOUT));
		print_culprit(find_result(find_kernel(config, wanted->variant), wanted->machine,
					  wanted->test));
		print_note(config, wanted);
		putchar('\n');
	}
}

static bool left_out_any(const struct config *config)
{
	int i;

	for (i = 0; i < config->nr_kernels; i++)
		if (!strncmp(config->kernels[i].variant, WITHOUT, strlen(WITHOUT)))
			return true;
	return false;
}

static int for_each(struct tree *trees, int nr_trees,
		    void (*print)(const struct tree *tree, const struct config *config))
{
	int i, j;

	for (i = 0; i < nr_trees; i++)
		for (j = 0; j < trees[i].nr_configs; j++)
			print(&trees[i], &trees[i].configs[j]);
	return 0;
}

/* What it says, and the command that shows it again */
static void print_evidence(const struct tree *tree, const struct config *config,
			   const struct wanted *wanted)
{
	struct result *result = find_result(find_kernel(config, wanted->variant),
					    wanted->machine, wanted->test);

	if (result && result->said && result->verdict != OK)
		printf("    %.*s\n", (int)strcspn(result->said, "\n"), result->said);
	printf("    again: verify/cell %s %s %s %s %s", tree->path, wanted->variant, config->name,
	       wanted->test, wanted->machine);
	if (wanted->verdict == FAIL)
		printf(" FAIL %s", wanted->causes);
	putchar('\n');
}

static bool print_wrong_of(const struct tree *tree, const struct config *config)
{
	bool any = false;
	int i;

	for (i = 0; i < config->nr_wanted; i++) {
		const struct wanted *wanted = &config->wanted[i];
		char *why = wrong_of(config, wanted);

		if (!why || !find_kernel(config, wanted->variant))
			continue;
		printf("%s %s %s: %s on %s %s\n", tree->name, config->name, wanted->variant,
		       wanted->test, wanted->machine, why);
		print_evidence(tree, config, wanted);
		free(why);
		any = true;
	}
	print_unnoticed(tree, config);
	return any;
}

static int print_wrong(struct tree *trees, int nr_trees)
{
	bool any = false;
	int i, j;

	for (i = 0; i < nr_trees; i++)
		for (j = 0; j < trees[i].nr_configs; j++)
			any |= print_wrong_of(&trees[i], &trees[i].configs[j]);
	return any;
}

static int print_table(struct tree *trees, int nr_trees)
{
	int wrong = print_wrong(trees, nr_trees);
	bool left_out = false;
	int i, j;

	printf("%s%-13s %-9s %-14s %-14s %-7s  %-5s  %s\n", wrong ? "\n" : "",
	       "tree", "config", "test", "machine", "unfixed", "fixed", "culprit");
	for_each(trees, nr_trees, print_both);
	for (i = 0; i < nr_trees; i++)
		for (j = 0; j < trees[i].nr_configs; j++)
			left_out |= left_out_any(&trees[i].configs[j]);
	if (left_out)
		printf("\n%-13s %-9s %-14s %-14s %-5s  %-25s  %s\n", "tree", "config", "test",
		       "machine", "is", "without", "culprit");
	for_each(trees, nr_trees, print_left_out);
	return wrong;
}

static void print_rows(const struct tree *tree, const struct config *config)
{
	int i;

	for (i = 0; i < config->nr_wanted; i++) {
		const struct wanted *wanted = &config->wanted[i];

		if (verdict_of(config, wanted) != NONE)
			printf("%s\t%s\t%s\t%s\t%s\t%s\n", tree->name, wanted->variant,
			       config->name, wanted->test, wanted->machine,
			       spelled(verdict_of(config, wanted)));
	}
}

static bool fails_of(const char *path, const char *machine, const char *test, const char *cause)
{
	struct kernel kernel = { };
	struct result *result;
	regex_t regex;

	read_kernel(&kernel, path);
	compile_cause(&regex, cause);
	result = find_result(&kernel, machine, test);
	return result && result->verdict == FAIL && is_of(result, &regex);
}

int main(int argc, char **argv)
{
	struct tree *trees;
	int nr_trees, status;

	if (argc == 3 && !strcmp(argv[1], "whole")) {
		struct kernel kernel = { };

		read_kernel(&kernel, argv[2]);
		return kernel.whole ? 0 : 1;
	}
	if (argc == 6 && !strcmp(argv[1], "cause"))
		return fails_of(argv[2], argv[3], argv[4], argv[5]) ? 0 : 1;
	if (argc < 3)
		errx(2, "usage: report table|wrong|rows|html|junit OUT [TREE...]");
	trees = read_trees(argv[2], argv + 3, &nr_trees);
	if (!nr_trees)
		errx(2, "no results in %s/results: make verify makes them", argv[2]);
	if (!strcmp(argv[1], "table"))
		status = print_table(trees, nr_trees);
	else if (!strcmp(argv[1], "wrong"))
		status = print_wrong(trees, nr_trees);
	else if (!strcmp(argv[1], "rows"))
		status = for_each(trees, nr_trees, print_rows);
	else if (!strcmp(argv[1], "html"))
		status = print_html(trees, nr_trees, argv[2]);
	else if (!strcmp(argv[1], "junit"))
		status = print_junit(trees, nr_trees);
	else
		errx(2, "what is \"%s\"?", argv[1]);
	if (fflush(stdout) || ferror(stdout))
		err(2, "cannot write");
	return status;
}
