// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "facts.h"
#include "kernel_config.h"
#include "vmlinux.h"

/* Machine check, bad page, Oops, warning, soft lockup: see admin-guide/tainted-kernels.rst */
#define TAINT_COMPLAINTS (0x10 | 0x20 | 0x80 | 0x200 | 0x4000)

/* What is to be known of each boot */
enum { TOLD_ID = 1, TOLD_VERSION = 2, TOLD_CPUS = 4, TOLD_MMU = 8, TOLD_TAINT = 16 };

void facts_begin(struct facts *facts, const struct test *test, const char *nonce, int cpus,
		 int memory_mib)
{
	memset(facts, 0, sizeof(*facts));
	facts->test = test;
	facts->nonce = nonce;
	facts->cpus = cpus;
	facts->memory_mib = memory_mib;
}

void facts_decide(struct facts *facts, enum outcome outcome, const char *format, ...)
{
	va_list args;

	if (facts->decided)
		return;
	va_start(args, format);
	vsnprintf(facts->result.why, sizeof(facts->result.why), format, args);
	va_end(args);
	facts->result.outcome = outcome;
	facts->decided = true;
}

/* A cause in the kernel: of which boot, and what */
static __printf(2, 3)
void fail(struct facts *facts, const char *format, ...)
{
	char what[350];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	facts_decide(facts, FAIL, "boot %d: %s", facts->boot, what);
}

/* The first complaint is the cause, if it comes to that */
static __printf(2, 3)
void complain(struct facts *facts, const char *format, ...)
{
	char what[180];
	va_list args;

	if (facts->complaint[0])
		return;
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	snprintf(facts->complaint, sizeof(facts->complaint), "boot %d: complaint: %s",
		 facts->boot, what);
}

const char *facts_missing(const struct facts *facts)
{
	const char *missing = facts->test->expected[facts->met];

	return missing ? missing + (*missing == '~') : NULL;
}

/* Does the fact begin with @expected? 1 is not the beginning of 12. */
static bool fact_is(const char *fact, const char *expected)
{
	size_t length = strlen(expected);

	return !strncmp(fact, expected, length) &&
	       !(isdigit((unsigned char)expected[length - 1]) &&
		 isdigit((unsigned char)fact[length]));
}

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

static bool same_first_word(const char *a, const char *b)
{
	size_t length = strcspn(a, " ");

	return length == strcspn(b, " ") && !strncmp(a, b, length);
}

/* What was to come did not. Where the kernel drops lines, it may have. */
static __printf(2, 3)
void out_of_order(struct facts *facts, const char *format, ...)
{
	char what[300];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	if (facts->dropped)
		facts_decide(facts, ERROR, "boot %d: %s, but the kernel dropped lines of its log",
			     facts->boot, what);
	fail(facts, "%s", what);
}

static void met_one(struct facts *facts)
{
	facts->met++;
	if (!facts->test->expected[facts->met] && !facts->complaint[0])
		facts_decide(facts, OK, "%s", "");
}

/*
 * It is not the kernel that is wrong, but what it was given, or where it runs. What
 * a kernel has that was started by another one is what that carried over, though.
 */
static void not_the_kernel(struct facts *facts, enum outcome outcome, const char *what,
			   const char *reason)
{
	if (facts->left_first)
		facts_decide(facts, FAIL, "boot %d: %s%s", facts->boot < 2 ? 2 : facts->boot,
			     what, reason);
	else if (outcome == SKIP)
		facts_decide(facts, SKIP, "%s%s", what, reason);
	else
		facts_decide(facts, outcome, "boot %d: %s%s", facts->boot, what, reason);
}

static void check_version(struct facts *facts, const char *version)
{
	if (vmlinux_banner() && !strstr(version, vmlinux_banner()))
		not_the_kernel(facts, ERROR, "what boots is not vmlinux: ", version);
}

static void next_kernel(struct facts *facts)
{
	facts->in_test = false;
	if (facts->await_nmi || facts->await_interrupt)
		fail(facts, "the next kernel came before the %s was sent",
		     facts->await_nmi ? "system reset" : "interrupt");
}

static void take_boot(struct facts *facts, const char *fact)
{
	next_kernel(facts);
	facts->boot = atoi(fact);
	facts->left_first |= facts->boot > 1;
	facts->told = 0;
}

