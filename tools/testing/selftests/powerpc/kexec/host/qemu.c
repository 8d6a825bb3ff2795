// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "qemu.h"
#include "util.h"

#define MAX_ARGUMENTS 96
#define ANSWER_SECONDS 10

/* In the child: become QEMU. The parent reads errno from @failed if that fails. */
static void become_qemu(char **arguments, int console, int monitor, int gdb, const char *log,
			int failed, pid_t parent)
{
	char *all[MAX_ARGUMENTS], chardev[2][64];
	int nothing, error, i;

	/* However this program ends, QEMU ends with it */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	nothing = open("/dev/null", O_RDONLY);
	error = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (error < 0 || dup2(nothing, 0) < 0 || dup2(console, 1) < 0 || dup2(error, 2) < 0)
		goto fail;
	fcntl(monitor, F_SETFD, 0);
	fcntl(gdb, F_SETFD, 0);
	for (i = 0; arguments[i] && i < MAX_ARGUMENTS - 7; i++)
		all[i] = arguments[i];
	snprintf(chardev[0], sizeof(chardev[0]), "socket,id=stub,fd=%d", gdb);
	snprintf(chardev[1], sizeof(chardev[1]), "socket,id=qmp,fd=%d", monitor);
	all[i++] = "-chardev";
	all[i++] = chardev[0];
	all[i++] = "-chardev";
	all[i++] = chardev[1];
	all[i++] = "-mon";
	all[i++] = "chardev=qmp,mode=control";
	all[i] = NULL;
	execvp(all[0], all);
fail:
	error = errno;
	_exit(write(failed, &error, sizeof(error)) < 0);
}

bool qemu_start(struct qemu *qemu, char **arguments, const char *log)
{
	int console[2], monitor[2], gdb[2], failed[2], error;
	pid_t parent = getpid();

	if (pipe2(console, O_CLOEXEC) || pipe2(failed, O_CLOEXEC) ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, monitor) ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, gdb))
		return false;
	qemu->pid = fork();
	if (qemu->pid < 0)
		return false;
	if (!qemu->pid)
		become_qemu(arguments, console[1], monitor[1], gdb[1], log, failed[1], parent);
	close(console[1]);
	close(monitor[1]);
	close(gdb[1]);
	close(failed[1]);
	qemu->console = console[0];
	qemu->monitor = monitor[0];
	qemu->gdb = gdb[0];
	if (read(failed[0], &error, sizeof(error)) == sizeof(error)) {
		errno = error;
		return false;
	}
	/* Answered when QEMU is up; qemu_command() skips the answer */
	dprintf(qemu->monitor, "{'execute':'qmp_capabilities'}\n");
	return true;
}

static bool read_line(const char *path, char *line, size_t size)
{
	FILE *file = fopen(path, "re");
	bool has_line = file && fgets(line, size, file);

	if (file)
		fclose(file);
	return has_line;
}

double qemu_waited(const struct qemu *qemu)
{
	char pattern[64], line[128];
	unsigned long long waited;
	double seconds = 0;
	glob_t found;
	size_t i;

	snprintf(pattern, sizeof(pattern), "/proc/%d/task/*/schedstat", (int)qemu->pid);
	if (glob(pattern, 0, NULL, &found))
		return 0;
	for (i = 0; i < found.gl_pathc; i++)
		if (read_line(found.gl_pathv[i], line, sizeof(line)) &&
		    sscanf(line, "%*u %llu", &waited) == 1)
			seconds += waited / 1e9;
	globfree(&found);
	return seconds;
}

bool qemu_is_stopped(const struct qemu *qemu)
{
	char path[64], line[512], *state;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)qemu->pid);
	if (!read_line(path, line, sizeof(line)))
		return false;
	state = strrchr(line, ')');
	return state && (!strncmp(state, ") T", 3) || !strncmp(state, ") t", 3));
}

