// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "console.h"

static const char * const complaints[] = {
	"BUG:", "kernel BUG at", "WARNING:", "Oops:", "Kernel panic", "Unable to handle",
	"UBSAN:", "Call Trace:", "Machine check in kernel", "MCE: CPU*[Not recovered]",
	"Unrecoverable", "hard LOCKUP", "Hard LOCKUP", "INFO: task * blocked",
	"INFO: rcu*stall", "page allocation failure", "INFO: trying to register",
	"code-patching: test failed", "feature-fixups: test failed", "cpu(s) not responding",
	"Bad kernel stack pointer", "Failed to execute /init", "Processor * is stuck",
};

/* Between any two CPUs a data race is chance, and no word about kexec */
static const char * const no_complaints[] = { "BUG: KCSAN: data-race" };

static bool has_in_order(const char *line, char *parts)
{
	char *part;

	while ((part = strsep(&parts, "*"))) {
		line = strstr(line, part);
		if (!line)
			return false;
		line += strlen(part);
	}
	return true;
}

bool line_has(const char *line, const char *spellings)
{
	char copy[400], *rest = copy, *one;

	snprintf(copy, sizeof(copy), "%s", spellings);
	while ((one = strsep(&rest, "|")))
		if (has_in_order(line, one))
			return true;
	return false;
}

static bool has_any(const char *line, const char * const *patterns, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (line_has(line, patterns[i]))
			return true;
	return false;
}

bool line_complains(const char *line)
{
	return !has_any(line, no_complaints, ARRAY_SIZE(no_complaints)) &&
	       has_any(line, complaints, ARRAY_SIZE(complaints));
}

bool line_lacks_initramfs(const char *line)
{
	return line_has(line, "Initramfs unpacking failed|unable to open an initial console");
}

const char *line_text(const char *line)
{
	const char *end;

	while (*line == '[' && (end = strchr(line, ']')))
		line = end + 1 + strspn(end + 1, " ");
	return line;
}
