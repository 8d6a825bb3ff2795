// SPDX-License-Identifier: GPL-2.0
/*
 * What an instruction makes of the registers, as far as that can be known.
 *
 * Of a register each bit is known or not. In real mode MSR[DR] and MSR[IR] are known to
 * be 0, and what compilers make of a test of them (andi., rlwinm and cmpwi, rldimi and
 * rlwinm., xori and cntlzd ...) is followed bit by bit. All that is not known here makes
 * the registers that it could write unknown.
 */
#include <string.h>

#include "insn.h"

/* The extended opcodes of logical instructions */
#define OP_AND		28
#define OP_ANDC		60
#define OP_NOR		124
#define OP_EQV		284
#define OP_XOR		316
#define OP_ORC		412
#define OP_OR		444
#define OP_NAND		476

#define CR_LT	8
#define CR_GT	4
#define CR_EQ	2

static const struct value unknown;

static struct value constant(u64 value)
{
	return (struct value) { .known = ~0ULL, .value = value };
}

static struct value with_bits(u64 known, u64 value)
{
	return (struct value) { .known = known, .value = value & known };
}

static struct value address(enum kind kind, u64 value)
{
	return (struct value) { .kind = kind, .value = value };
}

bool is_constant(const struct value *value)
{
	return value->kind == KIND_BITS && value->known == ~0ULL;
}

/* Of an address no bit is known */
static struct value bits(const struct state *state, u32 reg)
{
	return state->regs[reg].kind == KIND_BITS ? state->regs[reg] : unknown;
}

/* What is always there: the stack and the PACA */
static void set_fixed(struct state *state)
{
	state->regs[1] = address(KIND_STACK, 0);
	state->regs[13] = address(KIND_PACA, 0);
}

/*
 * r2 is the TOC once it has been set up, or loaded again after a call. In code that
 * counts from its own address it is a register like any other.
 */
static bool sets_toc(u32 insn)
{
	return (insn & 0xffff0000) == 0x38420000 ||	/* addi r2,r2,... */
	       insn == 0xe8410018 || insn == 0xe8410028 ||	/* ld r2,24(r1) or 40(r1) */
	       (insn & 0xffff0003) == 0xe84d0000;	/* ld r2,...(r13) */
}

static bool has_toc(const struct state *state, u64 toc)
{
	return toc && is_constant(&state->regs[2]) && state->regs[2].value == toc;
}

void forget_all(struct state *state)
{
	memset(state, 0, sizeof(*state));
	set_fixed(state);
}

/* At the start of code that has come from anywhere */
void start_anew(struct state *state, u64 toc)
{
	forget_all(state);
	if (toc)
		state->regs[2] = constant(toc);
}

/* Tells what a function has been given from what it finds elsewhere */
void name_arguments(struct state *state)
{
	u32 reg;

	for (reg = 3; reg <= 10; reg++)
		state->regs[reg] = address(KIND_ARGUMENT, reg);
}

/* A function may change all registers but r14 to r31 and CR2 to CR4, and MSR */
void forget_volatile(struct state *state, u64 toc)
{
	u32 reg;

	for (reg = 0; reg < 14; reg++)
		if (reg != 2 || !has_toc(state, toc))
			state->regs[reg] = unknown;
	state->regs[REG_CTR] = unknown;
	state->regs[REG_LR] = unknown;
	state->regs[REG_CR] = with_bits(bits(state, REG_CR).known & 0x00fff000,
					state->regs[REG_CR].value);
	set_fixed(state);
}

/* At the start of a function that is called with the MMU off */
void start_real_mode(struct state *state, u64 toc)
{
	start_anew(state, toc);
	state->regs[REG_MSR] = with_bits(MSR_IR | MSR_DR, 0);
}

bool is_same(const struct value *a, const struct value *b)
{
	return a->kind == b->kind && a->value == b->value && a->known == b->known;
}

