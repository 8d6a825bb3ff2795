// SPDX-License-Identifier: GPL-2.0
#include "lines.h"

#ifdef HAVE_LIBDW
#include <elfutils/libdw.h>

struct lines *open_lines(Elf *elf)
{
	return (struct lines *)dwarf_begin_elf(elf, DWARF_C_READ, NULL);
}

/* Not by .debug_aranges: clang makes none */
const char *find_line(struct lines *lines, u64 addr, int *number)
{
	Dwarf *dwarf = (Dwarf *)lines;
	Dwarf_CU *unit = NULL;
	Dwarf_Die die;

	while (dwarf && !dwarf_get_units(dwarf, unit, &unit, NULL, NULL, &die, NULL)) {
		Dwarf_Line *line;

		if (dwarf_haspc(&die, addr) != 1)
			continue;
		line = dwarf_getsrc_die(&die, addr);
		if (line && !dwarf_lineno(line, number))
			return dwarf_linesrc(line, NULL, NULL);
	}
	return NULL;
}

void close_lines(struct lines *lines)
{
	dwarf_end((Dwarf *)lines);
}
#else
struct lines *open_lines(Elf *elf)
{
	(void)elf;
	return NULL;
}

const char *find_line(struct lines *lines, u64 addr, int *number)
{
	(void)lines;
	(void)addr;
	(void)number;
	return NULL;
}

void close_lines(struct lines *lines)
{
	(void)lines;
}
#endif
