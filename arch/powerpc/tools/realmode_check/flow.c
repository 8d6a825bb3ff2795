// SPDX-License-Identifier: GPL-2.0
/*
 * The ways through a piece of code, given what is known of the registers at its start.
 *
 * Where a branch depends on what is known, as of MSR[DR], only one way is taken. Where
 * ways meet, what remains known is what all of them know. Code that may be patched is
 * gone through in each of its forms: feature sections, jump labels, exception fixups.
 */
#include <string.h>

#include "flow.h"

#define CHANGES_MAX	32	/* at a place, before all is forgotten there */

/* A place that is reached by a branch, and what is known of the registers there */
struct place {
	u64 addr;
	struct state state;
	bool waits;
	u8 changes;
};

struct flow {
	const struct image *image;
	const struct tables *tables;
	const struct units *units;
	const struct unit *unit;	/* that is not left, or NULL */
	const struct visitor *visitor;
	void *data;
	bool stopped;
	bool all;		/* any instruction may come next, at some branch */
	struct place *places;
	u32 nr_places;
	u32 *table;		/* finds a place by its address */
	u32 table_size;
	u32 *todo;		/* places to go on from */
	u32 nr_todo;
};

static void make_table(struct flow *flow)
{
	u32 i, at;

	flow->table_size = flow->table_size ? 2 * flow->table_size : 64;
	free(flow->table);
	flow->table = checked(malloc(flow->table_size * sizeof(*flow->table)));
	memset(flow->table, 0xff, flow->table_size * sizeof(*flow->table));
	for (i = 0; i < flow->nr_places; i++) {
		at = flow->places[i].addr / 4 % flow->table_size;
		while (flow->table[at] != NONE)
			at = (at + 1) % flow->table_size;
		flow->table[at] = i;
	}
}

/* The index of the place, or where it goes in the table if @addr is none yet */
static u32 find_place(const struct flow *flow, u64 addr, u32 *at)
{
	*at = addr / 4 % flow->table_size;
	while (flow->table[*at] != NONE) {
		if (flow->places[flow->table[*at]].addr == addr)
			return flow->table[*at];
		*at = (*at + 1) % flow->table_size;
	}
	return NONE;
}

static void add_todo(struct flow *flow, u32 index)
{
	if (flow->places[index].waits)
		return;
	flow->places[index].waits = true;
	flow->todo = grow(flow->todo, flow->nr_todo, sizeof(*flow->todo));
	flow->todo[flow->nr_todo++] = index;
}

/* Come to a place that was there before: true if that makes a difference */
static bool come_again(struct place *place, const struct state *state)
{
	if (!merge_states(&place->state, state))
		return false;
	/* This ends, but let it end soon */
	if (++place->changes > CHANGES_MAX) {
		forget_all(&place->state);
		place->changes = CHANGES_MAX;
	}
	return true;
}

static void go_to(struct flow *flow, u64 addr, const struct state *state)
{
	u32 at, index = find_place(flow, addr, &at);

	if (index != NONE) {
		if (come_again(&flow->places[index], state))
			add_todo(flow, index);
		return;
	}
	flow->places = grow(flow->places, flow->nr_places, sizeof(*flow->places));
	index = flow->nr_places++;
	flow->places[index] = (struct place) { .addr = addr, .state = *state };
	flow->table[at] = index;
	add_todo(flow, index);
	if (2 * flow->nr_places > flow->table_size)
		make_table(flow);
}

static bool is_within(const struct flow *flow, const struct section *section, u64 addr)
{
	if (!flow->unit)
		return !flow->units->units[find_unit(flow->units, addr)].is_plain;
	return insn_flags(flow->image, flow->tables, section, addr) & INSN_ALT ||
	       (addr >= flow->unit->start && addr < flow->unit->end);
}

static void leave(struct flow *flow, const struct branch *branch, const struct state *state,
		  struct state *after)
{
	/* What runs with the MMU on is not of interest, but where it goes off again is */
	if (may_be_real_mode(state) && !flow->visitor->leave(flow->data, branch, state, after))
		flow->stopped = true;
}

