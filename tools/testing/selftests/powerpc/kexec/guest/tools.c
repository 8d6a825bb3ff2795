// SPDX-License-Identifier: GPL-2.0
/* The host's --tools, and the step that tries one */
#include <errno.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include "init.h"

#define MAX_WORDS 16
#define NOT_RUN 127	/* what ld64.so.2 says, too, if a library is missing */

void run_tool(const char *name, ...)
{
	static const char loader[] = "/tools/ld64.so.2";
	const char *words[MAX_WORDS + 1] = { NULL };
	char path[64];
	int nr = 0, status;
	va_list args;
	pid_t child;

	snprintf(path, sizeof(path), "/tools/%s", name);
	if (!access(loader, X_OK)) {
		words[nr++] = loader;
		words[nr++] = "--library-path";
		words[nr++] = "/tools";
	}
	words[nr++] = path;
	va_start(args, name);
	while (nr < MAX_WORDS && (words[nr] = va_arg(args, const char *)))
		nr++;
	va_end(args);
	child = fork();
	if (!child) {
		execve(words[0], (char **)words, environ);
		_exit(NOT_RUN);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		fail_errno("run %s", path);
	if (!status)
		return;
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_RUN) {
		errno = ENOENT;
		error_errno("%s does not run, is all in --tools that it needs?", path);
	}
	fact("fail: %s ended with status %#x, its last words are on the console", path, status);
	power_off();
}

/* Does it run at all? Later on that would be the kernel's fault. */
static void step_tool(const char *name, const char *rest)
{
	run_tool(name, "-v", NULL);
}

STEP("tool", step_tool);
