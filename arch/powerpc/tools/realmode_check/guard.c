// SPDX-License-Identifier: GPL-2.0
/*
 * Does a check of KASAN keep away from the shadow in real mode?
 *
 * On 64-bit Book3S it reads the MSR first, and returns if MSR[DR] is clear. What
 * the compiler has made of that is found out by following the machine code with
 * what is known of its registers: in real mode mfmsr reads zeroes for DR and IR.
 * Branches that depend on those are decided, all others may go both ways. If no way
 * leads to a load or store that could be the shadow's, or out of the function to what
 * is not guarded itself, callers of this check are no findings.
 *
 * The stack, the PACA and addresses that the code makes itself, as that of KASAN's
 * static key, are not the shadow's. All else could be.
 */
#include <string.h>

#include "realmode.h"

#define MSR_IR		0x20
#define MSR_DR		0x10
#define INSNS_MAX	4096	/* no check is near this long */
#define DEPTH_MAX	4	/* nor do they call each other deeper */

/* The bits of a register that are known, and what they are */
struct bits {
	u64 known;
	u64 value;
};

/* Is the result of a comparison known to be equal, or not? */
enum equality { EQUALITY_UNKNOWN, EQUAL, UNEQUAL };

struct state {
	struct bits gpr[32];
	u8 cr[8];		/* enum equality */
	bool reached;
};

struct walk {
	u64 start;
	u64 end;
	u64 plain;		/* where it may go on, if it is memset() or the like */
	struct state *states;	/* before each instruction */
	u64 *todo;
	u32 nr_todo;
	u32 depth;
	bool reads_msr;	/* itself, or what it calls */
	bool safe;
};

static bool guarded_at(u64 addr, u32 depth);

static struct bits constant(u64 value)
{
	return (struct bits) { ~0ULL, value };
}

static bool is_known(struct bits value)
{
	return value.known == ~0ULL;
}

static void forget_all(struct state *state)
{
	bool reached = state->reached;

	memset(state, 0, sizeof(*state));
	state->reached = reached;
	/* r2 is the TOC, whatever a prologue does to it */
	if (toc)
		state->gpr[2] = constant(toc);
}

/* Leaves in @into what both know; true if that is less than it was */
static bool merge(struct state *into, const struct state *from)
{
	bool less = false;
	u32 i;

	if (!into->reached) {
		*into = *from;
		into->reached = true;
		return true;
	}
	for (i = 0; i < 32; i++) {
		u64 known = into->gpr[i].known & from->gpr[i].known &
			    ~(into->gpr[i].value ^ from->gpr[i].value);

		less |= known != into->gpr[i].known;
		into->gpr[i].known = known;
		into->gpr[i].value &= known;
	}
	for (i = 0; i < 8; i++) {
		if (into->cr[i] && into->cr[i] != from->cr[i]) {
			into->cr[i] = EQUALITY_UNKNOWN;
			less = true;
		}
	}
	return less;
}

static void go_to(struct walk *walk, u64 addr, const struct state *state)
{
	u32 i = (addr - walk->start) / 4;

	if (merge(&walk->states[i], state)) {
		walk->todo = grow(walk->todo, walk->nr_todo, sizeof(*walk->todo));
		walk->todo[walk->nr_todo++] = addr;
	}
}

static void leave_for(struct walk *walk, u64 addr)
{
	if (addr == walk->plain)
		return;
	if (guarded_at(addr, walk->depth + 1))
		walk->reads_msr = true;
	else
		walk->safe = false;
}

static u64 rotate(u64 value, u32 by)
{
	return by ? value << by | value >> (64 - by) : value;
}

/* Ones from bit @from to bit @to, in IBM's order, which may wrap */
static u64 mask(u32 from, u32 to)
{
	u64 ones = (~0ULL >> from) & (~0ULL << (63 - to));

	return from <= to ? ones : ~((~0ULL >> (to + 1)) & (~0ULL << (64 - from)));
}

static struct bits keep(struct bits from, u64 kept)
{
	return (struct bits) { from.known | ~kept, from.value & kept };
}