static void jump(struct flow *flow, u64 from, u64 to, const struct state *state)
{
	const struct section *section = find_code(flow->image, to);
	const struct branch branch = { .from = from, .to = to };

	if (section && is_within(flow, section, to))
		go_to(flow, to, state);
	else
		leave(flow, &branch, state, NULL);
}

/* Assembly may call what changes any register */
static bool keeps_abi(const struct flow *flow)
{
	return !flow->unit || flow->unit->whole;
}

static void call(struct flow *flow, const struct branch *branch, struct state *state)
{
	const struct state before = *state;
	const struct value msr = state->regs[REG_MSR];

	if (keeps_abi(flow))
		forget_volatile(state, flow->image->toc);
	else
		start_anew(state, flow->image->toc);
	state->regs[REG_MSR] = msr;
	leave(flow, branch, &before, state);
}

/* ------------------------------------------------ indirect branches */

/* A compiler may move cases of a switch elsewhere, which then is called name.cold */
static bool is_same_function(const struct flow *flow, u64 addr)
{
	u32 i = find_unit(flow->units, addr);
	const struct unit *target = &flow->units->units[i];
	const char *own, *other;
	size_t length;

	if (i == NONE || target == flow->unit)
		return i != NONE;
	if (flow->unit->symbol == NONE || target->symbol == NONE)
		return false;
	own = flow->image->symbols[flow->unit->symbol].name;
	other = flow->image->symbols[target->symbol].name;
	length = strcspn(own, ".");
	return length && !strncmp(own, other, length) && other[length] == '.';
}

/* The table of a switch has offsets from itself, and ends where they lead elsewhere */
static bool follow_switch(struct flow *flow, u64 from, u64 table, const struct state *state)
{
	bool found = false;
	u64 at, to;
	u32 offset;

	for (at = table; read32(flow->image, at, &offset); at += 4, found = true) {
		to = table + (s64)(s32)offset;
		if (!find_code(flow->image, to) || !is_same_function(flow, to))
			break;
		jump(flow, from, to, state);
	}
	return found;
}

/* Anything can come from anywhere */
static void follow_all(struct flow *flow)
{
	struct state state;
	u64 addr;

	flow->all = true;
	forget_all(&state);
	for (addr = flow->unit->start; addr < flow->unit->end; addr += 4)
		go_to(flow, addr, &state);
}

/*
 * Once anything can come from anywhere, is this the branch of a switch? Then the code
 * right before it puts a sum into CTR.
 */
static bool looks_like_switch(const struct flow *flow, u64 addr)
{
	const struct unit *unit = flow->unit;
	const struct section *section = find_code(flow->image, unit->start);
	u32 insn, reg = NONE, op;
	u64 at;

	if (addr < unit->start || addr >= unit->end)
		return false;
	for (at = addr; at > unit->start && at + 64 > addr;) {
		at -= 4;
		insn = insn_at(flow->image, section, at);
		op = insn >> 26;
		if (reg == NONE && (insn & 0xfc1fffff) == 0x7c0903a6)	/* mtctr */
			reg = insn >> 21 & 31;
		else if ((insn & 0xfc0007ff) == 0x7c000214 && (insn >> 21 & 31) == reg)	/* add */
			return true;
		else if (op == 16 || op == 18 || op == 19)
			return false;
	}
	return false;
}

static void follow_indirect(struct flow *flow, u64 from, bool link, const struct value *to,
			    struct state *state)
{
	struct branch branch = { .from = from, .call = link };
	bool whole = keeps_abi(flow);

	if (is_constant(to) && find_code(flow->image, to->value))
		branch.to = to->value;
	else if (to->kind == KIND_PACA_WORD && to->value && !whole &&
		 find_code(flow->image, flow->image->base + to->value))
		branch.to = flow->image->base + to->value;
	else
		branch.indirect = true;
	branch.pointer = *to;