static void take_id(struct facts *facts, const char *id)
{
	facts->told |= TOLD_ID;
	if (!strcmp(facts->last_id, id))
		fail(facts, "the same kernel as the boot before");
	snprintf(facts->last_id, sizeof(facts->last_id), "%s", id);
}

static void take_version(struct facts *facts, const char *version)
{
	facts->told |= TOLD_VERSION;
	check_version(facts, version);
}

/* A capture kernel is told to take one only */
static void take_cpus(struct facts *facts, const char *cpus)
{
	facts->told |= TOLD_CPUS;
	if (atoi(cpus) != (facts->captures ? 1 : facts->cpus))
		fail(facts, "%d CPUs came up, not %d", atoi(cpus),
		     facts->captures ? 1 : facts->cpus);
}

static void take_mmu(struct facts *facts, const char *mmu)
{
	const char *wanted = facts->test->mmu ? facts->test->mmu : "Radix";

	facts->told |= TOLD_MMU;
	if (strcmp(mmu, wanted))
		fail(facts, "the MMU is \"%s\", not \"%s\"", mmu, wanted);
}

/* The kernel has set these for a complaint, which may have been lost on its way here */
static void take_taint(struct facts *facts, const char *which, const char *taint)
{
	unsigned long bits = strtoul(taint, NULL, 10) & TAINT_COMPLAINTS & ~facts->test->taints;

	if (bits)
		complain(facts, "the %s is tainted by %#lx, and nothing said why", which, bits);
}

static void take_own_taint(struct facts *facts, const char *taint)
{
	facts->told |= TOLD_TAINT;
	take_taint(facts, "kernel", taint);
}

/* All that init tells of each boot has to be there, or what it does is no test */
static void check_boot(struct facts *facts)
{
	static const char * const names[] = { "id", "version", "cpus", "mmu", "tainted" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!(facts->told & 1 << i))
			out_of_order(facts, "nothing says \"%s\"", names[i]);
	if (!facts->test->mmu && !facts->kasan_awake && kernel_has("CONFIG_KASAN"))
		out_of_order(facts, "KASAN is not awake");
}

static void leave_kernel(struct facts *facts, const char *fact)
{
	check_boot(facts);
	facts->captures = strcmp(fact, "switch");
	facts->left_first = true;
	facts->kasan_awake = false;
}

/* The dump is one of the kernel that crashed, which was the first */
static void take_vmcoreinfo(struct facts *facts, const char *release)
{
	if (strcmp(facts->release, release))
		fail(facts, "the vmcoreinfo is of a kernel \"%s\", not \"%s\"", release,
		     facts->release);
}

/* Each CPU that was up has left its registers */
static void take_notes(struct facts *facts, const char *cpus)
{
	if (atoi(cpus) != facts->cpus)
		fail(facts, "the dump has the registers of %d CPUs, not of %d",
		     atoi(cpus), facts->cpus);
}

/* It is as long as its headers say: do they have all of the memory? */
static void take_whole(struct facts *facts, const char *size)
{
	if (atoi(size) + facts->reserved_mib < facts->memory_mib)
		fail(facts, "the dump is of %d MiB, and %d are reserved, of %d",
		     atoi(size), facts->reserved_mib, facts->memory_mib);
}

/* Where it says that it was built without an option, that can be checked */
static void take_skip(struct facts *facts, const char *reason)
{
	char option[80];

	if (sscanf(reason, "this kernel lacks %79s", option) == 1 && kernel_has(option))
		fail(facts, "finds nothing of %s, which vmlinux has", option);
	if (*reason)
		not_the_kernel(facts, SKIP, "", reason);
	else
		not_the_kernel(facts, ERROR, "", "a skip without a reason");
}

static void take_await_nmi(struct facts *facts, const char *where)
{
	facts->await_nmi = true;
	facts->nmi_in_firmware = !strcmp(where, "in-firmware");
}

/* A machine check has a DSISR at least, an HMI has none */
static void take_await_interrupt(struct facts *facts, const char *what, int words)
{
	struct interrupt *interrupt = &facts->interrupt;
	char where[64] = "";

	memset(interrupt, 0, sizeof(*interrupt));
	if (sscanf(what, "%63s %llx %llx %llx", where, &interrupt->dsisr, &interrupt->log,
		   &interrupt->address) < words)
		return;
	/* A function of the kernel, or an address */
	interrupt->nip = vmlinux_symbol(where);
	if (!interrupt->nip)
		interrupt->nip = strtoull(where, NULL, 16);
	facts->await_interrupt = true;
}

