/* SPDX-License-Identifier: GPL-2.0 */
/* What is known of the registers, and what an instruction makes of it */
#ifndef INSN_H
#define INSN_H

#include "image.h"

#define MSR_IR		0x20
#define MSR_DR		0x10

/* What is known of a register, or of an address */
enum kind {
	KIND_BITS,	/* the bits that are known, and their value */
	KIND_STACK,	/* somewhere on the stack */
	KIND_PACA,	/* somewhere in the PACA */
	KIND_PACA_WORD,	/* loaded from the PACA, with @value added: the kernel's base? */
	KIND_ENTRY,	/* loaded from the table at @value */
	KIND_ARGUMENT,	/* what the function was given in the register @value */
	KIND_MEMBER,	/* loaded by way of @value, an argument or an address: see load_member() */
	KIND_SUM,	/* of two registers, of an entry and its table if there is a @value */
	KIND_NONE,
};

struct value {
	u64 known;
	u64 value;
	u8 kind;	/* enum kind */
};

enum { REG_MSR = 32, REG_CR, REG_CTR, REG_LR, NR_REGS };

struct state {
	struct value regs[NR_REGS];
};

bool is_constant(const struct value *value);
bool is_same(const struct value *a, const struct value *b);
bool merge_values(struct value *into, const struct value *from);

void forget_all(struct state *state);
void name_arguments(struct state *state);
void start_anew(struct state *state, u64 toc);
void start_real_mode(struct state *state, u64 toc);
void forget_volatile(struct state *state, u64 toc);
bool merge_states(struct state *into, const struct state *from);
bool may_be_real_mode(const struct state *state);

bool is_mfmsr(u32 insn);
bool is_return(u32 insn);
void find_ways(const struct state *state, u32 insn, bool *taken, bool *passed);
struct value execute(const struct image *image, struct state *state, u32 insn);
struct value execute_prefixed(const struct image *image, struct state *state, u32 prefix,
			      u32 suffix, u64 addr);

#endif
