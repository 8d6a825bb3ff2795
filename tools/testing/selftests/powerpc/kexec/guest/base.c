// SPDX-License-Identifier: GPL-2.0
/* What all steps need: to be heard, to read and write, and what nolibc lacks */
#include <errno.h>
#include <fcntl.h>
#include <linux/reboot.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "init.h"

#define MAX_CPUS 1024

char command_line[COMMAND_LINE_SIZE];
const char *nonce = "?";
static int kmsg = -1;

void begin(void)
{
	const char *value;

	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	kmsg = open("/dev/kmsg", O_WRONLY);
	if (mount("proc", "/proc", "proc", 0, NULL))
		fail_errno("mount /proc");
	if (mount("sysfs", "/sys", "sysfs", 0, NULL))
		fail_errno("mount /sys");
	if (!read_file("/proc/cmdline", command_line, sizeof(command_line)))
		fail_errno("read /proc/cmdline");
	value = parameter("nonce");
	if (value)
		nonce = value;
}

void mount_once(const char *type, const char *path, const char *option)
{
	if (!mount(type, path, type, 0, NULL) || errno == EBUSY)
		return;		/* EBUSY: a step before this one did */
	if (errno == ENODEV)
		errno = ENOENT;	/* no such file system */
	skip_without(option);
}

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

void leave(const char *format, ...)
{
	char text[200], taint[32];
	va_list args;

	if (!read_file("/proc/sys/kernel/tainted", taint, sizeof(taint)))
		fail_errno("read /proc/sys/kernel/tainted");
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fact("tainted %s", taint);
	fact("%s", text);
}

void stay(void)
{
	for (;;)
		sleep(60);
}

void power_off(void)
{
	reboot(LINUX_REBOOT_CMD_POWER_OFF);
	reboot(LINUX_REBOOT_CMD_RESTART);
	stay();
}

void skip_without(const char *option)
{
	if (errno != ENOENT && errno != ENOSYS)
		fail_errno("look for what %s brings", option);
	fact("skip: this kernel lacks %s", option);
	power_off();
}

void skip_here(const char *reason)
{
	fact("skip: %s", reason);
	power_off();
}

/* @error is the errno of whoever called, which printing may change */
static __noreturn void end_boot(const char *outcome, int error, const char *format, va_list args)
{
	char what[600];

	vsnprintf(what, sizeof(what), format, args);
	fact("%s: %s: errno %d, %s", outcome, what, error, strerror(error));
	power_off();
}

void fail_errno(const char *format, ...)
{
	int error = errno;
	va_list args;

	va_start(args, format);
	end_boot("fail", error, format, args);
}

void error_errno(const char *format, ...)
{
	int error = errno;
	va_list args;

	va_start(args, format);
	end_boot("error", error, format, args);
}

void load_failed(const char *call, const char *option)
{
	/* The system call itself is not there */
	if (errno == ENOSYS)
		skip_without(option);
	fail_errno("%s", call);
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
			snprintf(value, sizeof(value), "%.*s", (int)length_to(at, BLANKS), at);
			return strdup(value);
		}
		at++;
	}
	return NULL;
}

size_t length_to(const char *text, const char *ends)
{
	size_t length = 0;

	while (text[length] && !strchr(ends, text[length]))
		length++;
	return length;
}

char *next_word(char **rest, const char *ends)
{
	char *word = *rest;
	size_t length;

	if (!word)
		return NULL;
	length = length_to(word, ends);
	*rest = word[length] ? word + length + 1 : NULL;
	word[length] = '\0';
	return word;
}

char *find_bytes(const char *memory, size_t size, const char *what, size_t length)
{
	size_t i;

	for (i = 0; i + length <= size; i++)
		if (memory[i] == *what && !memcmp(memory + i, what, length))
			return (char *)memory + i;
	return NULL;
}

ssize_t read_at(int fd, void *buffer, size_t size, __u64 offset)
{
	return syscall(__NR_pread64, fd, buffer, size, offset);
}

size_t page_size(void)
{
	return getauxval(AT_PAGESZ);
}

bool go_to_cpu(int cpu)
{
	unsigned long set[MAX_CPUS / (8 * sizeof(long))] = { 0 };

	set[cpu / (8 * sizeof(long))] = 1UL << cpu % (8 * sizeof(long));
	return syscall(__NR_sched_setaffinity, 0, sizeof(set), set) >= 0;
}

void run_on_cpu(int cpu)
{
	if (!go_to_cpu(cpu))
		fail_errno("sched_setaffinity to CPU %d", cpu);
}

int this_cpu(void)
{
	unsigned int cpu = 0;

	syscall(__NR_getcpu, &cpu, NULL, NULL);
	return cpu;
}

bool on_opal(void)
{
	static const char path[] = "/proc/device-tree/ibm,opal";

	if (!access(path, F_OK))
		return true;
	if (errno != ENOENT)
		fail_errno("look for %s", path);
	return false;
}

ssize_t read_bytes(const char *path, void *buffer, size_t size)
{
	int fd = open(path, O_RDONLY);
	ssize_t length;

	if (fd < 0)
		return -1;
	length = read(fd, buffer, size);
	close(fd);
	return length;
}

bool read_file(const char *path, char *buffer, size_t size)
{
	ssize_t length = read_bytes(path, buffer, size - 1);

	if (length < 0)
		return false;
	buffer[length] = '\0';
	buffer[length_to(buffer, "\n")] = '\0';
	return true;
}

void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0)
		fail_errno("open %s", path);
	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		fail_errno("write \"%s\" to %s", text, path);
	close(fd);
}