/* Leaves in @into what both know; true if that is less than it was */
bool merge_values(struct value *into, const struct value *from)
{
	u64 known = into->known & from->known & ~(into->value ^ from->value);

	if (is_same(into, from))
		return false;
	if (into->kind != KIND_BITS) {
		*into = unknown;
		return true;
	}
	if (from->kind != KIND_BITS)
		known = 0;
	if (known == into->known)
		return false;
	*into = with_bits(known, into->value);
	return true;
}

bool merge_states(struct state *into, const struct state *from)
{
	bool less = false;
	u32 reg;

	for (reg = 0; reg < NR_REGS; reg++)
		less |= merge_values(&into->regs[reg], &from->regs[reg]);
	return less;
}

bool may_be_real_mode(const struct state *state)
{
	struct value msr = bits(state, REG_MSR);

	return !(msr.known & msr.value & MSR_DR);
}

/* ------------------------------------------------ the condition register */

static void set_cr_field(struct state *state, u32 field, u32 known, u32 value)
{
	struct value *cr = &state->regs[REG_CR];
	u32 shift = 28 - 4 * field;
	u64 all = 15ULL << shift;

	*cr = with_bits((cr->known & ~all) | (u64)known << shift,
			(cr->value & ~all) | (u64)value << shift);
}

static void compare(struct state *state, u32 field, struct value a, struct value b,
		    bool is_64, bool is_signed)
{
	u64 all = is_64 ? ~0ULL : 0xffffffff, sign = is_64 ? 1ULL << 63 : 1ULL << 31;
	u64 a_least, a_most, b_least, b_most;
	u32 known = 0;

	if (is_signed) {
		a.value ^= a.known & sign;
		b.value ^= b.known & sign;
	}
	a_least = a.value & all;
	a_most = (a.value | ~a.known) & all;
	b_least = b.value & all;
	b_most = (b.value | ~b.known) & all;

	if (a_most < b_least) {
		set_cr_field(state, field, CR_LT | CR_GT | CR_EQ, CR_LT);
	} else if (a_least > b_most) {
		set_cr_field(state, field, CR_LT | CR_GT | CR_EQ, CR_GT);
	} else if (a_least == a_most && b_least == b_most) {
		set_cr_field(state, field, CR_LT | CR_GT | CR_EQ, CR_EQ);
	} else {
		if ((a.value ^ b.value) & a.known & b.known & all)
			known |= CR_EQ;
		if (a_most <= b_least)
			known |= CR_GT;
		if (a_least >= b_most)
			known |= CR_LT;
		set_cr_field(state, field, known, 0);
	}
}

static void set_result(struct state *state, u32 reg, struct value result, bool record)
{
	state->regs[reg] = result;
	if (record)
		compare(state, 0, bits(state, reg), constant(0), true, true);
}

/* Bit 0 is the leftmost */
static struct value cr_bit(const struct state *state, u32 bit)
{
	struct value cr = bits(state, REG_CR);

	return with_bits(cr.known >> (31 - bit) & 1, cr.value >> (31 - bit) & 1);
}

bool is_mfmsr(u32 insn)
{
	return (insn & 0xfc1fffff) == 0x7c0000a6;
}

bool is_return(u32 insn)
{
	return (insn & 0xfc0007ff) == 0x4c000020;
}

/* Can a conditional branch be taken, and can it not be taken? */
void find_ways(const struct state *state, u32 insn, bool *taken, bool *passed)
{
	u32 options = insn >> 21 & 31;
	struct value condition = cr_bit(state, insn >> 16 & 31);
	bool counts = !(options & 4);

	if (options & 16)
		condition = constant(1);
	else if (!(options & 8))
		condition.value = ~condition.value & condition.known;
	*taken = !condition.known || condition.value;
	*passed = counts || !condition.known || !condition.value;
}

static struct value logical(u32 operation, struct value a, struct value b)
{
	u64 zeros, ones;

