// SPDX-License-Identifier: GPL-2.0
#include "walk.h"

/* What is known of a unit that was reached */
struct reach {
	u32 nr_visits;
	u32 last_visit;		/* if there is one */
	u32 reported;		/* bit mask of enum sink */
};

/* A pointer that rules name the targets of */
struct named_pointer {
	u32 unit;
	u32 via;		/* name, or NONE */
	u64 site;		/* of a branch that takes it */
	struct value pointer;
};

/* A walk that is under way */
struct walker {
	const struct code *code;
	const struct guards *guards;
	const struct match *match;
	struct walk *walk;
	struct reach *reach;	/* of each unit */
	u32 visit;		/* the current one */
	struct branch *branches;	/* of its code */
	u32 nr_branches;
	struct named_pointer *named;
	u32 nr_named;
};

static const struct unit *unit_at(const struct walker *walker, u32 unit)
{
	return &walker->code->units->units[unit];
}

static u32 current_unit(const struct walker *walker)
{
	return walker->walk->visits[walker->visit].unit;
}

/*
 * With ELFv2 a function is entered before or behind what sets up r2, which is known: let
 * that be one entry.
 */
static u64 entry_of(const struct code *code, u64 addr)
{
	const struct unit *unit = &code->units->units[find_unit(code->units, addr)];
	const struct section *section = find_code(code->image, addr);
	u32 first;

	if (addr != unit->start + 8)
		return addr;
	/* addis r2,r12,... or lis r2,...; addi r2,r2,... */
	first = insn_at(code->image, section, unit->start) >> 16;
	if ((first == 0x3c4c || first == 0x3c40) &&
	    insn_at(code->image, section, unit->start + 4) >> 16 == 0x3842)
		return unit->start;
	return addr;
}

static void add_visit(struct walker *walker, u64 entry, u32 parent)
{
	struct walk *walk = walker->walk;
	u32 unit = find_unit(walker->code->units, entry), i, nr;
	struct reach *reach = &walker->reach[unit];

	for (nr = reach->nr_visits, i = reach->last_visit; nr; nr--, i = walk->visits[i].earlier)
		if (walk->visits[i].entry == entry)
			return;
	walk->visits = grow(walk->visits, walk->nr_visits, sizeof(*walk->visits));
	walk->visits[walk->nr_visits] = (struct visit) {
		.unit = unit,
		.parent = parent,
		.entry = entry,
		.earlier = reach->nr_visits ? reach->last_visit : NONE,
	};
	if (!reach->nr_visits++)
		walk->nr_reached++;
	reach->last_visit = walk->nr_visits++;
}

/* Once for each unit and kind of instrumentation */
static void add_finding(struct walker *walker, enum sink sink, u32 target, u64 addr)
{
	struct reach *reach = &walker->reach[current_unit(walker)];
	struct walk *walk = walker->walk;

	if (reach->reported & 1u << sink)
		return;
	reach->reported |= 1u << sink;
	walk->findings = grow(walk->findings, walk->nr_findings, sizeof(*walk->findings));
	walk->findings[walk->nr_findings++] =
		(struct finding) { sink, walker->visit, target, addr };
}

static void add_unresolved(struct walker *walker, u64 addr)
{
	struct walk *walk = walker->walk;

	walk->unresolved = grow(walk->unresolved, walk->nr_unresolved,
				sizeof(*walk->unresolved));
	walk->unresolved[walk->nr_unresolved++] = (struct unresolved) { walker->visit, addr };
}

static bool is_cut(struct walker *walker, u32 caller, u32 callee)
{
	const struct match *match = walker->match;
	bool cut = false;
	u32 i;

	if (!match->in_rules[caller] && !match->in_rules[callee])
		return false;
	for (i = 0; i < match->rules->nr_rules; i++) {
		if (applies(match, i, RULE_CUT, walker->walk->context) &&
		    cuts(match, i, caller, callee)) {
			walker->walk->used[i] = true;
			cut = true;
		}
	}
	return cut;
}

/* The code of this visit may go from @from to @to */
static void follow(struct walker *walker, u64 from, u64 to)
{
	u32 own = current_unit(walker), target;
	const struct guard *guard;
	const struct unit *unit;

	if (!find_code(walker->code->image, to)) {
		add_unresolved(walker, from);
		return;
	}
	to = entry_of(walker->code, to);
	target = find_unit(walker->code->units, to);
	if (target != own && is_cut(walker, own, target))
		return;
	unit = unit_at(walker, target);
	if (!unit->sink) {
		add_visit(walker, to, walker->visit);
		return;
	}
	guard = find_guard(walker->guards, unit->start);
	if (!guard)
		add_finding(walker, unit->sink, target, from);
	if (unit->plain)
		follow(walker, from, unit->plain);
	else if (guard && guard->plain)
		follow(walker, from, guard->plain);
}

/* Can the rule be about this pointer? */
static bool comes_from(const struct match *match, u32 via, const struct value *pointer)
{
	if (via == NONE)
		return true;
	return (pointer->kind == KIND_MEMBER || pointer->kind == KIND_SUM) &&
	       is_in_variable(match, via, pointer->value);
}

/* Does it come from where others can come from as well? */
static bool is_place(const struct value *pointer)
{
	return pointer->kind == KIND_MEMBER || pointer->kind == KIND_ARGUMENT ||
	       (pointer->kind == KIND_SUM && pointer->value);
}

/*
 * A rule is about one pointer of the function, of whose calls the compiler may make
 * several: another pointer is not what it has been written for. One that comes from an
 * unknown place is not the same at two sites.
 */
