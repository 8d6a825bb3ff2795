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

void verdict_begin(struct verdict_state *state, const struct test *test, const char *nonce)
{
	memset(state, 0, sizeof(*state));
	state->test = test;
	state->nonce = nonce;
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

static bool same_first_word(const char *a, const char *b)
{
	size_t length = strcspn(a, " ");

	return length == strcspn(b, " ") && !strncmp(a, b, length);
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

static void next_kernel(struct verdict_state *state)
{
	state->crashing = false;
	if (state->await_nmi || state->await_machine_check)
		verdict_decide(state, NOT_OK, "boot %d: the next kernel came before the %s was sent",
			       state->boot, state->await_nmi ? "system reset" : "machine check");
}

static void take_boot(struct verdict_state *state, const char *fact)
{
	next_kernel(state);
	state->boot = atoi(fact);
	state->left_first |= state->boot > 1;
}

static void take_id(struct verdict_state *state, const char *id)
{
	if (!strcmp(state->last_id, id))
		verdict_decide(state, NOT_OK, "boot %d is the same kernel as the boot before",
			       state->boot);
	snprintf(state->last_id, sizeof(state->last_id), "%s", id);
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

/* It says that it was built without an option: that can be checked */
static void take_lacks(struct verdict_state *state, const char *option)
{
	if (kernel_has(option))
		verdict_decide(state, NOT_OK, "boot %d: finds nothing of %s, which vmlinux has",
			       state->boot, option);
	not_the_kernel(state, SKIP, "this kernel lacks ", option);
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

	if (!strncmp(fact, "crash ", 6))
		state->crashing = true;
	if (!strncmp(fact, "crash ", 6) || !strncmp(fact, "await-nmi ", 10) ||
	    !strcmp(fact, "switch"))
		state->left_first = true;
	if (!strncmp(fact, "boot ", 5))
		take_boot(state, fact + 5);
	else if (!strncmp(fact, "id ", 3))
		take_id(state, fact + 3);
	else if (!strncmp(fact, "release ", 8) && state->boot == 1)
		snprintf(state->release, sizeof(state->release), "%s", fact + 8);
	else if (!strncmp(fact, "cpus ", 5) && state->boot == 1)
		state->cpus = atoi(fact + 5);
	else if (!strncmp(fact, "vmcoreinfo OSRELEASE=", 21))
		take_vmcoreinfo(state, fact + 21);
	else if (!strncmp(fact, "registers of ", 13))
		take_notes(state, fact + 13);
	else if (!strncmp(fact, "lacks ", 6))
		take_lacks(state, fact + 6);
	else if (!strncmp(fact, "broken ", 7))
		not_the_kernel(state, ERROR, "", fact + 7);
	else if (!strncmp(fact, "fail ", 5))
		verdict_decide(state, NOT_OK, "boot %d: %s", state->boot, fact + 5);
	else if (!strncmp(fact, "await-nmi ", 10))
		take_await_nmi(state, fact + 10);
	else if (!strncmp(fact, "await-machine-check ", 20))
		take_await_machine_check(state, fact + 20);
	else if (!strncmp(fact, "cannot ", 7))
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

/* A kernel that is told to crash says so, and nothing else */
static bool is_wanted(const struct verdict_state *state, const char *line)
{
	return state->crashing && state->test->crash_says &&
	       line_has(line, state->test->crash_says);
}

void verdict_line(struct verdict_state *state, const char *line)
{
	const char *expected = state->test->expected[state->met];
	char tag[80], fact[400];
	const char *at;

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
	if (strstr(line, "Linux version "))
		next_kernel(state);
	if (line_lacks_initramfs(line))
		not_the_kernel(state, ERROR, "", line);
	if (!state->complaint[0] && line_complains(line) && !is_wanted(state, line))
		snprintf(state->complaint, sizeof(state->complaint), "%s", line);
}
