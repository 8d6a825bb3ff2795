// SPDX-License-Identifier: GPL-2.0
/*
 * kexec and kdump of a powerpc kernel under QEMU, on each machine that has a
 * .conf file. Prints KTAP; a test that cannot tell is SKIP, and a test bed
 * that broke is "not ok ... # ERROR" and exit status 99.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "initramfs.h"
#include "jobs.h"
#include "options.h"
#include "qemu_args.h"
#include "tests.h"
#include "vmlinux.h"

static int boots_of(const struct test *test)
{
	int boots = 0, number, i;

	for (i = 0; test->expected[i]; i++)
		if (sscanf(test->expected[i], "boot %d", &number) == 1)
			boots = number;
	return boots;
}

static void print_list(const struct options *options)
{
	const struct test *test;
	int i;

	printf("machines:\n");
	for (i = 0; i < options->nr_machines; i++)
		printf("  %-17s %s\n", options->machines[i].name, options->machines[i].about);
	printf("tests:             boots CPUs   MiB\n");
	for (test = tests; test < tests + nr_tests; test++) {
		printf("  %-17s %4d %4d %5d  %s", test->name, boots_of(test),
		       cpus_of(options, test), memory_of(options, test), test->about);
		if (test->tool)
			printf("; wants %s in --tools", test->tool);
		if (test->option)
			printf("; wants %s", test->option);
		putchar('\n');
	}
}

static void find_programs(struct options *options)
{
	static char directory[4000];
	ssize_t length = readlink("/proc/self/exe", directory, sizeof(directory) - 1);

	if (length < 0)
		die("cannot read /proc/self/exe: %s", strerror(errno));
	*strrchr(directory, '/') = '\0';
	options->programs = directory;
}

/* Another run would write over what the guests of this one boot and say */
static void lock_logs(const struct options *options)
{
	/* A shell's QEMU takes the place of this program, and holds it, too */
	int flags = O_WRONLY | O_CREAT | (options->shell ? 0 : O_CLOEXEC), fd;
	char path[4096];

	if (mkdir(options->logs, 0755) && errno != EEXIST)
		die("cannot make %s: %s", options->logs, strerror(errno));
	snprintf(path, sizeof(path), "%s/lock", options->logs);
	/* Held until the last process that runs a guest has ended */
	fd = open(path, flags, 0644);
	if (fd < 0)
		die("cannot write %s: %s", path, strerror(errno));
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return;
	if (errno == EWOULDBLOCK)
		die("another run writes to %s: give this one --logs of its own", options->logs);
	die("cannot lock %s: %s", path, strerror(errno));
}

/*
 * Who starts this in the background may have had it ignore these. It must be possible to
 * stop it, and if it dies, so does all that it started.
 */
static void take_signals(void)
{
	static const int deadly[] = { SIGINT, SIGQUIT, SIGTERM };
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < ARRAY_SIZE(deadly); i++) {
		signal(deadly[i], SIG_DFL);
		sigaddset(&set, deadly[i]);
	}
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static char *in_logs(const struct options *options, const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", options->logs, name) < 0)
		die("no memory");
	return path;
}

/* What the guests boot; false if that cannot be made, and it is said why */
static bool make_files(const struct options *options)
{
	if (options->own_image && !vmlinux_write_image(options->image))
		return false;
	make_initramfs(options, options->initramfs, NULL);
	if (!vmlinux_check_image(options->image))
		return false;
	if (options->tools) {
		make_tools(options, options->tools_archive);
		make_initramfs(options, options->initramfs_tools, options->tools_archive);
	}
	return true;
}

int main(int argc, char **argv)
{
	struct options *options;

	take_signals();
	options = options_parse(argc, argv);
	find_programs(options);
	options->nr_machines = machines_read(options->programs, options->machines);
	if (options->nr_machines < 0)
		return EXIT_ERROR;
	if (options->list) {
		print_list(options);
		return EXIT_OK;
	}
	options_check_names(options);
	if (!options->vmlinux)
		options->vmlinux = default_vmlinux();
	if (!vmlinux_read(options->vmlinux) || !vmlinux_check_map(options->vmlinux))
		return EXIT_ERROR;
	options->own_image = !options->image;
	if (options->own_image)
		options->image = in_logs(options, "image");
	options->initramfs = in_logs(options, "initramfs");
	options->initramfs_tools = in_logs(options, "initramfs-tools");
	options->tools_archive = in_logs(options, "tools.cpio");
	jobs_make(options);
	if (options->dry_run) {
		jobs_print();
		return EXIT_OK;
	}
	if (options->shell && !has_tool(options, "busybox"))
		die("--shell: no busybox for this guest: see --tools");
	lock_logs(options);
	if (!make_files(options))
		return EXIT_ERROR;
	if (options->shell)
		jobs_become_shell();
	return jobs_run();
}
