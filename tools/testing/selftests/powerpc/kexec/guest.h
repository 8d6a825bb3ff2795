/* SPDX-License-Identifier: GPL-2.0 */
/* One test on one machine: run it in QEMU and find out how it ended */
#ifndef KEXEC_TEST_GUEST_H
#define KEXEC_TEST_GUEST_H

#include <stdio.h>

#include "machine.h"
#include "verdict.h"

struct options {
	const char *vmlinux;
	const char *image;
	const char *qemu;
	const char *logs;
	const char *programs;	/* the directory with init and bare */
	const char *initramfs;
	const char *initramfs_tools;	/* with what is in tools */
	const char *tools;	/* a directory, or NULL */
	int cpus;		/* 0: what the test says */
	int memory_mib;
	int timeout;		/* seconds, for a test */
};

struct result {
	enum verdict verdict;
	char reason[400];
};

/* Print the QEMU command line of a test as a shell takes it */
void guest_print_command(const struct options *options, const struct machine *machine,
			 const struct test *test, const char *nonce, FILE *out);

/* Run a test; the details of a failure go to @report */
struct result guest_run(const struct options *options, const struct machine *machine,
			const struct test *test, FILE *report);

#endif
