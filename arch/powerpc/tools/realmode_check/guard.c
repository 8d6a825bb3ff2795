// SPDX-License-Identifier: GPL-2.0
/*
 * Does a check of KASAN keep away from the shadow in real mode?
 *
 * On 64-bit Book3S a check reads the MSR first, and returns if MSR[DR] is clear. It is
 * guarded if no way through it that is left then has an access to what could be the
 * shadow. The stack, the PACA and constant addresses in the linear mapping, as that of
 * a static key, are not the shadow; all else could be. Nor may it call anything of
 * which this is not so, but for the plain function that memset() and its like go on to.
 */
#include "realmode.h"

#define STEPS_MAX	100000	/* no check is near this long */
#define DEPTH_MAX	8	/* nor do they call each other deeper */

/* The linear mapping ends where vmalloc()'s begins, 2 PiB further on */
#define PAGE_OFFSET	0xc000000000000000ULL

struct guard_walk {
	struct value result;	/* what it returns, if it does */
	bool returns;
	bool reads_msr;
	u64 plain;	/* what it goes on to, if it is memset() or the like */
	u32 depth;
	u64 *steps;		/* of all that call each other */
};

static bool check_insn(struct flow *flow, u64 addr, u32 insn, const struct state *state)
{
	struct guard_walk *walk = flow->data;
	u32 op = insn >> 26, extended = insn >> 1 & 0x3ff;

	(void)addr;
	if (++*walk->steps > STEPS_MAX)
		return false;
	if (is_mfmsr(insn) && may_be_real_mode(state))
		walk->reads_msr = true;
	if (is_return(insn)) {
		if (walk->returns)
			merge_values(&walk->result, &state->regs[3]);
		else
			walk->result = state->regs[3];
		walk->returns = true;
	}
	/* No traps, no system calls, nor returns from an interrupt */
	if (op == 0 || op == 2 || op == 3 || op == 17)
		return false;
	if (op == 19)
		return extended == 16 || extended == 528 || extended == 150 || (extended & 31) == 1;
	return op != 31 || (extended != 4 && extended != 68);
}

static bool check_access(struct flow *flow, const struct value *addr)
{
	(void)flow;
	return addr->kind == KIND_STACK || addr->kind == KIND_PACA ||
	       (is_constant(addr) && addr->value >> 51 == PAGE_OFFSET >> 51);
}

static bool is_harmless(const struct flow_ops *ops, struct guard_walk *walk, u64 addr,
			const struct state *state)
{
	struct flow flow = { .ops = ops, .data = walk, .unit = NONE };

	if (walk->depth > DEPTH_MAX)
		return false;
	run_flow(&flow, addr, state);
	return !flow.stopped;
}

static bool check_branch(struct flow *flow, const struct branch *branch,
			 const struct state *state, struct state *after)
{
	struct guard_walk *walk = flow->data;
	struct guard_walk callee = { .depth = walk->depth + 1, .steps = walk->steps };

	if (branch->indirect || !find_code(branch->to))
		return false;
	if (units[find_unit(branch->to)].is_plain) {
		walk->plain = branch->to;
		return true;
	}
	if (!branch->call || !is_harmless(flow->ops, &callee, branch->to, state))
		return false;
	walk->reads_msr |= callee.reads_msr;
	if (callee.plain)
		walk->plain = callee.plain;
	if (callee.returns)
		after->regs[3] = callee.result;
	return true;
}

/* Found out once for each of them */
bool is_guarded(struct unit *unit)
{
	static const struct flow_ops ops = {
		.insn = check_insn,
		.access = check_access,
		.leave = check_branch,
	};
	u64 steps = 0;
	struct guard_walk walk = { .steps = &steps };
	struct state state;

	if (!unit->guard) {
		start_real_mode(&state);
		unit->guard = is_harmless(&ops, &walk, unit->start, &state) && walk.reads_msr ?
			      GUARD_KEPT : GUARD_NONE;
		if (unit->guard == GUARD_KEPT && !unit->plain)
			unit->plain = walk.plain;
	}
	return unit->guard == GUARD_KEPT;
}
