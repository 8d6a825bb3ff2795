// SPDX-License-Identifier: GPL-2.0
/* Source lines, if the image has debugging information and this build has libdw */
#include "realmode.h"

#ifdef HAVE_LIBDW
#include <elfutils/libdw.h>

static struct Dwarf *dwarf;

void load_lines(Elf *elf)
{
	dwarf = dwarf_begin_elf(elf, DWARF_C_READ, NULL);
}

/* Not by .debug_aranges: clang makes none */
const char *find_line(u64 addr, int *number)
{
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

void forget_lines(void)
{
	dwarf_end(dwarf);
}
#else
void load_lines(Elf *elf)
{
	(void)elf;
}

const char *find_line(u64 addr, int *number)
{
	(void)addr;
	(void)number;
	return NULL;
}

void forget_lines(void)
{
}
#endif
