// SPDX-License-Identifier: GPL-2.0
/* The walk along the branches of the machine code */
#include <string.h>

#include "realmode.h"

static struct branch *branches;	/* of the code of the current visit */
static u32 nr_branches;

/*
 * With ELFv2 a function is entered before or behind what sets up r2, which is known: let
 * that be one entry.
 */
static u64 entry_of(u64 addr)
{
	const struct unit *unit = &units[find_unit(addr)];
	const struct section *section = find_code(addr);
	u32 first;

	if (addr != unit->start + 8)
		return addr;
	/* addis r2,r12,... or lis r2,...; addi r2,r2,... */
	first = insn_at(section, unit->start) >> 16;
	if ((first == 0x3c4c || first == 0x3c40) &&
	    insn_at(section, unit->start + 4) >> 16 == 0x3842)
		return unit->start;
	return addr;
}

static void add_visit(u64 entry, u32 parent)
{
	u8 *flags = insn_flags(find_code(entry), entry);
	u32 unit = find_unit(entry);

	if (*flags & INSN_ENTERED)
		return;
	*flags |= INSN_ENTERED;
	visits = grow(visits, nr_visits, sizeof(*visits));
	visits[nr_visits++] = (struct visit) { unit, parent, entry, units[unit].reached };
	if (!units[unit].reached)
		nr_reached++;
	units[unit].reached = true;
}

/* Once for each unit and kind of instrumentation */
static void add_finding(u32 visit, enum sink sink, u32 target, u64 addr)
{
	struct unit *unit = &units[visits[visit].unit];

	if (unit->reported & 1u << sink)
		return;
	unit->reported |= 1u << sink;
	findings = grow(findings, nr_findings, sizeof(*findings));
	findings[nr_findings++] = (struct finding) { sink, visit, target, addr };
}

static void add_unresolved(u32 visit, u64 addr)
{
	unresolved = grow(unresolved, nr_unresolved, sizeof(*unresolved));
	unresolved[nr_unresolved++] = (struct unresolved) { visit, addr };
}

/* The code of this visit may go from @from to @to */
static void follow(u32 visit, u64 from, u64 to)
{
	u32 own = visits[visit].unit, target;

	if (!find_code(to)) {
		add_unresolved(visit, from);
		return;
	}
	to = entry_of(to);
	target = find_unit(to);
	if (target != own && is_cut(&units[own], &units[target]))
		return;
	if (!units[target].sink) {
		add_visit(to, visit);
		return;
	}
	if (units[target].sink != SINK_KASAN || !is_guarded(&units[target]))
		add_finding(visit, units[target].sink, target, from);
	if (units[target].plain)
		follow(visit, from, units[target].plain);
}

/*
 * A rule is about one pointer of the function, of whose calls the compiler may make
 * several: another pointer is not what it has been written for.
 */
static bool is_rules_pointer(struct unit *unit, u64 pointer)
{
	if (!unit->has_pointer)
		unit->pointer = pointer;
	unit->has_pointer = true;
	return unit->pointer == pointer;
}

static void follow_rules(u32 visit, u64 addr, u64 pointer)
{
	struct unit *unit = &units[visits[visit].unit];
	bool resolved = false;
	u32 i, j;

	if (!is_rules_pointer(unit, pointer)) {
		add_unresolved(visit, addr);
		return;
	}
	for (i = 0; i < nr_rules; i++) {
		struct rule *rule = &rules[i];

		if (!applies(rule, RULE_CALL) || !has_name(unit, rule->names[FIRST]))
			continue;
		rule->used = true;
		resolved = true;
		for (j = 0; j < nr_symbols; j++)
			if (symbols[j].rule_name == rule->names[SECOND] &&
			    find_code(symbols[j].addr))
				follow(visit, addr, symbols[j].addr);
	}
	if (!resolved)
		add_unresolved(visit, addr);
}

static bool note_insn(struct flow *flow, u64 addr, u32 insn, const struct state *state)
{
	const u32 *visit = flow->data;

	(void)insn;
	if (*insn_flags(find_code(addr), addr) & INSN_FTRACE && may_be_real_mode(state))
		add_finding(*visit, SINK_FTRACE, NONE, addr);
	return true;
}

static bool note_access(struct flow *flow, const struct value *addr)
{
	(void)flow;
	(void)addr;
	return true;
}

static bool note_branch(struct flow *flow, const struct branch *branch,
			const struct state *state, struct state *after)
{
	(void)flow;
	(void)state;
	(void)after;
	branches = grow(branches, nr_branches, sizeof(*branches));
	branches[nr_branches++] = *branch;
	return true;
}

/* A way may have been taken several times: the order of the code is the better one */
static int compare_branches(const void *a, const void *b)
{
	const struct branch *s = a, *t = b;
	int order = compare_addresses(&s->from, &t->from);

	return order ? order : compare_addresses(&s->to, &t->to);
}

static void visit_code(u32 visit)
{
	static const struct flow_ops ops = {
		.insn = note_insn,
		.access = note_access,
		.leave = note_branch,
	};
	struct flow flow = { .ops = &ops, .data = &visit, .unit = visits[visit].unit };
	struct state state;
	u32 i;

	/* Assembly may turn the MMU off itself */
	if (units[flow.unit].whole)
		start_real_mode(&state);
	else
		start_anew(&state);
	nr_branches = 0;
	run_flow(&flow, visits[visit].entry, &state);
	sort(branches, nr_branches, sizeof(*branches), compare_branches);
	for (i = 0; i < nr_branches; i++) {
		if (i && !compare_branches(&branches[i], &branches[i - 1]))
			continue;
		if (branches[i].indirect)
			follow_rules(visit, branches[i].from, branches[i].to);
		else
			follow(visit, branches[i].from, branches[i].to);
	}
}

static void forget_walk(void)
{
	u32 i;

	for (i = 0; i < nr_visits; i++)
		*insn_flags(find_code(visits[i].entry), visits[i].entry) &= ~INSN_ENTERED;
	for (i = 0; i < nr_units; i++) {
		units[i].reached = false;
		units[i].reported = 0;
		units[i].has_pointer = false;
	}
	nr_visits = 0;
	nr_findings = 0;
	nr_unresolved = 0;
	nr_reached = 0;
}

/* Begin at each code that the rule names; with ELFv1 one may have two symbols */
static void visit_root(struct rule *rule)
{
	u32 i;

	for (i = 0; i < nr_symbols; i++) {
		if (symbols[i].rule_name != rule->names[FIRST] || !find_code(symbols[i].addr))
			continue;
		rule->used = true;
		add_visit(symbols[i].addr, NONE);
	}
}

/* Reach all that the roots of the current context do, the nearest first */
void walk(void)
{
	u32 i;

	forget_walk();
	for (i = 0; i < nr_rules; i++)
		if (applies(&rules[i], RULE_ROOT))
			visit_root(&rules[i]);
	for (i = 0; i < nr_visits; i++)
		visit_code(i);
}
