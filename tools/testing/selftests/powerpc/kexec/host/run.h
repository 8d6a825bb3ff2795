/* SPDX-License-Identifier: GPL-2.0 */
/* One test on one machine: run it in QEMU and find out how it ended */
#ifndef KEXEC_TEST_RUN_H
#define KEXEC_TEST_RUN_H

#include <stdio.h>

#include "facts.h"
#include "machine_conf.h"
#include "options.h"

/* The details of a failure go to @report, what is written to a directory for @name */
struct result run_test(const struct options *options, const struct machine *machine,
		       const struct test *test, const char *name, FILE *report);

#endif
