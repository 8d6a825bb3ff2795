/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writes an initramfs (cpio, "newc"). The driver makes the first one, init
 * makes those of the kernels that follow, so both link this.
 */
#ifndef KEXEC_TEST_CPIO_H
#define KEXEC_TEST_CPIO_H

#include <stddef.h>
#include <stdio.h>

/* /dev with the console and the kernel log: what init needs to be heard */
void cpio_add_devices(FILE *cpio);

/* The header of a regular file; its @size bytes follow, then cpio_pad() */
void cpio_begin_file(FILE *cpio, const char *name, unsigned int mode, size_t size);
void cpio_pad(FILE *cpio);

void cpio_end(FILE *cpio);

#endif
