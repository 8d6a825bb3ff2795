/* SPDX-License-Identifier: GPL-2.0 */
/* What the first kernel of a guest is given */
#ifndef KEXEC_TEST_INITRAMFS_H
#define KEXEC_TEST_INITRAMFS_H

#include "options.h"

/* An archive of its own: the guest hands it to the next kernel as it is */
void make_tools(const struct options *options, const char *path);

/* With @tools, another archive: unpacked, and whole as a file */
void make_initramfs(const struct options *options, const char *initramfs, const char *tools);

/* Is it among the tools, and in the byte order of the guest? */
bool has_tool(const struct options *options, const char *name);

#endif