static struct bits insert(struct bits into, struct bits from, u64 taken)
{
	return (struct bits) {
		(into.known & ~taken) | (from.known & taken),
		(into.value & ~taken) | (from.value & taken),
	};
}

static enum equality compare(struct bits value, u64 with, u64 width)
{
	if ((value.value ^ with) & value.known & width)
		return UNEQUAL;
	return (value.known & width) == width ? EQUAL : EQUALITY_UNKNOWN;
}

static void set_cr0(struct state *state, struct bits result)
{
	state->cr[0] = compare(result, 0, ~0ULL);
}

/* rldicl, rldicr, rldimi, rlwinm, rlwimi: false if it is none of them */
static bool track_rotate(struct state *state, u32 insn)
{
	u32 op = insn >> 26, rs = insn >> 21 & 31, ra = insn >> 16 & 31;
	u32 by = insn >> 11 & 31, begin, end;
	struct bits from = state->gpr[rs], *to = &state->gpr[ra];
	u64 ones;

	if (op == 30) {
		by |= (insn & 2) << 4;
		begin = (insn >> 6 & 31) | (insn & 32);
		switch (insn >> 2 & 7) {
		case 0:
			ones = mask(begin, 63);
			break;
		case 1:
			ones = mask(0, begin);
			break;
		case 3:
			ones = mask(begin, 63 - by);
			break;
		default:
			return false;
		}
	} else if (op == 20 || op == 21) {
		/* The lower word is what is rotated, and stands in both halves */
		begin = (insn >> 6 & 31) + 32;
		end = (insn >> 1 & 31) + 32;
		ones = mask(begin, end);
		from.known = (from.known & 0xffffffff) | from.known << 32;
		from.value = (from.value & 0xffffffff) | from.value << 32;
	} else {
		return false;
	}
	from.known = rotate(from.known, by);
	from.value = rotate(from.value, by);
	if (op == 20 || (op == 30 && (insn >> 2 & 7) == 3))
		*to = insert(*to, from, ones);
	else
		*to = keep(from, ones);
	if (insn & 1)
		set_cr0(state, *to);
	return true;
}

/* and, or, xor and their like with two registers: false if it is none of them */
static bool track_logical(struct state *state, u32 insn)
{
	u32 rs = insn >> 21 & 31, ra = insn >> 16 & 31, rb = insn >> 11 & 31;
	struct bits a = state->gpr[rs], b = state->gpr[rb], result;
	u64 ones;

	switch (insn >> 1 & 0x3ff) {
	case 28:	/* and */
	case 60:	/* andc */
		if ((insn >> 1 & 0x3ff) == 60)
			b.value = ~b.value & b.known;
		ones = a.value & b.value;
		result.known = (a.known & b.known) | (a.known & ~a.value) | (b.known & ~b.value);
		result.value = ones;
		break;
	case 124:	/* nor */
	case 444:	/* or */
		ones = a.value | b.value;
		result.known = (a.known & b.known) | ones;
		result.value = ones;
		if ((insn >> 1 & 0x3ff) == 124)
			result.value = ~ones & result.known;
		break;
	case 316:	/* xor */
		result.known = a.known & b.known;
		result.value = (a.value ^ b.value) & result.known;
		break;
	default:
		return false;
	}
	state->gpr[ra] = result;
	if (insn & 1)
		set_cr0(state, result);
	return true;
}

