// SPDX-License-Identifier: GPL-2.0
/* The steps that start the next kernel, which is the same one, and hand the plan to it */
#include <errno.h>
#include <fcntl.h>
#include <linux/kexec.h>
#include <linux/reboot.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "init.h"

static void add_file(struct cpio *cpio, const char *name, unsigned int mode)
{
	char path[64];

	snprintf(path, sizeof(path), "/%s", name);
	if (!cpio_add_file(cpio, name, mode, path))
		error_errno("read %s", path);
}

/* What the next kernel is given, as /next.cpio */
static void make_initramfs(unsigned long payload_mib, bool with_image)
{
	bool with_tools = !access("/tools.cpio", R_OK);
	struct cpio cpio;

	if (!cpio_create(&cpio, "/next.cpio"))
		error_errno("open /next.cpio");
	cpio_add_devices(&cpio);
	add_file(&cpio, "init", 0755);
	if (with_image)
		add_file(&cpio, "image", 0400);
	if (with_tools)
		add_file(&cpio, "tools.cpio", 0400);
	if (payload_mib)
		add_payload(&cpio, payload_mib);
	cpio_end(&cpio);
	if (with_tools && !cpio_append(&cpio, "/tools.cpio"))
		error_errno("read /tools.cpio");
	if (!cpio_close(&cpio))
		error_errno("write /next.cpio");
}

/* This kernel's command line without what is only for this boot, plus ours */
static void next_command_line(char *line, const char *rest, bool crash)
{
	char copy[COMMAND_LINE_SIZE], *rest_of_it = copy, *word;
	size_t length = 0;

	snprintf(copy, sizeof(copy), "%s", command_line);
	while ((word = next_word(&rest_of_it, BLANKS))) {
		if (!*word || !strncmp(word, "kexec_test.plan=", 16) ||
		    !strncmp(word, "kexec_test.boot=", 16) ||
		    (crash && !strncmp(word, "crashkernel=", 12)))
			continue;
		length += sprintf(line + length, "%s ", word);
	}
	if (length + strlen(rest) + 100 > COMMAND_LINE_SIZE) {
		errno = E2BIG;
		error_errno("make the next command line");
	}
	sprintf(line + length, "%skexec_test.boot=%lu kexec_test.plan=%s",
		crash ? "maxcpus=1 " : "", boot + 1, rest);
}

void load_next(const char *rest, unsigned long flags, unsigned long payload_mib)
{
	bool crash = flags & KEXEC_FILE_ON_CRASH;
	char line[COMMAND_LINE_SIZE];
	int image, initramfs;
	size_t size;

	next_command_line(line, rest, crash);
	image = open("/image", O_RDONLY);
	if (image < 0)
		error_errno("open /image");
	/* A capture kernel has little memory and starts no other kernel */
	make_initramfs(payload_mib, !crash);
	initramfs = open("/next.cpio", O_RDONLY);
	if (initramfs < 0)
		error_errno("open /next.cpio");
	/* Of nolibc's syscall(), a call among the arguments would clobber the others */
	size = strlen(line) + 1;
	if (syscall(__NR_kexec_file_load, image, initramfs, size, line, flags))
		load_failed("kexec_file_load", "CONFIG_KEXEC_FILE");
	close(image);
	close(initramfs);
	unlink("/next.cpio");
}

void reboot_into_next(void)
{
	leave("switch");
	syscall(__NR_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_KEXEC, 0);
	fail_errno("reboot(KEXEC)");
}

static void step_kexec_file(const char *argument, const char *rest)
{
	load_next(rest, 0, strtoul(argument, NULL, 10));
	reboot_into_next();
}

static void step_kexec_load(const char *argument, const char *rest)
{
	char line[COMMAND_LINE_SIZE], append[COMMAND_LINE_SIZE + 16];

	/* With no segments it only forgets what was loaded */
	if (syscall(__NR_kexec_load, 0, 0, NULL, 0) && errno == ENOSYS)
		skip_without("CONFIG_KEXEC");
	next_command_line(line, rest, false);
	snprintf(append, sizeof(append), "--append=%s", line);
	make_initramfs(0, true);
	run_tool("kexec", "--kexec-syscall", "--load", "/image", "--initrd=/next.cpio", append,
		 NULL);
	unlink("/next.cpio");
	reboot_into_next();
}

STEP("kexec-file", step_kexec_file);
STEP("kexec-load", step_kexec_load);
