// SPDX-License-Identifier: GPL-2.0
/*
 * init of a guest that runs under QEMU with -icount: what do system calls cost?
 * One instruction is one nanosecond of such a guest's time, whatever the host does.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char page[4096];

static void die(const char *what)
{
	perror(what);
	reboot(RB_POWER_OFF);
	exit(1);
}

static void wait_for(pid_t child)
{
	int status;

	if (child < 0 || waitpid(child, &status, 0) != child || status)
		die("child");
}

static void run_fork(void)
{
	pid_t child = fork();

	if (!child)
		_exit(0);
	wait_for(child);
}

static void run_exec(void)
{
	pid_t child = fork();

	if (!child) {
		execl("/init", "/init", "exit", NULL);
		_exit(1);
	}
	wait_for(child);
}

static void run_file(void)
{
	int fd = open("/tmp/file", O_RDWR | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, page, sizeof(page)) != sizeof(page) ||
	    pread(fd, page, sizeof(page), 0) != sizeof(page) || close(fd) || unlink("/tmp/file"))
		die("file");
}

static void run_pipe(void)
{
	int fds[2];

	if (pipe(fds) || write(fds[1], page, 512) != 512 || read(fds[0], page, 512) != 512 ||
	    close(fds[0]) || close(fds[1]))
		die("pipe");
}

static void measure(const char *what, void (*run)(void), int times)
{
	struct timespec start, end;
	int i;

	for (i = 0; i < times / 4; i++)
		run();
	clock_gettime(CLOCK_MONOTONIC_RAW, &start);
	for (i = 0; i < times; i++)
		run();
	clock_gettime(CLOCK_MONOTONIC_RAW, &end);
	printf("LOAD %s %lld\n", what, ((end.tv_sec - start.tv_sec) * 1000000000LL +
		end.tv_nsec - start.tv_nsec) / times);
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "exit"))
		return 0;
	setlinebuf(stdout);
	if (mount("tmp", "/tmp", "tmpfs", 0, NULL))
		die("tmpfs");
	measure("fork", run_fork, 200);
	measure("exec", run_exec, 100);
	measure("file", run_file, 2000);
	measure("pipe", run_pipe, 2000);
	reboot(RB_POWER_OFF);
	return 1;
}
