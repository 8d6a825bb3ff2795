// SPDX-License-Identifier: GPL-2.0
/*
 * Runs on powerpc, or under qemu-ppc64le: executes instructions, and looks whether what
 * insn.c says of the registers is so. Of each register some bits are known. For those that
 * are not, many values are tried: a bit of the result that insn.c knows has to be that in
 * all of them (sound), and where insn.c can know all that there is to know, a bit that is
 * the same in all of them has to be known (exact).
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "insn.c"

#define ROUNDS	100
#define NR_TRIED	7

/* Nothing is loaded here */
const struct section *find_section(const struct image *image, u64 addr)
{
	return NULL;
}

bool read64(const struct image *image, u64 addr, u64 *value)
{
	return false;
}

/* What an instruction can take and change here */
static const u32 tried[NR_TRIED] = { 0, 5, 6, 7, REG_CR, REG_LR, REG_CTR };

struct native {
	u64 regs[NR_TRIED];
};

/*
 * It runs between "mflr r11; mtlr r9" and "mflr r8; mtlr r11; blr", so that it can have LR
 * and CTR as well
 */
void run_native(struct native *native, const u32 *code);
asm(".pushsection .text\n"
"run_native:\n"
"	mflr 12; std 12, 16(1); mfcr 12; stw 12, 8(1)\n"
"	ld 12, 32(3); mtcr 12\n"
"	ld 9, 40(3); ld 10, 48(3); mtctr 10\n"
"	ld 0, 0(3); ld 5, 8(3); ld 6, 16(3); ld 7, 24(3)\n"
"	mtlr 4; blrl\n"
"	std 0, 0(3); std 5, 8(3); std 6, 16(3); std 7, 24(3)\n"
"	std 8, 40(3); mfctr 8; std 8, 48(3); mfcr 8; std 8, 32(3)\n"
"	ld 12, 16(1); mtlr 12; lwz 12, 8(1); mtcr 12; blr\n"
".popsection\n");

/*
 * Fields that are made up: T, A, B a register; i an immediate; s a shift; S one of 6 bits;
 * m the mask of a word; M of 64 bits; f a field of CR, and the size of what is compared;
 * c bits of CR; k the bit of isel; b that of setbc; x a mask of CR's fields; . the record bit;
 * d an address by r6, 6 one by r6 and r7, q one in r5; t a register that is not in those
 */
