// SPDX-License-Identifier: GPL-2.0
/*
 * The steps that have machine checks and HMIs taken: say where, and the host raises
 * them
 */
#include <fcntl.h>
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

static pid_t start_child(void)
{
	pid_t child = fork();

	if (child < 0)
		fail_errno("fork");
	if (!child)
		load_for_ever();
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
	int fd;

	if (on_opal())
		return 0;
	fd = open(path, O_RDONLY);
	if (fd < 0 || read_at(fd, base, sizeof(base), 0) != sizeof(base))
		fail_errno("read %s", path);
	close(fd);
	/* As QEMU has it: the code of RTAS is shorter than this */
	return ((unsigned long)base[0] << 24 | base[1] << 16 | base[2] << 8 | base[3]) + 0x30;
}

static void step_machine_check(const char *argument, const char *rest)
{
	unsigned long log = log_of_hypervisor();
	pid_t child = start_child();
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

/* The count of /proc/interrupts, of the only CPU */
static int hmis(void)
{
	static char interrupts[16384];
	const char *line;
	ssize_t length;
	int fd;

	fd = open("/proc/interrupts", O_RDONLY);
	length = fd < 0 ? -1 : read_at(fd, interrupts, sizeof(interrupts) - 1, 0);
	if (length < 0)
		fail_errno("read /proc/interrupts");
	close(fd);
	line = find_bytes(interrupts, length, "HMI:", 4);
	if (!line)
		return -1;
	for (line += 4; *line == ' '; line++)
		;	/* nolibc's atoi() does not */
	return atoi(line);
}

STEP("machine-check", step_machine_check);

static void step_hmi(const char *argument, const char *rest)
{
	pid_t child;

	if (!on_opal())
		skip_here("the hypervisor takes the HMIs of this machine");
	if (hmis() != 0)
		fail_errno("find no HMI yet in /proc/interrupts");
	child = start_child();
	fact("await-hmi %lx", (unsigned long)the_load);
	while (!hmis())
		sleep(1);
	fact("hmis %d", hmis());
	kill(child, SIGKILL);
	if (waitpid(child, NULL, 0) != child)
		fail_errno("wait for the child");
}

STEP("hmi", step_hmi);
