// SPDX-License-Identifier: GPL-2.0
/*
 * QEMU's stub for gdb can do what a CPU does when it takes a machine check or an HMI:
 * put the registers away, turn the MMU off, and go on at the vector. It can also do
 * what a hypervisor does with a machine check: write a log, and go on where the kernel
 * asked for it (FWNMI). This speaks gdb's remote protocol, as far as that takes.
 */
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gdb_stub.h"
#include "vmlinux.h"

#define ANSWER_SECONDS	300	/* on a busy host the guest takes its time to get there */
#define MACHINE_CHECK_VECTOR	0x200
#define HMI_VECTOR	0xe60
#define SRR1_LOAD_STORE	0x200000ULL	/* DSISR says why */
#define MSR_SF		0x8000000000000000ULL
#define MSR_LE		1ULL

/* DSISR of a machine check that is in the ERAT, not in memory */
#define DSISR_ERAT_MULTIHIT	0x800

/* gdb's numbers of registers, where they do not depend on the CPU */
enum { R3 = 3, NIP = 64, MSR = 65 };

static char answer[8192];

static bool read_byte(int fd, char *byte)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN };

	return poll(&poller, 1, ANSWER_SECONDS * 1000) > 0 && read(fd, byte, 1) == 1;
}

/* "$text#xx", which wants a '+' */
static bool read_packet(int fd)
{
	size_t length = 0;
	char byte = 0;

	while (byte != '$')
		if (!read_byte(fd, &byte))
			return false;
	for (;;) {
		if (!read_byte(fd, &byte) || length == sizeof(answer))
			return false;
		if (byte == '#')
			break;
		answer[length++] = byte;
	}
	if (length == sizeof(answer))
		return false;
	answer[length] = '\0';
	return read_byte(fd, &byte) && read_byte(fd, &byte) && write(fd, "+", 1) == 1;
}

static bool send_packet(int fd, const char *text)
{
	unsigned char sum = 0;
	size_t i;

	for (i = 0; text[i]; i++)
		sum += text[i];
	return dprintf(fd, "$%s#%02x", text, sum) > 0;
}

/* Is what comes back of the kind (T: the guest has stopped)? */
static __printf(3, 4)
bool ask(struct qemu *qemu, const char *kind, const char *format, ...)
{
	char packet[128];
	va_list args;

	va_start(args, format);
	vsnprintf(packet, sizeof(packet), format, args);
	va_end(args);
	if (!send_packet(qemu->gdb, packet))
		return false;
	do {
		if (!read_packet(qemu->gdb))
			return false;
	} while (*answer == 'T' && *kind != 'T');
	return !strncmp(answer, kind, strlen(kind));
}

/* Those numbers that do depend on the CPU are in a description, which comes in parts */
static char *read_description(struct qemu *qemu, const char *name)
{
	size_t length = 0, part;
	char *text = NULL, *more;

	do {
		if (!ask(qemu, "", "qXfer:features:read:%s:%zx,7f0", name, length) ||
		    (*answer != 'm' && *answer != 'l'))
			goto fail;
		part = strlen(answer + 1);
		more = realloc(text, length + part + 1);
		if (!more)
			goto fail;
		text = more;
		memcpy(text + length, answer + 1, part + 1);
		length += part;
	} while (*answer == 'm' && part);
	return text;
fail:
	free(text);
	return NULL;
}

static int number_of(const char *description, const char *name)
{
	char key[32];
	const char *at;

	snprintf(key, sizeof(key), "name=\"%s\"", name);
	at = strstr(description, key);
	at = at ? strstr(at, "regnum=\"") : NULL;
	return at ? atoi(at + 8) : -1;
}

/* In the byte order of the guest */
static __u64 guest_order(__u64 value)
{
	return vmlinux_big_endian() ? value : __builtin_bswap64(value);
}

static bool set_register(struct qemu *qemu, int number, __u64 value)
{
	return ask(qemu, "OK", "P%x=%016llx", number, guest_order(value));
}

/* An SPR that only the description has a number for */
static bool set_spr(struct qemu *qemu, const char *description, const char *name, __u64 value)
{
	return set_register(qemu, number_of(description, name), value);
}

static bool get_register(struct qemu *qemu, int number, __u64 *value)
{
	/* An error is shorter than 8 bytes */
	if (!ask(qemu, "", "p%x", number) || strlen(answer) != 16)
		return false;
	*value = guest_order(strtoull(answer, NULL, 16));
	return true;
}

