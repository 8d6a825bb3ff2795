/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the guest's /init share. init prints facts and judges
 * nothing: the host decides what they mean.
 */
#ifndef KEXEC_TEST_INIT_H
#define KEXEC_TEST_INIT_H

#include <stdio.h>
#include <sys/types.h>

#include "cpio.h"
#include "util.h"

#define COMMAND_LINE_SIZE 2048
#define BLANKS "\n "

/*
 * A step of a plan: the file that has it says STEP("name", function). @rest is the plan
 * behind it.
 */
struct step {
	const char *name;
	void (*run)(const char *argument, const char *rest);
};

#define STEP(step_name, function)					\
	static const struct step entry_##function			\
	__used __section("steps") = { step_name, function }

/* The linker knows where that section begins and ends */
extern const struct step __start_steps[], __stop_steps[];

/* Mount what all needs, and take in the command line of this kernel */
void begin(void);
extern char command_line[];
extern const char *nonce;
extern unsigned long boot;	/* how many kernels ran before, plus one */

/* Mount what @option brings, if that is not done */
void mount_once(const char *type, const char *path, const char *option);

/* One line that the host recognises by the nonce it chose */
__printf(1, 2)
void fact(const char *format, ...);

/*
 * The fact with which this kernel ends. Before it says what it was tainted by: no
 * lost line of its log hides that.
 */
__printf(1, 2)
void leave(const char *format, ...);

/*
 * What a step needs is not there, as errno says (ENOENT, ENOSYS): the kernel was built
 * without @option, which the host checks. Any other errno is a failure.
 */
__noreturn void skip_without(const char *option);

/* The machine does not have what a step needs */
__noreturn void skip_here(const char *reason);

/* A call failed with errno: say so and end the boot */
__noreturn __printf(1, 2)
void fail_errno(const char *format, ...);

/* The same where it is not the kernel that is wrong, but what it was given */
__noreturn __printf(1, 2)
void error_errno(const char *format, ...);

/* As fail_errno(), for what loads a kernel or a module, where ENOSYS means @option */
__noreturn void load_failed(const char *call, const char *option);

__noreturn void power_off(void);
__noreturn void stay(void);

/* The value of kexec_test.@name on the kernel command line, or NULL */
const char *parameter(const char *name);

/* Is this bare metal, with OPAL as its firmware? */
bool on_opal(void);

/* Read what one read() gives of a file; negative with errno set */
ssize_t read_bytes(const char *path, void *buffer, size_t size);

/* Read a small file into @buffer as a string; false with errno set */
bool read_file(const char *path, char *buffer, size_t size);
void write_file(const char *path, const char *text);

/* Run a program of the host's --tools, with its own libraries if it has some */
void run_tool(const char *name, ...);

/* What nolibc does not have */
ssize_t read_at(int fd, void *buffer, size_t size, __u64 offset);
char *find_bytes(const char *memory, size_t size, const char *what, size_t length);
size_t length_to(const char *text, const char *ends);	/* or to its end */
/* Cut @rest at the first of @ends; NULL if there was nothing left */
char *next_word(char **rest, const char *ends);
size_t page_size(void);
void run_on_cpu(int cpu);
bool go_to_cpu(int cpu);	/* the same, if it is online */
int this_cpu(void);

/* Load the next kernel, which goes on with the steps @rest */
void load_next(const char *rest, unsigned long flags, unsigned long payload_mib);
__noreturn void reboot_into_next(void);
/* Its initramfs gets this much to verify */
void add_payload(struct cpio *cpio, unsigned long mib);

/*
 * If the argument of a step is "kcov": prepare to have a task traced by that. The task
 * calls trace_me(), which otherwise does nothing.
 */
void find_kcov(const char *argument);
void trace_me(void);

/* The kernel's module for bad ways */
#define LKDTM "/sys/kernel/debug/provoke-crash/DIRECT"
void find_lkdtm(void);

#endif