	if (link) {
		call(flow, &branch, state);
	} else if (!branch.indirect) {
		jump(flow, from, branch.to, state);
	} else if (to->kind == KIND_SUM && whole && flow->unit) {
		/* A case of a switch is part of the function */
		if (to->value && !follow_switch(flow, from, to->value, state))
			leave(flow, &branch, state, NULL);
		else if (!to->value && !flow->all)
			follow_all(flow);
	} else if (!flow->all || !looks_like_switch(flow, from)) {
		leave(flow, &branch, state, NULL);
	}
}

/* ------------------------------------------------ one instruction after the other */

static void follow_patches(struct flow *flow, u64 addr, u8 flags, const struct state *state)
{
	const struct tables *tables = flow->tables;
	const struct feature *feature;
	u32 i;

	if (flags & INSN_FEATURE) {
		for (i = find_first(tables->features, tables->nr_features, sizeof(*feature), addr);
		     i < tables->nr_features && tables->features[i].start == addr; i++) {
			feature = &tables->features[i];
			if (feature->alt_end > feature->alt_start)
				jump(flow, addr, feature->alt_start, state);
			jump(flow, addr, feature->end, state);
		}
	}
	if (flags & INSN_JUMP) {
		for (i = find_first(tables->jumps, tables->nr_jumps, sizeof(*tables->jumps), addr);
		     i < tables->nr_jumps && tables->jumps[i].from == addr; i++)
			jump(flow, addr, tables->jumps[i].to, state);
	}
}

/* bc and b; does it go on to the next instruction? */
static bool follow_direct(struct flow *flow, u64 addr, u32 insn, struct state *state)
{
	bool link = insn & 1, absolute = insn & 2, taken = true, passed = false;
	struct branch branch = { .from = addr, .call = link };
	struct state other;

	if (insn >> 26 == 18) {
		branch.to = (s64)((u64)(insn & 0x3fffffc) << 38) >> 38;
	} else {
		branch.to = (s16)(insn & 0xfffc);
		find_ways(state, insn, &taken, &passed);
		if (!(insn >> 21 & 4))
			state->regs[REG_CTR] = (struct value) { .known = 0 };
	}
	branch.to += absolute ? 0 : addr;
	/* bcl 20,31,.+4 reads its own address */
	if (link && branch.to == addr + 4 && insn >> 26 == 16) {
		state->regs[REG_LR] = (struct value) { .known = ~0ULL, .value = addr + 4 };
		return true;
	}
	if (!taken)
		return true;
	if (!link) {
		jump(flow, addr, branch.to, state);
		return passed;
	}
	other = *state;
	call(flow, &branch, &other);
	if (passed)
		merge_states(state, &other);
	else
		*state = other;
	return true;
}

/* Branches to registers, and what else changes more than registers */
static bool follow_special(struct flow *flow, u64 addr, u32 insn, struct state *state)
{
	struct value to = { .known = 0 };
	bool link = insn & 1, taken, passed;

	switch (insn >> 1 & 0x3ff) {
	case 16:	/* bclr: a return, unless it sets LR itself */
		to = state->regs[REG_LR];
		find_ways(state, insn, &taken, &passed);
		if (taken && (link || is_constant(&to)))
			follow_indirect(flow, addr, link, &to, state);
		return link || passed;
	case 528:	/* bcctr */
		to = state->regs[REG_CTR];
		fallthrough;
	case 560:	/* bctar */
		find_ways(state, insn, &taken, &passed);
		if (taken)
			follow_indirect(flow, addr, link, &to, state);
		return link || passed;
	case 18:	/* rfid */
	case 50:	/* rfi */
	case 82:	/* rfscv */
	case 274:	/* hrfid */
		return false;
	}
	execute(flow->image, state, insn);
	return true;
}