/* Big-endian, and nothing but 8 bytes: that is what gdb's stub is asked for at a time */
static bool write_memory(struct qemu *qemu, __u64 address, const __u64 *words, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!ask(qemu, "OK", "M%llx,8:%016llx", address + 8 * i, words[i]))
			return false;
	return true;
}

/*
 * What PAPR has a hypervisor leave for the kernel: r3 as it was, and the log, in the
 * form of version 6 with one section, "MC". r3 then tells where that is.
 */
static bool write_log(struct qemu *qemu, const struct interrupt *interrupt)
{
	bool erat = interrupt->dsisr == DSISR_ERAT_MULTIHIT;
	__u64 log[] = {
		0,
		/* Version 6; synchronous, not recovered, more follows; by the CPU; its length */
		0x0674100000000000 | 56,
		/* What follows is an event log (14) ... */
		0x80000e0000000000,
		/* ... of IBM */
		0x0000000049424d00,
		/* "MC", its length, version and creator */
		0x4d43002801004800,
		0,
		/* Twice in the ERAT; or lost by memory, as a load found at a known address */
		erat ? 0x0202000000000000 : 0x0043000000000000,
		interrupt->address,
		0,
	};

	return ask(qemu, "OK", "Qqemu.PhyMemMode:1") &&
	       get_register(qemu, R3, &log[0]) &&
	       write_memory(qemu, interrupt->log, log, ARRAY_SIZE(log)) &&
	       ask(qemu, "OK", "Qqemu.PhyMemMode:0") &&
	       set_register(qemu, R3, interrupt->log);
}

static bool take_interrupt(struct qemu *qemu, const struct interrupt *interrupt,
			   const char *description)
{
	__u64 msr, vector;
	bool saved;

	if (!get_register(qemu, MSR, &msr))
		return false;
	if (!interrupt->dsisr) {
		saved = set_spr(qemu, description, "hsrr0", interrupt->nip) &&
			set_spr(qemu, description, "hsrr1", msr);
		vector = HMI_VECTOR;
	} else {
		saved = set_spr(qemu, description, "srr0", interrupt->nip) &&
			set_spr(qemu, description, "srr1", msr | SRR1_LOAD_STORE) &&
			(interrupt->log ? write_log(qemu, interrupt) :
				      set_spr(qemu, description, "dsisr", interrupt->dsisr));
		vector = interrupt->log ? vmlinux_symbol("machine_check_fwnmi") & REAL_ADDRESS :
				      MACHINE_CHECK_VECTOR;
	}
	/*
	 * Of the MSR's bits only these two stay: the kernel takes interrupts in its own
	 * byte order, which is the child's, too. QEMU itself keeps HV.
	 */
	return saved && set_register(qemu, MSR, msr & (MSR_SF | MSR_LE)) &&
	       set_register(qemu, NIP, vector);
}

/* Once: QEMU does not start its stub again */
static bool attach(struct qemu *qemu)
{
	if (!qemu->has_gdb)
		qemu->has_gdb = qemu_command(qemu, "gdbserver chardev:stub") &&
				ask(qemu, "", "qSupported:xmlRegisters=powerpc") &&
				ask(qemu, "", "qXfer:features:read:target.xml:0,7f0");
	return qemu->has_gdb;
}

bool gdb_stub_interrupt(struct qemu *qemu, const struct interrupt *interrupt,
			char *reason, size_t size)
{
	char *description = NULL;
	bool raised = false;

	snprintf(reason, size, "QEMU's stub for gdb does not answer");
	if (!qemu_command(qemu, "stop") || !attach(qemu))
		return false;
	description = read_description(qemu, "power-spr.xml");
	if (!description)
		return false;
	if (number_of(description, interrupt->dsisr ? "srr0" : "hsrr0") < 0) {
		snprintf(reason, size, "QEMU's stub for gdb has no %s",
			 interrupt->dsisr ? "SRR0" : "HSRR0");
		goto out;
	}
	if (interrupt->log && !vmlinux_symbol("machine_check_fwnmi")) {
		snprintf(reason, size, "vmlinux has no machine_check_fwnmi");
		goto out;
	}
	/* QEMU speaks of the CPU that stopped. A failure ends the test, and the guest. */
	if (!ask(qemu, "OK", "Z1,%llx,4", interrupt->nip) || !ask(qemu, "T05", "c")) {
		snprintf(reason, size, "the guest does not come to %llx", interrupt->nip);
		goto out;
	}
	raised = ask(qemu, "OK", "z1,%llx,4", interrupt->nip) &&
		 take_interrupt(qemu, interrupt, description) && send_packet(qemu->gdb, "c");
out:
	free(description);
	return raised;
}