/* What one instruction that is no branch makes of the registers */
static void track_insn(struct state *state, u32 insn)
{
	u32 op = insn >> 26, rt = insn >> 21 & 31, ra = insn >> 16 & 31;
	struct bits *gpr = state->gpr;
	u64 immediate = insn & 0xffff, width = insn & 0x200000 ? ~0ULL : 0xffffffff;

	switch (op) {
	case 10:	/* cmpli */
		state->cr[rt >> 2] = compare(gpr[ra], immediate, width);
		return;
	case 11:	/* cmpi */
		state->cr[rt >> 2] = compare(gpr[ra], (s64)(s16)immediate, width);
		return;
	case 14:	/* addi */
	case 15:	/* addis */
		if (ra && !is_known(gpr[ra]))
			gpr[rt] = (struct bits) { 0 };
		else
			gpr[rt] = constant((ra ? gpr[ra].value : 0) +
					   ((u64)(s16)immediate << (op == 15 ? 16 : 0)));
		break;
	case 24:	/* ori */
	case 25:	/* oris */
		immediate <<= op == 25 ? 16 : 0;
		gpr[ra] = (struct bits) { gpr[rt].known | immediate, gpr[rt].value | immediate };
		break;
	case 26:	/* xori */
	case 27:	/* xoris */
		immediate <<= op == 27 ? 16 : 0;
		gpr[ra] = (struct bits) { gpr[rt].known,
					  (gpr[rt].value ^ immediate) & gpr[rt].known };
		break;
	case 28:	/* andi. */
	case 29:	/* andis. */
		gpr[ra] = keep(gpr[rt], immediate << (op == 29 ? 16 : 0));
		set_cr0(state, gpr[ra]);
		break;
	default:
		if ((insn & 0xfc1fffff) == 0x7c0000a6) {
			gpr[rt] = (struct bits) { MSR_IR | MSR_DR, 0 };
			break;
		}
		if (track_rotate(state, insn) || (op == 31 && track_logical(state, insn)))
			break;
		/*
		 * Whatever it is, it sets no other registers than these, but for lmw
		 * and lswi, which a 64-bit kernel does not have. Of the condition
		 * register it may set any part.
		 */
		gpr[rt] = (struct bits) { 0 };
		gpr[ra] = (struct bits) { 0 };
		if (op == 31 || op == 19 || op == 4 || op == 59 || op == 60 || op == 63 || op == 13)
			memset(state->cr, 0, sizeof(state->cr));
		break;
	}
	if (toc)
		gpr[2] = constant(toc);
}

/* Could this instruction, which is no branch, read or write the shadow? */
static bool may_access(const struct state *state, u32 insn)
{
	u32 op = insn >> 26, ra = insn >> 16 & 31, rb = insn >> 11 & 31;

	if (op == 31) {
		u32 extended = insn >> 1 & 0x3ff;

		switch (extended & 31) {
		case 7:		/* lvx, stvx */
		case 12:	/* lxvx, stxvx */
		case 13:	/* lxvl, stxvl */
		case 20:	/* lwarx, ldbrx */
		case 21:	/* ldx, stdx, ldarx */
		case 22:	/* lwbrx, stwcx. */
		case 23:	/* lwzx, stwx */
			if (extended == 598 || extended == 854)	/* sync, eieio */
				return false;
			return (ra && !is_known(state->gpr[ra])) || !is_known(state->gpr[rb]);
		}
		return false;
	}
	if (op != 6 && op < 32)
		return false;
	if (op == 59 || op == 60 || op == 63)
		return false;
	return ra != 1 && ra != 13 && ra && !is_known(state->gpr[ra]);
}

/* Prefixed ones can be relative to their own address, which is not the shadow's */
static void track_prefixed(struct walk *walk, struct state *state, u32 prefix, u32 suffix, u64 addr)
{
	s64 offset = (s64)((u64)(prefix & 0x3ffff) << 46) >> 30 | (suffix & 0xffff);
	u32 rt = suffix >> 21 & 31, ra = suffix >> 16 & 31;
	bool relative = prefix >> 20 & 1, is_add = suffix >> 26 == 14 && prefix >> 24 == 6;

	if (!relative && !is_add && ra != 1 && ra != 13 && !is_known(state->gpr[ra]))
		walk->safe = false;
	if (is_add && (relative || !ra))
		state->gpr[rt] = constant(offset + (relative ? addr : 0));
	else
		state->gpr[rt] = (struct bits) { 0 };
}

