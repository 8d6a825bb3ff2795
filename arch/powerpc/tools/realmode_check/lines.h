/* SPDX-License-Identifier: GPL-2.0 */
/* Source lines, if the image has debugging information and this build has libdw */
#ifndef LINES_H
#define LINES_H

#include <libelf.h>

#include "util.h"

struct lines;

struct lines *open_lines(Elf *elf);
const char *find_line(struct lines *lines, u64 addr, int *number);
void close_lines(struct lines *lines);

#endif
