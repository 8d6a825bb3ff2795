/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writes an initramfs (cpio, "newc"). The driver makes the first one, init
 * makes those of the kernels that follow, so both link this.
 */
#ifndef KEXEC_TEST_CPIO_H
#define KEXEC_TEST_CPIO_H

#include "util.h"

struct cpio {
	int fd;
	size_t size;
	int error;		/* the first errno of a write */
};

/* These two return false with errno set; the others leave errors to cpio_close() */
bool cpio_create(struct cpio *cpio, const char *path);
bool cpio_close(struct cpio *cpio);

/* /dev with the console and the kernel log: what init needs to be heard */
void cpio_add_devices(struct cpio *cpio);
void cpio_add_directory(struct cpio *cpio, const char *name);

/* The header of a regular file; its @size bytes follow, then cpio_pad() */
void cpio_begin_file(struct cpio *cpio, const char *name, unsigned int mode, size_t size);
void cpio_write(struct cpio *cpio, const void *data, size_t size);
void cpio_pad(struct cpio *cpio);

/* The file @path as @name; false with errno set if it cannot be read */
bool cpio_add_file(struct cpio *cpio, const char *name, unsigned int mode, const char *path);

void cpio_end(struct cpio *cpio);

/* Behind the end, another whole archive: the kernel unpacks both */
bool cpio_append(struct cpio *cpio, const char *path);

#endif
