// SPDX-License-Identifier: GPL-2.0
/* One page that refers to nothing outside of it. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "report.h"

static const char head[] =
	"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
	"<title>kexec and kdump of sanitized powerpc kernels</title>\n<style>\n"
	":root { color-scheme: light dark; }\n"
	"body { font: 15px/1.4 sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }\n"
	"table { border-collapse: collapse; margin: 0.5rem 0 1.5rem; }\n"
	"th, td { border: 1px solid #8888; padding: 0.15rem 0.6rem; text-align: left; }\n"
	"th { font-weight: 600; }\n"
	"td { white-space: nowrap; }\n"
	"td a { color: inherit; }\n"
	".ok { background: #3a35; } .fail { background: #d335; } .other { background: #db35; }\n"
	".wrong { outline: 3px solid #d0f; outline-offset: -3px; }\n"
	"pre { overflow-x: auto; font-size: 13px; background: #8881; padding: 0.5rem; }\n"
	"details details { margin-left: 1.5rem; }\n"
	"figure { margin: 1rem 0; overflow-x: auto; background: white; }\n"
	"figure svg { max-width: 100%; height: auto; }\n"
	"figcaption { color: black; padding: 0.3rem; }\n"
	"</style></head><body>\n";

static void print_text(const char *text)
{
	print_escaped(text, strlen(text));
}

static const char *class_of(enum verdict verdict)
{
	return verdict == OK ? "ok" : verdict == FAIL ? "fail" : "other";
}

static void print_id(const struct tree *tree, const struct config *config,
		     const struct kernel *kernel, const struct result *result)
{
	printf("%s.%s.%s.%s.%s", tree->name, config->name, kernel->variant, result->machine,
	       result->test);
}

static void print_cell(const struct tree *tree, const struct config *config,
		       const struct kernel *kernel, const struct result *place)
{
	const struct result *result = find_result(kernel, place->machine, place->test);
	char *wrong = wrong_of(config, find_wanted(config, kernel->variant, place));

	if (result) {
		printf("<td class=\"%s%s\"><a href=\"#", class_of(result->verdict),
		       wrong ? " wrong" : "");
		print_id(tree, config, kernel, result);
		printf("\">");
		print_text(wrong ? wrong : spelled(result->verdict));
		printf("</a></td>");
	} else {
		printf("<td></td>");
	}
	free(wrong);
}

static void print_matrix(const struct tree *tree, const struct config *config)
{
	const struct kernel *rows = find_kernel(config, "fixed");
	int i, k;

	if (!rows)
		rows = &config->kernels[0];
	printf("<h3>%s</h3>\n<table><tr><th>test</th><th>machine</th>", config->name);
	for (k = 0; k < config->nr_kernels; k++)
		printf("<th>%s</th>", config->kernels[k].variant);
	printf("</tr>\n");
	for (i = 0; i < rows->nr_results; i++) {
		const struct result *place = &rows->results[i];

		if (!strcmp(place->test, "canary"))
			continue;
		printf("<tr><td>%s</td><td>%s</td>", place->test, place->machine);
		for (k = 0; k < config->nr_kernels; k++)
			print_cell(tree, config, &config->kernels[k], place);
		printf("</tr>\n");
	}
	printf("</table>\n");
}

/* A console that was written after the result is that of another run. */
static void print_console(const char *directory, const struct kernel *kernel,
			  const struct result *result)
{
	char *path = format_string("%s/%s-%s/console", directory, result->machine, result->test);
	struct stat st;
	char *text;

	if (!stat(path, &st) && st.st_mtime <= kernel->when) {
		text = read_text(path);
		printf("<details><summary>console</summary><pre>");
		print_text(text);
		printf("</pre></details>\n");
		free(text);
	}
	free(path);
}

/* Without the ids, of which each picture has the same */
static void print_picture(const char *path, const char *about)
{
	char *text = read_text(path), *s, *id;

	s = text ? strstr(text, "<svg") : NULL;
	if (!s)
		return;
	printf("<figure><figcaption>%s</figcaption>\n", about);
	for (; (id = strstr(s, " id=\"")); s = strchr(id + 5, '"') + 1)
		fwrite(s, 1, id - s, stdout);
	printf("%s</figure>\n", s);
	free(text);
}

static void print_kernel(const char *out, const struct tree *tree, const struct config *config,
			 const struct kernel *kernel)
{
	char *place = format_string("%s/%s/%s", tree->name, config->name, kernel->variant);
	char *logs = format_string("%s/logs/%s", out, place);
	char *picture = format_string("%s/results/%s.svg", out, place);
	char when[32];
	int i;

	strftime(when, sizeof(when), "%F %R UTC", gmtime(&kernel->when));
	printf("<details><summary>%s: built in %d s, booted in %d s, %s</summary>\n",
	       kernel->variant, kernel->build_seconds, kernel->boot_seconds, when);
	printf("<pre>");
	print_text(kernel->facts);
	printf("</pre>\n");
	print_picture(picture, "What kexec runs with the MMU off; in red what the compiler added");
	for (i = 0; i < kernel->nr_results; i++) {
		const struct result *result = &kernel->results[i];
		char *wrong = wrong_of(config, find_wanted(config, kernel->variant, result));
		char *why = culprit(result);

		printf("<details id=\"");
		print_id(tree, config, kernel, result);
		printf("\"><summary><span class=\"%s\">%s</span> %s %s ", class_of(result->verdict),
		       spelled(result->verdict), result->machine, result->test);
		print_text(why ? why : "");
		if (wrong) {
			printf(" <b class=\"wrong\">");
			print_text(wrong);
			printf("</b>");
		}
		printf("</summary>\n");
		if (result->said) {
			printf("<pre>");
			print_text(result->said);
			printf("</pre>\n");
		}
		print_console(logs, kernel, result);
		printf("</details>\n");
	}
	printf("</details>\n");
	free(picture);
	free(logs);
	free(place);
}

/* A link into something folded unfolds it. */
static const char tail[] =
	"<script>\nfunction unfold() {\n"
	"\tlet e = document.getElementById(decodeURIComponent(location.hash.slice(1)));\n"
	"\tfor (let d = e; d; d = d.parentElement)\n\t\tif (d.tagName == 'DETAILS')\n"
	"\t\t\td.open = true;\n\tif (e)\n\t\te.scrollIntoView();\n}\n"
	"addEventListener('hashchange', unfold);\nunfold();\n</script>\n</body></html>\n";

int print_html(const struct tree *trees, int nr_trees, const char *out)
{
	int i, j, k;

	fputs(head, stdout);
	printf("<h1>kexec and kdump of sanitized powerpc kernels</h1>\n<p>");
	printf("Each tree as it is, with all fixes that it lacks, and with all but one.\n");
	printf("A result that is not as it must be has a frame. Each links to what it says.</p>\n");
	for (i = 0; i < nr_trees; i++) {
		printf("<h2>%s</h2>\n", trees[i].name);
		for (j = 0; j < trees[i].nr_configs; j++) {
			print_matrix(&trees[i], &trees[i].configs[j]);
			for (k = 0; k < trees[i].configs[j].nr_kernels; k++)
				print_kernel(out, &trees[i], &trees[i].configs[j],
					     &trees[i].configs[j].kernels[k]);
		}
	}
	fputs(tail, stdout);
	return 0;
}
