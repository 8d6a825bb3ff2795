// SPDX-License-Identifier: GPL-2.0
/* The walk along the branches of the machine code */
#include <string.h>

#include "realmode.h"

static u32 insn_size(u32 insn)
{
	return insn >> 26 == 1 ? 8 : 4;
}

static void add_visit(u32 unit, u32 parent, u64 entry)
{
	if (!units[unit].reached)
		nr_reached++;
	units[unit].reached = true;
	visits = grow(visits, nr_visits, sizeof(*visits));
	visits[nr_visits++] = (struct visit) { unit, parent, entry };
}

static void add_pending(u64 addr)
{
	pending = grow(pending, nr_pending, sizeof(*pending));
	pending[nr_pending++] = addr;
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
	struct section *section = find_code(to);
	u32 own = visits[visit].unit, target;

	if (!section) {
		add_unresolved(visit, from);
		return;
	}
	if (*insn_flags(section, to) & INSN_ALT) {
		add_pending(to);
		return;
	}
	target = find_unit(to);
	if (target == own) {
		if (!units[own].whole)
			add_pending(to);
		return;
	}
	if (is_cut(&units[own], &units[target]))
		return;
	if (units[target].sink) {
		if (units[target].sink != SINK_KASAN || !is_guarded(&units[target]))
			add_finding(visit, units[target].sink, target, from);
		if (units[target].plain)
			follow(visit, from, units[target].plain);
	} else if (units[target].whole ? !units[target].reached :
		   !(*insn_flags(section, to) & INSN_COVERED)) {
		add_visit(target, visit, to);
	}
}

/* A feature section is what it is, or its alternative, or nops */
static void follow_feature(u32 visit, u64 addr)
{
	u32 i;

	for (i = find_first(features, nr_features, sizeof(*features), addr);
	     i < nr_features && features[i].start == addr; i++) {
		if (features[i].alt_end > features[i].alt_start)
			add_pending(features[i].alt_start);
		follow(visit, addr, features[i].end);
	}
}

static void follow_jump(u32 visit, u64 addr)
{
	u32 i;

	for (i = find_first(jumps, nr_jumps, sizeof(*jumps), addr);
	     i < nr_jumps && jumps[i].from == addr; i++)
		follow(visit, addr, jumps[i].to);
}

/* Do these hold addresses that nothing changes once the kernel runs? */
static bool is_constant_section(const struct section *section)
{
	static const char *const names[] = { ".got", ".toc", ".opd", ".branch_lt", ".plt" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(section->name, names[i]))
			return true;
	return false;
}

/*
 * What the few instructions before an indirect branch put into CTR: enough for
 * linker stubs, for code that finds its own address, and for the way in which
 * exception vectors reach distant code (the base of the kernel out of the PACA,
 * and an offset). The sum of two registers is the address of a switch's case.
 */
enum value_kind { UNKNOWN, CONSTANT, BASE, SUM };

struct value {
	enum value_kind kind;
	u64 value;
};

struct registers {
	struct value gpr[32];
	struct value ctr;
	u64 here;	/* what LR holds if it was just set to read the address */
};

static void forget_registers(struct registers *regs)
{
	memset(regs, 0, sizeof(*regs));
	if (toc)
		regs->gpr[2] = (struct value) { CONSTANT, toc };
}

static u64 rotate_and_mask(u32 insn, u64 value)
{
	u32 shift = (insn >> 11 & 31) | (insn & 2) << 4;
	u32 bit = (insn >> 6 & 31) | (insn & 32);

	if (shift)
		value = value << shift | value >> (64 - shift);
	/* rldicr keeps what is left of the bit, rldicl what is right of it */
	return value & (insn & 4 ? ~0ULL << (63 - bit) : ~0ULL >> bit);
}

static struct value load(const struct registers *regs, u32 insn)
{
	u32 ra = insn >> 16 & 31;
	u64 from = regs->gpr[ra].value + ((s16)insn & ~3);
	struct value value = { .kind = UNKNOWN };
	const struct section *section;

