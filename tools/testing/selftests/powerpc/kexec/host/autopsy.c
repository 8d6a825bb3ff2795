// SPDX-License-Identifier: GPL-2.0
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "autopsy.h"
#include "registers.h"
#include "vmlinux.h"

#define MAX_FRAMES	24	/* of a trace */
#define MAX_STACKS	16	/* of a trace: a back chain with more is a circle */
#define WINDOW		0x100000 /* bytes read at a time */
#define MAX_MOVE	0x100000000ULL	/* of a capture kernel from where it was linked */
#define PAGE_64K	0x10000
#define KEXEC_STACK	32768	/* THREAD_SIZE, or twice that: what is behind has no frames */
#define SUMMARY		8	/* functions on one line: printk() alone has six */

/*
 * A stack frame: back chain, CR, LR, TOC. That of an exception continues with a
 * marker, which reads "REGS" in memory, and struct pt_regs.
 */
#define FRAME_WORDS	13
#define MARKER		(vmlinux_big_endian() ? 0x52454753 : 0x53474552)
#define PT_REGS_WORDS	41
#define PT_NIP		32
#define PT_MSR		33
#define PT_LINK		36
#define PT_TRAP		40
#define SYSTEM_RESET	0x100

/* From 6.2 on, and before: where in the frame, in words and in bytes */
static const struct {
	int marker;
	int pt_regs;
} frame_layouts[] = { { 4, 48 }, { 12, 112 } };

struct trace {
	__u64 address[MAX_FRAMES];
	int nr;
	int exceptions;
	__u64 moved;		/* how far the kernel runs from where it was linked */
	__u64 reset_at;		/* what a system reset interrupted, 0 if there was none */
};

struct memory {
	struct qemu *qemu;
	int file;		/* that QEMU writes */
	__u64 start;		/* of what is in the window */
	bool valid;		/* there is something in it */
	unsigned char window[WINDOW];
};

/*
 * The part of real memory with @address in it. A dead machine may have recursed
 * through hundreds of megabytes of stack, and what the monitor prints is too slow for
 * that: QEMU writes into a file. Where there is no memory, it writes zeros.
 */
static const unsigned char *window_of(struct memory *memory, __u64 address)
{
	char command[100];

	address -= address % WINDOW;
	if (memory->valid && address == memory->start)
		return memory->window;
	snprintf(command, sizeof(command), "pmemsave 0x%llx %d \"/proc/%d/fd/%d\"", address,
		 WINDOW, getpid(), memory->file);
	memory->start = address;
	memory->valid = qemu_command(memory->qemu, command) &&
			pread(memory->file, memory->window, WINDOW, 0) == WINDOW;
	return memory->valid ? memory->window : NULL;
}

/* From bytes, as the byte order of the guest need not be that of the host */
static bool read_words(struct memory *memory, __u64 address, __u64 *words, size_t nr)
{
	const unsigned char *window;
	size_t i;

	if (address % 8)
		return false;	/* the next bytes need not be in the window */
	for (i = 0; i < nr; i++, address += 8) {
		window = window_of(memory, address & REAL_ADDRESS);
		if (!window)
			return false;
		memcpy(&words[i], window + address % WINDOW, 8);
		words[i] = vmlinux_big_endian() ? be64toh(words[i]) : le64toh(words[i]);
	}
	return true;
}

static void add_address(struct trace *trace, __u64 address)
{
	if (trace->nr < MAX_FRAMES && address)
		trace->address[trace->nr++] = address;
}

/*
 * If an exception of the kernel made this frame, the trace starts again at it.
 * Not at a system reset, which came from outside: true, the trace is complete.
 */
static bool take_exception(struct memory *memory, __u64 frame, const __u64 *words,
			   struct trace *trace)
{
	__u64 regs[PT_REGS_WORDS];
	int i;

	for (i = 0; i < 2; i++) {
		if (words[frame_layouts[i].marker] != MARKER ||
		    !read_words(memory, frame + frame_layouts[i].pt_regs, regs, PT_REGS_WORDS) ||
		    regs[PT_MSR] & MSR_PR)
			continue;
		if ((regs[PT_TRAP] & ~0xfULL) == SYSTEM_RESET) {
			trace->reset_at = regs[PT_NIP];
			return true;
		}
		trace->exceptions++;
		trace->nr = 0;
		if (!in_vectors(regs[PT_NIP]))
			add_address(trace, regs[PT_NIP]);
		add_address(trace, regs[PT_LINK]);
		return false;
	}
	return false;
}

/*
 * Follow the back chain. An exception on the way starts the trace again: what
 * was found so far is only how the kernel tried to handle it. On one stack the
 * chain goes up. False: there is no frame.
 */
static bool walk(struct memory *memory, __u64 frame, struct trace *trace)
{
	__u64 words[FRAME_WORDS], first = frame;
	int stacks = 1;

	while (frame && frame % 16 == 0 && read_words(memory, frame, words, FRAME_WORDS)) {
		if (frame != first)
			add_address(trace, words[2]);
		if (take_exception(memory, frame, words, trace))
			return true;
		if (!words[0] || (words[0] <= frame && ++stacks > MAX_STACKS))
			break;
		frame = words[0];
	}
	return frame != first;
}