	switch (operation) {
	case OP_ANDC:
		b.value = ~b.value & b.known;
		fallthrough;
	case OP_AND:
	case OP_NAND:
		ones = a.value & b.value;
		zeros = (a.known & ~a.value) | (b.known & ~b.value);
		break;
	case OP_ORC:
		b.value = ~b.value & b.known;
		fallthrough;
	case OP_OR:
	case OP_NOR:
		ones = a.value | b.value;
		zeros = a.known & ~a.value & b.known & ~b.value;
		break;
	default:	/* OP_XOR, OP_EQV */
		ones = a.known & b.known & (a.value ^ b.value);
		zeros = a.known & b.known & ~(a.value ^ b.value);
		break;
	}
	if (operation == OP_NAND || operation == OP_NOR || operation == OP_EQV)
		return with_bits(ones | zeros, zeros);
	return with_bits(ones | zeros, ones);
}

/* The same of two registers or bits, which may be one: crclr is crxor of one with itself */
static struct value logical_of(u32 operation, struct value a, struct value b, bool is_one)
{
	if (is_one && (operation == OP_XOR || operation == OP_ANDC))
		return constant(0);
	if (is_one && (operation == OP_EQV || operation == OP_ORC))
		return constant(~0ULL);
	return logical(operation, a, b);
}

/* mcrf, crand and its like; anything else with this opcode sets a field or nothing */
static void execute_cr(struct state *state, u32 insn)
{
	static const u32 operations[] = {
		[1] = OP_NOR, [4] = OP_ANDC, [6] = OP_XOR, [7] = OP_NAND,
		[8] = OP_AND, [9] = OP_EQV, [13] = OP_ORC, [14] = OP_OR,
	};
	u32 extended = insn >> 1 & 0x3ff, operation = extended >> 5, shift;
	struct value *cr = &state->regs[REG_CR], result;

	if (extended == 150)	/* isync */
		return;
	if (!extended) {	/* mcrf */
		shift = 28 - 4 * (insn >> 18 & 7);
		set_cr_field(state, insn >> 23 & 7, cr->known >> shift & 15,
			     cr->value >> shift & 15);
		return;
	}
	if ((extended & 31) == 2)	/* addpcis */
		state->regs[insn >> 21 & 31] = unknown;
	if ((extended & 31) != 1 || operation >= ARRAY_SIZE(operations) || !operations[operation]) {
		*cr = unknown;
		return;
	}
	result = logical_of(operations[operation], cr_bit(state, insn >> 16 & 31),
			    cr_bit(state, insn >> 11 & 31),
			    (insn >> 16 & 31) == (insn >> 11 & 31));
	shift = 31 - (insn >> 21 & 31);
	*cr = with_bits((cr->known & ~(1ULL << shift)) | (result.known & 1) << shift,
			(cr->value & ~(1ULL << shift)) | (result.value & 1) << shift);
}

/* ------------------------------------------------ rotate */

static u64 rotate(u64 value, u32 by)
{
	return by ? value << by | value >> (64 - by) : value;
}

/* Ones from bit @from to bit @to, which may wrap; bit 0 is the leftmost */
static u64 mask(u32 from, u32 to)
{
	u64 head = ~0ULL >> from, tail = ~0ULL << (63 - to);

	return from <= to ? head & tail : head | tail;
}

static void rotate_and_mask(struct state *state, u32 insn, struct value from, u32 by, u64 kept,
			    bool insert)
{
	u32 ra = insn >> 16 & 31;
	struct value to = bits(state, ra);
	u64 known = rotate(from.known, by), value = rotate(from.value, by);

	if (insert)
		to = with_bits((to.known & ~kept) | (known & kept),
			       (to.value & ~kept) | (value & kept));
	else
		to = with_bits(known | ~kept, value & kept);
	set_result(state, ra, to, insn & 1);
}

/* rlwimi, rlwinm: the lower word is what is rotated, and stands in both halves */
static void execute_rotate_word(struct state *state, u32 insn)
{
	struct value from = bits(state, insn >> 21 & 31);
	u64 kept = mask((insn >> 6 & 31) + 32, (insn >> 1 & 31) + 32);

	from.known = (from.known & 0xffffffff) | from.known << 32;
	from.value = (from.value & 0xffffffff) | from.value << 32;
	rotate_and_mask(state, insn, from, insn >> 11 & 31, kept, insn >> 26 == 20);
}

