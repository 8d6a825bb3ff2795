/* SPDX-License-Identifier: GPL-2.0 */
/* Where a CPU is: registers and stack through QEMU's monitor, symbolised */
#ifndef KEXEC_TEST_AUTOPSY_H
#define KEXEC_TEST_AUTOPSY_H

#include <stdio.h>

#include "util.h"

#include "qemu.h"

#define MAX_CPUS	32
#define TIMEBASE_HZ	512000000ULL

struct registers {
	__u64 nip, lr, cfar, srr0, srr1, msr, dar, dsisr, tb;
	__u64 gpr[32];
};

/* The CPUs in the text of "info registers -a"; returns how many */
int registers_parse(const char *text, struct registers *cpus, int max);

/*
 * Does a CPU do nothing but take exceptions? It has interrupts off, and is in
 * the vectors or in a handler of an access that is nobody's.
 */
bool looks_dead(const struct registers *cpu);

/* Is it in real mode, and not in the kernel? */
bool in_firmware(const struct registers *cpu);
/* And more than on its way in or out, where OPAL does not refuse another call? */
bool in_firmware_call(const struct registers *cpu);

/*
 * Stop the guest and print a call trace of each CPU. @culprit becomes
 * "function <- caller <- ..." of the CPU that died, from where things went wrong.
 */
void autopsy(struct qemu *qemu, char *culprit, size_t size, FILE *report);

#endif
