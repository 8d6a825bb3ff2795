// SPDX-License-Identifier: GPL-2.0
/* The step that has machine checks taken: says where, and the host raises them */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "init.h"

/* A child that does nothing but load a word */
extern const char the_load[];

/* noinline: the label can be there once only */
static __noreturn __attribute__((noinline)) void load_for_ever(void)
{
	static __u64 word;

	word = 1;	/* so that it has a page */
	asm volatile("the_load: ld 0,0(%0); b the_load" : : "b" (&word) : "r0");
	__builtin_unreachable();
}

static bool machine_check_logged(void)
{
	char taint[32];

	if (!read_file("/proc/sys/kernel/tainted", taint, sizeof(taint)))
		fail_errno("read /proc/sys/kernel/tainted");
	return strtoul(taint, NULL, 10) & 1 << 4;
}

/*
 * Only bare metal tells its kernel by registers what went wrong. On pseries the
 * hypervisor writes a log as well, and QEMU does that with KVM only.
 */
static void step_machine_check(const char *argument, const char *rest)
{
	int status;
	pid_t child;

	if (!on_opal())
		skip_here("QEMU has no hypervisor that reports a machine check");
	child = fork();
	if (child < 0)
		fail_errno("fork");
	if (!child)
		load_for_ever();
	/* DSISR: an entry of the ERAT is there twice. The kernel flushes that and goes on. */
	fact("await-machine-check _switch 800");
	while (!machine_check_logged())
		sleep(1);
	/* Memory has lost what was loaded. Where that was is for the kernel to find out. */
	fact("await-machine-check %lx 8000", (unsigned long)the_load);
	if (waitpid(child, &status, 0) != child)
		fail_errno("wait for the child");
	fact("child died of signal %d", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

STEP("machine-check", step_machine_check);