/* rldicl, rldicr, rldic, rldimi */
static void execute_rotate(struct state *state, u32 insn)
{
	struct value from = bits(state, insn >> 21 & 31);
	u32 by = (insn >> 11 & 31) | (insn & 2) << 4;
	u32 bit = (insn >> 6 & 31) | (insn & 32);

	switch (insn >> 2 & 7) {
	case 0:
		rotate_and_mask(state, insn, from, by, mask(bit, 63), false);
		break;
	case 1:
		rotate_and_mask(state, insn, from, by, mask(0, bit), false);
		break;
	case 2:
	case 3:
		rotate_and_mask(state, insn, from, by, mask(bit, 63 - by), insn >> 2 & 1);
		break;
	default:	/* by a register */
		set_result(state, insn >> 16 & 31, unknown, insn & 1);
	}
}

/* ------------------------------------------------ add, and its like */

static struct value add(struct value a, struct value b)
{
	if (is_constant(&a) && is_constant(&b))
		return constant(a.value + b.value);
	if (is_constant(&b) && (a.kind == KIND_STACK || a.kind == KIND_PACA))
		return a;
	if (is_constant(&b) && a.kind == KIND_PACA_WORD)
		return address(KIND_PACA_WORD, a.value + b.value);
	if (is_constant(&a) && (b.kind == KIND_STACK || b.kind == KIND_PACA))
		return b;
	/* The case of a switch */
	if (a.kind == KIND_ENTRY && is_constant(&b) && a.value == b.value)
		return address(KIND_SUM, a.value);
	if (b.kind == KIND_ENTRY && is_constant(&a) && a.value == b.value)
		return address(KIND_SUM, a.value);
	return address(KIND_SUM, 0);
}

static struct value sign_extend(struct value value, u32 width)
{
	u64 upper = ~0ULL << (width - 1);

	if (!(value.known >> (width - 1) & 1))
		return with_bits(value.known & ~upper, value.value);
	return value.value >> (width - 1) & 1 ?
	       with_bits(value.known | upper, value.value | upper) :
	       with_bits(value.known | upper, value.value & ~upper);
}

static struct value shift_right(struct value value, u32 by)
{
	u64 sign = by ? ~0ULL << (64 - by) : 0;

	if (!(value.known >> 63))
		return with_bits(value.known >> by, value.value >> by);
	return with_bits(value.known >> by | sign,
			 value.value >> by | (value.value >> 63 ? sign : 0));
}

/* How many zeros are left of the first one, if that is known; if not, no more than 64 */
static struct value count_zeros(struct value value, u32 width)
{
	u64 all = width == 64 ? ~0ULL : 0xffffffff;
	u64 least = value.value & all, most = (value.value | ~value.known) & all;

	if (most && (!least || __builtin_clzll(least) != __builtin_clzll(most)))
		return with_bits(~(u64)(2 * width - 1), 0);
	return constant(most ? (u32)__builtin_clzll(most) - (64 - width) : width);
}

/* ------------------------------------------------ loads */

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

static struct value load64(const struct image *image, struct value from)
{
	const struct section *section;
	u64 value;

	/* It could be the base of the kernel, by which vectors reach distant code */
	if (from.kind == KIND_PACA)
		return address(KIND_PACA_WORD, 0);
	section = is_constant(&from) ? find_section(image, from.value) : NULL;
	if (section && is_constant_section(section) && read64(image, from.value, &value))
		return constant(value);
	return unknown;
}

/*
 * What is not known is told from other such values by where it comes from: a variable
 * or an argument, and the offset of each member on the way, 16 bits each behind a 1.
 */
static struct value load_member(const struct image *image, struct value at, struct value from,
				s64 offset)
{
	struct value value = load64(image, at);

	if (value.kind != KIND_BITS || value.known)
		return value;
	value.kind = KIND_MEMBER;
	value.known = 1;
	value.value = at.value;
	if (is_constant(&at))
		return value;
	value.value = from.value;
	if (from.kind == KIND_MEMBER)
		value.known = from.known;
	else if (from.kind != KIND_ARGUMENT)
		return unknown;
	if (value.known >> 48 || offset != (s16)offset)
		return unknown;
	value.known = value.known << 16 | (u16)offset;
	return value;
}

