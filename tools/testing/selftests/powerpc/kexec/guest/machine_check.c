// SPDX-License-Identifier: GPL-2.0
/*
 * The steps that have machine checks and HMIs taken: say where, and the host raises
 * them
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "init.h"

/* A child that does nothing but load a word */
extern const char the_load[];

static __u64 word;

/* noinline: the label can be there once only */
static __noreturn __attribute__((noinline)) void load_for_ever(void)
{
	word = 1;	/* so that it has a page */
	asm volatile("the_load: ld 0,0(%0); b the_load" : : "b" (&word) : "r0");
	__builtin_unreachable();
}

static pid_t start_child(const char *argument)
{
	pid_t child;

	find_kcov(argument);
	child = fork();
	if (child < 0)
		fail_errno("fork");
	if (!child) {
		trace_me();
		load_for_ever();
	}
	return child;
}

static bool machine_check_logged(void)
{
	char taint[32];

	if (!read_file("/proc/sys/kernel/tainted", taint, sizeof(taint)))
		fail_errno("read /proc/sys/kernel/tainted");
	return strtoul(taint, NULL, 10) & 1 << 4;
}

/*
 * Bare metal tells its kernel by registers what went wrong. On pseries the hypervisor
 * writes a log, where QEMU's firmware says that it does; QEMU itself does so with KVM
 * only.
 */
static unsigned long log_of_hypervisor(void)
{
	static const char path[] = "/proc/device-tree/rtas/linux,rtas-base";
	unsigned char base[4];

	if (on_opal())
		return 0;
	if (read_bytes(path, base, sizeof(base)) != sizeof(base))
		fail_errno("read %s", path);
	/* As QEMU has it: the code of RTAS is shorter than this */
	return ((unsigned long)base[0] << 24 | base[1] << 16 | base[2] << 8 | base[3]) + 0x30;
}

static void step_machine_check(const char *argument, const char *rest)
{
	unsigned long log = log_of_hypervisor();
	pid_t child = start_child(argument);
	int status;

	/* DSISR: an entry of the ERAT is there twice. The kernel flushes that and goes on. */
	fact("await-machine-check _switch 800 %lx", log);
	while (!machine_check_logged())
		sleep(1);
	/*
	 * Memory has lost what was loaded. A hypervisor tells where that was; on bare metal
	 * the kernel has to find out.
	 */
	fact("await-machine-check %lx 8000 %lx %lx", (unsigned long)the_load, log,
	     (unsigned long)&word);
	if (waitpid(child, &status, 0) != child)
		fail_errno("wait for the child");
	fact("child died of signal %d", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

STEP("machine-check", step_machine_check);

/* The count of /proc/interrupts, of the only CPU */
static int hmis(void)
{
	static char interrupts[16384];
	ssize_t length = read_bytes("/proc/interrupts", interrupts, sizeof(interrupts) - 1);
	const char *line;

	if (length < 0)
		fail_errno("read /proc/interrupts");
	line = find_bytes(interrupts, length, "HMI:", 4);
	/* nolibc's atoi() does not skip blanks */
	return line ? (int)strtoul(line + 4, NULL, 10) : -1;
}

static void step_hmi(const char *argument, const char *rest)
{
	pid_t child;

	if (!on_opal())
		skip_here("the hypervisor takes the HMIs of this machine");
	if (hmis() != 0)
		fail_errno("find no HMI yet in /proc/interrupts");
	child = start_child(argument);
	fact("await-hmi %lx", (unsigned long)the_load);
	while (!hmis())
		sleep(1);
	fact("hmis %d", hmis());
	kill(child, SIGKILL);
	if (waitpid(child, NULL, 0) != child)
		fail_errno("wait for the child");
}

STEP("hmi", step_hmi);
