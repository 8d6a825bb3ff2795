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
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "realmode.h"

const char *program;

const char *elf_name;
bool big_endian;
u64 toc;
u64 image_base;

struct section *sections;
u32 nr_sections;
struct symbol *symbols;
u32 nr_symbols;
struct unit *units;
u32 nr_units;
struct feature *features;
u32 nr_features;
struct jump *alt_ends;	/* from the end of an alternative to that of its body */
u32 nr_alt_ends;
struct jump *jumps;
u32 nr_jumps;
struct relative *relatives;
u32 nr_relatives;

const char *rules_name;
const char **rule_names;
u32 nr_rule_names;
bool *rule_name_found;
struct rule *rules;
u32 nr_rules;
const char **contexts;
u32 nr_contexts;
u32 context = NONE;	/* the one that is read or walked */

struct visit *visits;
u32 nr_visits;
struct finding *findings;
u32 nr_findings;
struct unresolved *unresolved;
u32 nr_unresolved;
u32 nr_reached;

void die(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fprintf(stderr, "%s: ", program);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(EXIT_CANNOT_CHECK);
}

void *checked(void *memory)
{
	if (!memory)
		die("out of memory");
	return memory;
}

/* Make room for one more element; the size doubles at each power of two */
void *grow(void *array, u32 count, size_t size)
{
	if (count & (count - 1))
		return array;
	return checked(reallocarray(array, count ? 2 * (size_t)count : 1, size));
}

