/* SPDX-License-Identifier: GPL-2.0 */
/* The ways through a piece of code, and what is known on each of them */
#ifndef FLOW_H
#define FLOW_H

#include "insn.h"
#include "tables.h"
#include "units.h"

/* The code of the image, and all that has been made of it */
struct code {
	const struct image *image;
	const struct tables *tables;
	const struct units *units;
};

/* A branch to code that does not belong to what is looked at, or nobody knows where */
struct branch {
	u64 from;
	u64 to;
	bool call;	/* and comes back */
	bool indirect;	/* to an address that is not known, but from where it comes: */
	struct value pointer;
};

/* Who asks for the ways through code gets to know what is met there */
struct visitor {
	/* Before each instruction; false: no need to look further */
	bool (*insn)(void *data, u64 addr, u32 insn, const struct state *state);
	/* After each access to memory; false: as above */
	bool (*access)(void *data, const struct value *addr);
	/* At each branch out of the code; @after is the state once a call is back */
	bool (*leave)(void *data, const struct branch *branch, const struct state *state,
		      struct state *after);
};

/*
 * Go all ways from @addr on that do not leave the unit, or none of them if that is NONE:
 * then only a call leaves. False if the visitor saw no need to look further.
 */
bool run_flow(const struct code *code, u32 unit, u64 addr, const struct state *state,
	      const struct visitor *visitor, void *data);

#endif
