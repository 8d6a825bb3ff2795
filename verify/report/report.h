/* SPDX-License-Identifier: GPL-2.0 */
#ifndef REPORT_H
#define REPORT_H

#include "results.h"

int print_html(const struct tree *trees, int nr_trees, const char *out);
int print_junit(const struct tree *trees, int nr_trees);
void print_escaped(const char *text, size_t length);

#endif