static const struct template {
	const char *name;
	u32 insn;
	const char *fields;
	/* e: exact, c: exact if all is known, s: sound; C: exact in CR; l: leaves all as it is */
	char kind;
} templates[] = {
	{ "addi", 14u << 26, "TAi", 'c' }, { "addis", 15u << 26, "TAi", 'c' },
	{ "ori", 24u << 26, "TAi", 'e' }, { "oris", 25u << 26, "TAi", 'e' },
	{ "nop", 24u << 26, "", 'l' }, { "mr", 24u << 26, "TA", 'e' },
	{ "xori", 26u << 26, "TAi", 'e' }, { "xoris", 27u << 26, "TAi", 'e' },
	{ "andi.", 28u << 26, "TAi", 'e' }, { "andis.", 29u << 26, "TAi", 'e' },
	{ "cmpli", 10u << 26, "fAi", 'C' }, { "cmpi", 11u << 26, "fAi", 'C' },
	{ "mulli", 7u << 26, "TAi", 's' }, { "subfic", 8u << 26, "TAi", 's' },
	{ "addic", 12u << 26, "TAi", 's' }, { "addic.", 13u << 26, "TAi", 's' },
	{ "rlwimi", 20u << 26, "TAsm.", 'e' }, { "rlwinm", 21u << 26, "TAsm.", 'e' },
	{ "rlwnm", 23u << 26, "TABm.", 's' },
	{ "rldicl", 30u << 26 | 0 << 2, "TASM.", 'e' },
	{ "rldicr", 30u << 26 | 1 << 2, "TASM.", 'e' },
	{ "rldic", 30u << 26 | 2 << 2, "TASM.", 'e' },
	{ "rldimi", 30u << 26 | 3 << 2, "TASM.", 'e' },
	{ "rldcl", 30u << 26 | 8 << 1, "TABM.", 's' },
	{ "rldcr", 30u << 26 | 9 << 1, "TABM.", 's' },
#define X19(number)	(19u << 26 | (number) << 1)
	{ "crnor", X19(33), "c", 'C' }, { "crandc", X19(129), "c", 'C' },
	{ "crxor", X19(193), "c", 'C' }, { "crnand", X19(225), "c", 'C' },
	{ "crand", X19(257), "c", 'C' }, { "creqv", X19(289), "c", 'C' },
	{ "crorc", X19(417), "c", 'C' }, { "cror", X19(449), "c", 'C' },
	{ "mcrf", X19(0) | 3 << 23 | 5 << 18, "", 'C' }, { "isync", X19(150), "", 'l' },
	{ "lnia", X19(2), "T", 's' },
#define X(number)	(31u << 26 | (number) << 1)
	{ "and", X(28), "TAB.", 'e' }, { "andc", X(60), "TAB.", 'e' },
	{ "nor", X(124), "TAB.", 'e' }, { "eqv", X(284), "TAB.", 'e' },
	{ "xor", X(316), "TAB.", 'e' }, { "orc", X(412), "TAB.", 'e' },
	{ "or", X(444), "TAB.", 'e' }, { "nand", X(476), "TAB.", 'e' },
	{ "add", X(266), "TAB.", 'c' }, { "subf", X(40), "TAB.", 'c' },
	{ "neg", X(104), "TA.", 'c' }, { "cntlzw", X(26), "TA.", 'c' },
	{ "cntlzd", X(58), "TA.", 'c' }, { "srawi", X(824), "TAs.", 'e' },
	{ "sradi", X(826), "TAS.", 'e' }, { "extsh", X(922), "TA.", 'e' },
	{ "extsb", X(954), "TA.", 'e' }, { "extsw", X(986), "TA.", 'e' },
	{ "mfcr", X(19), "T", 'e' }, { "mfocrf", X(19) | 1 << 20, "Tx", 's' },
	{ "mtcrf", X(144), "Tx", 's' }, { "mflr", X(339) | 8 << 16, "T", 'e' },
	{ "mfctr", X(339) | 9 << 16, "T", 'e' }, { "mfxer", X(339) | 1 << 16, "T", 's' },
	{ "mtlr", X(467) | 8 << 16, "T", 'e' }, { "mtctr", X(467) | 9 << 16, "T", 'e' },
	{ "mtxer", X(467) | 1 << 16, "T", 'l' },
	{ "cmp", X(0), "fAB", 'C' }, { "cmpl", X(32), "fAB", 'C' },
	{ "isel", X(15), "TABk", 'e' }, { "setbc", X(384), "Tb", 'e' },
	{ "setbcr", X(416), "Tb", 'e' }, { "setnbc", X(448), "Tb", 'e' },
	{ "setnbcr", X(480), "Tb", 'e' }, { "setb", X(128), "T", 's' },
	{ "sync", X(598), "", 'l' }, { "eieio", X(854), "", 'l' },
	{ "addc", X(10), "TAB.", 's' }, { "adde", X(138), "TAB.", 's' },
	{ "addze", X(202), "TA.", 's' }, { "addme", X(234), "TA.", 's' },
	{ "subfc", X(8), "TAB.", 's' }, { "subfe", X(136), "TAB.", 's' },
	{ "subfze", X(200), "TA.", 's' }, { "subfme", X(232), "TA.", 's' },
	{ "mulld", X(233), "TAB.", 's' }, { "mullw", X(235), "TAB.", 's' },
	{ "mulhdu", X(9), "TAB.", 's' }, { "mulhwu", X(11), "TAB.", 's' },
	{ "mulhd", X(73), "TAB.", 's' }, { "mulhw", X(75), "TAB.", 's' },
	{ "divdu", X(457), "TAB.", 's' }, { "divwu", X(459), "TAB.", 's' },
	{ "divd", X(489), "TAB.", 's' }, { "divw", X(491), "TAB.", 's' },
	{ "cnttzw", X(538), "TA.", 's' }, { "cnttzd", X(570), "TA.", 's' },
	{ "slw", X(24), "TAB.", 's' }, { "sld", X(27), "TAB.", 's' },
	{ "srw", X(536), "TAB.", 's' }, { "srd", X(539), "TAB.", 's' },
	{ "sraw", X(792), "TAB.", 's' }, { "srad", X(794), "TAB.", 's' },
	{ "extswsli", X(890), "TAS.", 's' }, { "mftb", X(371) | 12 << 16 | 8 << 11, "T", 's' },
	/* Memory, by r6 and r7 */
	{ "lwz", 32u << 26, "Td", 'e' }, { "lbz", 34u << 26, "Td", 'e' },
	{ "lhz", 40u << 26, "Td", 'e' }, { "lha", 42u << 26, "Td", 's' },
	{ "ld", 58u << 26, "Td", 'e' }, { "lwa", 58u << 26 | 2, "Td", 's' },
	{ "lwzu", 33u << 26, "td", 'e' }, { "lbzu", 35u << 26, "td", 'e' },
	{ "lhzu", 41u << 26, "td", 'e' }, { "lhau", 43u << 26, "td", 's' },
	{ "ldu", 58u << 26 | 1, "td", 'e' },
	{ "stw", 36u << 26, "Td", 'l' }, { "stb", 38u << 26, "Td", 'l' },
	{ "sth", 44u << 26, "Td", 'l' }, { "std", 62u << 26, "Td", 'l' },
	{ "stwu", 37u << 26, "Td", 'e' }, { "stbu", 39u << 26, "Td", 'e' },
	{ "sthu", 45u << 26, "Td", 'e' }, { "stdu", 62u << 26 | 1, "Td", 'e' },
	{ "lfs", 48u << 26, "Td", 'l' }, { "lfsu", 49u << 26, "Td", 'e' },
	{ "lfd", 50u << 26, "Td", 'l' }, { "lfdu", 51u << 26, "Td", 'e' },
	{ "stfs", 52u << 26, "Td", 'l' }, { "stfsu", 53u << 26, "Td", 'e' },
	{ "stfd", 54u << 26, "Td", 'l' }, { "stfdu", 55u << 26, "Td", 'e' },
	{ "lxsd", 57u << 26 | 2, "Td", 'l' }, { "lxv", 61u << 26 | 1, "Td", 'l' },
	{ "lq", 56u << 26 | 6 << 21 | 5 << 16, "q", 's' },
	{ "ldx", X(21), "T6", 'e' }, { "lwzx", X(23), "T6", 's' },
	{ "lbzx", X(87), "T6", 's' }, { "lhzx", X(279), "T6", 's' },
	{ "lhax", X(343), "T6", 's' }, { "lwax", X(341), "T6", 's' },
	{ "lwarx", X(20), "T6", 's' }, { "ldarx", X(84), "T6", 's' },
	{ "lbarx", X(52), "T6", 's' }, { "lharx", X(116), "T6", 's' },
	{ "ldbrx", X(532), "T6", 's' }, { "lwbrx", X(534), "T6", 's' },
	{ "lhbrx", X(790), "T6", 's' }, { "ldux", X(53), "t6", 's' },
	{ "stdx", X(149), "T6", 'l' }, { "stwx", X(151), "T6", 'l' },
	{ "stbx", X(215), "T6", 'l' }, { "sthx", X(407), "T6", 'l' },
	{ "stdbrx", X(660), "T6", 'l' }, { "stwbrx", X(662), "T6", 'l' },
	{ "sthbrx", X(918), "T6", 'l' }, { "stdux", X(181), "T6", 's' },
	{ "stdcx.", X(214) | 1, "T6", 's' }, { "stwcx.", X(150) | 1, "T6", 's' },
	/* insn.c does not list these */
	{ "popcntd", X(506), "TA", 's' }, { "prtyd", X(186), "TA", 's' },
	{ "cmpb", X(508), "TAB", 's' }, { "bpermd", X(252), "TAB", 's' },
	{ "modud", X(265), "TAB", 's' }, { "cmpeqb", X(224) | 2 << 23, "AB", 's' },
	{ "mcrxrx", X(576) | 1 << 23, "", 's' },
};