/* Does it go on to the next instruction? */
static bool step(struct flow *flow, u64 addr, u32 insn, struct state *state)
{
	const struct section *section;
	struct value at;

	switch (insn >> 26) {
	case 0:
		return false;	/* padding or data */
	case 16:
	case 18:
		return follow_direct(flow, addr, insn, state);
	case 17:	/* sc, scv: who answers may change all that a function may */
		forget_volatile(state, flow->image->toc);
		return true;
	case 19:
		return follow_special(flow, addr, insn, state);
	case 1:
		section = find_code(flow->image, addr + 4);
		if (!section)
			return false;
		at = execute_prefixed(flow->image, state, insn,
				      insn_at(flow->image, section, addr + 4), addr);
		break;
	default:
		at = execute(flow->image, state, insn);
	}
	if (at.kind != KIND_NONE && may_be_real_mode(state) &&
	    !flow->visitor->access(flow->data, &at))
		flow->stopped = true;
	return true;
}

/* Behind an alternative is what follows the body that it stands in for */
static u64 next_addr(const struct flow *flow, u64 addr, u32 insn)
{
	const struct tables *tables = flow->tables;
	u64 last = insn >> 26 == 1 ? addr + 4 : addr;
	const struct section *section = find_code(flow->image, last);

	if (!(insn_flags(flow->image, tables, section, last) & INSN_ALT_LAST))
		return last + 4;
	return tables->alt_ends[find_first(tables->alt_ends, tables->nr_alt_ends,
					   sizeof(*tables->alt_ends), last + 4)].to;
}

/*
 * A compiler ends a function with a trap or a call that does not come back, with what
 * the linker needs to have r2 back. Other code without a branch at its end runs on.
 */
static bool runs_on(const struct flow *flow, const struct section *section, u64 addr)
{
	u32 insn = insn_at(flow->image, section, addr);

	if (!flow->unit || !flow->unit->whole ||
	    addr < flow->unit->start || addr >= flow->unit->end)
		return true;
	while ((insn == 0x60000000 || insn >> 16 == 0xe841) && addr > flow->unit->start) {
		addr -= 4;
		insn = insn_at(flow->image, section, addr);
	}
	return (insn & 0xfc000001) != 0x48000001 && insn >> 26 != 3 && insn >> 26 != 2 &&
	       (insn & 0xfc0007ff) != 0x4c000421 && (insn & 0xfc0007fe) != 0x7c000008;
}

/* From a place to where the way ends, or meets one that knows no more */
static void run_from(struct flow *flow, u32 index)
{
	const struct section *section = NULL;
	struct state state = flow->places[index].state;
	u64 addr = flow->places[index].addr, from = addr;
	bool first = true;
	u32 at, insn;
	u8 flags;

	for (; !flow->stopped; first = false) {
		if (!section || addr < section->start || addr >= section->end)
			section = find_code(flow->image, addr);
		if (!section || !is_within(flow, section, addr)) {
			if (runs_on(flow, find_code(flow->image, from), from))
				jump(flow, from, addr, &state);
			return;
		}
		index = first ? NONE : find_place(flow, addr, &at);
		if (index != NONE) {
			if (!come_again(&flow->places[index], &state))
				return;
			state = flow->places[index].state;
		}
		insn = insn_at(flow->image, section, addr);
		flags = insn_flags(flow->image, flow->tables, section, addr);
		if (!flow->visitor->insn(flow->data, addr, insn, &state)) {
			flow->stopped = true;
			return;
		}
		follow_patches(flow, addr, flags, &state);
		if (!step(flow, addr, insn, &state))
			return;
		from = addr;
		addr = next_addr(flow, addr, insn);
	}
}

bool run_flow(const struct code *code, u32 unit, u64 addr, const struct state *state,
	      const struct visitor *visitor, void *data)
{
	struct flow flow = {
		.image = code->image,
		.tables = code->tables,
		.units = code->units,
		.unit = unit == NONE ? NULL : &code->units->units[unit],
		.visitor = visitor,
		.data = data,
	};

	make_table(&flow);
	go_to(&flow, addr, state);
	while (flow.nr_todo && !flow.stopped) {
		u32 index = flow.todo[--flow.nr_todo];

		flow.places[index].waits = false;
		run_from(&flow, index);
	}
	free(flow.places);
	free(flow.table);
	free(flow.todo);
	return !flow.stopped;
}
