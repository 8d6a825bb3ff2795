// SPDX-License-Identifier: GPL-2.0
/*
 * The steps that make the kernel patch its code. Whoever asks for it patches on
 * the CPU that it runs on.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "init.h"

#define TRACING	"/sys/kernel/tracing/"
#define CPU1	"/sys/devices/system/cpu/cpu1/online"
#define CALLS	16
/* With a dot it is the function, and not its descriptor (ELFv1) */
#ifdef __BIG_ENDIAN__
#define PROBE	"p:kexec_test/probe .sys_getppid+0x18"
#else
#define PROBE	"p:kexec_test/probe sys_getppid+0x18"
#endif

static unsigned long calls, hits;
static pid_t background;	/* takes CPU 1 away, and brings it back */

static void find_tracer(const char *tracer)
{
	char tracers[512], *left = tracers, *one;

	mount_once("tracefs", TRACING, "CONFIG_FTRACE");
	if (!read_file(TRACING "available_tracers", tracers, sizeof(tracers)))
		fail_errno("read available_tracers");
	while ((one = next_word(&left, BLANKS)))
		if (!strcmp(one, tracer))
			return;
	errno = ENOENT;
	skip_without(strcmp(tracer, "function") ? "CONFIG_FUNCTION_GRAPH_TRACER" :
						  "CONFIG_FUNCTION_TRACER");
}

static void step_ftrace(const char *tracer, const char *rest)
{
	find_tracer(tracer);
	write_file(TRACING "current_tracer", tracer);
	write_file(TRACING "tracing_on", "1");
	fact("tracing");
}

static void call_often(void)
{
	int i;

	for (i = 0; i < CALLS; i++)
		getppid();
}

/* A breakpoint, behind what the function tracer patches */
static void patch_breakpoint(void)
{
	char profile[256];

	write_file(TRACING "kprobe_events", PROBE);
	write_file(TRACING "events/kexec_test/probe/enable", "1");
	call_often();
	write_file(TRACING "events/kexec_test/probe/enable", "0");
	calls += CALLS;
	call_often();
	if (!read_file(TRACING "kprobe_profile", profile, sizeof(profile)) ||
	    !strstr(profile, "probe "))
		fail_errno("read kprobe_profile");
	hits += strtoul(strstr(profile, "probe ") + strlen("probe "), NULL, 10);
	write_file(TRACING "kprobe_events", "-:kexec_test/probe");
}

/* The entries of all functions, a branch at each trace event of the scheduler */
static void patch_in_all_ways(void)
{
	patch_breakpoint();
	write_file(TRACING "current_tracer", "function");
	write_file(TRACING "events/sched/enable", "1");
	write_file(TRACING "current_tracer", "nop");
	write_file(TRACING "events/sched/enable", "0");
}

/* A CPU that comes back gets what it patches through anew */
static void step_hotplug(const char *times, const char *rest)
{
	int wanted = atoi(times), i;

	if (access(CPU1, W_OK))
		skip_without("CONFIG_HOTPLUG_CPU");
	background = fork();
	if (background < 0)
		fail_errno("fork");
	if (background)
		return;
	for (i = 0; i < wanted; i++) {
		write_file(CPU1, "0");
		write_file(CPU1, "1");
	}
	fact("CPU 1 went %d times", wanted);
	_exit(0);
}

static bool cpu1_still_goes(void)
{
	if (background && waitpid(background, NULL, WNOHANG))
		background = 0;
	return background;
}

static void patch_on_both_cpus(void (*patch)(void), int times)
{
	int i;

	for (i = 0; i < times || cpu1_still_goes(); i++) {
		/* CPU 1 may just be away */
		go_to_cpu(i % 2);
		patch();
	}
	run_on_cpu(1);
	patch();
}

static void step_patch(const char *times, const char *rest)
{
	find_tracer("function");
	if (access(TRACING "kprobe_events", W_OK))
		skip_without("CONFIG_KPROBE_EVENTS");
	patch_on_both_cpus(patch_in_all_ways, atoi(times));
	if (hits != calls)
		fact("breakpoint hit by %lu of %lu calls", hits, calls);
	else
		fact("breakpoint hit by each call");
}

static void load_and_unload(void)
{
	static const char * const names[] = { "test_static_key_base", "test_static_keys" };
	char path[64];
	size_t i;
	int fd;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), "/tools/%s.ko", names[i]);
		fd = open(path, O_RDONLY);
		if (fd < 0)
			error_errno("open %s", path);
		if (syscall(__NR_finit_module, fd, "", 0)) {
			if (errno == ENOEXEC)
				error_errno("load %s, is it of this kernel?", path);
			load_failed(path, "CONFIG_MODULES");
		}
		close(fd);
	}
	while (i--)
		if (syscall(__NR_delete_module, names[i], O_NONBLOCK))
			fail_errno("unload %s", names[i]);
}

/* What these modules do when they are loaded is to check each branch they patch */
static void step_modules(const char *times, const char *rest)
{
	patch_on_both_cpus(load_and_unload, atoi(times));
}

STEP("ftrace", step_ftrace);
STEP("hotplug", step_hotplug);
STEP("patch", step_patch);
STEP("modules", step_modules);
