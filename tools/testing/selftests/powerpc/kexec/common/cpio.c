// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cpio.h"

bool cpio_create(struct cpio *cpio, const char *path)
{
	cpio->size = 0;
	cpio->error = 0;
	cpio->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	return cpio->fd >= 0;
}

bool cpio_close(struct cpio *cpio)
{
	if (close(cpio->fd) && !cpio->error)
		cpio->error = errno;
	errno = cpio->error;
	return !cpio->error;
}

void cpio_write(struct cpio *cpio, const void *data, size_t size)
{
	ssize_t written;

	cpio->size += size;
	for (; size && !cpio->error; size -= written, data += written) {
		written = write(cpio->fd, data, size);
		if (written < 0) {
			cpio->error = errno;
			return;
		}
	}
}

void cpio_pad(struct cpio *cpio)
{
	cpio_write(cpio, "\0\0\0", -cpio->size % 4);
}

static void add_header(struct cpio *cpio, const char *name, unsigned int mode, size_t size,
		       unsigned int major, unsigned int minor)
{
	static unsigned int inode;
	size_t name_size = strlen(name) + 1, i;
	/* 13 fields of 8 digits: see Documentation/driver-api/early-userspace/ */
	const unsigned int fields[] = { ++inode, mode, 0, 0, 1, 0, size, 0, 0, major, minor,
					name_size, 0 };
	char digits[16];

	cpio_write(cpio, "070701", 6);
	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		snprintf(digits, sizeof(digits), "%08x", fields[i]);
		cpio_write(cpio, digits, 8);
	}
	cpio_write(cpio, name, name_size);
	cpio_pad(cpio);
}

void cpio_add_directory(struct cpio *cpio, const char *name)
{
	add_header(cpio, name, S_IFDIR | 0755, 0, 0, 0);
}

void cpio_add_devices(struct cpio *cpio)
{
	cpio_add_directory(cpio, "dev");
	add_header(cpio, "dev/console", S_IFCHR | 0600, 0, 5, 1);
	add_header(cpio, "dev/kmsg", S_IFCHR | 0600, 0, 1, 11);
}

void cpio_begin_file(struct cpio *cpio, const char *name, unsigned int mode, size_t size)
{
	add_header(cpio, name, S_IFREG | mode, size, 0, 0);
}

void cpio_end(struct cpio *cpio)
{
	add_header(cpio, "TRAILER!!!", 0, 0, 0, 0);
}

bool cpio_append(struct cpio *cpio, const char *path)
{
	static char block[64 * 1024];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (fd < 0)
		return false;
	while ((length = read(fd, block, sizeof(block))) > 0)
		cpio_write(cpio, block, length);
	close(fd);
	return !length;
}

bool cpio_add_file(struct cpio *cpio, const char *name, unsigned int mode, const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return false;
	cpio_begin_file(cpio, name, mode, st.st_size);
	if (!cpio_append(cpio, path))
		return false;
	cpio_pad(cpio);
	return true;
}
