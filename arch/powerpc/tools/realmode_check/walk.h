/* SPDX-License-Identifier: GPL-2.0 */
/* All that is reached from the roots of a context */
#ifndef WALK_H
#define WALK_H

#include "flow.h"
#include "guard.h"
#include "match.h"

/* One way into a unit; the chain of parents is the path from the root */
struct visit {
	u32 unit;
	u32 parent;
	u64 entry;
	u32 earlier;	/* another visit of this unit, or NONE */
};

struct finding {
	enum sink sink;
	u32 visit;
	u32 target;	/* unit, or NONE */
	u64 addr;
};

struct unresolved {
	u32 visit;
	u64 addr;
};

struct walk {
	u32 context;
	struct visit *visits;
	u32 nr_visits;
	struct finding *findings;
	u32 nr_findings;
	struct unresolved *unresolved;
	u32 nr_unresolved;
	u32 nr_reached;		/* units */
	bool *used;		/* of each rule: it made a difference */
};

struct walk *walk(const struct code *code, const struct guards *guards,
		  const struct match *match, u32 context);
void free_walk(struct walk *walk);

#endif
