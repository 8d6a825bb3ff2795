// SPDX-License-Identifier: GPL-2.0
/*
 * JUnit XML, as CI systems read it: a suite a kernel, a case a wanted result. A
 * case fails where the result is not as it must be, so an unfixed kernel that
 * hangs as it has to is a success; what it said is there all the same.
 */
#include <stdlib.h>
#include <string.h>

#include "report.h"

/* XML has no way to say most control characters. */
void print_escaped(const char *text, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++) {
		unsigned char c = text[i];

		if (c == '<')
			fputs("&lt;", stdout);
		else if (c == '>')
			fputs("&gt;", stdout);
		else if (c == '&')
			fputs("&amp;", stdout);
		else if (c == '"')
			fputs("&quot;", stdout);
		else if (c == '\n' || c == '\t' || (c >= ' ' && c < 0x7f))
			putchar(c);
		else if (c != '\r')
			putchar('?');
	}
}

static void print_text(const char *text)
{
	print_escaped(text, strlen(text));
}

static void print_failure(const struct config *config, const struct wanted *wanted)
{
	char *why = wrong_of(config, wanted);

	printf("      <failure message=\"");
	print_text(why);
	printf("\"/>\n");
	free(why);
}

static void print_case(const char *suite, const struct config *config, const struct wanted *wanted)
{
	struct result *result = find_result(find_kernel(config, wanted->variant), wanted->machine,
					    wanted->test);
	enum verdict verdict = verdict_of(config, wanted);

	printf("    <testcase classname=\"%s\" name=\"%s on %s must be %s\">\n", suite,
	       wanted->test, wanted->machine, spelled(wanted->verdict));
	if (verdict == SKIP)
		printf("      <skipped/>\n");
	else if (verdict == NONE || verdict == BROKEN)
		printf("      <error message=\"it cannot be told\"/>\n");
	else if (verdict != wanted->verdict)
		print_failure(config, wanted);
	if (result && result->said) {
		printf("      <system-out>");
		print_text(result->said);
		printf("</system-out>\n");
	}
	printf("    </testcase>\n");
}

static void print_suite(const struct tree *tree, const struct config *config,
			const struct kernel *kernel)
{
	char *name = format_string("%s.%s.%s", tree->name, config->name, kernel->variant);
	int i, tests = 0, failures = 0, errors = 0, skipped = 0;
	char when[32];

	for (i = 0; i < config->nr_wanted; i++) {
		enum verdict verdict = verdict_of(config, &config->wanted[i]);

		if (strcmp(config->wanted[i].variant, kernel->variant))
			continue;
		tests++;
		skipped += verdict == SKIP;
		errors += verdict == NONE || verdict == BROKEN;
		failures += (verdict == OK || verdict == FAIL || verdict == STRAY) &&
			    verdict != config->wanted[i].verdict;
	}
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", gmtime(&kernel->when));
	printf("  <testsuite name=\"%s\" time=\"%d\" timestamp=\"%s\"", name, kernel->boot_seconds,
	       when);
	printf(" tests=\"%d\" failures=\"%d\" errors=\"%d\" skipped=\"%d\">\n", tests, failures,
	       errors, skipped);
	for (i = 0; i < config->nr_wanted; i++)
		if (!strcmp(config->wanted[i].variant, kernel->variant))
			print_case(name, config, &config->wanted[i]);
	printf("    <system-out>");
	print_text(kernel->facts);
	printf("</system-out>\n  </testsuite>\n");
}

int print_junit(const struct tree *trees, int nr_trees)
{
	int i, j, k;

	printf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
	for (i = 0; i < nr_trees; i++)
		for (j = 0; j < trees[i].nr_configs; j++)
			for (k = 0; k < trees[i].configs[j].nr_kernels; k++)
				print_suite(&trees[i], &trees[i].configs[j],
					    &trees[i].configs[j].kernels[k]);
	printf("</testsuites>\n");
	return 0;
}
