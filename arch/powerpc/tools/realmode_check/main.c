// SPDX-License-Identifier: GPL-2.0
/*
 * Find instrumented code that runs with the MMU off.
 *
 * KASAN, KCSAN, KCOV and their like make the compiler add calls that touch
 * memory which a CPU can only reach through the MMU. This program reads a
 * powerpc64 vmlinux, follows the branches of the machine code from the places
 * where the kernel runs in real mode (the roots) and prints how each
 * instrumented function is reached. It does not look at the source, so it sees
 * what inlining, cloning and the linker have made of it.
 *
 * Code is followed along its branches (flow.c), with what is known of the registers
 * (insn.c): in real mode MSR[DR] is clear, and what only runs with the MMU on does not
 * count. A check of KASAN that asks MSR[DR] before it looks at the shadow does no harm
 * (guard.c), and is no finding.
 *
 * Code that the kernel patches in at run time is followed as well: feature
 * section alternatives, exception table fixups and jump labels.
 *
 * The roots, and what else the machine code does not tell, are in a text file,
 * realmode_check.rules, which also says how such a file is written.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "print.h"

/* Check each wanted context; true if all are clean */
static bool check(const struct view *view, const struct guards *guards, const char *only)
{
	const struct rules *rules = view->match->rules;
	bool *used = zeroed(rules->nr_rules, sizeof(*used));
	bool clean = true, first = true;
	struct walk *result;
	u32 context, i;

	print_begin(view);
	for (context = 0; context < rules->nr_contexts; context++) {
		if (only && strcmp(only, rules->contexts[context]))
			continue;
		result = walk(view->code, guards, view->match, context);
		print_walk(view, result, first);
		clean &= is_clean(result);
		for (i = 0; i < rules->nr_rules; i++)
			used[i] |= result->used[i];
		free_walk(result);
		first = false;
	}
	print_end(view);
	if (first)
		die("%s has no context %s", rules->file, only);
	if (!view->quiet)
		tell_unused(view->match, used, only);
	free(used);
	return clean;
}

/* All that there is to know of the image, and then what is reached in it */
static bool check_image(struct view *view, const struct rules *rules, Elf *elf,
			const char *name, const char *only)
{
	struct code code = { .image = read_image(elf, name) };

	require_tables(code.image);
	code.tables = read_tables(code.image);
	code.units = divide_code(code.image);
	view->code = &code;
	view->match = match_rules(rules, code.image, code.units, only);
	return check(view, find_guards(&code), only);
}

static void __noreturn print_usage(int status)
{
	fprintf(status ? stderr : stdout,
		"usage: realmode_check [OPTION]... RULES VMLINUX\n"
		"Find instrumented code that runs with the MMU off.\n"
		"  -c, --context NAME  check only this context of the rules\n"
		"  -l, --list          also print every function that is reached\n"
		"  -f, --ftrace        also print the functions that ftrace can trace\n"
		"  -j, --json          print JSON\n"
		"  -d, --dot           print a graph for dot(1)\n"
		"  -q, --quiet         print nothing of a context that is clean\n"
		"  -h, --help          print this\n"
		"Exit status: 0 clean, 1 findings, 2 could not check.\n");
	exit(status);
}

int main(int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "context", required_argument, NULL, 'c' },
		{ "list", no_argument, NULL, 'l' },
		{ "ftrace", no_argument, NULL, 'f' },
		{ "json", no_argument, NULL, 'j' },
		{ "dot", no_argument, NULL, 'd' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	struct view view = { .format = FORMAT_TEXT };
	const char *only = NULL, *name;
	const struct rules *rules;
	bool clean;
	Elf *elf;
	int fd, option;

	while ((option = getopt_long(argc, argv, "c:lfjdqh", long_options, NULL)) >= 0) {
		switch (option) {
		case 'c':
			only = optarg;
			break;
		case 'l':
			view.list = true;
			break;
		case 'f':
			view.ftrace = true;
			break;
		case 'j':
			view.format = FORMAT_JSON;
			break;
		case 'd':
			view.format = FORMAT_DOT;
			break;
		case 'q':
			view.quiet = true;
			break;
		default:
			print_usage(option == 'h' ? EXIT_CLEAN : EXIT_CANNOT_CHECK);
		}
	}
	if (argc - optind != 2)
		print_usage(EXIT_CANNOT_CHECK);

	rules = read_rules(argv[optind]);
	name = argv[optind + 1];
	elf_version(EV_CURRENT);
	fd = open(name, O_RDONLY);
	if (fd < 0)
		die("%s: %s", name, strerror(errno));
	elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	if (!elf)
		die("%s: %s", name, elf_errmsg(-1));
	view.lines = open_lines(elf);
	clean = check_image(&view, rules, elf, name, only);
	close_lines(view.lines);
	elf_end(elf);
	close(fd);
	if (fflush(stdout) || ferror(stdout))
		die("cannot write the result: %s", strerror(errno));
	return clean ? EXIT_CLEAN : EXIT_FINDINGS;
}