static struct value displacement(const struct state *state, u32 insn, u64 offset)
{
	u32 ra = insn >> 16 & 31;

	return ra ? add(state->regs[ra], constant(offset)) : constant(offset);
}

/* Loads and stores with a displacement; @insn is known to be one of them */
static struct value execute_access(const struct image *image, struct state *state, u32 insn)
{
	static const u64 zeros[] = {
		[32] = ~0xffffffffULL, [33] = ~0xffffffffULL, [34] = ~0xffULL, [35] = ~0xffULL,
		[40] = ~0xffffULL, [41] = ~0xffffULL, [42] = 0, [43] = 0,
	};
	u32 op = insn >> 26, rt = insn >> 21 & 31, ra = insn >> 16 & 31, reg;
	bool is_ds = op >= 57;
	struct value at = displacement(state, insn, (s16)(is_ds ? insn & ~3 : insn));
	bool updates = op == 58 || op == 62 ? (insn & 3) == 1 : op < 56 && op & 1 && op != 47;

	if (op == 46 || op == 56)	/* lmw, lq: several registers */
		for (reg = rt; reg < 32; reg++)
			state->regs[reg] = unknown;
	else if (op == 58)
		state->regs[rt] = (insn & 3) == 2 ? unknown :
				  load_member(image, at, state->regs[ra], (s16)(insn & ~3));
	else if (op < ARRAY_SIZE(zeros) && (op < 36 || op >= 40))
		state->regs[rt] = with_bits(zeros[op], 0);
	if (updates)
		state->regs[ra] = at;
	return at;
}

/* ------------------------------------------------ with two registers (opcode 31) */

#define SETS_RT	1
#define SETS_RA	2
#define ACCESS	4	/* of memory */
#define LISTED	8	/* does nothing but that, and what its record bit says */

static const u8 effects[1024] = {
	/* cmp, cmpl, tw, td, sync, wait and the like */
	[0] = LISTED, [32] = LISTED, [4] = LISTED, [68] = LISTED,
	[598] = LISTED, [854] = LISTED, [30] = LISTED, [62] = LISTED,
	/* mtcrf, mtmsr, mtmsrd, mtspr */
	[144] = LISTED, [146] = LISTED, [178] = LISTED, [467] = LISTED,
	/* mfcr, mfmsr, mfspr, mftb, setbc and its like */
	[19] = LISTED | SETS_RT, [83] = LISTED | SETS_RT, [339] = LISTED | SETS_RT,
	[371] = LISTED | SETS_RT, [384] = LISTED | SETS_RT, [416] = LISTED | SETS_RT,
	[448] = LISTED | SETS_RT, [480] = LISTED | SETS_RT, [128] = LISTED | SETS_RT,
	/* add, subtract, multiply, divide */
	[266] = LISTED | SETS_RT, [40] = LISTED | SETS_RT, [104] = LISTED | SETS_RT,
	[10] = LISTED | SETS_RT, [138] = LISTED | SETS_RT, [202] = LISTED | SETS_RT,
	[234] = LISTED | SETS_RT, [8] = LISTED | SETS_RT, [136] = LISTED | SETS_RT,
	[200] = LISTED | SETS_RT, [232] = LISTED | SETS_RT, [233] = LISTED | SETS_RT,
	[235] = LISTED | SETS_RT, [9] = LISTED | SETS_RT, [11] = LISTED | SETS_RT,
	[73] = LISTED | SETS_RT, [75] = LISTED | SETS_RT, [457] = LISTED | SETS_RT,
	[459] = LISTED | SETS_RT, [489] = LISTED | SETS_RT, [491] = LISTED | SETS_RT,
	/* logical, count, extend, shift */
	[OP_AND] = LISTED | SETS_RA, [OP_ANDC] = LISTED | SETS_RA, [OP_NOR] = LISTED | SETS_RA,
	[OP_EQV] = LISTED | SETS_RA, [OP_XOR] = LISTED | SETS_RA, [OP_ORC] = LISTED | SETS_RA,
	[OP_OR] = LISTED | SETS_RA, [OP_NAND] = LISTED | SETS_RA, [26] = LISTED | SETS_RA,
	[58] = LISTED | SETS_RA, [538] = LISTED | SETS_RA, [570] = LISTED | SETS_RA,
	[922] = LISTED | SETS_RA, [954] = LISTED | SETS_RA, [986] = LISTED | SETS_RA,
	[24] = LISTED | SETS_RA, [27] = LISTED | SETS_RA, [536] = LISTED | SETS_RA,
	[539] = LISTED | SETS_RA, [792] = LISTED | SETS_RA, [794] = LISTED | SETS_RA,
	[824] = LISTED | SETS_RA, [826] = LISTED | SETS_RA, [827] = LISTED | SETS_RA,
	[890] = LISTED | SETS_RA, [891] = LISTED | SETS_RA,
	/* loads */
	[21] = LISTED | SETS_RT | ACCESS, [23] = LISTED | SETS_RT | ACCESS,
	[87] = LISTED | SETS_RT | ACCESS, [279] = LISTED | SETS_RT | ACCESS,
	[343] = LISTED | SETS_RT | ACCESS, [341] = LISTED | SETS_RT | ACCESS,
	[20] = LISTED | SETS_RT | ACCESS, [84] = LISTED | SETS_RT | ACCESS,
	[52] = LISTED | SETS_RT | ACCESS, [116] = LISTED | SETS_RT | ACCESS,
	[532] = LISTED | SETS_RT | ACCESS, [534] = LISTED | SETS_RT | ACCESS,
	[790] = LISTED | SETS_RT | ACCESS,
	/* stores, not those that set CR0 */
	[149] = LISTED | ACCESS, [151] = LISTED | ACCESS, [215] = LISTED | ACCESS,
	[407] = LISTED | ACCESS, [660] = LISTED | ACCESS, [662] = LISTED | ACCESS,
	[918] = LISTED | ACCESS,
};