static u64 random64(void)
{
	static u64 seed = 0x9e3779b97f4a7c15;

	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* Numbers at whose edges something happens, and any other ones */
static u64 some_number(void)
{
	switch (random64() % 8) {
	case 0:
		return 0;
	case 1:
		return ~0ULL;
	case 2:
		return 1ULL << random64() % 64;
	case 3:
		return ~(1ULL << random64() % 64);
	case 4:
		return ~0ULL << random64() % 64;
	case 5:
		return (s16)random64();
	default:
		return random64();
	}
}

static u32 make_up(const struct template *template)
{
	u32 insn = template->insn;
	const char *field;

	for (field = template->fields; *field; field++) {
		u64 random = random64() >> 8;

		switch (*field) {
		case 'T':
			insn |= tried[random % 4] << 21;
			break;
		case 'A':
			insn |= tried[random % 4] << 16;
			break;
		case 'B':
			insn |= tried[random % 4] << 11;
			break;
		case 'i':
			insn |= some_number() & 0xffff;
			break;
		case 's':
			insn |= (random & 31) << 11;
			break;
		case 'S':
			insn |= (random & 31) << 11 | (random & 32) >> 4;
			break;
		case 'm':
			insn |= (random & 0x3ff) << 1;
			break;
		case 'M':
			insn |= (random & 0x3f) << 5;
			break;
		case 'f':
			insn |= (random & 7) << 23 | (random & 8) << 18;
			break;
		case 'c':
			insn |= (random & 0x7fff) << 11;
			break;
		case 'k':
			insn |= (random & 31) << 6;
			break;
		case 'b':
			insn |= (random & 31) << 16;
			break;
		case 'x':
			insn |= 1 << (12 + random % 8);
			break;
		case '.':
			insn |= random & 1;
			break;
		case 't':
			insn |= tried[random % 2] << 21;
			break;
		case 'd':
			insn |= 6 << 16 | (random & 7) << 4 | (random & 8 ? 0xff80 : 0);
			break;
		case '6':
			insn |= 6 << 16 | 7 << 11;
			break;
		}
	}
	return insn;
}

/* What is not known of a register, in the try @nr */
static u64 fill(u32 insn, int nr, int reg, const struct value *values)
{
	static const u64 patterns[] = {
		0, ~0ULL, 1ULL << 63, ~(1ULL << 63), 1ULL << 31, ~(1ULL << 31),
		1ULL << 63 | 1ULL << 31, ~(1ULL << 63 | 1ULL << 31),
	};
	u32 i;

	/* All pairs of patterns, for each pair of registers */
	if (nr < 3 * 64 && reg < 4)
		return patterns[reg == nr / 64 + 1 ? nr % 8 : nr / 8 % 8];
	/* What makes both operands equal */
	if (nr < 200 && insn >> 26 != 31)
		return nr % 2 ? insn & 0xffff : (u64)(s16)insn;
	for (i = 0; nr < 200 && i < 4; i++)
		if (i != (u32)reg &&
		    (tried[i] == (insn >> 16 & 31) || tried[i] == (insn >> 11 & 31)))
			return values[i].value;
	return random64();
}

static bool failed;

static void complain(const struct template *template, u32 insn, int reg, const char *what,
		     const struct value *before, const struct value *after, u64 bits)
{
	int i;

	failed = true;
	printf("%s %08x: register %u %s: known %lx, is %lx; bits %lx\n", template->name, insn,
	       tried[reg], what, after->known, after->value, bits);
	for (i = 0; i < NR_TRIED; i++)
		printf("  %u: known %lx, is %lx\n", tried[i], before[i].known, before[i].value);
}

/* A comparison of a register with itself is not looked at as that */
static bool has_twins(const struct template *template, u32 insn)
{
	return template->fields[0] == 'f' && (insn >> 16 & 31) == (insn >> 11 & 31);
}

/* What memory is accessed by has to be known */
static void set_pointers(const struct template *template, struct state *state)
{
	static u64 memory[48] __attribute__((aligned(16)));
	u64 random = random64();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(memory); i++)
		memory[i] = random * (2 * i + 1) ^ random >> 29;
	if (strpbrk(template->fields, "d6"))
		state->regs[6] = constant((u64)(memory + 16));
	if (strchr(template->fields, '6'))
		state->regs[7] = constant(random % 8 * 16);
	if (strchr(template->fields, 'q'))
		state->regs[5] = constant((u64)memory);
}

