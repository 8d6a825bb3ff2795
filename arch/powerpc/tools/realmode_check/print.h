/* SPDX-License-Identifier: GPL-2.0 */
/* The results, for people and for other programs */
#ifndef PRINT_H
#define PRINT_H

#include "lines.h"
#include "walk.h"

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_DOT };

struct view {
	enum format format;
	bool list;
	bool ftrace;
	bool quiet;
	const struct code *code;
	const struct match *match;
	struct lines *lines;
};

bool is_clean(const struct walk *walk);

void print_begin(const struct view *view);
void print_walk(const struct view *view, const struct walk *walk, bool first);
void print_end(const struct view *view);

#endif