static bool is_isel(u32 insn)
{
	return insn >> 26 == 31 && (insn >> 1 & 31) == 15;
}

static struct value choose(const struct state *state, u32 insn)
{
	struct value bit = cr_bit(state, insn >> 6 & 31);
	u32 ra = insn >> 16 & 31, rb = insn >> 11 & 31;
	struct value a = ra ? state->regs[ra] : constant(0);

	if (bit.known & 1)
		return bit.value & 1 ? a : state->regs[rb];
	merge_values(&a, &state->regs[rb]);
	return a;
}

/* setbc, setbcr, setnbc, setnbcr */
static struct value set_by_bit(const struct state *state, u32 insn, u32 extended)
{
	struct value bit = cr_bit(state, insn >> 16 & 31);
	u64 one = extended >= 448 ? ~0ULL : 1;

	if (!(bit.known & 1))
		return extended >= 448 ? unknown : with_bits(~1ULL, 0);
	return constant((bit.value & 1) != (extended >> 5 & 1) ? one : 0);
}

static u32 spr_number(u32 insn)
{
	return (insn >> 16 & 31) | (insn >> 6 & 0x3e0);
}

/* Of all of them, only those that are told apart here are of interest */
static u32 spr_register(u32 insn)
{
	switch (spr_number(insn)) {
	case 8:
		return REG_LR;
	case 9:
		return REG_CTR;
	default:
		return NR_REGS;
	}
}

/* mtmsr, mtmsrd */
static void set_msr(struct state *state, u32 insn)
{
	struct value value = bits(state, insn >> 21 & 31);

	/* With L set only EE and RI change */
	if (!(insn >> 16 & 1))
		state->regs[REG_MSR] = with_bits(value.known & (MSR_IR | MSR_DR), value.value);
}

