/* SPDX-License-Identifier: GPL-2.0 */
/* A machine is a file of "key = value" lines: <name>.conf beside the driver */
#ifndef KEXEC_TEST_MACHINE_CONF_H
#define KEXEC_TEST_MACHINE_CONF_H

#include <stddef.h>

#define MAX_MACHINES 16

struct machine {
	char name[64];
	char *about;	/* for --list */
	char *qemu;	/* arguments for QEMU, separated by blanks */
	char *append;	/* for the kernel command line */
};

/* Read all of @directory, sorted by name; returns how many, -1 if one is bad */
int machines_read(const char *directory, struct machine *machines);

#endif
