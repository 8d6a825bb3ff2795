// SPDX-License-Identifier: GPL-2.0
/*
 * A task whose code coverage the kernel writes down: into vmalloc()ed memory, which it
 * must not do with the MMU off
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <linux/kcov.h>

#include "init.h"

static int kcov;
static unsigned long *area;

void find_kcov(const char *argument)
{
	size_t size = page_size();	/* a word for each place, and one for their number */

	if (!*argument)
		return;
	if (strcmp(argument, "kcov")) {
		errno = EINVAL;
		error_errno("have a task traced by \"%s\"", argument);
	}
	mount_once("debugfs", "/sys/kernel/debug", "CONFIG_DEBUG_FS");
	kcov = open("/sys/kernel/debug/kcov", O_RDWR);
	if (kcov < 0)
		skip_without("CONFIG_KCOV");
	if (ioctl(kcov, KCOV_INIT_TRACE, size / sizeof(*area)))
		fail_errno("prepare kcov");
	area = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, kcov, 0);
	if (area == MAP_FAILED)
		fail_errno("map kcov's area");
}

void trace_me(void)
{
	if (!area)
		return;
	if (ioctl(kcov, KCOV_ENABLE, (unsigned long)KCOV_TRACE_PC))
		fail_errno("have kcov trace this task");
	getppid();
	errno = 0;
	if (!area[0])
		error_errno("see by kcov what getppid() runs (CONFIG_KCOV_INSTRUMENT_ALL)");
	area[0] = 0;
}