/* What an instruction sets a register to, as far as that can be known */
static struct value extended_result(const struct image *image, const struct state *state,
				    u32 insn, u32 extended)
{
	u32 rs = insn >> 21 & 31, ra = insn >> 16 & 31, rb = insn >> 11 & 31;
	struct value source = bits(state, rs), a = bits(state, ra);

	switch (extended) {
	case OP_OR:
		if (rs == rb)	/* mr */
			return state->regs[rs];
		fallthrough;
	case OP_AND:
	case OP_ANDC:
	case OP_NOR:
	case OP_EQV:
	case OP_XOR:
	case OP_ORC:
	case OP_NAND:
		return logical_of(extended, source, bits(state, rb), rs == rb);
	case 266:	/* add */
		return add(state->regs[ra], state->regs[rb]);
	case 40:	/* subf */
		return is_constant(&a) && is_constant(&state->regs[rb]) ?
		       constant(state->regs[rb].value - a.value) : unknown;
	case 104:	/* neg */
		return is_constant(&a) ? constant(-a.value) : unknown;
	case 26:	/* cntlzw */
	case 58:	/* cntlzd */
		return count_zeros(source, extended == 26 ? 32 : 64);
	case 824:	/* srawi */
		return shift_right(sign_extend(source, 32), rb);
	case 826:	/* sradi */
	case 827:
		return shift_right(source, rb | (extended & 1) << 5);
	case 922:	/* extsh */
		return sign_extend(source, 16);
	case 954:	/* extsb */
		return sign_extend(source, 8);
	case 986:	/* extsw */
		return sign_extend(source, 32);
	case 19:	/* mfcr; mfocrf leaves the rest undefined */
		return insn >> 20 & 1 ? unknown :
		       with_bits(state->regs[REG_CR].known | ~0xffffffffULL,
				 state->regs[REG_CR].value);
	case 83:	/* mfmsr */
		return state->regs[REG_MSR];
	case 339:	/* mfspr */
		return spr_register(insn) < NR_REGS ? state->regs[spr_register(insn)] : unknown;
	case 384:
	case 416:
	case 448:
	case 480:
		return set_by_bit(state, insn, extended);
	case 341:	/* lwax: the table of a switch has offsets from itself */
		if (is_constant(&state->regs[ra]) && ra)
			return address(KIND_ENTRY, a.value);
		if (is_constant(&state->regs[rb]))
			return address(KIND_ENTRY, state->regs[rb].value);
		return unknown;
	case 21:	/* ldx */
		return load64(image, ra ? add(state->regs[ra], state->regs[rb]) : state->regs[rb]);
	}
	return unknown;
}

static void execute_extended(const struct image *image, struct state *state, u32 insn)
{
	u32 rt = insn >> 21 & 31, ra = insn >> 16 & 31, extended = insn >> 1 & 0x3ff;
	u8 effect = effects[extended];
	struct value result;

	if (is_isel(insn)) {
		state->regs[rt] = choose(state, insn);
		return;
	}
	if (!(effect & LISTED)) {
		state->regs[rt] = unknown;
		state->regs[ra] = unknown;
		state->regs[REG_CR] = unknown;
		return;
	}
	switch (extended) {
	case 0:		/* cmp */
	case 32:	/* cmpl */
		compare(state, rt >> 2, bits(state, ra), bits(state, insn >> 11 & 31), rt & 1,
			extended == 0);
		return;
	case 144:	/* mtcrf, mtocrf */
		state->regs[REG_CR] = unknown;
		return;
	case 146:
	case 178:
		set_msr(state, insn);
		return;
	case 467:	/* mtspr */
		if (spr_register(insn) < NR_REGS)
			state->regs[spr_register(insn)] = state->regs[rt];
		return;
	}
	result = extended_result(image, state, insn, extended);
	if (effect & SETS_RT)
		set_result(state, rt, result, insn & 1 && !(effect & ACCESS));
	else if (effect & SETS_RA)
		set_result(state, ra, result, insn & 1);
}

/* ------------------------------------------------ all of them */

