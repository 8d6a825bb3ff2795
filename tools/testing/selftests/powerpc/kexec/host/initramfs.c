// SPDX-License-Identifier: GPL-2.0
#include <elf.h>
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cpio.h"
#include "initramfs.h"
#include "vmlinux.h"

static void begin_archive(struct cpio *cpio, const char *path)
{
	if (!cpio_create(cpio, path))
		die("cannot write %s: %s", path, strerror(errno));
}

static void add_file(struct cpio *cpio, const char *name, const char *path)
{
	if (!cpio_add_file(cpio, name, 0755, path))
		die("cannot read %s: %s", path, strerror(errno));
}

static void end_archive(struct cpio *cpio, const char *path)
{
	if (!cpio_close(cpio))
		die("cannot write %s: %s", path, strerror(errno));
}

void make_tools(const struct options *options, const char *path)
{
	char pattern[4096], name[300];
	struct cpio cpio;
	glob_t found;
	size_t i;

	snprintf(pattern, sizeof(pattern), "%s/*", options->tools);
	if (glob(pattern, 0, NULL, &found))
		die("nothing in %s", options->tools);
	begin_archive(&cpio, path);
	cpio_add_directory(&cpio, "tools");
	for (i = 0; i < found.gl_pathc; i++) {
		snprintf(name, sizeof(name), "tools%s", strrchr(found.gl_pathv[i], '/'));
		add_file(&cpio, name, found.gl_pathv[i]);
	}
	globfree(&found);
	cpio_end(&cpio);
	end_archive(&cpio, path);
}

void make_initramfs(const struct options *options, const char *initramfs, const char *tools)
{
	struct cpio cpio;
	char path[4096];

	begin_archive(&cpio, initramfs);
	cpio_add_devices(&cpio);
	snprintf(path, sizeof(path), "%s/init%s", options->programs,
		 vmlinux_big_endian() ? "-be" : "");
	if (access(path, R_OK))
		die("no %s: a build in a tree with a recent nolibc makes it", path);
	add_file(&cpio, "init", path);
	snprintf(path, sizeof(path), "%s/bare.bin", options->programs);
	add_file(&cpio, "bare", path);
	add_file(&cpio, "image", options->image);
	if (tools)
		add_file(&cpio, "tools.cpio", tools);
	cpio_end(&cpio);
	if (tools && !cpio_append(&cpio, tools))
		die("cannot read %s: %s", tools, strerror(errno));
	end_archive(&cpio, initramfs);
}

bool has_tool(const struct options *options, const char *name)
{
	unsigned char start[EI_DATA + 1] = { 0 };
	char path[4096];
	FILE *file;

	if (!options->tools)
		return false;
	snprintf(path, sizeof(path), "%s/%s", options->tools, name);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (fread(start, sizeof(start), 1, file) != 1)
		start[EI_DATA] = ELFDATANONE;
	fclose(file);
	return start[EI_DATA] == (vmlinux_big_endian() ? ELFDATA2MSB : ELFDATA2LSB);
}
