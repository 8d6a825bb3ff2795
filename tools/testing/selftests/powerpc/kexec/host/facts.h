/* SPDX-License-Identifier: GPL-2.0 */
/* The facts on a console, line by line, held against those that a test expects */
#ifndef KEXEC_TEST_FACTS_H
#define KEXEC_TEST_FACTS_H

#include "tests.h"

enum outcome { OK, FAIL, SKIP, ERROR };

struct result {
	enum outcome outcome;
	char why[400];		/* cause, reason, or what broke; empty if OK */
};

/* A machine check, or a hypervisor maintenance interrupt (HMI) */
struct interrupt {
	__u64 nip;	/* where it hits */
	__u64 dsisr;	/* what a machine check is about; an HMI has 0 */
	__u64 log;	/* where the hypervisor writes that down, 0 on bare metal */
	__u64 address;	/* of the data, for the log */
};

struct facts {
	const struct test *test;
	const char *nonce;
	int met;		/* how many of test->expected were seen */
	bool decided;
	struct result result;	/* once that is */
	char complaint[220];	/* the kernel's first: BUG, Oops, panic; as a cause */
	bool in_test;		/* the complaints that the test is about may come */
	bool left_first;	/* what comes is of a kernel that another one started */
	bool captures;		/* ...after a crash */
	bool await_nmi;		/* the guest asks for a system reset... */
	bool nmi_in_firmware;	/* ...of a CPU in firmware, or of one that is not */
	bool await_interrupt;	/* the guest asks for this one */
	struct interrupt interrupt;
	bool dropped;		/* the kernel's log was too small: facts may be lost */
	char release[80];	/* of the first boot */
	int cpus, memory_mib;	/* that the machine has */
	int reserved_mib;	/* of that for the capture kernel, which is in no dump */
	bool kasan_awake;	/* the kernel that runs said so */
	unsigned int told;	/* what init has told of this boot */
	char last_id[40];	/* of the boot before */
	int boot;
	unsigned int nr;	/* that init told, of progress */
};

void facts_begin(struct facts *facts, const struct test *test, const char *nonce, int cpus,
		 int memory_mib);
void facts_take_line(struct facts *facts, const char *line);

/*
 * The first one that is said stands. A cause is one of
 *
 *	boot N: complaint: <line of the console, without its time>
 *	boot N, before "<what had to come next>": <how it ended>[ in <who> <- <caller> <- ...]
 *	boot N: <what is wrong, or did not happen>
 */
__printf(3, 4)
void facts_decide(struct facts *facts, enum outcome outcome, const char *format, ...);

/* The next that has to come, as people read it; NULL if all was seen */
const char *facts_missing(const struct facts *facts);

#endif