static void try(const struct template *template, u32 insn, u32 *code, bool all_known)
{
	static const struct image image;
	struct value before[NR_TRIED];
	u64 ones[NR_TRIED], zeros[NR_TRIED];
	struct state state, again;
	int i, nr;

	forget_all(&state);
	for (i = 0; i < NR_TRIED; i++) {
		u64 known = all_known ? ~0ULL : some_number();

		if (tried[i] == REG_CR)
			known &= 0xffffffff;
		state.regs[tried[i]] = with_bits(known, some_number());
		ones[i] = ~0ULL;
		zeros[i] = ~0ULL;
	}
	set_pointers(template, &state);
	for (i = 0; i < NR_TRIED; i++)
		before[i] = state.regs[tried[i]];
	code[2] = insn;
	__builtin___clear_cache((char *)code, (char *)(code + 6));
	for (nr = 0; nr < (all_known && !strpbrk(template->fields, "d6") ? 1 : 256); nr++) {
		struct native native;

		for (i = 0; i < NR_TRIED; i++)
			native.regs[i] = before[i].value |
					 (fill(insn, nr, i, before) & ~before[i].known);
		set_pointers(template, &(struct state){});
		run_native(&native, code);
		for (i = 0; i < NR_TRIED; i++) {
			ones[i] &= native.regs[i];
			zeros[i] &= ~native.regs[i];
		}
	}
	again = state;
	execute(&image, &state, insn);
	for (i = 0; i < NR_TRIED; i++) {
		struct value after = bits(&state, tried[i]);
		u64 all = tried[i] == REG_CR ? 0xffffffff : ~0ULL, wrong, missing;

		wrong = after.known & all & ~(after.value ? ones[i] & after.value : 0) &
			~(zeros[i] & ~after.value);
		if (wrong)
			complain(template, insn, i, "is not so", before, &after, wrong);
		missing = (ones[i] | zeros[i]) & all & ~after.known;
		/* Record forms are below; CR's other bits stay as they were */
		if (tried[i] == REG_CR && template->kind != 'C' && template->kind != 'l')
			missing = 0;
		if (template->kind == 's' || (template->kind == 'c' && !all_known) ||
		    (has_twins(template, insn) && !all_known))
			missing = 0;
		/* SO is not looked at */
		if (tried[i] == REG_CR && template->fields[0] == 'f')
			missing &= ~(0x10000000ULL >> 4 * (insn >> 23 & 7));
		if (missing)
			complain(template, insn, i, "could be known", before, &after, missing);
	}
	/* The first field of CR comes from the result */
	if (strchr(template->fields, '.') && insn & 1) {
		u32 target = insn >> 16 & 31, other = insn >> 21 & 31;

		if (insn >> 26 == 31 && effects[insn >> 1 & 0x3ff] & SETS_RT)
			target = other;
		compare(&again, 0, bits(&state, target), constant(0), true, true);
		if (template->kind != 's' && !is_same(&again.regs[REG_CR], &state.regs[REG_CR]))
			complain(template, insn, 4, "is not that of the result", before,
				 &state.regs[REG_CR], 0);
	}
}

