// SPDX-License-Identifier: GPL-2.0
/*
 * /init of the guest. The kernel command line carries
 *
 *	kexec_test.nonce=	tags each fact
 *	kexec_test.boot=	how many kernels ran before, plus one
 *	kexec_test.plan=	the steps still to do: step[:argument],...
 *
 * A step that starts the next kernel hands the rest of the plan to it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/kexec.h>
#include <linux/reboot.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cpio.h"
#include "init.h"

#define PAYLOAD_BLOCK (64 * 1024)

static unsigned long boot = 1;

/* xorshift: cheap, and no two blocks are alike, so a misplaced one is seen */
static void payload_fill(__u64 *block, size_t words, __u64 *state)
{
	size_t i;

	for (i = 0; i < words; i++) {
		*state ^= *state << 13;
		*state ^= *state >> 7;
		*state ^= *state << 17;
		block[i] = *state;
	}
}

static __u64 payload_seed(void)
{
	return strtoull(nonce, NULL, 16) | 1;
}

static void add_file(struct cpio *cpio, const char *name, unsigned int mode)
{
	char path[64];

	snprintf(path, sizeof(path), "/%s", name);
	if (!cpio_add_file(cpio, name, mode, path))
		bed_is_broken("read %s", path);
}

static void add_payload(struct cpio *cpio, unsigned long mib)
{
	static __u64 block[PAYLOAD_BLOCK / 8];
	__u64 state = payload_seed();
	size_t left = mib << 20;

	cpio_begin_file(cpio, "payload", 0400, left);
	for (; left; left -= sizeof(block)) {
		payload_fill(block, PAYLOAD_BLOCK / 8, &state);
		cpio_write(cpio, block, sizeof(block));
	}
}

/* What the next kernel is given, as /next.cpio */
static void make_initramfs(unsigned long payload_mib, bool with_image)
{
	bool with_tools = !access("/tools.cpio", R_OK);
	struct cpio cpio;

	if (!cpio_create(&cpio, "/next.cpio"))
		bed_is_broken("open /next.cpio");
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
		bed_is_broken("read /tools.cpio");
	if (!cpio_close(&cpio))
		bed_is_broken("write /next.cpio");
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
		bed_is_broken("make the next command line");
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
		bed_is_broken("open /image");
	/* A capture kernel has little memory and starts no other kernel */
	make_initramfs(payload_mib, !crash);
	initramfs = open("/next.cpio", O_RDONLY);
	if (initramfs < 0)
		bed_is_broken("open /next.cpio");
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
	give_up("reboot(KEXEC)");
}

static void step_kexec_file(const char *argument, const char *rest)
{
	load_next(rest, 0, argument ? strtoul(argument, NULL, 10) : 0);
	reboot_into_next();
}

static void step_kexec_load(const char *argument, const char *rest)
{
	char line[COMMAND_LINE_SIZE], append[COMMAND_LINE_SIZE + 16];

	(void)argument;
	/* With no segments it only forgets what was loaded */
	if (syscall(__NR_kexec_load, 0, 0, NULL, 0) && errno == ENOSYS)
		without("CONFIG_KEXEC");
	next_command_line(line, rest, false);
	snprintf(append, sizeof(append), "--append=%s", line);
	make_initramfs(0, true);
	run_tool("kexec", "--kexec-syscall", "--load", "/image", "--initrd=/next.cpio", append,
		 NULL);
	unlink("/next.cpio");
	reboot_into_next();
}

static void step_verify(const char *argument, const char *rest)
{
	static __u64 want[PAYLOAD_BLOCK / 8], have[PAYLOAD_BLOCK / 8];
	size_t size = strtoul(argument, NULL, 10) << 20, at;
	__u64 state = payload_seed();
	int fd = open("/payload", O_RDONLY);

	(void)rest;
	if (fd < 0)
		give_up("open /payload");
	for (at = 0; at < size; at += sizeof(have)) {
		ssize_t length = read(fd, have, sizeof(have));
		size_t i = 0;

		if (length < 0)
			give_up("read /payload");
		payload_fill(want, PAYLOAD_BLOCK / 8, &state);
		while (i < (size_t)length / 8 && have[i] == want[i])
			i++;
		if (i < PAYLOAD_BLOCK / 8) {
			fact("payload damaged at byte %zu of %zu: %016llx, not %016llx",
			     at + i * 8, size, have[i],
			     want[i]);
			power_off();
		}
	}
	close(fd);
	unlink("/payload");
	fact("payload whole %s MiB", argument);
}

