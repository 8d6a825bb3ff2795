/* SPDX-License-Identifier: GPL-2.0 */
/* The tests, as data */
#ifndef KEXEC_TEST_TESTS_H
#define KEXEC_TEST_TESTS_H

#include "util.h"

#define MAX_EXPECTED 16

struct test {
	const char *name;
	const char *about;
	const char *plan;	/* the steps of init.c */
	const char *append;	/* for the first kernel's command line, or NULL */
	int cpus;		/* 1 if not set; --cpus overrides */
	int threads;		/* of a core; 1 if not set */
	int memory_mib;		/* at least */
	bool is_canary;		/* boots bare.S, not the kernel */
	bool any_machine;	/* tells something even where nothing can fault */
	const char *option;	/* of the kernel; SKIP where vmlinux was built without */
	const char *tool;	/* a program of --tools; SKIP without it */
	const char *mmu;	/* that each kernel has; Radix if not set */
	/* Complaints that the test is about, "a|b", from when it says so: no others are right */
	const char *complaints;
	unsigned int taints;	/* of these bits, too */
	/*
	 * What has to be seen, in this order: a fact of init.c, or a part of a
	 * console line if it starts with '~' (as line_has() takes it).
	 */
	const char *expected[MAX_EXPECTED + 1];
};

extern const struct test tests[];
extern const int nr_tests;

/*
 * A test of somebody's own: the steps "a; b:2" have to come to their end. What a step
 * provokes in a test of ours, and what it needs there, it does and needs here, too.
 * NULL if there are too many.
 */
const struct test *test_of_plan(const char *steps);

#endif
