// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "units.h"

const char *const sink_names[NR_SINKS] = {
	"none", "kasan", "kcsan", "kcov", "ubsan", "printk", "ftrace",
};

static const struct {
	enum sink sink;
	const char *prefix;
} sink_prefixes[] = {
	{ SINK_KASAN, "__asan_" },
	{ SINK_KASAN, "__hwasan_" },
	{ SINK_KASAN, "__kasan_" },
	{ SINK_KASAN, "kasan_" },
	{ SINK_KCSAN, "__tsan_" },
	{ SINK_KCSAN, "__kcsan_" },
	{ SINK_KCSAN, "kcsan_" },
	{ SINK_KCOV, "__sanitizer_cov_" },
	{ SINK_UBSAN, "__ubsan_" },
};

static const struct {
	enum sink sink;
	const char *name;
} sink_functions[] = {
	{ SINK_PRINTK, "_printk" },
	{ SINK_PRINTK, "_printk_deferred" },
	{ SINK_PRINTK, "__warn_printk" },
	{ SINK_PRINTK, "vprintk" },
	{ SINK_PRINTK, "vprintk_emit" },
	{ SINK_PRINTK, "panic" },
	{ SINK_FTRACE, "_mcount" },
	{ SINK_FTRACE, "ftrace_caller" },
	{ SINK_FTRACE, "ftrace_regs_caller" },
};

/* KASAN has its own of these where a plain one exists under the __ name */
static const char *const mem_functions[] = { "memcpy", "memmove", "memset" };

static struct unit *add_unit(struct units *units, u64 start, u64 end)
{
	units->units = grow(units->units, units->nr_units, sizeof(*units->units));
	units->units[units->nr_units] = (struct unit) {
		.start = start,
		.end = end,
		.symbol = NONE,
	};
	return &units->units[units->nr_units++];
}

/* Divide a section at its symbols; those inside a whole function make no unit */
static void divide_section(struct units *units, const struct image *image,
			   const struct section *section)
{
	const struct symbol *symbols = image->symbols;
	struct unit *unit = NULL;
	u64 at = section->start;
	u32 i = find_first(symbols, image->nr_symbols, sizeof(*symbols), section->start);

	while (i < image->nr_symbols && symbols[i].addr < section->end) {
		u64 addr = symbols[i].addr, size = 0;
		u32 first = i;

		for (; i < image->nr_symbols && symbols[i].addr == addr; i++)
			if (symbols[i].function && symbols[i].size > size)
				size = symbols[i].size;
		if (unit && unit->whole && addr < unit->end) {
			unit->nr_symbols = i - unit->symbol;
			continue;
		}
		if (addr & 3)
			continue;
		if (unit && !unit->whole)
			unit->end = addr;
		else if (addr > at)
			add_unit(units, at, addr);

		if (size > section->end - addr)
			size = section->end - addr;
		size = (size + 3) & ~(u64)3;
		unit = add_unit(units, addr, size ? addr + size : section->end);
		unit->whole = size;
		unit->symbol = first;
		unit->nr_symbols = i - first;
		at = unit->end;
	}
	if (at < section->end)
		add_unit(units, at, section->end);
}

u32 find_unit(const struct units *units, u64 addr)
{
	return find_range(units->units, units->nr_units, sizeof(*units->units), addr);
}

static enum sink classify(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sink_prefixes); i++)
		if (!strncmp(name, sink_prefixes[i].prefix, strlen(sink_prefixes[i].prefix)))
			return sink_prefixes[i].sink;
	for (i = 0; i < ARRAY_SIZE(sink_functions); i++)
		if (!strcmp(name, sink_functions[i].name))
			return sink_functions[i].sink;
	return SINK_NONE;
}

static void find_checking(struct units *units, const struct image *image, const char *name)
{
	u64 checking = address_of(image, name), plain;
	u32 unit = find_unit(units, checking), plain_unit;
	char plain_name[16];

	snprintf(plain_name, sizeof(plain_name), "__%s", name);
	plain = address_of(image, plain_name);
	plain_unit = find_unit(units, plain);
	if (!plain || plain == checking || unit == NONE)
		return;
	units->units[unit].sink = SINK_KASAN;
	/* Only a broken image has one in the other, and then there is no end to it */
	if (plain_unit != NONE && !units->units[plain_unit].sink)
		units->units[unit].plain = plain;
	if (plain_unit != NONE)
		units->units[plain_unit].is_plain = true;
}

static void find_sinks(struct units *units, const struct image *image)
{
	u32 i, j;

	for (i = 0; i < units->nr_units; i++) {
		struct unit *unit = &units->units[i];

		for (j = 0; j < unit->nr_symbols && !unit->sink; j++) {
			const struct symbol *symbol = &image->symbols[unit->symbol + j];

			if (symbol->addr != unit->start)
				break;
			unit->sink = classify(symbol->name);
		}
	}
	for (i = 0; i < ARRAY_SIZE(mem_functions); i++)
		find_checking(units, image, mem_functions[i]);
}

struct units *divide_code(const struct image *image)
{
	struct units *units = zeroed(1, sizeof(*units));
	u32 i;

	for (i = 0; i < image->nr_sections; i++)
		if (image->sections[i].code)
			divide_section(units, image, &image->sections[i]);
	find_sinks(units, image);
	return units;
}
