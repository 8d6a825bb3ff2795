/* SPDX-License-Identifier: GPL-2.0 */
/* All tests on all machines: which of them run, when, and what is printed of them */
#ifndef KEXEC_TEST_JOBS_H
#define KEXEC_TEST_JOBS_H

#include "options.h"

void jobs_make(const struct options *options);

/* Print the QEMU command lines */
void jobs_print(void);

/* Run them all and print KTAP; returns the exit status */
int jobs_run(void);

/* With --shell: QEMU has the terminal, and nobody judges */
__noreturn void jobs_become_shell(void);

#endif
