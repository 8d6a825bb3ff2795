// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include <sys/stat.h>

#include "cpio.h"

static void add_header(FILE *cpio, const char *name, unsigned int mode, size_t size,
		       unsigned int major, unsigned int minor)
{
	static unsigned int inode;

	/* 13 fields of 8 digits: see Documentation/driver-api/early-userspace/ */
	fprintf(cpio, "070701%08X%08X%08X%08X%08X%08X%08zX%08X%08X%08X%08X%08X%08X",
		++inode, mode, 0, 0, 1, 0, size, 0, 0, major, minor,
		(unsigned int)strlen(name) + 1, 0);
	fwrite(name, 1, strlen(name) + 1, cpio);
	cpio_pad(cpio);
}

void cpio_pad(FILE *cpio)
{
	while (ftell(cpio) % 4)
		putc(0, cpio);
}

void cpio_add_devices(FILE *cpio)
{
	add_header(cpio, "dev", S_IFDIR | 0755, 0, 0, 0);
	add_header(cpio, "dev/console", S_IFCHR | 0600, 0, 5, 1);
	add_header(cpio, "dev/kmsg", S_IFCHR | 0600, 0, 1, 11);
}

void cpio_begin_file(FILE *cpio, const char *name, unsigned int mode, size_t size)
{
	add_header(cpio, name, S_IFREG | mode, size, 0, 0);
}

void cpio_end(FILE *cpio)
{
	add_header(cpio, "TRAILER!!!", 0, 0, 0, 0);
}