static void step_bad_access(const char *argument, const char *rest)
{
	(void)argument;
	(void)rest;
	provoke_bad_access();
}

static void step_machine_check(const char *argument, const char *rest)
{
	(void)argument;
	(void)rest;
	take_machine_checks();
}

static void step_ftrace(const char *tracer, const char *rest)
{
	(void)rest;
	trace_functions(tracer);
}

static void step_hotplug(const char *times, const char *rest)
{
	(void)rest;
	take_cpu1_away(atoi(times));
}

static void step_patch(const char *times, const char *rest)
{
	(void)rest;
	patch_code(atoi(times));
}

static void step_modules(const char *times, const char *rest)
{
	(void)rest;
	load_modules(atoi(times));
}

static void step_hostile(const char *argument, const char *rest)
{
	(void)argument;
	(void)rest;
	load_hostile();
	reboot_into_next();
}

static void step_vmcore(const char *mark, const char *rest)
{
	(void)rest;
	read_vmcore(mark);
}

static void step_crash(const char *how, const char *rest)
{
	crash_into_next(how, rest);
}

/* Does it run at all? Later on that would be the kernel's fault. */
static void step_tool(const char *name, const char *rest)
{
	(void)rest;
	run_tool(name, "-v", NULL);
}

static void step_filter(const char *argument, const char *rest)
{
	(void)argument;
	(void)rest;
	filter_vmcore();
}

static const struct {
	const char *name;
	void (*run)(const char *argument, const char *rest);
} steps[] = {
	{ "kexec-file", step_kexec_file },
	{ "kexec-load", step_kexec_load },
	{ "verify", step_verify },
	{ "bad-access", step_bad_access },
	{ "machine-check", step_machine_check },
	{ "ftrace", step_ftrace },
	{ "hotplug", step_hotplug },
	{ "patch", step_patch },
	{ "modules", step_modules },
	{ "hostile", step_hostile },
	{ "crash", step_crash },
	{ "vmcore", step_vmcore },
	{ "filter", step_filter },
	{ "tool", step_tool },
};

static void run_plan(char *plan)
{
	char *step, *argument;
	size_t i;

	while ((step = next_word(&plan, ","))) {
		argument = step;
		next_word(&argument, ":");
		for (i = 0; i < ARRAY_SIZE(steps); i++)
			if (!strcmp(steps[i].name, step))
				break;
		if (i == ARRAY_SIZE(steps)) {
			if (!*step)
				continue;
			errno = EINVAL;
			bed_is_broken("run the step \"%s\"", step);
		}
		steps[i].run(argument, plan ? plan : "");
	}
}

static void describe_cpus(void)
{
	static char text[64 * 1024];
	char *rest = text, *line;
	int fd = open("/proc/cpuinfo", O_RDONLY), cpus = 0;
	size_t size = 0;
	ssize_t length;

	if (fd < 0)
		give_up("open /proc/cpuinfo");
	while ((length = read(fd, text + size, sizeof(text) - 1 - size)) > 0)
		size += length;
	close(fd);
	text[size] = '\0';
	while ((line = next_word(&rest, "\n"))) {
		char *value = strchr(line, ':');

		if (!strncmp(line, "processor", 9))
			cpus++;
		else if (!strncmp(line, "MMU", 3) && value)
			fact("mmu %s", value + 2);
	}
	fact("cpus %d", cpus);
}

static void describe_boot(void)
{
	char id[64], version[512];
	struct utsname name;

	uname(&name);
	if (!read_file("/proc/sys/kernel/random/boot_id", id, sizeof(id)))
		without("CONFIG_SYSCTL");
	fact("boot %lu", boot);
	fact("id %s", id);
	fact("release %s", name.release);
	if (!read_file("/proc/version", version, sizeof(version)))
		give_up("read /proc/version");
	fact("version %s", version);
	describe_cpus();
}

int main(void)
{
	const char *value;

	if (getpid() != 1) {
		fprintf(stderr, "this is the /init of a test guest, not a command\n");
		return 2;
	}
	begin();
	value = parameter("boot");
	if (value)
		boot = strtoul(value, NULL, 10);
	describe_boot();
	value = parameter("plan");
	if (value)
		run_plan(strdup(value));
	leave("done");
	power_off();
}
