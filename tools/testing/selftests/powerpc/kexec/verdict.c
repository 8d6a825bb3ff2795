// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "kernel_config.h"
#include "verdict.h"
#include "vmlinux.h"

/* Machine check, bad page, Oops, warning, soft lockup: see admin-guide/tainted-kernels.rst */
#define TAINT_COMPLAINTS (0x10 | 0x20 | 0x80 | 0x200 | 0x4000)

/* What is to be known of each boot */
enum { TOLD_ID = 1, TOLD_VERSION = 2, TOLD_CPUS = 4, TOLD_MMU = 8, TOLD_TAINT = 16 };

void verdict_begin(struct verdict_state *state, const struct test *test, const char *nonce,
		   int cpus, int memory_mib)
{
	memset(state, 0, sizeof(*state));
	state->test = test;
	state->nonce = nonce;
	state->cpus = cpus;
	state->memory_mib = memory_mib;
}

void verdict_decide(struct verdict_state *state, enum verdict verdict, const char *format, ...)
{
	va_list args;

	if (state->decided)
		return;
	va_start(args, format);
	vsnprintf(state->reason, sizeof(state->reason), format, args);
	va_end(args);
	state->verdict = verdict;
	state->decided = true;
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
void out_of_order(struct verdict_state *state, const char *format, ...)
{
	char what[300];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	verdict_decide(state, state->dropped ? ERROR : NOT_OK, "boot %d: %s%s", state->boot, what,
		       state->dropped ? ", but the kernel dropped lines of its log" : "");
}

static void met_one(struct verdict_state *state)
{
	state->met++;
	if (state->test->expected[state->met])
		return;
	if (state->complaint[0])
		verdict_decide(state, NOT_OK, "all was done, but: %s", state->complaint);
	else
		verdict_decide(state, OK, "%s", "");
}

/*
 * It is not the kernel that is wrong, but what it was given, or where it runs. What
 * a kernel has that was started by another one is what that carried over, though.
 */
static void not_the_kernel(struct verdict_state *state, enum verdict verdict, const char *what,
			   const char *reason)
{
	if (state->left_first)
		verdict_decide(state, NOT_OK, "boot %d: %s%s", state->boot < 2 ? 2 : state->boot,
			       what, reason);
	else if (verdict == SKIP)
		verdict_decide(state, SKIP, "%s%s", what, reason);
	else
		verdict_decide(state, verdict, "boot %d: %s%s", state->boot, what, reason);
}

static void check_version(struct verdict_state *state, const char *version)
{
	if (vmlinux_banner() && !strstr(version, vmlinux_banner()))
		not_the_kernel(state, ERROR, "what boots is not vmlinux: ", version);
}

static void next_kernel(struct verdict_state *state)
{
	state->in_test = false;
	if (state->await_nmi || state->await_machine_check)
		verdict_decide(state, NOT_OK,
			       "boot %d: the next kernel came before the %s was sent",
			       state->boot, state->await_nmi ? "system reset" : "machine check");
}

static void take_boot(struct verdict_state *state, const char *fact)
{
	next_kernel(state);
	state->boot = atoi(fact);
	state->left_first |= state->boot > 1;
	state->told = 0;
}

static void take_id(struct verdict_state *state, const char *id)
{
	state->told |= TOLD_ID;
	if (!strcmp(state->last_id, id))
		verdict_decide(state, NOT_OK, "boot %d is the same kernel as the boot before",
			       state->boot);
	snprintf(state->last_id, sizeof(state->last_id), "%s", id);
}

static void take_version(struct verdict_state *state, const char *version)
{
	state->told |= TOLD_VERSION;
	check_version(state, version);
}

/* A capture kernel is told to take one only */
static void take_cpus(struct verdict_state *state, const char *cpus)
{
	state->told |= TOLD_CPUS;
	if (atoi(cpus) != (state->captures ? 1 : state->cpus))
		verdict_decide(state, NOT_OK, "boot %d: %d CPUs came up, not %d", state->boot,
			       atoi(cpus), state->captures ? 1 : state->cpus);
}

static void take_mmu(struct verdict_state *state, const char *mmu)
{
	const char *wanted = state->test->mmu ? state->test->mmu : "Radix";

	state->told |= TOLD_MMU;
	if (strcmp(mmu, wanted))
		verdict_decide(state, NOT_OK, "boot %d: the MMU is \"%s\", not \"%s\"",
			       state->boot, mmu, wanted);
}

/* The kernel has set these for a complaint, which may have been lost on its way here */
static void take_taint(struct verdict_state *state, const char *which, const char *taint)
{
	unsigned long bits = strtoul(taint, NULL, 10) & TAINT_COMPLAINTS & ~state->test->taints;

	if (bits && !state->complaint[0])
		snprintf(state->complaint, sizeof(state->complaint),
			 "the %s is tainted by %#lx, and nothing said why", which, bits);
}

static void take_own_taint(struct verdict_state *state, const char *taint)
{
	state->told |= TOLD_TAINT;
	take_taint(state, "kernel", taint);
}

/* All that init tells of each boot has to be there, or what it does is no test */
static void check_boot(struct verdict_state *state)
{
	static const char * const names[] = { "id", "version", "cpus", "mmu", "tainted" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!(state->told & 1 << i)) {
			out_of_order(state, "nothing says \"%s\"", names[i]);
			return;
		}
	if (!state->test->mmu && !state->kasan_awake && kernel_has("CONFIG_KASAN"))
		out_of_order(state, "KASAN is not awake");
}

static void leave_kernel(struct verdict_state *state, const char *fact)
{
	check_boot(state);
	state->captures = strcmp(fact, "switch");
	state->left_first = true;
	state->kasan_awake = false;
}

/* The dump is one of the kernel that crashed, which was the first */
static void take_vmcoreinfo(struct verdict_state *state, const char *release)
{
	if (strcmp(state->release, release))
		verdict_decide(state, NOT_OK, "the vmcoreinfo is of a kernel \"%s\", not \"%s\"",
			       release, state->release);
}

/* Each CPU that was up has left its registers */
static void take_notes(struct verdict_state *state, const char *cpus)
{
	if (atoi(cpus) != state->cpus)
		verdict_decide(state, NOT_OK, "the dump has the registers of %d CPUs, not of %d",
			       atoi(cpus), state->cpus);
}

/* It is as long as its headers say: do they have all of the memory? */
static void take_whole(struct verdict_state *state, const char *size)
{
	if (atoi(size) + state->reserved_mib < state->memory_mib)
		verdict_decide(state, NOT_OK, "the dump is of %d MiB, and %d are reserved, of %d",
			       atoi(size), state->reserved_mib, state->memory_mib);
}

/* It says that it was built without an option: that can be checked */
static void take_lacks(struct verdict_state *state, const char *option)
{
	if (kernel_has(option))
		verdict_decide(state, NOT_OK, "boot %d: finds nothing of %s, which vmlinux has",
			       state->boot, option);
	not_the_kernel(state, SKIP, "this kernel lacks ", option);
}

static void take_await_nmi(struct verdict_state *state, const char *where)
{
	state->await_nmi = true;
	state->nmi_in_firmware = !strcmp(where, "in-firmware");
}

static void take_await_machine_check(struct verdict_state *state, const char *what)
{
	struct machine_check *check = &state->machine_check;
	char where[64] = "";

	if (sscanf(what, "%63s %llx", where, &check->dsisr) != 2)
		return;
	/* A function of the kernel, or an address */
	check->nip = vmlinux_symbol(where);
	if (!check->nip)
		check->nip = strtoull(where, NULL, 16);
	state->await_machine_check = true;
}

static void take_fact(struct verdict_state *state, const char *fact)
{
	const char * const *expected = &state->test->expected[state->met];
	int i;

	state->facts++;
	if (begins(fact, "crash ") || begins(fact, "await-machine-check ") ||
	    !strcmp(fact, "provoke"))
		state->in_test = true;
	else if (!strcmp(fact, "provoked"))
		state->in_test = false;
	if (begins(fact, "crash ") || begins(fact, "await-nmi ") || !strcmp(fact, "switch"))
		leave_kernel(state, fact);
	else if (!strcmp(fact, "done"))
		check_boot(state);
	if (begins(fact, "boot "))
		take_boot(state, fact + 5);
	else if (begins(fact, "id "))
		take_id(state, fact + 3);
	else if (begins(fact, "release "))
		snprintf(state->release, sizeof(state->release), "%s", fact + 8);
	else if (begins(fact, "version "))
		take_version(state, fact + 8);
	else if (begins(fact, "cpus "))
		take_cpus(state, fact + 5);
	else if (begins(fact, "mmu "))
		take_mmu(state, fact + 4);
	else if (begins(fact, "tainted "))
		take_own_taint(state, fact + 8);
	else if (begins(fact, "crashed tainted "))
		take_taint(state, "kernel that crashed", fact + 16);
	else if (begins(fact, "vmcoreinfo OSRELEASE="))
		take_vmcoreinfo(state, fact + 21);
	else if (begins(fact, "reserved "))
		state->reserved_mib = strtoull(fact + 9, NULL, 10) >> 20;
	else if (begins(fact, "vmcore whole "))
		take_whole(state, fact + 13);
	else if (begins(fact, "registers of "))
		take_notes(state, fact + 13);
	else if (begins(fact, "lacks "))
		take_lacks(state, fact + 6);
	else if (begins(fact, "broken "))
		not_the_kernel(state, ERROR, "", fact + 7);
	else if (begins(fact, "fail "))
		verdict_decide(state, NOT_OK, "boot %d: %s", state->boot, fact + 5);
	else if (begins(fact, "await-nmi "))
		take_await_nmi(state, fact + 10);
	else if (begins(fact, "await-machine-check "))
		take_await_machine_check(state, fact + 20);
	else if (begins(fact, "cannot "))
		not_the_kernel(state, SKIP, "not here: ", fact + 7);

	if (state->decided || !*expected)
		return;
	if (fact_is(fact, *expected)) {
		met_one(state);
		return;
	}
	/* The same fact with another value, or a later one */
	if (same_first_word(fact, *expected)) {
		out_of_order(state, "\"%s\", not \"%s\"", fact, *expected);
		return;
	}
	for (i = 1; expected[i]; i++)
		if (expected[i][0] != '~' && fact_is(fact, expected[i])) {
			out_of_order(state, "no \"%s\" before \"%s\"",
				     *expected + (**expected == '~'), fact);
			return;
		}
}

static bool is_wanted(const struct verdict_state *state, const char *line)
{
	return state->in_test && state->test->complaints &&
	       line_has(line, state->test->complaints);
}

void verdict_line(struct verdict_state *state, const char *line)
{
	const char *expected = state->test->expected[state->met];
	char tag[80], fact[400];
	const char *at;

	if (line_has(line, "KASAN init done|KernelAddressSanitizer initialized"))
		state->kasan_awake = true;
	if (expected && expected[0] == '~' && line_has(line, expected + 1)) {
		met_one(state);
		return;
	}
	if (state->test->is_canary && strstr(line, "KEXEC_TEST canary no-fault"))
		verdict_decide(state, SKIP, "a bad real-mode access does not fault here");
	snprintf(tag, sizeof(tag), "KEXEC_TEST %s ", state->nonce);
	at = strstr(line, tag);
	if (at) {
		snprintf(fact, sizeof(fact), "%s", at + strlen(tag));
		take_fact(state, fact);
		return;
	}
	if (strstr(line, "printk messages dropped"))
		state->dropped = true;
	/* The next kernel is not to complain, and not to come before it is time */
	if (strstr(line, "Linux version ")) {
		next_kernel(state);
		check_version(state, line);
	}
	if (line_lacks_initramfs(line))
		not_the_kernel(state, ERROR, "", line);
	/* The canary is no kernel */
	if (!state->test->is_canary && !state->complaint[0] && line_complains(line) &&
	    !is_wanted(state, line))
		snprintf(state->complaint, sizeof(state->complaint), "%s", line);
}
