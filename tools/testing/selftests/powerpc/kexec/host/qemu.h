/* SPDX-License-Identifier: GPL-2.0 */
/* One QEMU: its process, its console, its monitor (QMP) and its stub for gdb */
#ifndef KEXEC_TEST_QEMU_H
#define KEXEC_TEST_QEMU_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

struct qemu {
	pid_t pid;
	int console;		/* -1 once QEMU closed it */
	int monitor;
	int gdb;
	bool has_gdb;		/* its stub was started */
	int status;		/* of waitpid(), valid when pid is 0 */
	bool panicked;		/* GUEST_PANICKED: a checkstop, or ibm,os-term */
	bool shut_down;		/* SHUTDOWN: power off or reset by the guest */
	unsigned int asked;	/* commands */
	char reply[65536];	/* the last answer of the monitor, unescaped */
	bool refused;		/* it was an error */
	char pending[65536];	/* from the monitor, not yet a whole line */
	size_t nr_pending;
};

/* Start @arguments (NULL-terminated) with stderr in @log; false: errno says why */
bool qemu_start(struct qemu *qemu, char **arguments, const char *log);

/* For how many seconds it would have run, had the host let it. An idle guest would not. */
double qemu_waited(const struct qemu *qemu);

/* Has somebody stopped the process? */
bool qemu_is_stopped(const struct qemu *qemu);

/* Kill it if it runs, and reap it */
void qemu_stop(struct qemu *qemu);

/* Take in what the monitor has to say (events); false when it is gone */
bool qemu_read_monitor(struct qemu *qemu);

/* Run a command of the human monitor; its text is in reply. False: no answer. */
bool qemu_command(struct qemu *qemu, const char *command);
/* Also false if it is refused */
bool qemu_inject_nmi(struct qemu *qemu);

#endif
