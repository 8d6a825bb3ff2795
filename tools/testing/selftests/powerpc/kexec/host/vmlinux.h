/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel under test: its symbols, and the part of it that is loaded */
#ifndef KEXEC_TEST_VMLINUX_H
#define KEXEC_TEST_VMLINUX_H

#include "util.h"

#define PAGE_OFFSET	0xc000000000000000ULL
#define REAL_ADDRESS	0x0fffffffffffffffULL

/* Prints why and returns false if @path is no ppc64 vmlinux with symbols */
bool vmlinux_read(const char *path);

bool vmlinux_big_endian(void);

/* False, and says so, if the System.map beside @path is of another build */
bool vmlinux_check_map(const char *path);

/* Write what of it QEMU and kexec need to @image; false, and says why */
bool vmlinux_write_image(const char *image);

/* False, and says so, if @image is not as long as it says of itself */
bool vmlinux_check_image(const char *image);

/* Address of @name, 0 if there is none */
__u64 vmlinux_symbol(const char *name);

/* What this kernel says first on its console, or NULL if vmlinux does not tell */
const char *vmlinux_banner(void);

/* "function+0x12" for the text at @address, which may be a real address; not data */
bool vmlinux_name(__u64 address, char *name, size_t size);

#endif
