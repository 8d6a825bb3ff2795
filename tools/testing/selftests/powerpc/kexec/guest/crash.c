// SPDX-License-Identifier: GPL-2.0
/* The step that crashes the kernel, once a capture kernel is loaded */
#include <errno.h>
#include <fcntl.h>
#include <linux/kexec.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "init.h"

/* Keep the nonce in memory and tell the capture kernel where */
static unsigned long keep_mark(void)
{
	char *page = mmap(NULL, page_size(), PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0);
	__u64 entry;
	int fd;

	if (page == MAP_FAILED)
		fail_errno("mmap");
	snprintf(page, page_size(), "KEXEC_TEST mark %s", nonce);
	fd = open("/proc/self/pagemap", O_RDONLY);
	if (fd < 0)
		skip_without("CONFIG_PROC_PAGE_MONITOR");
	if (read_at(fd, &entry, 8, (uintptr_t)page / page_size() * 8) != 8)
		fail_errno("read /proc/self/pagemap");
	close(fd);
	return (entry & ((1UL << 55) - 1)) * page_size();
}

/*
 * The host resets this machine when it sees a CPU in firmware, or none. To be
 * there most of the time takes output; a carriage return is seen by nobody.
 */
static __noreturn void await_reset(bool in_firmware)
{
	static const char returns[] = "\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r";

	leave("await-nmi %s", in_firmware ? "in-firmware" : "elsewhere");
	while (in_firmware)
		if (write(STDOUT_FILENO, returns, strlen(returns)) < 0)
			fail_errno("write to the console");
	stay();
}

/* A loop in the kernel: the watchdog's timer finds it and panics */
static __noreturn void crash_in_interrupt(void)
{
	if (access("/proc/sys/kernel/softlockup_panic", W_OK))
		skip_without("CONFIG_SOFTLOCKUP_DETECTOR");
	find_lkdtm();
	write_file("/proc/sys/kernel/watchdog_thresh", "1");
	write_file("/proc/sys/kernel/softlockup_panic", "1");
	write_file("/proc/sys/kernel/soft_watchdog", "1");
	leave("crash %d", this_cpu());
	write_file(LKDTM, "SOFTLOCKUP");
	errno = 0;
	fail_errno("crash by a soft lockup: still alive");
}

static void step_crash(const char *how, const char *rest)
{
	char marked[COMMAND_LINE_SIZE], size[32];

	if (!read_file("/sys/kernel/kexec_crash_size", size, sizeof(size)))
		skip_without("CONFIG_CRASH_DUMP");
	if (!strcmp(size, "0")) {
		errno = ENOMEM;
		fail_errno("reserve crashkernel memory");
	}
	fact("reserved %s", size);
	/* The mark travels as the argument of the step that looks for it */
	snprintf(marked, sizeof(marked), "vmcore:%lx,%s", keep_mark(), rest);
	load_next(marked, KEXEC_FILE_ON_CRASH, 0);
	if (!strcmp(how, "nmi"))
		await_reset(on_opal());
	if (!strcmp(how, "nmi-idle"))
		await_reset(false);
	run_on_cpu(strncmp(how, "cpu", 3) ? 0 : atoi(how + 3));
	if (!strcmp(how, "irq"))
		crash_in_interrupt();
	if (access("/proc/sysrq-trigger", W_OK))
		skip_without("CONFIG_MAGIC_SYSRQ");
	leave("crash %d", this_cpu());
	write_file("/proc/sysrq-trigger", "c");
	errno = 0;
	fail_errno("crash by sysrq-c: still alive");
}

STEP("crash", step_crash);
