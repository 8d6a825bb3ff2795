// SPDX-License-Identifier: GPL-2.0
/* The kernel's own ways to do what is wrong, and the step that has KASAN report one */
#include <unistd.h>

#include "init.h"

void find_lkdtm(void)
{
	mount_once("debugfs", "/sys/kernel/debug", "CONFIG_DEBUG_FS");
	if (access(LKDTM, W_OK))
		skip_without("CONFIG_LKDTM");
}

static void step_bad_access(const char *argument, const char *rest)
{
	find_lkdtm();
	fact("provoke");
	write_file(LKDTM, "READ_AFTER_FREE");
	fact("provoked");
}

STEP("bad-access", step_bad_access);