int compare_addresses(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

void sort(void *array, u32 count, size_t size, int (*compare)(const void *a, const void *b))
{
	/* An array that has no elements yet is a null pointer: not for qsort() */
	if (count)
		qsort(array, count, size, compare);
}

/* The index of the first element whose address is @addr or more */
u32 find_first(const void *array, u32 count, size_t size, u64 addr)
{
	u32 low = 0, high = count;

	while (low < high) {
		u32 mid = low + (high - low) / 2;

		if (*(const u64 *)((const char *)array + mid * size) < addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The index of the element that @addr is in; the second member is the end */
u32 find_range(const void *array, u32 count, size_t size, u64 addr)
{
	u32 i = find_first(array, count, size, addr);
	const u64 *range = (const u64 *)((const char *)array + i * size);

	if (i < count && range[0] == addr)
		return addr < range[1] ? i : NONE;
	if (!i)
		return NONE;
	range = (const u64 *)((const char *)array + (i - 1) * size);
	return addr < range[1] ? i - 1 : NONE;
}

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_DOT };

struct options {
	enum format format;
	const char *context;
	bool list;
	bool ftrace;
	bool quiet;
};

/* Of several names of the same code, one that the rules use is the clearest */
static const struct symbol *unit_symbol(const struct unit *unit)
{
	u32 i;

	for (i = 0; i < unit->nr_symbols; i++) {
		const struct symbol *symbol = &symbols[unit->symbol + i];

		if (symbol->addr == unit->start && symbol->rule_name != NONE)
			return symbol;
	}
	return &symbols[unit->symbol];
}

/* Names go between quotes in some formats */
static void print_name(const char *name)
{
	for (; *name; name++)
		putchar(*name > ' ' && *name <= '~' && *name != '"' && *name != '\\' ? *name : '?');
}

static void print_unit(u32 index)
{
	const struct unit *unit = &units[index];

	if (unit->symbol == NONE)
		printf("[0x%llx]", (unsigned long long)unit->start);
	else
		print_name(unit_symbol(unit)->name);
}

static void print_path(u32 visit, const char *between)
{
	print_unit(visits[visit].unit);
	while ((visit = visits[visit].parent) != NONE) {
		fputs(between, stdout);
		print_unit(visits[visit].unit);
	}
}

static void print_target(const struct finding *finding)
{
	if (finding->target == NONE)
		printf("entry");
	else
		print_unit(finding->target);
}

/* As faddr2line wants it */
static void print_site(u32 visit, u64 addr)
{
	print_unit(visits[visit].unit);
	printf("+0x%llx", (unsigned long long)(addr - units[visits[visit].unit].start));
}

static void print_line(u64 addr, const char *before, const char *after)
{
	int number;
	const char *file = find_line(addr, &number);

	if (!file)
		return;
	printf("%s", before);
	print_name(file);
	printf(":%d%s", number, after);
}

/*
 * Ftrace is not counted: its calls are nops until someone turns a tracer on, and
 * then paca->ftrace_enabled keeps it off in a kexec and in machine checks.
 */
static bool counts(const struct finding *finding)
{
	return finding->sink != SINK_FTRACE;
}

static u32 count_findings(void)
{
	u32 i, count = 0;

	for (i = 0; i < nr_findings; i++)
		count += counts(&findings[i]);
	return count;
}

static void print_text(const struct options *options)
{
	u32 i, count = count_findings();
	enum sink sink;

	for (sink = SINK_NONE + 1; sink < NR_SINKS; sink++) {
		for (i = 0; i < nr_findings; i++) {
			if (findings[i].sink != sink || !(counts(&findings[i]) || options->ftrace))
				continue;
			printf("%s: ", sink_names[sink]);
			print_target(&findings[i]);
			printf(" <- ");
			print_path(findings[i].visit, " <- ");
			print_line(findings[i].addr, " (", ")");
			putchar('\n');
		}
	}
	for (i = 0; i < nr_unresolved; i++) {
		printf("unresolved: ");
		print_site(unresolved[i].visit, unresolved[i].addr);
		printf(" <- ");
		print_path(unresolved[i].visit, " <- ");
		print_line(unresolved[i].addr, " (", ")");
		putchar('\n');
	}
	for (i = 0; options->list && i < nr_visits; i++) {
		if (visits[i].again)
			continue;
		printf("reached: ");
		print_path(i, " <- ");
		putchar('\n');
	}
	if (options->quiet && !count && !nr_unresolved)
		return;
	printf("%s: %u findings, %u unresolved branches, %u functions reached", contexts[context],
	       count, nr_unresolved, nr_reached);
	if (nr_findings > count)
		printf(", %u of them with an ftrace entry", nr_findings - count);
	putchar('\n');
}

static void print_json(const struct options *options)
{
	u32 i;

	printf("{\"context\":\"%s\",\"reached\":%u,\"findings\":[", contexts[context], nr_reached);
	for (i = 0; i < nr_findings; i++) {
		printf("%s{\"kind\":\"%s\",\"calls\":\"", i ? "," : "",
		       sink_names[findings[i].sink]);
		print_target(&findings[i]);
		printf("\",\"at\":\"");
		print_site(findings[i].visit, findings[i].addr);
		print_line(findings[i].addr, "\",\"line\":\"", "");
		printf("\",\"path\":[\"");
		print_path(findings[i].visit, "\",\"");
		printf("\"]}");
	}
	printf("],\"unresolved\":[");
	for (i = 0; i < nr_unresolved; i++) {
		printf("%s{\"at\":\"", i ? "," : "");
		print_site(unresolved[i].visit, unresolved[i].addr);
		print_line(unresolved[i].addr, "\",\"line\":\"", "");
		printf("\",\"path\":[\"");
		print_path(unresolved[i].visit, "\",\"");
		printf("\"]}");
	}
	printf("]");
	if (options->list) {
		printf(",\"functions\":[");
		for (i = 0; i < nr_visits; i++) {
			if (visits[i].again)
				continue;
			printf("%s\"", i ? "," : "");
			print_unit(visits[i].unit);
			printf("\"");
		}
		printf("]");
	}
	printf("}");
}

static void print_dot(void)
{
	u32 i;

	printf("subgraph \"cluster_%s\" {\nlabel=\"%s\";\n", contexts[context], contexts[context]);
	for (i = 0; i < nr_visits; i++) {
		printf("v%u_%u [label=\"", context, i);
		print_unit(visits[i].unit);
		printf("\"];\n");
		if (visits[i].parent != NONE)
			printf("v%u_%u -> v%u_%u;\n", context, visits[i].parent, context, i);
	}
	for (i = 0; i < nr_findings; i++) {
		if (!counts(&findings[i]))
			continue;
		printf("f%u_%u [label=\"", context, i);
		print_target(&findings[i]);
		printf("\",color=red];\nv%u_%u -> f%u_%u;\n",
		       context, findings[i].visit, context, i);
	}
	for (i = 0; i < nr_unresolved; i++)
		printf("u%u_%u [label=\"?\",color=orange];\nv%u_%u -> u%u_%u;\n", context, i,
		       context, unresolved[i].visit, context, i);
	printf("}\n");
}

/* Check each wanted context; true if all are clean */
static bool check(const struct options *options)
{
	bool clean = true, found = false, separate = false;

	printf("%s", options->format == FORMAT_JSON ? "[" :
		     options->format == FORMAT_DOT ? "digraph realmode {\n" : "");
	for (context = 0; context < nr_contexts; context++) {
		if (options->context && strcmp(options->context, contexts[context]))
			continue;
		found = true;
		walk();
		clean &= !count_findings() && !nr_unresolved;
		if (options->format == FORMAT_JSON) {
			printf("%s", separate ? ",\n" : "");
			print_json(options);
		} else if (options->format == FORMAT_DOT) {
			print_dot();
		} else {
			print_text(options);
		}
		separate = true;
	}
	printf("%s", options->format == FORMAT_JSON ? "]\n" :
		     options->format == FORMAT_DOT ? "}\n" : "");
	if (!found)
		die("%s has no context %s", rules_name, options->context);
	check_rules_used(options->context, options->quiet);
	return clean;
}

static void __noreturn print_usage(int status)
{
	fprintf(status ? stderr : stdout,
		"usage: %s [OPTION]... RULES VMLINUX\n"
		"Find instrumented code that runs with the MMU off.\n"
		"  -c, --context NAME  check only this context of the rules\n"
		"  -l, --list          also print every function that is reached\n"
		"  -f, --ftrace        also print the functions that ftrace can trace\n"
		"  -j, --json          print JSON\n"
		"  -d, --dot           print a graph for dot(1)\n"
		"  -q, --quiet         print nothing of a context that is clean\n"
		"  -h, --help          print this\n"
		"Exit status: 0 clean, 1 findings, 2 could not check.\n", program);
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
	struct options options = { .format = FORMAT_TEXT };
	bool clean;
	Elf *elf;
	int fd, option;

	program = argv[0];
	while ((option = getopt_long(argc, argv, "c:lfjdqh", long_options, NULL)) >= 0) {
		switch (option) {
		case 'c':
			options.context = optarg;
			break;
		case 'l':
			options.list = true;
			break;
		case 'f':
			options.ftrace = true;
			break;
		case 'j':
			options.format = FORMAT_JSON;
			break;
		case 'd':
			options.format = FORMAT_DOT;
			break;
		case 'q':
			options.quiet = true;
			break;
		default:
			print_usage(option == 'h' ? EXIT_CLEAN : EXIT_CANNOT_CHECK);
		}
	}
	if (argc - optind != 2)
		print_usage(EXIT_CANNOT_CHECK);
	rules_name = argv[optind];
	elf_name = argv[optind + 1];

	load_rules();
	elf_version(EV_CURRENT);
	fd = open(elf_name, O_RDONLY);
	if (fd < 0)
		die("%s: %s", elf_name, strerror(errno));
	elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	if (!elf)
		die("%s: %s", elf_name, elf_errmsg(-1));
	load_image(elf);
	require_tables();
	load_tables();
	divide_code();
	match_rules(options.context);
	load_lines(elf);
	clean = check(&options);
	forget_lines();
	elf_end(elf);
	close(fd);
	if (fflush(stdout) || ferror(stdout))
		die("cannot write the result: %s", strerror(errno));
	return clean ? EXIT_CLEAN : EXIT_FINDINGS;
}
