/* SPDX-License-Identifier: GPL-2.0 */
/* Which checks of KASAN and KCOV do nothing in real mode */
#ifndef GUARD_H
#define GUARD_H

#include "flow.h"

struct guard {
	u64 start;	/* of the check that has it */
	u64 plain;	/* what that goes on to, or 0 */
};

struct guards {
	struct guard *guards;	/* sorted */
	u32 nr_guards;
};

struct guards *find_guards(const struct code *code);
const struct guard *find_guard(const struct guards *guards, u64 start);

#endif
