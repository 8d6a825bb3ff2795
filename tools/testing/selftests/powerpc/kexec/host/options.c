// SPDX-License-Identifier: GPL-2.0
#include <fnmatch.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "options.h"
#include "tests.h"

static const char usage[] =
	"kexec_test [options]: kexec and kdump of a powerpc kernel under QEMU\n"
	"  --vmlinux PATH    the kernel, with its symbols (default: that of this tree)\n"
	"  --image PATH      what boots (default: vmlinux without its sections)\n"
	"  --machine A,B     only these (default: all)\n"
	"  --test A,B        only these (default: all)\n"
	"  --cpus N          where a test is not about their number (default: 1)\n"
	"  --memory MB       at least (default: 1024)\n"
	"  --timeout S       for a test, and a third of it for silence (default: 900)\n"
	"  --jobs N          guests at a time (default: one for each CPU)\n"
	"  --qemu BIN        (default: qemu-system-ppc64)\n"
	"  --tools DIR       the guest's kexec and makedumpfile, with the libraries and\n"
	"                    the ld64.so.2 that they need, and its test_static_key*.ko,\n"
	"                    all in one directory\n"
	"  --logs DIR        all that is written goes here (default: kexec_test-logs)\n"
	"  --may-skip A,B    these may be skipped, all others must not: a test, or a\n"
	"                    test of some machines as in pseries-*:machine-check\n"
	"  --repeat N        each test N times, and at the end how many of them failed\n"
	"  --plan 'A; B:2'   these steps of the guest, a file each in guest/, and no test\n"
	"  --shell           a shell in the guest, on this terminal; --tools has a static\n"
	"                    busybox, and Ctrl-A X ends it\n"
	"  --gdb             QEMU waits for gdb: prints the command, and knows no time-out\n"
	"  --list            print machines and tests, and what these need\n"
	"  --dry-run         print the QEMU command lines\n"
	"Exit status: 0 all ok, 1 some not ok, 99 the test bed broke, 4 nothing of that but\n"
	"all were skipped, or this QEMU cannot show the bugs.\n";

void die(const char *format, ...)
{
	va_list args;

	fprintf(stderr, "kexec_test: ");
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(EXIT_ERROR);
}

bool is_chosen(const char *list, const char *name)
{
	size_t length = strlen(name);

	if (!list)
		return true;
	while (*list) {
		size_t word = strcspn(list, ",");

		if (word == length && !strncmp(list, name, length))
			return true;
		list += word + (list[word] == ',');
	}
	return false;
}

static bool is_machine(const struct options *options, const char *name)
{
	int i;

	for (i = 0; i < options->nr_machines; i++)
		if (!strcmp(options->machines[i].name, name))
			return true;
	return false;
}

static bool is_test(const struct options *options, const char *name)
{
	int i;

	for (i = 0; i < nr_tests; i++)
		if (!strcmp(tests[i].name, name))
			return true;
	return false;
}

static void check_names(const struct options *options, const char *list, const char *what,
			bool (*exists)(const struct options *options, const char *name))
{
	char *copy = list ? strdup(list) : NULL, *rest = copy, *name;

	while ((name = strsep(&rest, ",")))
		if (!exists(options, name))
			die("no %s \"%s\"; --list shows what there is", what, name);
	free(copy);
}

/* What is to be skipped by a name that no test has is a slip of the pen */
static void check_may_skip(const char *may_skip)
{
	char *copy = may_skip ? strdup(may_skip) : NULL, *rest = copy, *pattern, *name;
	int i;

	while ((pattern = strsep(&rest, ","))) {
		name = strchr(pattern, ':') ? strchr(pattern, ':') + 1 : pattern;
		for (i = 0; i < nr_tests && fnmatch(name, tests[i].name, 0); i++)
			;
		if (i == nr_tests && *name)
			die("--may-skip: no test \"%s\"; --list shows what there is", name);
	}
	free(copy);
}

void options_check_names(const struct options *options)
{
	check_names(options, options->only_machines, "machine", is_machine);
	check_names(options, options->only_tests, "test", is_test);
	check_may_skip(options->may_skip);
	if (!!options->only_tests + !!options->plan + options->shell > 1)
		die("--test, --plan and --shell exclude each other");
	if (options->plan && !test_of_plan(options->plan))
		die("--plan: too long");
}