/* Where the back chain on kexec's own stack, which is static, starts; 0: nowhere */
static __u64 deepest_kexec_frame(struct memory *memory)
{
	static __u64 stack[KEXEC_STACK / 8];
	__u64 base = vmlinux_symbol("kexec_stack");
	size_t i, at, next;
	int frames;

	if (!base)
		return 0;
	if (!read_words(memory, base, stack, KEXEC_STACK / 8))
		return 0;
	for (i = 0; i < KEXEC_STACK / 8; i += 2) {
		frames = 0;
		for (at = i; at < KEXEC_STACK / 8; at = next, frames++) {
			next = (stack[at] - base) / 8;
			if (stack[at] % 16 || next <= at)
				break;
		}
		/* It ends where the stack of the task begins */
		if (frames > 1 && at >= KEXEC_STACK / 8)
			return base + i * 8;
	}
	return 0;
}

/*
 * A capture kernel runs where it was loaded. In the kernel, but for modules, r2 is its
 * TOC (without CONFIG_PPC_KERNEL_PCREL), whose place in it is fixed.
 */
static __u64 how_far_moved(const struct registers *cpu)
{
	__u64 toc = vmlinux_symbol(".TOC."), moved = cpu->gpr[2] - toc;
	char name[256];

	if (!toc || moved >= MAX_MOVE || moved % PAGE_64K)
		return 0;
	return vmlinux_name(cpu->nip - moved, name, sizeof(name)) ||
	       vmlinux_name(cpu->lr - moved, name, sizeof(name)) ? moved : 0;
}

static void trace_cpu(struct memory *memory, const struct registers *cpu, struct trace *trace)
{
	/* A vector that faults at once leaves only the branch before it */
	const __u64 candidates[] = { cpu->nip, cpu->srr0, cpu->cfar };
	size_t i = 0;

	memset(trace, 0, sizeof(*trace));
	trace->moved = how_far_moved(cpu);
	while (i < ARRAY_SIZE(candidates) && in_vectors(candidates[i]))
		i++;
	if (i < ARRAY_SIZE(candidates))
		add_address(trace, candidates[i]);
	if (!in_vectors(cpu->lr))
		add_address(trace, cpu->lr);
	/* Exceptions without end may have moved r1 out of memory */
	if (!walk(memory, cpu->gpr[1], trace))
		walk(memory, deepest_kexec_frame(memory), trace);
}

static bool name_of(const struct trace *trace, __u64 address, char *name, size_t size)
{
	return vmlinux_name(address - trace->moved, name, size) ||
	       vmlinux_name(address, name, size);
}

static void print_address(FILE *report, const struct trace *trace, const char *what,
			  __u64 address)
{
	char name[256] = "";

	name_of(trace, address, name, sizeof(name));
	fprintf(report, "  %-5s %016llx %s\n", what, address, name);
}

/* "a <- b <- c" without offsets, and each function once where it repeats */
static void summarise(const struct trace *trace, char *text, size_t size)
{
	char name[256], last[256] = "";
	size_t length = 0;
	int i, shown = 0;

	text[0] = '\0';
	for (i = 0; i < trace->nr && shown < SUMMARY && length < size; i++) {
		if (!name_of(trace, trace->address[i], name, sizeof(name)))
			continue;
		*strrchr(name, '+') = '\0';
		if (!strcmp(name, last))
			continue;
		length += snprintf(text + length, size - length, "%s%s", shown ? " <- " : "",
				   name);
		snprintf(last, sizeof(last), "%s", name);
		shown++;
	}
}

static void print_cpu(FILE *report, int number, const struct registers *cpu,
		      const struct trace *trace)
{
	int i;

	fprintf(report, "CPU %d, MMU %s, MSR %llx, DAR %llx, r1 %llx\n", number,
		cpu->msr & MSR_IR_DR ? "on" : "off", cpu->msr, cpu->dar, cpu->gpr[1]);
	for (i = 0; i < trace->nr; i++)
		print_address(report, trace, i ? "from" : "died", trace->address[i]);
	if (trace->exceptions)
		fprintf(report, "  and %d exception(s) while it was being handled\n",
			trace->exceptions);
	if (trace->reset_at)
		print_address(report, trace, "reset", trace->reset_at);
	print_address(report, trace, "NIP", cpu->nip);
	print_address(report, trace, "LR", cpu->lr);
	print_address(report, trace, "CFAR", cpu->cfar);
	print_address(report, trace, "SRR0", cpu->srr0);
}

/* The CPU that died is not always the first: others may wait for it */
static int find_dead(const struct registers *cpus, const struct trace *traces, int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		if (looks_dead(&cpus[i]))
			return i;
	for (i = 0; i < nr; i++)
		if (traces[i].exceptions)
			return i;
	return 0;
}

void autopsy(struct qemu *qemu, char *culprit, size_t size, FILE *report)
{
	static struct registers cpus[MAX_CPUS];
	static struct trace traces[MAX_CPUS];
	static struct memory memory;
	int nr, i, dead;

	culprit[0] = '\0';
	if (!qemu_command(qemu, "stop") || !qemu_command(qemu, "info registers -a")) {
		fprintf(report, "QEMU does not answer: no registers\n");
		return;
	}
	nr = registers_parse(qemu->reply, cpus, MAX_CPUS);
	if (!nr)
		return;
	memory.qemu = qemu;
	memory.valid = false;
	memory.file = memfd_create("memory", MFD_CLOEXEC);
	if (memory.file < 0)
		fprintf(report, "no call traces: memfd_create: %s\n", strerror(errno));
	for (i = 0; i < nr; i++)
		trace_cpu(&memory, &cpus[i], &traces[i]);
	close(memory.file);
	dead = find_dead(cpus, traces, nr);
	summarise(&traces[dead], culprit, size);
	print_cpu(report, dead, &cpus[dead], &traces[dead]);
	for (i = 0; i < nr; i++)
		if (i != dead)
			print_cpu(report, i, &cpus[i], &traces[i]);
}
