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
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cpio.h"
#include "init.h"

#define COMMAND_LINE_SIZE 2048
#define BLANKS "\n "
#define PAYLOAD_BLOCK (64 * 1024)

static char command_line[COMMAND_LINE_SIZE];
static const char *nonce = "?";
static unsigned long boot = 1;
static int kmsg = -1;

void fact(const char *format, ...)
{
	char text[800], line[900];
	va_list args;
	int length;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);

	/* The kernel log keeps lines whole; the console alone would mix them */
	length = snprintf(line, sizeof(line), "<2>KEXEC_TEST %s %s\n", nonce, text);
	if (kmsg < 0 || write(kmsg, line, length) != length)
		dprintf(STDOUT_FILENO, "%s", line + 3);
}

void power_off(void)
{
	sync();
	reboot(RB_POWER_OFF);
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}

void without(const char *option)
{
	fact("lacks %s", option);
	power_off();
}

void give_up(const char *format, ...)
{
	int error = errno;
	char call[600];
	va_list args;

	va_start(args, format);
	vsnprintf(call, sizeof(call), format, args);
	va_end(args);
	fact("fail %s: errno %d, %s", call, error, strerror(error));
	power_off();
}

void load_failed(const char *call, const char *option)
{
	/* The system call itself is not there */
	if (errno == ENOSYS)
		without(option);
	give_up("%s", call);
}

const char *parameter(const char *name)
{
	static char value[COMMAND_LINE_SIZE];
	const char *at = command_line;
	char key[64];

	snprintf(key, sizeof(key), "kexec_test.%s=", name);
	while ((at = strstr(at, key))) {
		if (at == command_line || at[-1] == ' ') {
			at += strlen(key);
			snprintf(value, sizeof(value), "%.*s", (int)strcspn(at, BLANKS), at);
			return strdup(value);
		}
		at++;
	}
	return NULL;
}

bool read_file(const char *path, char *buffer, size_t size)
{
	int fd = open(path, O_RDONLY);
	ssize_t length;

	if (fd < 0)
		return false;
	length = read(fd, buffer, size - 1);
	close(fd);
	if (length < 0)
		return false;
	buffer[length] = '\0';
	buffer[strcspn(buffer, "\n")] = '\0';
	return true;
}

void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0)
		give_up("open %s", path);
	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		give_up("write \"%s\" to %s", text, path);
	close(fd);
}

/* xorshift: cheap, and no two blocks are alike, so a misplaced one is seen */
void payload_fill(__u64 *block, size_t words, __u64 *state)
{
	size_t i;

	for (i = 0; i < words; i++) {
		*state ^= *state << 13;
		*state ^= *state >> 7;
		*state ^= *state << 17;
		block[i] = *state;
	}
}

__u64 payload_seed(void)
{
	return strtoull(nonce, NULL, 16) | 1;
}

static void add_copy(FILE *cpio, const char *name, unsigned int mode)
{
	static char block[PAYLOAD_BLOCK];
	char path[64];
	struct stat st;
	size_t length;
	FILE *from;

	snprintf(path, sizeof(path), "/%s", name);
	from = fopen(path, "r");
	if (!from || fstat(fileno(from), &st))
		give_up("open %s", path);
	cpio_begin_file(cpio, name, mode, st.st_size);
	while ((length = fread(block, 1, sizeof(block), from)))
		fwrite(block, 1, length, cpio);
	cpio_pad(cpio);
	fclose(from);
}

static void add_payload(FILE *cpio, unsigned long mib)
{
	static __u64 block[PAYLOAD_BLOCK / 8];
	__u64 state = payload_seed();
	size_t left = mib << 20;

	cpio_begin_file(cpio, "payload", 0400, left);
	for (; left; left -= sizeof(block)) {
		payload_fill(block, PAYLOAD_BLOCK / 8, &state);
		fwrite(block, sizeof(block), 1, cpio);
	}
}