static bool is_named(struct walker *walker, u32 unit, u32 via, u64 site,
		     const struct value *pointer)
{
	struct named_pointer *named;
	u32 i;

	for (i = 0; i < walker->nr_named; i++) {
		named = &walker->named[i];
		if (named->unit == unit && named->via == via)
			return is_same(&named->pointer, pointer) &&
			       (named->site == site || is_place(pointer));
	}
	walker->named = grow(walker->named, walker->nr_named, sizeof(*walker->named));
	walker->named[walker->nr_named++] =
		(struct named_pointer) { unit, via, site, *pointer };
	return true;
}

static void follow_rule(struct walker *walker, u64 from, u32 name)
{
	const struct match *match = walker->match;
	u64 target;
	u32 i;

	for (i = match->first[name]; i < match->first[name + 1]; i++) {
		target = match->image->symbols[match->symbols[i]].addr;
		if (find_code(match->image, target))
			follow(walker, from, target);
	}
}

static void follow_rules(struct walker *walker, u64 from, const struct value *pointer)
{
	const struct match *match = walker->match;
	u32 unit = current_unit(walker), i;
	bool resolved = false;

	for (i = 0; i < match->rules->nr_rules; i++) {
		const struct rule *rule = &match->rules->rules[i];

		if (!applies(match, i, RULE_CALL, walker->walk->context) ||
		    !has_name(match, unit, rule->names[FIRST]) ||
		    !comes_from(match, rule->names[VIA], pointer) ||
		    !is_named(walker, unit, rule->names[VIA], from, pointer))
			continue;
		walker->walk->used[i] = true;
		resolved = true;
		follow_rule(walker, from, rule->names[SECOND]);
	}
	if (!resolved)
		add_unresolved(walker, from);
}

static bool note_insn(void *data, u64 addr, u32 insn, const struct state *state)
{
	struct walker *walker = data;
	const struct code *code = walker->code;
	const struct section *section = find_code(code->image, addr);

	(void)insn;
	if (insn_flags(code->image, code->tables, section, addr) & INSN_FTRACE &&
	    may_be_real_mode(state))
		add_finding(walker, SINK_FTRACE, NONE, addr);
	return true;
}

static bool note_access(void *data, const struct value *addr)
{
	(void)data;
	(void)addr;
	return true;
}

static bool note_branch(void *data, const struct branch *branch, const struct state *state,
			struct state *after)
{
	struct walker *walker = data;

	(void)state;
	(void)after;
	walker->branches = grow(walker->branches, walker->nr_branches,
				sizeof(*walker->branches));
	walker->branches[walker->nr_branches++] = *branch;
	return true;
}

/* A way may have been taken several times: the order of the code is the better one */
static int compare_branches(const void *a, const void *b)
{
	const struct branch *s = a, *t = b;
	int order = compare_addresses(&s->from, &t->from);

	if (!order)
		order = (int)s->indirect - (int)t->indirect;
	return order ? order : compare_addresses(&s->to, &t->to);
}

/* Those of one site that are of one kind; returns how many these are */
static u32 follow_branches(struct walker *walker, const struct branch *branches, u32 count)
{
	struct value pointer = branches->pointer;
	u32 i;

	for (i = 1; i < count && !compare_branches(&branches[i], branches); i++)
		merge_values(&pointer, &branches[i].pointer);
	if (branches->indirect)
		follow_rules(walker, branches->from, &pointer);
	else
		follow(walker, branches->from, branches->to);
	return i;
}

static void visit_code(struct walker *walker)
{
	static const struct visitor note = {
		.insn = note_insn,
		.access = note_access,
		.leave = note_branch,
	};
	u32 unit = current_unit(walker), i;
	u64 toc = walker->code->image->toc;
	struct state state;

	/* Assembly may turn the MMU off itself */
	if (unit_at(walker, unit)->whole)
		start_real_mode(&state, toc);
	else
		start_anew(&state, toc);
	name_arguments(&state);
	walker->nr_branches = 0;
	run_flow(walker->code, unit, walker->walk->visits[walker->visit].entry, &state, &note,
		 walker);
	sort(walker->branches, walker->nr_branches, sizeof(*walker->branches), compare_branches);
	for (i = 0; i < walker->nr_branches;)
		i += follow_branches(walker, &walker->branches[i], walker->nr_branches - i);
}

/* Begin at each code that the rule names; with ELFv1 one may have two symbols */
static void visit_root(struct walker *walker, u32 rule)
{
	const struct match *match = walker->match;
	u32 name = match->rules->rules[rule].names[FIRST], i;
	u64 addr;

	for (i = match->first[name]; i < match->first[name + 1]; i++) {
		addr = match->image->symbols[match->symbols[i]].addr;
		if (find_code(match->image, addr))
			add_visit(walker, addr, NONE);
	}
}

/* The nearest is reached first */
struct walk *walk(const struct code *code, const struct guards *guards,
		  const struct match *match, u32 context)
{
	struct walker walker = {
		.code = code,
		.guards = guards,
		.match = match,
		.walk = zeroed(1, sizeof(*walker.walk)),
		.reach = zeroed(code->units->nr_units, sizeof(*walker.reach)),
	};
	u32 i;

	walker.walk->context = context;
	walker.walk->used = zeroed(match->rules->nr_rules, sizeof(*walker.walk->used));
	for (i = 0; i < match->rules->nr_rules; i++)
		if (applies(match, i, RULE_ROOT, context))
			visit_root(&walker, i);
	for (; walker.visit < walker.walk->nr_visits; walker.visit++)
		visit_code(&walker);
	free(walker.reach);
	free(walker.branches);
	free(walker.named);
	return walker.walk;
}

void free_walk(struct walk *walk)
{
	free(walk->visits);
	free(walk->findings);
	free(walk->unresolved);
	free(walk->used);
	free(walk);
}
