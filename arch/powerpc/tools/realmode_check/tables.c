// SPDX-License-Identifier: GPL-2.0
#include "tables.h"

/* No feature section is near this long; it bounds the work on a broken file */
#define FEATURE_MAX	0x10000

struct table {
	const struct image *image;
	const char *name;
	u64 addr;
	u32 count;
	u32 entry_size;
};

u8 insn_flags(const struct image *image, const struct tables *tables,
	      const struct section *section, u64 addr)
{
	return tables->flags[section - image->sections][(addr - section->start) / 4];
}

static void mark(const struct image *image, struct tables *tables, u64 addr, u8 flag)
{
	const struct section *section = find_code(image, addr);

	if (section)
		tables->flags[section - image->sections][(addr - section->start) / 4] |= flag;
}

/* The table between two symbols that the linker script provides */
static struct table find_table(const struct image *image, const char *start_name,
			       const char *stop_name, u32 entry_size)
{
	u64 start = address_of(image, start_name), stop = address_of(image, stop_name);
	const struct section *section;

	section = find_section(image, start);
	if (start != stop && (!section || stop < start || stop > section->end ||
			      (stop - start) % entry_size))
		die("%s: there is no table from %s to %s", image->name, start_name, stop_name);
	return (struct table) {
		.image = image,
		.name = start_name,
		.addr = start,
		.count = (stop - start) / entry_size,
		.entry_size = entry_size,
	};
}

static void next_entry(struct table *table)
{
	table->addr += table->entry_size;
	table->count--;
}

static void __noreturn bad_entry(const struct table *table)
{
	die("%s: bad entry at 0x%llx, after %s", table->image->name,
	    (unsigned long long)table->addr, table->name);
}

/* An offset from the entry itself, as an address */
static u64 offset64(const struct table *table, u32 at)
{
	u64 offset;

	if (!read64(table->image, table->addr + at, &offset))
		bad_entry(table);
	return table->addr + offset;
}

/* One from where it stands */
static u64 offset32(const struct table *table, u32 at)
{
	u32 offset;

	if (!read32(table->image, table->addr + at, &offset))
		bad_entry(table);
	return table->addr + at + (s64)(s32)offset;
}

/* Both ends of an alternative are in the same section */
static bool is_one_piece(const struct image *image, u64 start, u64 end)
{
	const struct section *section = find_code(image, start);

	return section && section == find_code(image, end - 4);
}

static bool is_sane_feature(const struct image *image, const struct feature *f)
{
	if (!find_code(image, f->start) || (f->end | f->alt_end) & 3)
		return false;
	if (f->end < f->start || f->end - f->start > FEATURE_MAX)
		return false;
	if (f->alt_end < f->alt_start || f->alt_end - f->alt_start > f->end - f->start)
		return false;
	return f->alt_end == f->alt_start || is_one_piece(image, f->alt_start, f->alt_end);
}

static void read_features(const struct image *image, struct tables *tables,
			  const char *start_name, const char *stop_name)
{
	struct table table = find_table(image, start_name, stop_name, 48);

	for (; table.count; next_entry(&table)) {
		struct feature f = {
			.start = offset64(&table, 16),
			.end = offset64(&table, 24),
			.alt_start = offset64(&table, 32),
			.alt_end = offset64(&table, 40),
		};
		u64 addr;

		if (!is_sane_feature(image, &f))
			bad_entry(&table);
		tables->features = grow(tables->features, tables->nr_features,
					sizeof(*tables->features));
		tables->features[tables->nr_features++] = f;
		mark(image, tables, f.start, INSN_FEATURE);
		for (addr = f.alt_start; addr < f.alt_end; addr += 4)
			mark(image, tables, addr, INSN_ALT);
		if (f.alt_end > f.alt_start) {
			mark(image, tables, f.alt_end - 4, INSN_ALT_LAST);
			tables->alt_ends = grow(tables->alt_ends, tables->nr_alt_ends,
						sizeof(*tables->alt_ends));
			tables->alt_ends[tables->nr_alt_ends++] =
				(struct jump) { f.alt_end, f.end };
		}
	}
}

static void read_jumps(const struct image *image, struct tables *tables,
		       const char *start_name, const char *stop_name, u32 entry_size)
{
	struct table table = find_table(image, start_name, stop_name, entry_size);

	for (; table.count; next_entry(&table)) {
		struct jump jump = { offset32(&table, 0), offset32(&table, 4) };

		if (!find_code(image, jump.from) || !find_code(image, jump.to))
			bad_entry(&table);
		tables->jumps = grow(tables->jumps, tables->nr_jumps, sizeof(*tables->jumps));
		tables->jumps[tables->nr_jumps++] = jump;
		mark(image, tables, jump.from, INSN_JUMP);
	}
}

static void read_ftrace(const struct image *image, struct tables *tables)
{
	struct table table = find_table(image, "__start_mcount_loc", "__stop_mcount_loc", 8);
	u64 addr;

	for (; table.count; next_entry(&table))
		if (read64(image, table.addr, &addr))
			mark(image, tables, addr, INSN_FTRACE);
}

/*
 * A kernel has all of these, even if nothing is in them. One that is not found has got
 * another name, and what it patches in would not be followed.
 */
void require_tables(const struct image *image)
{
	static const char *const names[] = {
		"__start___ftr_fixup", "__stop___ftr_fixup",
		"__start___mmu_ftr_fixup", "__stop___mmu_ftr_fixup",
		"__start___fw_ftr_fixup", "__stop___fw_ftr_fixup",
		"__start___ex_table", "__stop___ex_table",
		"__start___jump_table", "__stop___jump_table",
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!address_of(image, names[i]))
			die("%s has no %s: what it patches is not known", image->name, names[i]);
}

struct tables *read_tables(const struct image *image)
{
	struct tables *tables = zeroed(1, sizeof(*tables));
	const struct section *section;
	u32 i;

	tables->flags = zeroed(image->nr_sections, sizeof(*tables->flags));
	for (i = 0; i < image->nr_sections; i++) {
		section = &image->sections[i];
		if (section->code)
			tables->flags[i] = zeroed((section->end - section->start) / 4, 1);
	}
	read_features(image, tables, "__start___ftr_fixup", "__stop___ftr_fixup");
	read_features(image, tables, "__start___mmu_ftr_fixup", "__stop___mmu_ftr_fixup");
	read_features(image, tables, "__start___fw_ftr_fixup", "__stop___fw_ftr_fixup");
	read_jumps(image, tables, "__start___ex_table", "__stop___ex_table", 8);
	read_jumps(image, tables, "__start___jump_table", "__stop___jump_table", 16);
	read_ftrace(image, tables);
	sort(tables->features, tables->nr_features, sizeof(*tables->features),
	     compare_addresses);
	sort(tables->alt_ends, tables->nr_alt_ends, sizeof(*tables->alt_ends),
	     compare_addresses);
	sort(tables->jumps, tables->nr_jumps, sizeof(*tables->jumps), compare_addresses);
	return tables;
}