static int make_initramfs(unsigned long payload_mib, bool with_image)
{
	FILE *cpio = fopen("/next.cpio", "w");
	int fd;

	if (!cpio)
		give_up("open /next.cpio");
	cpio_add_devices(cpio);
	add_copy(cpio, "init", 0755);
	if (with_image)
		add_copy(cpio, "image", 0400);
	if (payload_mib)
		add_payload(cpio, payload_mib);
	cpio_end(cpio);
	if (ferror(cpio) | fclose(cpio))
		give_up("write /next.cpio");
	fd = open("/next.cpio", O_RDONLY);
	if (fd < 0)
		give_up("open /next.cpio");
	return fd;
}

/* This kernel's command line without what is only for this boot, plus ours */
static void next_command_line(char *line, const char *rest, bool crash)
{
	char copy[COMMAND_LINE_SIZE], *word, *save;

	snprintf(copy, sizeof(copy), "%s", command_line);
	line[0] = '\0';
	for (word = strtok_r(copy, BLANKS, &save); word; word = strtok_r(NULL, BLANKS, &save)) {
		if (!strncmp(word, "kexec_test.plan=", 16) ||
		    !strncmp(word, "kexec_test.boot=", 16) ||
		    (crash && !strncmp(word, "crashkernel=", 12)))
			continue;
		strcat(line, word);
		strcat(line, " ");
	}
	if (strlen(line) + strlen(rest) + 100 > COMMAND_LINE_SIZE) {
		errno = E2BIG;
		give_up("make the next command line");
	}
	sprintf(line + strlen(line), "%skexec_test.boot=%lu kexec_test.plan=%s",
		crash ? "maxcpus=1 " : "", boot + 1, rest);
}

void load_next(const char *rest, unsigned long flags, unsigned long payload_mib)
{
	bool crash = flags & KEXEC_FILE_ON_CRASH;
	char line[COMMAND_LINE_SIZE];
	int image, initramfs;

	next_command_line(line, rest, crash);
	image = open("/image", O_RDONLY);
	if (image < 0)
		give_up("open /image");
	/* A capture kernel has little memory and starts no other kernel */
	initramfs = make_initramfs(payload_mib, !crash);
	if (syscall(SYS_kexec_file_load, image, initramfs, strlen(line) + 1, line, flags))
		load_failed("kexec_file_load", "CONFIG_KEXEC_FILE");
	close(image);
	close(initramfs);
	unlink("/next.cpio");
}

void reboot_into_next(void)
{
	fact("switch");
	syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_KEXEC, 0);
	give_up("reboot(KEXEC)");
}

