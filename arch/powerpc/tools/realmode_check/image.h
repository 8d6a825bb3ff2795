/* SPDX-License-Identifier: GPL-2.0 */
/* The file: its sections, symbols and relocations. Nothing of it changes once it is read */
#ifndef IMAGE_H
#define IMAGE_H

#include <libelf.h>

#include "util.h"

struct section {
	u64 start;
	u64 end;
	const char *name;
	const u8 *data;
	bool code;
};

struct symbol {
	u64 addr;	/* of the code, not of an ELFv1 descriptor */
	u64 size;
	const char *name;
	bool function;
	bool global;
};

struct relative {
	u64 addr;
	u64 value;
};

/* The arrays are sorted */
struct image {
	const char *name;
	bool big_endian;
	u64 toc;	/* what r2 points to, or 0 */
	u64 base;	/* the lowest address of the kernel */
	struct section *sections;
	u32 nr_sections;
	struct symbol *symbols;
	u32 nr_symbols;
	struct relative *relatives;
	u32 nr_relatives;
};

struct image *read_image(Elf *elf, const char *name);

const struct section *find_section(const struct image *image, u64 addr);
const struct section *find_code(const struct image *image, u64 addr);
u32 insn_at(const struct image *image, const struct section *section, u64 addr);
bool read64(const struct image *image, u64 addr, u64 *value);
bool read32(const struct image *image, u64 addr, u32 *value);
u64 address_of(const struct image *image, const char *name);

#endif
