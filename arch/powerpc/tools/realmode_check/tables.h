/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's tables of what it may patch into its code */
#ifndef TABLES_H
#define TABLES_H

#include "image.h"

/* What is known of an instruction, one byte for each of them */
#define INSN_FEATURE	0x01	/* a feature section starts here */
#define INSN_ALT	0x02	/* stands in for the body of a feature section */
#define INSN_ALT_LAST	0x04	/* what comes next is what follows that body */
#define INSN_JUMP	0x08	/* may go where the exception or jump table says */
#define INSN_FTRACE	0x10	/* ftrace may put a call here */

struct feature {
	u64 start;
	u64 end;
	u64 alt_start;
	u64 alt_end;
};

struct jump {
	u64 from;
	u64 to;
};

/* The arrays are sorted */
struct tables {
	u8 **flags;	/* INSN_* of each word of each section, or NULL if it is no code */
	struct feature *features;
	u32 nr_features;
	struct jump *alt_ends;	/* from the end of an alternative to that of its body */
	u32 nr_alt_ends;
	struct jump *jumps;
	u32 nr_jumps;
};

void require_tables(const struct image *image);
struct tables *read_tables(const struct image *image);

u8 insn_flags(const struct image *image, const struct tables *tables,
	      const struct section *section, u64 addr);

#endif
