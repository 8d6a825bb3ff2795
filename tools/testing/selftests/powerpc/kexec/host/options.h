/* SPDX-License-Identifier: GPL-2.0 */
/* What all of a run has in common: constant once main() has it */
#ifndef KEXEC_TEST_OPTIONS_H
#define KEXEC_TEST_OPTIONS_H

#include "machine_conf.h"
#include "util.h"

/* kselftest's, for which 2 and 3 were a success (XFAIL, XPASS): 99 is a failure to all */
enum { EXIT_OK = 0, EXIT_FAIL = 1, EXIT_SKIP = 4, EXIT_ERROR = 99 };

struct options {
	/* As they were given */
	const char *vmlinux;
	const char *image;
	const char *qemu;
	const char *tools;	/* a directory, or NULL */
	const char *logs;
	const char *only_machines, *only_tests;	/* "a,b", or NULL for all */
	const char *may_skip;	/* the same, but NULL says nothing of it */
	int cpus;		/* 0: what the test says */
	int memory_mib;
	int timeout;		/* seconds, for a test */
	int jobs;		/* guests at a time */
	int repeat;		/* each test, so many times */
	const char *plan;	/* instead of all tests; NULL for none */
	bool shell;		/* the same, and a person is there */
	bool gdb;		/* QEMU waits for one */
	bool list, dry_run;
	/* Found or made */
	const char *programs;	/* the directory with init and bare */
	struct machine machines[MAX_MACHINES];
	int nr_machines;
	bool own_image;		/* made of vmlinux */
	char *initramfs;
	char *initramfs_tools;	/* with what is in tools... */
	char *tools_archive;	/* ...and in this */
};

/* Exits if that is all that there is to do, or if an option is wrong */
struct options *options_parse(int argc, char **argv);

/* Exits, and says so, where a list has a name that nothing has */
void options_check_names(const struct options *options);

/* Is @name in the list "a,b", or is there no list? */
bool is_chosen(const char *list, const char *name);

/* Of the tree that this is in, or of the O= that this was built in; exits without */
const char *default_vmlinux(void);

/* Say why on stderr and exit: the test bed is broken */
__noreturn __printf(1, 2)
void die(const char *format, ...);

#endif