	if (ra == 13 && image_base)
		return (struct value) { BASE, image_base };
	section = find_section(from);
	if (regs->gpr[ra].kind == CONSTANT && section && is_constant_section(section) &&
	    read64(from, &value.value))
		value.kind = CONSTANT;
	return value;
}

static void track(struct registers *regs, u32 insn, u64 addr)
{
	u32 op = insn >> 26, rt = insn >> 21 & 31, ra = insn >> 16 & 31, rb = insn >> 11 & 31;
	struct value *gpr = regs->gpr;

	if ((op == 14 || op == 15) && (!ra || gpr[ra].kind == CONSTANT)) {
		/* addi, addis */
		gpr[rt].value = (ra ? gpr[ra].value : 0) + ((u64)(s16)insn << (op == 15 ? 16 : 0));
		gpr[rt].kind = CONSTANT;
	} else if (op == 58 && !(insn & 3)) {
		/* ld */
		gpr[rt] = load(regs, insn);
	} else if ((op == 24 || op == 25) && (gpr[rt].kind == CONSTANT || gpr[rt].kind == BASE)) {
		/* ori, oris; as in all logical instructions, ra is the destination */
		gpr[ra].value = gpr[rt].value | (u64)(insn & 0xffff) << (op == 25 ? 16 : 0);
		gpr[ra].kind = CONSTANT;
	} else if ((insn & 0xfc000019) == 0x78000000 && gpr[rt].kind == CONSTANT) {
		/* rldicl, rldicr */
		gpr[ra].value = rotate_and_mask(insn, gpr[rt].value);
		gpr[ra].kind = CONSTANT;
	} else if ((insn & 0xfc0007fe) == 0x7c000378 && rt == rb) {
		/* mr */
		gpr[ra] = gpr[rt];
	} else if ((insn & 0xfc0007fe) == 0x7c000214) {
		/* add */
		gpr[rt].kind = SUM;
	} else if ((insn & 0xfc1fffff) == 0x7c0802a6 && regs->here) {
		/* mflr */
		gpr[rt] = (struct value) { CONSTANT, regs->here };
	} else if ((insn & 0xfc1fffff) == 0x7c0903a6) {
		/* mtctr */
		regs->ctr = gpr[rt];
	} else if (op == 16 || op == 18 || op == 19) {
		forget_registers(regs);
		/* bcl 20,31,.+4 */
		if (insn == 0x429f0005)
			regs->here = addr + 4;
	} else {
		/* Whatever it is, it sets no other register than these */
		gpr[rt].kind = UNKNOWN;
		gpr[ra].kind = UNKNOWN;
	}
}

static struct value find_ctr(u64 addr)
{
	const u64 window = 16 * 4;
	const struct section *section = find_code(addr);
	struct registers regs;
	u64 at;

	forget_registers(&regs);
	at = addr - section->start > window ? addr - window : section->start;
	for (; at < addr; at += 4)
		track(&regs, insn_at(section, at), at);
	return regs.ctr;
}

