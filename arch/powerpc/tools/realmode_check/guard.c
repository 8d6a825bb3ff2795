// SPDX-License-Identifier: GPL-2.0
/*
 * On 64-bit Book3S a check of KASAN reads the MSR first, and returns if MSR[DR] is clear.
 * It is guarded if no way through it that is left then has an access to what could be the
 * shadow. The stack, the PACA and constant addresses in the linear mapping, as that of
 * a static key, are not the shadow; all else could be. Nor may it call anything of
 * which this is not so, but for the plain function that memset() and its like go on to.
 * The same holds for KCOV, and the area that it writes to.
 */
#include "guard.h"

#define STEPS_MAX	100000	/* no check is near this long */
#define DEPTH_MAX	8	/* nor do they call each other deeper */

/* The linear mapping ends where vmalloc()'s begins, 2 PiB further on */
#define PAGE_OFFSET	0xc000000000000000ULL

/* One way through a check, or through what it calls */
struct attempt {
	const struct code *code;
	struct value result;	/* what it returns, if it does */
	bool returns;
	bool reads_msr;
	u64 plain;	/* what it goes on to, if it is memset() or the like */
	u32 depth;
	u64 *steps;	/* of all that call each other */
};

static bool check_insn(void *data, u64 addr, u32 insn, const struct state *state)
{
	struct attempt *attempt = data;
	u32 op = insn >> 26, extended = insn >> 1 & 0x3ff;

	(void)addr;
	if (++*attempt->steps > STEPS_MAX)
		return false;
	if (is_mfmsr(insn) && may_be_real_mode(state))
		attempt->reads_msr = true;
	if (is_return(insn)) {
		if (attempt->returns)
			merge_values(&attempt->result, &state->regs[3]);
		else
			attempt->result = state->regs[3];
		attempt->returns = true;
	}
	/* No traps, no system calls, nor returns from an interrupt */
	if (op == 0 || op == 2 || op == 3 || op == 17)
		return false;
	if (op == 19)
		return extended == 16 || extended == 528 || extended == 150 || (extended & 31) == 1;
	return op != 31 || (extended != 4 && extended != 68);
}

static bool check_access(void *data, const struct value *addr)
{
	(void)data;
	return addr->kind == KIND_STACK || addr->kind == KIND_PACA ||
	       (is_constant(addr) && addr->value >> 51 == PAGE_OFFSET >> 51);
}

static bool check_branch(void *data, const struct branch *branch, const struct state *state,
			 struct state *after);

static const struct visitor checker = {
	.insn = check_insn,
	.access = check_access,
	.leave = check_branch,
};

static bool is_harmless(struct attempt *attempt, u64 addr, const struct state *state)
{
	return attempt->depth <= DEPTH_MAX &&
	       run_flow(attempt->code, NONE, addr, state, &checker, attempt);
}

static bool check_branch(void *data, const struct branch *branch, const struct state *state,
			 struct state *after)
{
	struct attempt *attempt = data;
	const struct code *code = attempt->code;
	struct attempt callee = {
		.code = code,
		.depth = attempt->depth + 1,
		.steps = attempt->steps,
	};

	if (branch->indirect || !find_code(code->image, branch->to))
		return false;
	if (code->units->units[find_unit(code->units, branch->to)].is_plain) {
		attempt->plain = branch->to;
		return true;
	}
	if (!branch->call || !is_harmless(&callee, branch->to, state))
		return false;
	attempt->reads_msr |= callee.reads_msr;
	if (callee.plain)
		attempt->plain = callee.plain;
	if (callee.returns)
		after->regs[3] = callee.result;
	return true;
}

static void try_check(struct guards *guards, const struct code *code, u64 start)
{
	u64 steps = 0;
	struct attempt attempt = { .code = code, .steps = &steps };
	struct state state;

	start_real_mode(&state, code->image->toc);
	if (!is_harmless(&attempt, start, &state) || !attempt.reads_msr)
		return;
	guards->guards = grow(guards->guards, guards->nr_guards, sizeof(*guards->guards));
	guards->guards[guards->nr_guards++] = (struct guard) { start, attempt.plain };
}

struct guards *find_guards(const struct code *code)
{
	struct guards *guards = zeroed(1, sizeof(*guards));
	u32 i;

	for (i = 0; i < code->units->nr_units; i++)
		if (code->units->units[i].sink == SINK_KASAN ||
		    code->units->units[i].sink == SINK_KCOV)
			try_check(guards, code, code->units->units[i].start);
	return guards;
}

const struct guard *find_guard(const struct guards *guards, u64 start)
{
	u32 i = find_first(guards->guards, guards->nr_guards, sizeof(*guards->guards), start);

	return i < guards->nr_guards && guards->guards[i].start == start ?
	       &guards->guards[i] : NULL;
}