static void take_fact(struct facts *facts, const char *fact)
{
	const char * const *expected = &facts->test->expected[facts->met];
	int i;

	facts->nr++;
	if (begins(fact, "crash ") || begins(fact, "await-machine-check ") ||
	    !strcmp(fact, "provoke"))
		facts->in_test = true;
	else if (!strcmp(fact, "provoked"))
		facts->in_test = false;
	if (begins(fact, "crash ") || begins(fact, "await-nmi ") || !strcmp(fact, "switch"))
		leave_kernel(facts, fact);
	else if (!strcmp(fact, "done"))
		check_boot(facts);
	if (begins(fact, "boot "))
		take_boot(facts, fact + 5);
	else if (begins(fact, "id "))
		take_id(facts, fact + 3);
	else if (begins(fact, "release "))
		snprintf(facts->release, sizeof(facts->release), "%s", fact + 8);
	else if (begins(fact, "version "))
		take_version(facts, fact + 8);
	else if (begins(fact, "cpus "))
		take_cpus(facts, fact + 5);
	else if (begins(fact, "mmu "))
		take_mmu(facts, fact + 4);
	else if (begins(fact, "tainted "))
		take_own_taint(facts, fact + 8);
	else if (begins(fact, "crashed tainted "))
		take_taint(facts, "kernel that crashed", fact + 16);
	else if (begins(fact, "vmcoreinfo OSRELEASE="))
		take_vmcoreinfo(facts, fact + 21);
	else if (begins(fact, "reserved "))
		facts->reserved_mib = strtoull(fact + 9, NULL, 10) >> 20;
	else if (begins(fact, "vmcore whole "))
		take_whole(facts, fact + 13);
	else if (begins(fact, "registers of "))
		take_notes(facts, fact + 13);
	else if (begins(fact, "fail: "))
		fail(facts, "%s", fact + 6);
	else if (begins(fact, "skip: "))
		take_skip(facts, fact + 6);
	else if (begins(fact, "error: "))
		not_the_kernel(facts, ERROR, "", fact + 7);
	else if (begins(fact, "await-nmi "))
		take_await_nmi(facts, fact + 10);
	else if (begins(fact, "await-machine-check "))
		take_await_interrupt(facts, fact + 20, 2);
	else if (begins(fact, "await-hmi "))
		take_await_interrupt(facts, fact + 10, 1);

	if (!*expected)
		return;
	if (fact_is(fact, *expected)) {
		met_one(facts);
		return;
	}
	/* The same fact with another value, or a later one */
	if (same_first_word(fact, *expected))
		out_of_order(facts, "\"%s\", not \"%s\"", fact, *expected);
	for (i = 1; expected[i]; i++)
		if (expected[i][0] != '~' && fact_is(fact, expected[i]))
			out_of_order(facts, "no \"%s\" before \"%s\"", facts_missing(facts),
				     fact);
}

static bool is_wanted(const struct facts *facts, const char *line)
{
	return facts->in_test && facts->test->complaints &&
	       line_has(line, facts->test->complaints);
}

void facts_take_line(struct facts *facts, const char *line)
{
	const char *expected = facts->test->expected[facts->met];
	char tag[80], fact[400];
	const char *at;

	if (line_has(line, "KASAN init done|KernelAddressSanitizer initialized"))
		facts->kasan_awake = true;
	if (expected && expected[0] == '~' && line_has(line, expected + 1)) {
		met_one(facts);
		return;
	}
	if (facts->test->is_canary && strstr(line, "KEXEC_TEST canary no-fault"))
		facts_decide(facts, SKIP, "a bad real-mode access does not fault here");
	snprintf(tag, sizeof(tag), "KEXEC_TEST %s ", facts->nonce);
	at = strstr(line, tag);
	if (at) {
		snprintf(fact, sizeof(fact), "%s", at + strlen(tag));
		take_fact(facts, fact);
		return;
	}
	if (strstr(line, "printk messages dropped"))
		facts->dropped = true;
	/* The next kernel is not to complain, and not to come before it is time */
	if (strstr(line, "Linux version ")) {
		next_kernel(facts);
		check_version(facts, line);
	}
	if (line_lacks_initramfs(line))
		not_the_kernel(facts, ERROR, "", line);
	/* The canary is no kernel */
	if (!facts->test->is_canary && line_complains(line) && !is_wanted(facts, line))
		complain(facts, "%s", line_text(line));
}
