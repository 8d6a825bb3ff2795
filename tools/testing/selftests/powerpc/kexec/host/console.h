/* SPDX-License-Identifier: GPL-2.0 */
/* What a line of a console means, as data */
#ifndef KEXEC_TEST_CONSOLE_H
#define KEXEC_TEST_CONSOLE_H

#include "util.h"

/* Has it one of the spellings "a|b"? A spelling may be parts in this order: "a*b". */
bool line_has(const char *line, const char *spellings);

/* Does the kernel not get what is to be in its initramfs? */
bool line_lacks_initramfs(const char *line);

/* Does it say that something is wrong with the kernel? */
bool line_complains(const char *line);

/* The line without the time, and the caller, that printk puts before it in brackets */
const char *line_text(const char *line);

#endif
