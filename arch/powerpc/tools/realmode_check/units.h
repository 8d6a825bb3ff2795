/* SPDX-License-Identifier: GPL-2.0 */
/* The image's code divided into what is reported under one name */
#ifndef UNITS_H
#define UNITS_H

#include "image.h"

enum sink {
	SINK_NONE,
	SINK_KASAN,
	SINK_KCSAN,
	SINK_KCOV,
	SINK_UBSAN,
	SINK_PRINTK,
	SINK_FTRACE,
	NR_SINKS,
};

struct unit {
	u64 start;
	u64 end;
	u32 symbol;	/* the first one of its symbols, or NONE */
	u32 nr_symbols;
	u64 plain;	/* of a function that checks first: the one that it then calls */
	u8 sink;	/* enum sink, if being reached is a finding */
	bool is_plain;	/* another one's plain */
	bool whole;	/* has a size: what the compiler made */
};

struct units {
	struct unit *units;	/* sorted */
	u32 nr_units;
};

extern const char *const sink_names[NR_SINKS];

struct units *divide_code(const struct image *image);
u32 find_unit(const struct units *units, u64 addr);

#endif
