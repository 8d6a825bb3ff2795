/* SPDX-License-Identifier: GPL-2.0 */
/* What the registers of a CPU tell, from the text in which QEMU prints them */
#ifndef KEXEC_TEST_REGISTERS_H
#define KEXEC_TEST_REGISTERS_H

#include "util.h"

#define MSR_EE		0x8000
#define MSR_PR		0x4000
#define MSR_IR_DR	0x30

#define MAX_CPUS	32
#define TIMEBASE_HZ	512000000ULL

struct registers {
	__u64 nip, lr, cfar, srr0, msr, dar, tb;
	__u64 gpr[32];
};

/* The CPUs in the text of "info registers -a"; returns how many */
int registers_parse(const char *text, struct registers *cpus, int max);

/* Is it behind a vector, where it takes an exception? */
bool in_vectors(__u64 address);

/*
 * Does a CPU do nothing but take exceptions? It has interrupts off, and is in
 * the vectors or in a handler of an access that is nobody's.
 */
bool looks_dead(const struct registers *cpu);

/* Is it in real mode, and not in the kernel? */
bool in_firmware(const struct registers *cpu);
/* And more than on its way in or out, where OPAL does not refuse another call? */
bool in_firmware_call(const struct registers *cpu);

#endif
