// SPDX-License-Identifier: GPL-2.0
/* The step that lets a person in: busybox, of the host's --tools */
#include <sys/wait.h>
#include <unistd.h>

#include "init.h"

#define BUSYBOX "/tools/busybox"

/* A terminal of its own, for Ctrl-C and job control */
static void step_shell(const char *argument, const char *rest)
{
	static const char commands[] =
		BUSYBOX " mkdir -p /bin; " BUSYBOX " --install -s /bin; "
		"mknod /dev/hvc0 c 229 0; exec setsid cttyhack sh";
	char * const words[] = { BUSYBOX, "sh", "-c", (char *)commands, NULL };
	char * const environment[] = { "PATH=/bin:/tools", "HOME=/", "TERM=vt100", NULL };
	pid_t child = fork();
	int status;

	if (!child) {
		execve(BUSYBOX, words, environment);
		error_errno("run " BUSYBOX);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		fail_errno("run " BUSYBOX);
}

STEP("shell", step_shell);
