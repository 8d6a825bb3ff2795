// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registers.h"
#include "vmlinux.h"

#define HEAD_TEXT	0x10000	/* all of it is in there */
#define OPAL_STACK	16384	/* a CPU's; this much is in use where it is in a call: */
#define OPAL_STACK_IN_CALL 1024

/* The hexadecimal number behind the word @name, as QEMU prints registers; 0 without it */
static __u64 number_after(const char *text, const char *end, const char *name)
{
	size_t length = strlen(name);
	const char *at = text;

	while ((at = strstr(at, name)) && at < end) {
		if ((at == text || at[-1] == ' ' || at[-1] == '\n') && at[length] == ' ')
			return strtoull(at + length, NULL, 16);
		at++;
	}
	return 0;
}

static bool parse_one(const char *text, const char *end, struct registers *cpu)
{
	const char *at;
	char name[8];
	char *rest;
	int i, j;

	cpu->nip = number_after(text, end, "NIP");
	cpu->lr = number_after(text, end, "LR");
	cpu->msr = number_after(text, end, "MSR");
	cpu->cfar = number_after(text, end, "CFAR");
	cpu->srr0 = number_after(text, end, "SRR0");
	cpu->dar = number_after(text, end, "DAR");
	cpu->tb = 0;
	/* "TB <high word in hex> <low word in decimal>" */
	at = strstr(text, "\nTB ");
	if (at && at < end) {
		cpu->tb = strtoull(at + 4, &rest, 16) << 32;
		cpu->tb |= strtoull(rest, NULL, 10);
	}
	for (i = 0; i < 32; i += 4) {
		snprintf(name, sizeof(name), "GPR%02d", i);
		at = strstr(text, name);
		if (!at || at >= end)
			return false;
		at += 5;
		for (j = 0; j < 4; j++) {
			cpu->gpr[i + j] = strtoull(at, &rest, 16);
			at = rest;
		}
	}
	return true;
}

int registers_parse(const char *text, struct registers *cpus, int max)
{
	const char *end;
	int nr = 0;

	text = strstr(text, "NIP ");
	while (text && nr < max) {
		end = strstr(text + 1, "NIP ");
		if (parse_one(text, end ? end : text + strlen(text), &cpus[nr]))
			nr++;
		text = end;
	}
	return nr;
}

bool in_vectors(__u64 address)
{
	__u64 end = vmlinux_symbol("__end_interrupts") & REAL_ADDRESS;

	address &= REAL_ADDRESS;
	/* Below 0x100 kexec parks the other CPUs, at it firmware does */
	return address > 0x100 && address < end;
}

/* Vectors go on in instruction_access_common and its like, where the text begins */
static bool in_common(__u64 address)
{
	char name[256];

	return (address & REAL_ADDRESS) < HEAD_TEXT &&
	       vmlinux_name(address, name, sizeof(name)) && strstr(name, "_common+");
}

bool looks_dead(const struct registers *cpu)
{
	__u64 region = cpu->dar >> 60;

	if (cpu->msr & MSR_EE)
		return false;
	return in_vectors(cpu->nip) || in_common(cpu->nip) ||
	       (region && region != PAGE_OFFSET >> 60);
}

bool in_firmware(const struct registers *cpu)
{
	char name[256];

	return !(cpu->msr & MSR_IR_DR) && !vmlinux_name(cpu->nip, name, sizeof(name));
}

bool in_firmware_call(const struct registers *cpu)
{
	return in_firmware(cpu) && OPAL_STACK - cpu->gpr[1] % OPAL_STACK >= OPAL_STACK_IN_CALL;
}