/* What user space cannot execute, and what is not bits */

#define EXPECT(condition)						\
	do {								\
		if (!(condition)) {					\
			failed = true;					\
			printf("line %d: not %s\n", __LINE__, #condition); \
		}							\
	} while (0)

#define TOC	0xc000000000008000ULL
#define D(op, rt, ra, offset) ((op) << 26 | (rt) << 21 | (ra) << 16 | ((offset) & 0xffff))
#define R(rt, ra, rb)	((rt) << 21 | (ra) << 16 | (rb) << 11)

static const struct image with_toc = { .toc = TOC }, without_toc;

static struct state all_are(struct value value)
{
	struct state state;
	u32 reg;

	for (reg = 0; reg < NR_REGS; reg++)
		state.regs[reg] = value;
	return state;
}

static bool is_kind(const struct value *value, enum kind kind, u64 number)
{
	return value->kind == kind && value->value == number;
}

static bool is_unknown(const struct value *value)
{
	return is_same(value, &unknown);
}

/* Are all as they were, but for these? */
static bool changes_only(const struct state *before, const struct state *after, u32 first,
			 u32 last)
{
	u32 reg;

	for (reg = 0; reg < NR_REGS; reg++)
		if (reg != 1 && reg != 13 && (reg < first || reg > last) &&
		    !is_same(&before->regs[reg], &after->regs[reg]))
			return false;
	return true;
}

static void check_states(void)
{
	struct value five = constant(5), stack = address(KIND_STACK, 0), value;
	struct state state = all_are(five), old;

	state.regs[2] = constant(TOC);
	state.regs[REG_CR] = constant(0x12345678);
	forget_volatile(&state, TOC);
	EXPECT(is_unknown(&state.regs[0]) && is_unknown(&state.regs[3]));
	EXPECT(is_unknown(&state.regs[12]) && is_same(&state.regs[14], &five));
	EXPECT(is_same(&state.regs[31], &five) && is_same(&state.regs[REG_MSR], &five));
	EXPECT(is_unknown(&state.regs[REG_LR]) && is_unknown(&state.regs[REG_CTR]));
	EXPECT(state.regs[1].kind == KIND_STACK && state.regs[13].kind == KIND_PACA);
	EXPECT(is_kind(&state.regs[2], KIND_BITS, TOC));
	EXPECT(state.regs[REG_CR].known == 0x00fff000 && state.regs[REG_CR].value == 0x345000);
	state.regs[2] = address(KIND_PACA_WORD, TOC);
	forget_volatile(&state, TOC);
	EXPECT(is_unknown(&state.regs[2]));
	state.regs[2] = constant(TOC + 8);
	forget_volatile(&state, TOC);
	EXPECT(is_unknown(&state.regs[2]));
	state.regs[2] = constant(0);
	forget_volatile(&state, 0);
	EXPECT(is_unknown(&state.regs[2]));

	start_real_mode(&state, 0);
	EXPECT(is_unknown(&state.regs[2]) && may_be_real_mode(&state));
	EXPECT(state.regs[REG_MSR].known == (MSR_IR | MSR_DR) && !state.regs[REG_MSR].value);
	name_arguments(&state);
	EXPECT(is_kind(&state.regs[3], KIND_ARGUMENT, 3) && is_unknown(&state.regs[11]));
	EXPECT(is_kind(&state.regs[10], KIND_ARGUMENT, 10) && state.regs[2].kind == KIND_BITS);

	/* mtmsrd, with L clear and set */
	state.regs[5] = constant(~0ULL);
	execute(&without_toc, &state, X(178) | 5 << 21 | 1 << 16);
	EXPECT(may_be_real_mode(&state));
	execute(&without_toc, &state, X(178) | 5 << 21);
	EXPECT(!may_be_real_mode(&state) && state.regs[REG_MSR].known == (MSR_IR | MSR_DR));
	old = state;
	EXPECT(!merge_states(&state, &old));
	state.regs[5] = unknown;
	execute(&without_toc, &state, X(146) | 5 << 21);
	EXPECT(may_be_real_mode(&state) && is_unknown(&state.regs[REG_MSR]));

	value = stack;
	EXPECT(!merge_values(&value, &stack) && is_same(&value, &stack));
	EXPECT(merge_values(&value, &five) && is_unknown(&value));
	EXPECT(!merge_values(&value, &stack) && is_unknown(&value));
	value = five;
	EXPECT(merge_values(&value, &stack) && is_unknown(&value));
	/* A member has bits that are no bits of the register */
	value = five;
	EXPECT(merge_values(&value, &(struct value) { ~0ULL, 5, KIND_MEMBER }));
	EXPECT(is_unknown(&value));
	value = constant(4);
	EXPECT(merge_values(&value, &five) && value.known == ~1ULL && value.value == 4);
	EXPECT(!merge_values(&value, &five));
	value = with_bits(3, 1);
	EXPECT(!merge_values(&value, &five) && value.known == 3);
}

static void check_addresses(void)
{
	struct { struct state state; struct value behind; } guarded = { .behind = unknown };
	struct state state = all_are(constant(64)), old;
	struct value at;

	/* The TOC is set up by these, and by no others */
	state.regs[2] = unknown;
	execute(&with_toc, &state, D(58u, 2, 1, 24));
	EXPECT(is_kind(&state.regs[2], KIND_BITS, TOC));
	state.regs[2] = unknown;
	execute(&with_toc, &state, D(58u, 2, 1, 40));
	EXPECT(is_kind(&state.regs[2], KIND_BITS, TOC));
	execute(&with_toc, &state, D(58u, 2, 1, 32));
	EXPECT(!is_constant(&state.regs[2]));
	execute(&without_toc, &state, D(58u, 2, 1, 24));
	EXPECT(!is_constant(&state.regs[2]));

	/* r1 and r13 stay what they are; others are near them */
	execute(&without_toc, &state, D(14u, 1, 5, 0));
	execute(&without_toc, &state, D(14u, 13, 5, 0));
	EXPECT(state.regs[1].kind == KIND_STACK && state.regs[13].kind == KIND_PACA);
	execute(&without_toc, &state, D(14u, 6, 13, 8));
	EXPECT(state.regs[6].kind == KIND_PACA);
	execute(&without_toc, &state, X(266) | R(6, 5, 1));
	EXPECT(state.regs[6].kind == KIND_STACK);
	execute(&without_toc, &state, X(266) | R(6, 5, 13));
	EXPECT(state.regs[6].kind == KIND_PACA);
	execute(&without_toc, &state, D(24u, 6, 7, 0));
	EXPECT(state.regs[7].kind == KIND_PACA);
	/* A word of the PACA, and what is added to it */
	at = execute(&without_toc, &state, D(58u, 8, 13, 16));
	EXPECT(at.kind == KIND_PACA && is_kind(&state.regs[8], KIND_PACA_WORD, 0));
	execute(&without_toc, &state, D(14u, 8, 8, 256));
	EXPECT(is_kind(&state.regs[8], KIND_PACA_WORD, 256));
	execute(&without_toc, &state, D(24u, 8, 8, 3));
	EXPECT(is_kind(&state.regs[8], KIND_PACA_WORD, 259));

	/* The table of a switch at 64: what is loaded from it, by either register, added to it */
	state.regs[9] = unknown;
	execute(&without_toc, &state, X(341) | R(10, 5, 9));
	EXPECT(is_kind(&state.regs[10], KIND_ENTRY, 64));
	execute(&without_toc, &state, X(341) | R(10, 9, 5));
	EXPECT(is_kind(&state.regs[10], KIND_ENTRY, 64));
	execute(&without_toc, &state, X(341) | R(11, 9, 9));
	EXPECT(is_unknown(&state.regs[11]));
	execute(&without_toc, &state, X(266) | R(11, 10, 5));
	EXPECT(is_kind(&state.regs[11], KIND_SUM, 64));
	execute(&without_toc, &state, X(266) | R(11, 5, 10));
	EXPECT(is_kind(&state.regs[11], KIND_SUM, 64));
	state.regs[12] = constant(65);
	execute(&without_toc, &state, X(266) | R(11, 10, 12));
	EXPECT(is_kind(&state.regs[11], KIND_SUM, 0));
	execute(&without_toc, &state, X(266) | R(11, 12, 10));
	EXPECT(is_kind(&state.regs[11], KIND_SUM, 0));
	execute(&without_toc, &state, X(266) | R(11, 10, 9));
	EXPECT(is_kind(&state.regs[11], KIND_SUM, 0));
	execute(&without_toc, &state, X(266) | R(11, 9, 10));
	EXPECT(is_kind(&state.regs[11], KIND_SUM, 0));
	state.regs[12] = address(KIND_SUM, 64);
	execute(&without_toc, &state, X(266) | R(11, 12, 5));
	EXPECT(is_kind(&state.regs[11], KIND_SUM, 0));
	execute(&without_toc, &state, X(266) | R(11, 5, 12));
	EXPECT(is_kind(&state.regs[11], KIND_SUM, 0));

	/* Members: of a variable, of an argument, of what such a member points to */
	state.regs[5] = constant(TOC);
	execute(&without_toc, &state, D(58u, 6, 5, 8));
	EXPECT(is_kind(&state.regs[6], KIND_MEMBER, TOC + 8) && state.regs[6].known == 1);
	execute(&without_toc, &state, D(58u, 7, 6, 16));
	EXPECT(is_kind(&state.regs[7], KIND_MEMBER, TOC + 8) && state.regs[7].known == 0x10010);
	name_arguments(&state);
	execute(&without_toc, &state, D(58u, 6, 4, -8));
	EXPECT(is_kind(&state.regs[6], KIND_MEMBER, 4) && state.regs[6].known == 0x1fff8);
	execute(&without_toc, &state, D(58u, 6, 6, 8));
	EXPECT(state.regs[6].known == 0x1fff80008);
	execute(&without_toc, &state, D(58u, 6, 6, 8));
	execute(&without_toc, &state, D(58u, 6, 6, 8));
	EXPECT(is_unknown(&state.regs[6]));
	state.regs[7] = address(KIND_SUM, 64);
	execute(&without_toc, &state, D(58u, 6, 7, 8));
	EXPECT(is_unknown(&state.regs[6]));

	/* Several registers; none; and what is no GPR */
	state = all_are(constant(64));
	old = state;
	execute(&without_toc, &state, D(46u, 29, 5, 8));
	EXPECT(changes_only(&old, &state, 29, 31) && is_unknown(&state.regs[29]));
	EXPECT(is_unknown(&state.regs[30]) && is_unknown(&state.regs[31]));
	state = old;
	execute(&without_toc, &state, D(56u, 30, 5, 16));
	EXPECT(is_unknown(&state.regs[30]) && is_unknown(&state.regs[31]));
	state = old;
	at = execute(&without_toc, &state, D(47u, 29, 5, 8));
	EXPECT(is_kind(&at, KIND_BITS, 72) && changes_only(&old, &state, 1, 1));
	at = execute(&without_toc, &state, D(2u, 4, 5, 8));
	EXPECT(at.kind == KIND_NONE && changes_only(&old, &state, 1, 1));
	at = execute(&without_toc, &state, D(3u, 4, 5, 8));
	EXPECT(at.kind == KIND_NONE && changes_only(&old, &state, 1, 1));
	guarded.state = old;
	execute(&without_toc, &guarded.state, X(467) | 5 << 21 | 274 % 32 << 16 | 274 / 32 << 11);
	EXPECT(changes_only(&old, &guarded.state, 1, 1) && is_unknown(&guarded.behind));
	at = execute(&without_toc, &state, D(4u, 5, 6, 0));
	EXPECT(at.kind == KIND_NONE && is_unknown(&state.regs[5]));
	at = execute(&without_toc, &state, D(59u, 8, 9, 0));
	EXPECT(at.kind == KIND_NONE);
	at = execute(&without_toc, &state, D(6u, 5, 7, 0));
	EXPECT(at.kind == KIND_BITS && !at.known);
	at = execute(&without_toc, &state, X(15) | R(5, 6, 7));
	EXPECT(at.kind == KIND_NONE);
	at = execute(&without_toc, &state, X(150) | R(5, 14, 15));
	EXPECT(is_kind(&at, KIND_BITS, 128));

	/* No operation of CR, and more than it */
	state = old;
	execute(&without_toc, &state, X19(65));
	EXPECT(is_unknown(&state.regs[REG_CR]));
	state = old;
	execute(&without_toc, &state, X19(481));
	EXPECT(is_unknown(&state.regs[REG_CR]));
	state = old;
	execute(&without_toc, &state, X19(274));
	EXPECT(is_unknown(&state.regs[REG_CR]));
}

static void check_prefixed(void)
{
	struct state old = all_are(constant(64)), state = old;
	u32 relative = 1 << 20;
	struct value at;

	/* 8 bytes that are a vector instruction */
	at = execute_prefixed(&without_toc, &state, 1u << 26 | 1 << 24, D(32u, 5, 6, 8), TOC);
	EXPECT(at.kind == KIND_NONE && is_unknown(&state.regs[REG_CR]));
	EXPECT(changes_only(&old, &state, REG_CR, REG_CR));
	/* paddi, pla */
	state = old;
	at = execute_prefixed(&without_toc, &state, 1u << 26 | 2 << 24 | 1, D(14u, 5, 6, 8), TOC);
	EXPECT(at.kind == KIND_NONE && is_kind(&state.regs[5], KIND_BITS, 64 + 0x10008));
	execute_prefixed(&without_toc, &state, 1u << 26 | 2 << 24 | relative | 0x3ffff,
			 D(14u, 5, 0, -8), TOC);
	EXPECT(is_kind(&state.regs[5], KIND_BITS, TOC - 8));
	EXPECT(changes_only(&old, &state, 5, 5));
	/* plwz, pld, plwa, plq */
	state = old;
	at = execute_prefixed(&without_toc, &state, 1u << 26 | 2 << 24, D(32u, 5, 6, 8), TOC);
	EXPECT(is_kind(&at, KIND_BITS, 72) && is_unknown(&state.regs[5]));
	execute_prefixed(&without_toc, &state, 1u << 26 | 2 << 24, D(57u, 5, 6, 8), TOC);
	EXPECT(is_unknown(&state.regs[5]));
	at = execute_prefixed(&without_toc, &state, 1u << 26, D(57u, 5, 6, 8), TOC);
	EXPECT(is_kind(&at, KIND_BITS, 72) && is_kind(&state.regs[5], KIND_MEMBER, 72));
	execute_prefixed(&without_toc, &state, 1u << 26, D(41u, 5, 6, 8), TOC);
	EXPECT(is_unknown(&state.regs[5]));
	EXPECT(changes_only(&old, &state, 5, 5));
	execute_prefixed(&without_toc, &state, 1u << 26, D(56u, 8, 6, 16), TOC);
	EXPECT(is_unknown(&state.regs[8]) && is_unknown(&state.regs[9]));
	/* An offset of more than 16 bits is no member's */
	name_arguments(&state);
	execute_prefixed(&without_toc, &state, 1u << 26 | 1, D(57u, 5, 6, 8), TOC);
	EXPECT(is_unknown(&state.regs[5]));
}

int main(void)
{
	u32 *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t i;
	int round;

	if (code == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	code[0] = 0x7d6802a6;	/* mflr r11 */
	code[1] = 0x7d2803a6;	/* mtlr r9 */
	code[3] = 0x7d0802a6;	/* mflr r8 */
	code[4] = 0x7d6803a6;	/* mtlr r11 */
	code[5] = 0x4e800020;	/* blr */
	for (i = 0; i < ARRAY_SIZE(templates) && !failed; i++)
		for (round = 0; round < ROUNDS && !failed; round++)
			try(&templates[i], make_up(&templates[i]), code, round % 4 == 0);
	check_states();
	check_addresses();
	check_prefixed();
	return failed;
}
