/* SPDX-License-Identifier: GPL-2.0 */
/* The command line of QEMU, for a test on a machine */
#ifndef KEXEC_TEST_QEMU_ARGS_H
#define KEXEC_TEST_QEMU_ARGS_H

#include <stdio.h>

#include "machine_conf.h"
#include "options.h"
#include "tests.h"

#define MAX_QEMU_ARGS	80

/* Its words, NULL behind the last, and the memory they lie in */
struct qemu_args {
	char *words[MAX_QEMU_ARGS + 1];
	int nr;
	char text[16384];
	size_t used;
};

int cpus_of(const struct options *options, const struct test *test);
int memory_of(const struct options *options, const struct test *test);

void qemu_args_make(struct qemu_args *args, const struct options *options,
		    const struct machine *machine, const struct test *test, const char *nonce);

/* As a shell takes it */
void qemu_args_print(const struct qemu_args *args, FILE *out);

/* With --gdb: the command that goes with it */
void qemu_args_print_gdb(const struct options *options);

#endif
