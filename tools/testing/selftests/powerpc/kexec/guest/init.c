// SPDX-License-Identifier: GPL-2.0
/*
 * /init of the guest. The kernel command line carries
 *
 *	kexec_test.nonce=	tags each fact
 *	kexec_test.boot=	how many kernels ran before, plus one
 *	kexec_test.plan=	the steps still to do: step[:argument],...
 *
 * A step that starts the next kernel hands the rest of the plan to it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "init.h"

unsigned long boot = 1;

static void run_plan(char *plan)
{
	const struct step *step;
	char *name, *argument;

	while ((name = next_word(&plan, ","))) {
		if (!*name)
			continue;
		argument = name;
		next_word(&argument, ":");
		for (step = __start_steps; step < __stop_steps; step++)
			if (!strcmp(step->name, name))
				break;
		if (step == __stop_steps) {
			errno = EINVAL;
			error_errno("run the step \"%s\"", name);
		}
		step->run(argument ? argument : "", plan ? plan : "");
	}
}

static void describe_cpus(void)
{
	static char text[64 * 1024];
	char *rest = text, *line;
	int fd = open("/proc/cpuinfo", O_RDONLY), cpus = 0;
	size_t size = 0;
	ssize_t length;

	if (fd < 0)
		fail_errno("open /proc/cpuinfo");
	while ((length = read(fd, text + size, sizeof(text) - 1 - size)) > 0)
		size += length;
	close(fd);
	text[size] = '\0';
	while ((line = next_word(&rest, "\n"))) {
		char *value = strchr(line, ':');

		if (!strncmp(line, "processor", 9))
			cpus++;
		else if (!strncmp(line, "MMU", 3) && value)
			fact("mmu %s", value + 2);
	}
	fact("cpus %d", cpus);
}

static void describe_boot(void)
{
	char id[64], version[512];
	struct utsname name;

	uname(&name);
	if (!read_file("/proc/sys/kernel/random/boot_id", id, sizeof(id)))
		skip_without("CONFIG_SYSCTL");
	fact("boot %lu", boot);
	fact("id %s", id);
	fact("release %s", name.release);
	if (!read_file("/proc/version", version, sizeof(version)))
		fail_errno("read /proc/version");
	fact("version %s", version);
	describe_cpus();
}

int main(void)
{
	const char *value;

	if (getpid() != 1) {
		fprintf(stderr, "this is the /init of a test guest, not a command\n");
		return 2;
	}
	begin();
	value = parameter("boot");
	if (value)
		boot = strtoul(value, NULL, 10);
	describe_boot();
	value = parameter("plan");
	if (value)
		run_plan(strdup(value));
	leave("done");
	power_off();
}