static void step_kexec_file(const char *argument, const char *rest)
{
	load_next(rest, 0, argument ? strtoul(argument, NULL, 10) : 0);
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
	if (mount("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL))
		without("CONFIG_DEBUG_FS");
	if (access("/sys/kernel/debug/provoke-crash/DIRECT", W_OK))
		without("CONFIG_LKDTM");
	fact("provoke");
	write_file("/sys/kernel/debug/provoke-crash/DIRECT", "READ_AFTER_FREE");
	fact("provoked");
}

static void step_ftrace(const char *argument, const char *rest)
{
	char tracers[512];

	(void)argument;
	(void)rest;
	if (mount("tracefs", "/sys/kernel/tracing", "tracefs", 0, NULL))
		without("CONFIG_FTRACE");
	if (!read_file("/sys/kernel/tracing/available_tracers", tracers, sizeof(tracers)) ||
	    !strstr(tracers, "function"))
		without("CONFIG_FUNCTION_TRACER");
	write_file("/sys/kernel/tracing/current_tracer", "function");
	write_file("/sys/kernel/tracing/tracing_on", "1");
	fact("tracing");
}

static void step_hostile(const char *argument, const char *rest)
{
	(void)argument;
	(void)rest;
	load_hostile();
	reboot_into_next();
}

/* Keep the nonce in memory and tell the capture kernel where */
static unsigned long keep_mark(void)
{
	long page_size = sysconf(_SC_PAGESIZE);
	char *page = mmap(NULL, page_size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0);
	__u64 entry;
	int fd;

	if (page == MAP_FAILED)
		give_up("mmap");
	snprintf(page, page_size, "KEXEC_TEST mark %s", nonce);
	fd = open("/proc/self/pagemap", O_RDONLY);
	if (fd < 0)
		without("CONFIG_PROC_PAGE_MONITOR");
	if (pread(fd, &entry, 8, (uintptr_t)page / page_size * 8) != 8)
		give_up("read /proc/self/pagemap");
	close(fd);
	return (entry & ((1UL << 55) - 1)) * page_size;
}

static void step_crash(const char *how, const char *rest)
{
	char marked[COMMAND_LINE_SIZE], size[32];
	int cpu = 0;

	if (!read_file("/sys/kernel/kexec_crash_size", size, sizeof(size)))
		without("CONFIG_CRASH_DUMP");
	if (!strcmp(size, "0")) {
		errno = ENOMEM;
		give_up("reserve crashkernel memory");
	}
	/* The mark travels as the argument of the step that looks for it */
	snprintf(marked, sizeof(marked), "vmcore:%lx,%s", keep_mark(), rest);
	load_next(marked, KEXEC_FILE_ON_CRASH, 0);
	if (!strcmp(how, "nmi")) {
		fact("await-nmi");
		for (;;)
			pause();
	}
	if (!strncmp(how, "cpu", 3)) {
		cpu_set_t set;

		cpu = atoi(how + 3);
		CPU_ZERO(&set);
		CPU_SET(cpu, &set);
		if (sched_setaffinity(0, sizeof(set), &set))
			give_up("sched_setaffinity to CPU %d", cpu);
	}
	fact("crash %d", sched_getcpu());
	write_file("/proc/sysrq-trigger", "c");
	errno = 0;
	give_up("crash by sysrq-c: still alive");
}

static void step_vmcore(const char *mark, const char *rest)
{
	(void)rest;
	read_vmcore(mark);
}

static const struct {
	const char *name;
	void (*run)(const char *argument, const char *rest);
} steps[] = {
	{ "kexec-file", step_kexec_file },
	{ "verify", step_verify },
	{ "bad-access", step_bad_access },
	{ "ftrace", step_ftrace },
	{ "hostile", step_hostile },
	{ "crash", step_crash },
	{ "vmcore", step_vmcore },
};

static void run_plan(char *plan)
{
	char *step, *argument;
	size_t i;

	while ((step = strsep(&plan, ","))) {
		argument = step;
		strsep(&argument, ":");
		for (i = 0; i < ARRAY_SIZE(steps); i++)
			if (!strcmp(steps[i].name, step))
				break;
		if (i == ARRAY_SIZE(steps)) {
			if (!*step)
				continue;
			errno = EINVAL;
			give_up("run the step \"%s\"", step);
		}
		steps[i].run(argument, plan ? plan : "");
	}
}

static void describe_boot(void)
{
	char id[64] = "?", line[256];
	struct utsname name;
	FILE *cpuinfo;

	uname(&name);
	read_file("/proc/sys/kernel/random/boot_id", id, sizeof(id));
	fact("boot %lu", boot);
	fact("id %s", id);
	fact("release %s", name.release);
	fact("cpus %ld", sysconf(_SC_NPROCESSORS_ONLN));
	cpuinfo = fopen("/proc/cpuinfo", "r");
	while (cpuinfo && fgets(line, sizeof(line), cpuinfo))
		if (!strncmp(line, "MMU", 3) && strchr(line, ':'))
			fact("mmu %.*s", (int)strcspn(strchr(line, ':') + 2, "\n"),
			     strchr(line, ':') + 2);
	if (cpuinfo)
		fclose(cpuinfo);
}

int main(void)
{
	const char *value;

	if (getpid() != 1) {
		fprintf(stderr, "this is the /init of a test guest, not a command\n");
		return 2;
	}
	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	kmsg = open("/dev/kmsg", O_WRONLY);
	if (mount("proc", "/proc", "proc", 0, NULL))
		give_up("mount /proc");
	if (mount("sysfs", "/sys", "sysfs", 0, NULL))
		give_up("mount /sys");
	if (!read_file("/proc/cmdline", command_line, sizeof(command_line)))
		give_up("read /proc/cmdline");
	value = parameter("nonce");
	if (value)
		nonce = value;
	value = parameter("boot");
	if (value)
		boot = strtoul(value, NULL, 10);
	describe_boot();
	value = parameter("plan");
	if (value)
		run_plan(strdup(value));
	fact("done");
	power_off();
}