static void execute_immediate(struct state *state, u32 insn)
{
	u32 op = insn >> 26, rt = insn >> 21 & 31, ra = insn >> 16 & 31;
	u64 immediate = insn & 0xffff, shifted = immediate << (op & 1 ? 16 : 0);
	struct value source = bits(state, rt);

	switch (op) {
	case 10:	/* cmpli */
		compare(state, rt >> 2, bits(state, ra), constant(immediate), rt & 1, false);
		break;
	case 11:	/* cmpi */
		compare(state, rt >> 2, bits(state, ra), constant((s16)insn), rt & 1, true);
		break;
	case 14:	/* addi */
	case 15:	/* addis */
		state->regs[rt] = displacement(state, insn, (u64)(s16)insn << (op == 15 ? 16 : 0));
		break;
	case 24:	/* ori */
	case 25:	/* oris */
		if (!immediate)
			state->regs[ra] = state->regs[rt];
		else if (state->regs[rt].kind == KIND_PACA_WORD)
			state->regs[ra] = address(KIND_PACA_WORD, state->regs[rt].value | shifted);
		else
			state->regs[ra] = logical(OP_OR, source, constant(shifted));
		break;
	case 26:	/* xori */
	case 27:	/* xoris */
		state->regs[ra] = logical(OP_XOR, source, constant(shifted));
		break;
	default:	/* andi., andis. */
		set_result(state, ra, logical(OP_AND, source, constant(shifted)), true);
	}
}

/*
 * Execute an instruction that is no branch. Returns the address that it accesses, where
 * what it accesses memory by is not known, and KIND_NONE if it accesses nothing.
 */
struct value execute(const struct image *image, struct state *state, u32 insn)
{
	u32 op = insn >> 26, rt = insn >> 21 & 31, ra = insn >> 16 & 31, rb = insn >> 11 & 31;
	struct value at = address(KIND_NONE, 0);

	if (op == 10 || op == 11 || op == 14 || op == 15 || (op >= 24 && op <= 29)) {
		execute_immediate(state, insn);
	} else if (op == 20 || op == 21) {
		execute_rotate_word(state, insn);
	} else if (op == 30) {
		execute_rotate(state, insn);
	} else if (op == 19) {
		execute_cr(state, insn);
	} else if (op == 31) {
		u8 effect = effects[insn >> 1 & 0x3ff];

		if ((effect & ACCESS || !(effect & LISTED)) && !is_isel(insn))
			at = ra ? add(state->regs[ra], state->regs[rb]) : state->regs[rb];
		execute_extended(image, state, insn);
	} else if ((op >= 32 && op < 59) || op == 61 || op == 62) {
		at = execute_access(image, state, insn);
	} else if (op != 2 && op != 3) {	/* neither tdi nor twi */
		state->regs[rt] = unknown;
		state->regs[ra] = unknown;
		state->regs[REG_CR] = unknown;
		/* All that is left with an address is lxvp and stxvp */
		if (op == 6)
			at = unknown;
	}
	if (image->toc && sets_toc(insn))
		state->regs[2] = constant(image->toc);
	set_fixed(state);
	return at;
}

/* The same for one of two words; it may count from its own address */
struct value execute_prefixed(const struct image *image, struct state *state, u32 prefix,
			      u32 suffix, u64 addr)
{
	s64 offset = (s64)((u64)(prefix & 0x3ffff) << 46) >> 30 | (suffix & 0xffff);
	u32 type = prefix >> 24 & 3, rt = suffix >> 21 & 31, op = suffix >> 26;
	bool relative = prefix >> 20 & 1;
	struct value from = state->regs[suffix >> 16 & 31];
	struct value at = relative ? constant(addr + offset) :
				     displacement(state, suffix, offset);

	if (type & 1) {		/* no address, but a vector */
		state->regs[REG_CR] = unknown;
		return address(KIND_NONE, 0);
	}
	state->regs[rt] = unknown;
	if (type == 0 && op == 56)	/* plq */
		state->regs[(rt + 1) & 31] = unknown;
	if (type == 2 && op == 14)	/* paddi, pla */
		state->regs[rt] = at;
	else if (type == 0 && op == 57)	/* pld */
		state->regs[rt] = load_member(image, at, from, offset);
	set_fixed(state);
	return type == 2 && op == 14 ? address(KIND_NONE, 0) : at;
}
