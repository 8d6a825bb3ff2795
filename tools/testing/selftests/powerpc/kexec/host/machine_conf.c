// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine_conf.h"

static int bad(const char *path, int line, const char *why)
{
	fprintf(stderr, "%s:%d: %s\n", path, line, why);
	return -1;
}

static char *trim(char *text)
{
	size_t length;

	text += strspn(text, " \t");
	length = strlen(text);
	while (length && strchr(" \t\n", text[length - 1]))
		text[--length] = '\0';
	return text;
}

/* Take in one line; returns what is wrong with it, or NULL */
static const char *take_line(char *line, struct machine *machine)
{
	char *key = trim(line), *value, **field;

	if (!*key || *key == '#')
		return NULL;
	value = strchr(key, '=');
	if (!value)
		return "not \"key = value\"";
	*value++ = '\0';
	key = trim(key);
	field = !strcmp(key, "about") ? &machine->about :
		!strcmp(key, "qemu") ? &machine->qemu :
		!strcmp(key, "append") ? &machine->append : NULL;
	if (!field)
		return "the key is none of about, qemu, append";
	if (*field)
		return "the key is there twice";
	*field = strdup(trim(value));
	return *field ? NULL : strerror(errno);
}

static int machine_read(const char *path, struct machine *machine)
{
	const char *name = strrchr(path, '/') + 1, *wrong = NULL;
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	int number = 0;

	if (!file)
		return bad(path, 0, strerror(errno));
	memset(machine, 0, sizeof(*machine));
	snprintf(machine->name, sizeof(machine->name), "%.*s",
		 (int)(strlen(name) - strlen(".conf")), name);
	while (!wrong && getline(&line, &size, file) >= 0) {
		number++;
		wrong = take_line(line, machine);
	}
	free(line);
	fclose(file);
	if (!wrong && (!machine->about || !machine->qemu || !machine->append))
		wrong = "about, qemu or append is missing";
	return wrong ? bad(path, number, wrong) : 0;
}

int machines_read(const char *directory, struct machine *machines)
{
	char pattern[4096];
	glob_t found;
	size_t i;
	int nr = 0;

	snprintf(pattern, sizeof(pattern), "%s/*.conf", directory);
	if (glob(pattern, 0, NULL, &found))
		return bad(pattern, 0, "no machine there");
	for (i = 0; i < found.gl_pathc && nr >= 0; i++) {
		if (nr == MAX_MACHINES)
			nr = bad(found.gl_pathv[i], 0, "too many machines");
		else
			nr = machine_read(found.gl_pathv[i], &machines[nr]) ? -1 : nr + 1;
	}
	globfree(&found);
	return nr;
}