/* Is it known whether a conditional branch is taken? */
static void find_ways(const struct state *state, u32 insn, bool *taken, bool *passed)
{
	u32 bo = insn >> 21 & 31, bi = insn >> 16 & 31;
	enum equality equality = state->cr[bi >> 2];

	*taken = true;
	*passed = (bo & 0x14) != 0x14;
	/* Not if it counts down CTR as well, or looks at another bit than EQ */
	if (!*passed || (bo & 0x14) != 4 || (bi & 3) != 2 || !equality)
		return;
	*taken = (equality == EQUAL) == !!(bo & 8);
	*passed = !*taken;
}

static void branch_to(struct walk *walk, const struct state *state, u64 to, bool link)
{
	if (link || to < walk->start || to >= walk->end)
		leave_for(walk, to);
	else
		go_to(walk, to, state);
}

/* Go on behind the instruction at @addr, and where else it leads to */
static void follow_insn(struct walk *walk, const struct section *section, u64 addr)
{
	u32 insn = insn_at(section, addr), extended = insn >> 1 & 0x3ff, size = 4;
	struct state state = walk->states[(addr - walk->start) / 4];
	u64 from = insn & 2 ? 0 : addr;		/* of a branch: absolute or relative */
	bool link = insn & 1, taken, passed = true;
	u8 flags = *insn_flags(section, addr);
	u32 i;

	if (flags & (INSN_FEATURE | INSN_ALT)) {
		walk->safe = false;
		return;
	}
	if (flags & INSN_JUMP)
		for (i = find_first(jumps, nr_jumps, sizeof(*jumps), addr);
		     i < nr_jumps && jumps[i].from == addr; i++)
			branch_to(walk, &state, jumps[i].to, false);

	switch (insn >> 26) {
	case 1:
		size = 8;
		if (addr + size <= walk->end)
			track_prefixed(walk, &state, insn, insn_at(section, addr + 4), addr);
		break;
	case 16:	/* bc */
		find_ways(&state, insn, &taken, &passed);
		if (taken)
			branch_to(walk, &state, from + (s16)(insn & 0xfffc), link);
		break;
	case 18:	/* b */
		branch_to(walk, &state, from + ((s64)((u64)(insn & 0x3fffffc) << 38) >> 38),
			  link);
		passed = link;
		break;
	case 19:
		if (extended == 16 && !link) {		/* bclr: a return */
			find_ways(&state, insn, &taken, &passed);
			break;
		} else if (extended != 150 && extended & 16) {	/* bcctr, rfid and the like */
			walk->safe = false;
			return;
		}
		track_insn(&state, insn);
		break;
	default:
		walk->reads_msr |= (insn & 0xfc1fffff) == 0x7c0000a6;
		if (may_access(&state, insn))
			walk->safe = false;
		track_insn(&state, insn);
	}
	if (link && (insn >> 26 == 16 || insn >> 26 == 18))
		forget_all(&state);
	if (!passed)
		return;
	if (addr + size < walk->end)
		go_to(walk, addr + size, &state);
	else
		leave_for(walk, addr + size);
}

static bool guarded_at(u64 addr, u32 depth)
{
	const struct section *section = find_code(addr);
	struct state start = { .reached = false };
	struct walk walk = { .safe = true };
	struct unit *unit;

	if (!section || depth >= DEPTH_MAX)
		return false;
	unit = &units[find_unit(addr)];
	if (!unit->whole || unit->end - unit->start > 4 * INSNS_MAX)
		return false;
	walk.start = unit->start;
	walk.end = unit->end;
	walk.plain = unit->plain;
	walk.depth = depth;
	walk.states = checked(calloc((walk.end - walk.start) / 4, sizeof(*walk.states)));
	forget_all(&start);
	go_to(&walk, addr, &start);
	while (walk.safe && walk.nr_todo)
		follow_insn(&walk, section, walk.todo[--walk.nr_todo]);
	free(walk.states);
	free(walk.todo);
	return walk.safe && walk.reads_msr;
}

/* Once for each of them: the answer is kept */
bool is_guarded(struct unit *unit)
{
	if (!unit->guard)
		unit->guard = guarded_at(unit->start, 0) ? GUARD_KEPT : GUARD_NONE;
	return unit->guard == GUARD_KEPT;
}