void qemu_stop(struct qemu *qemu)
{
	int i;

	/* Already on its way out? Then its own status tells more than SIGKILL. */
	for (i = 0; qemu->console < 0 && i < 200; i++) {
		if (waitpid(qemu->pid, &qemu->status, WNOHANG) == qemu->pid)
			return;
		usleep(10000);
	}
	kill(qemu->pid, SIGKILL);
	waitpid(qemu->pid, &qemu->status, 0);
}

/* The JSON string at @from, without its escapes */
static void unescape(const char *from, char *to, size_t size)
{
	size_t n = 0;

	while (*from && *from != '"' && n + 1 < size) {
		if (*from == '\\' && from[1]) {
			from++;
			if (*from == 'r') {
				from++;
				continue;
			}
			to[n++] = *from == 'n' ? '\n' : *from == 't' ? '\t' : *from;
			from++;
		} else {
			to[n++] = *from++;
		}
	}
	to[n] = '\0';
}

/* One line from the monitor; true if it answers what was asked last */
static bool take_line(struct qemu *qemu, const char *line)
{
	const char *text;
	char id[32];

	if (strstr(line, "\"event\": \"GUEST_PANICKED\""))
		qemu->panicked = true;
	else if (strstr(line, "\"event\": \"SHUTDOWN\"") && strstr(line, "\"guest\": true"))
		qemu->shut_down = true;
	snprintf(id, sizeof(id), "\"id\": \"ask%u\"", qemu->asked);
	if (!strstr(line, id))
		return false;
	text = strstr(line, "\"return\": \"");
	qemu->refused = strstr(line, "\"error\": {");
	qemu->reply[0] = '\0';
	if (text)
		unescape(text + 11, qemu->reply, sizeof(qemu->reply));
	return true;
}

static bool take_pending(struct qemu *qemu, bool *answered)
{
	char *newline;
	ssize_t got;

	got = read(qemu->monitor, qemu->pending + qemu->nr_pending,
		   sizeof(qemu->pending) - 1 - qemu->nr_pending);
	if (got <= 0)
		return false;
	qemu->nr_pending += got;
	qemu->pending[qemu->nr_pending] = '\0';
	while ((newline = strchr(qemu->pending, '\n'))) {
		*newline = '\0';
		*answered |= take_line(qemu, qemu->pending);
		qemu->nr_pending -= newline + 1 - qemu->pending;
		memmove(qemu->pending, newline + 1, qemu->nr_pending + 1);
	}
	/* A line that fills the buffer is none of ours */
	if (qemu->nr_pending == sizeof(qemu->pending) - 1)
		qemu->nr_pending = 0;
	return true;
}

/* As take_pending(), and if there is no more to come the monitor is gone */
static bool take_monitor(struct qemu *qemu, bool *answered)
{
	if (qemu->monitor >= 0 && take_pending(qemu, answered))
		return true;
	if (qemu->monitor >= 0)
		close(qemu->monitor);
	qemu->monitor = -1;
	return false;
}

bool qemu_read_monitor(struct qemu *qemu)
{
	bool answered = false;

	return take_monitor(qemu, &answered);
}

/* Each command has an id of its own: an answer that comes late is none to the next one */
static __printf(2, 3)
bool query(struct qemu *qemu, const char *format, ...)
{
	struct pollfd poller = { .fd = qemu->monitor, .events = POLLIN };
	bool answered = false;
	char command[256];
	va_list args;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	if (qemu->monitor < 0 ||
	    dprintf(qemu->monitor, "{%s,'id':'ask%u'}\n", command, ++qemu->asked) < 0)
		return false;
	while (!answered) {
		if (poll(&poller, 1, ANSWER_SECONDS * 1000) <= 0)
			return false;
		if (!take_monitor(qemu, &answered))
			return false;
	}
	return true;
}

bool qemu_command(struct qemu *qemu, const char *command)
{
	return query(qemu, "'execute':'human-monitor-command','arguments':{'command-line':'%s'}",
		   command);
}

bool qemu_inject_nmi(struct qemu *qemu)
{
	return query(qemu, "'execute':'inject-nmi'") && !qemu->refused;
}