static void follow_indirect(u32 visit, u64 addr, bool call)
{
	const struct unit *unit = &units[visits[visit].unit];
	struct value target = find_ctr(addr);
	bool resolved = false;
	u32 i, j;

	if (target.kind == CONSTANT && find_code(target.value)) {
		follow(visit, addr, target.value);
		return;
	}
	/* The cases of a switch are part of the function */
	if (target.kind == SUM && !call && unit->whole)
		return;
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

/* Follow where one instruction may go; does it also go on to the next one? */
static bool step(u32 visit, u64 addr, u32 insn)
{
	bool link = insn & 1, absolute = insn & 2;
	bool always = (insn >> 21 & 0x14) == 0x14;
	s64 offset;

	switch (insn >> 26) {
	case 0:
		return false;	/* padding or data */
	case 16:		/* bc */
		offset = (s16)(insn & 0xfffc);
		follow(visit, addr, offset + (absolute ? 0 : addr));
		return link || !always;
	case 18:		/* b */
		offset = (s64)((u64)(insn & 0x3fffffc) << 38) >> 38;
		follow(visit, addr, offset + (absolute ? 0 : addr));
		return link;
	case 19:
		switch (insn >> 1 & 0x3ff) {
		case 16:	/* bclr: a return, unless it sets LR itself */
			if (link)
				follow_indirect(visit, addr, true);
			return link || !always;
		case 528:	/* bcctr */
		case 560:	/* bctar */
			follow_indirect(visit, addr, link);
			return link || !always;
		case 18:	/* rfid */
		case 50:	/* rfi */
		case 82:	/* rfscv */
		case 274:	/* hrfid */
			return false;
		}
	}
	return true;
}

static bool cover(u32 visit, const struct section *section, u64 addr)
{
	u8 *flags = insn_flags(section, addr);

	*flags |= INSN_COVERED;
	if (*flags & INSN_FEATURE)
		follow_feature(visit, addr);
	if (*flags & INSN_JUMP)
		follow_jump(visit, addr);
	if (*flags & INSN_FTRACE)
		add_finding(visit, SINK_FTRACE, NONE, addr);
	return step(visit, addr, insn_at(section, addr));
}

static u64 end_of_body(u64 alt_end)
{
	return alt_ends[find_first(alt_ends, nr_alt_ends, sizeof(*alt_ends), alt_end)].to;
}

/* Follow the code at @addr until it leaves the unit or has been there before */
static void run(u32 visit, u64 addr)
{
	const struct section *section;

	while ((section = find_code(addr))) {
		const struct unit *unit = &units[visits[visit].unit];
		u8 flags = *insn_flags(section, addr);

		if (flags & INSN_COVERED)
			return;
		if (!(flags & INSN_ALT) && (addr < unit->start || addr >= unit->end)) {
			follow(visit, addr, addr);
			return;
		}
		if (!cover(visit, section, addr))
			return;
		if (flags & INSN_ALT_LAST)
			addr = end_of_body(addr + 4);
		else
			addr += insn_size(insn_at(section, addr));
	}
}

static void forget_walk(void)
{
	u64 i, word;

	for (i = 0; i < nr_sections; i++)
		for (word = 0; sections[i].insn &&
		     word < (sections[i].end - sections[i].start) / 4; word++)
			sections[i].insn[word] &= ~INSN_COVERED;
	for (i = 0; i < nr_units; i++) {
		units[i].reached = false;
		units[i].reported = 0;
	}
	nr_visits = 0;
	nr_findings = 0;
	nr_unresolved = 0;
	nr_reached = 0;
}

static bool is_root(u64 addr)
{
	u32 i;

	for (i = 0; i < nr_visits; i++)
		if (visits[i].entry == addr)
			return true;
	return false;
}

/* Begin at each code that the rule names; with ELFv1 one may have two symbols */
static void visit_root(struct rule *rule)
{
	u32 i;

	for (i = 0; i < nr_symbols; i++) {
		if (symbols[i].rule_name != rule->names[FIRST] || !find_code(symbols[i].addr))
			continue;
		rule->used = true;
		if (!is_root(symbols[i].addr))
			add_visit(find_unit(symbols[i].addr), NONE, symbols[i].addr);
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
	for (i = 0; i < nr_visits; i++) {
		const struct unit unit = units[visits[i].unit];
		const struct section *section = &sections[unit.section];
		u64 addr;

		if (!unit.whole)
			run(i, visits[i].entry);
		else
			for (addr = unit.start; addr < unit.end;
			     addr += insn_size(insn_at(section, addr)))
				cover(i, section, addr);
		while (nr_pending)
			run(i, pending[--nr_pending]);
	}
}
