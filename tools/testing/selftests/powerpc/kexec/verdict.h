/* SPDX-License-Identifier: GPL-2.0 */
/* What the console says, line by line, held against what a test expects */
#ifndef KEXEC_TEST_VERDICT_H
#define KEXEC_TEST_VERDICT_H

#include "machine_check.h"
#include "tests.h"

enum verdict { OK, NOT_OK, SKIP, ERROR };

struct verdict_state {
	const struct test *test;
	const char *nonce;
	int met;		/* how many of test->expected were seen */
	bool decided;
	enum verdict verdict;
	char reason[400];	/* why it is not OK */
	char complaint[200];	/* the kernel's first: BUG, Oops, panic */
	bool in_test;		/* the complaints that the test is about may come */
	bool left_first;	/* what comes is of a kernel that another one started */
	bool captures;		/* ...after a crash */
	bool await_nmi;		/* the guest asks for a system reset... */
	bool nmi_in_firmware;	/* ...of a CPU in firmware, or of one that is not */
	bool await_machine_check;	/* the guest asks for this one */
	struct machine_check machine_check;
	bool dropped;		/* the kernel's log was too small: facts may be lost */
	char release[80];	/* of the first boot */
	int cpus, memory_mib;	/* that the machine has */
	int reserved_mib;	/* of that for the capture kernel, which is in no dump */
	bool kasan_awake;	/* the kernel that runs said so */
	unsigned int told;	/* what init has told of this boot */
	char last_id[40];	/* of the boot before */
	int boot;
	unsigned int facts;	/* that init told, of progress */
};

void verdict_begin(struct verdict_state *state, const struct test *test, const char *nonce,
		   int cpus, int memory_mib);
void verdict_line(struct verdict_state *state, const char *line);
__printf(3, 4)
void verdict_decide(struct verdict_state *state, enum verdict verdict, const char *format, ...);

#endif