static int parse_number(const char *option, const char *text, int low, int high)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (*end || end == text || value < low || value > high)
		die("--%s wants a number from %d to %d, not \"%s\"", option, low, high, text);
	return value;
}

static const char *vmlinux_in(const char *directory)
{
	char *path;

	if (asprintf(&path, "%s/vmlinux", directory) < 0)
		die("no memory");
	if (!access(path, R_OK))
		return path;
	free(path);
	return NULL;
}

const char *default_vmlinux(void)
{
	const char *output = getenv("KBUILD_OUTPUT");
	const char *path = output ? vmlinux_in(output) : NULL;

	if (!path)
		path = vmlinux_in("../../../../..");
	if (!path)
		path = vmlinux_in("../../..");
	if (path)
		return path;
	puts("KTAP version 1\n1..0 # SKIP no --vmlinux, and none in this tree or build directory");
	exit(EXIT_SKIP);
}

struct options *options_parse(int argc, char **argv)
{
	enum { VMLINUX = 1, IMAGE, MACHINE, TEST, CPUS, MEMORY, TIMEOUT, JOBS, QEMU, TOOLS, LOGS,
	       MAY_SKIP, REPEAT, PLAN, SHELL, GDB, LIST, DRY_RUN, HELP };
	static const struct option long_options[] = {
		{ "vmlinux", required_argument, NULL, VMLINUX },
		{ "image", required_argument, NULL, IMAGE },
		{ "machine", required_argument, NULL, MACHINE },
		{ "test", required_argument, NULL, TEST },
		{ "cpus", required_argument, NULL, CPUS },
		{ "memory", required_argument, NULL, MEMORY },
		{ "timeout", required_argument, NULL, TIMEOUT },
		{ "jobs", required_argument, NULL, JOBS },
		{ "qemu", required_argument, NULL, QEMU },
		{ "tools", required_argument, NULL, TOOLS },
		{ "logs", required_argument, NULL, LOGS },
		{ "may-skip", required_argument, NULL, MAY_SKIP },
		{ "repeat", required_argument, NULL, REPEAT },
		{ "plan", required_argument, NULL, PLAN },
		{ "shell", no_argument, NULL, SHELL },
		{ "gdb", no_argument, NULL, GDB },
		{ "list", no_argument, NULL, LIST },
		{ "dry-run", no_argument, NULL, DRY_RUN },
		{ "help", no_argument, NULL, HELP },
		{ }
	};
	static struct options options = {
		.qemu = "qemu-system-ppc64",
		.logs = "kexec_test-logs",
		.memory_mib = 1024,
		.timeout = 900,
		.repeat = 1,
	};
	int option;

	options.jobs = sysconf(_SC_NPROCESSORS_ONLN);
	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		switch (option) {
		case VMLINUX:
			options.vmlinux = optarg;
			break;
		case IMAGE:
			options.image = optarg;
			break;
		case MACHINE:
			options.only_machines = optarg;
			break;
		case TEST:
			options.only_tests = optarg;
			break;
		case CPUS:
			options.cpus = parse_number("cpus", optarg, 1, 32);
			break;
		case MEMORY:
			options.memory_mib = parse_number("memory", optarg, 512, 1 << 20);
			break;
		case TIMEOUT:
			options.timeout = parse_number("timeout", optarg, 3, 1 << 20);
			break;
		case JOBS:
			options.jobs = parse_number("jobs", optarg, 1, 1024);
			break;
		case QEMU:
			options.qemu = optarg;
			break;
		case TOOLS:
			options.tools = optarg;
			break;
		case LOGS:
			options.logs = optarg;
			break;
		case MAY_SKIP:
			options.may_skip = optarg;
			break;
		case REPEAT:
			options.repeat = parse_number("repeat", optarg, 1, 10000);
			break;
		case PLAN:
			options.plan = optarg;
			break;
		case SHELL:
			options.shell = true;
			break;
		case GDB:
			options.gdb = true;
			break;
		case LIST:
			options.list = true;
			break;
		case DRY_RUN:
			options.dry_run = true;
			break;
		case HELP:
			fputs(usage, stdout);
			exit(EXIT_OK);
		default:
			fputs(usage, stderr);
			exit(EXIT_ERROR);
		}
	}
	if (optind < argc)
		die("what is \"%s\"? --help shows the options", argv[optind]);
	return &options;
}
