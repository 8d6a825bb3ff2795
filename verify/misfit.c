// SPDX-License-Identifier: GPL-2.0
/*
 * misfit PATCH DIR
 *
 * Say why PATCH does not apply to the files in DIR: which hunk expects which
 * line where the file has another one.  Prints nothing if each hunk fits
 * somewhere.  Exit status: 0, or 1 if PATCH cannot be read.
 */

#include <err.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct lines {
	char **line;
	int nr;
};

static void add_line(struct lines *lines, const char *text)
{
	lines->line = realloc(lines->line, (lines->nr + 1) * sizeof(char *));
	if (lines->line)
		lines->line[lines->nr++] = strdup(text);
	if (!lines->line || !lines->line[lines->nr - 1])
		errx(1, "out of memory");
}

/* Without line ends; false: cannot be read, see errno. */
static bool read_lines(struct lines *lines, const char *path)
{
	size_t room = 0;
	char *buf = NULL;
	ssize_t len;
	FILE *f = fopen(path, "r");

	if (!f)
		return false;
	while ((len = getline(&buf, &room, f)) >= 0) {
		if (len && buf[len - 1] == '\n')
			buf[len - 1] = '\0';
		add_line(lines, buf);
	}
	len = ferror(f);
	free(buf);
	fclose(f);
	return !len;
}

/*
 * How well does the hunk fit if it starts at this line?  Counts the lines that
 * are the same, those before the first difference twice: behind a line that
 * the file has in addition, all others are one off.
 */
static int score(const struct lines *hunk, const struct lines *file, int at)
{
	int i, same = 0, first = hunk->nr;

	for (i = 0; i < hunk->nr; i++) {
		if (at + i < file->nr && !strcmp(hunk->line[i], file->line[at + i]))
			same++;
		else if (first == hunk->nr)
			first = i;
	}
	return same + first;
}

/* Compare the hunk with where it fits best, near to where it should be. */
static void check_hunk(const struct lines *hunk, const struct lines *file, int wanted,
		       const char *name, const char *patch, int nr)
{
	int at, i, s, best = wanted, best_score = -1;

	for (at = 0; at < file->nr; at++) {
		s = score(hunk, file, at);
		if (s > best_score ||
		    (s == best_score && abs(at - wanted) < abs(best - wanted))) {
			best = at;
			best_score = s;
		}
	}
	if (best_score == 2 * hunk->nr)
		return;

	for (i = 0; best + i < file->nr; i++)
		if (strcmp(hunk->line[i], file->line[best + i]))
			break;
	printf("hunk %d of %s does not fit %s, line %d\n", nr, patch, name, best + i + 1);
	printf("\tit expects  |%s\n", hunk->line[i]);
	if (best + i < file->nr)
		printf("\tthe tree has|%s\n", file->line[best + i]);
	else
		printf("\tthe file ends here\n");
}

int main(int argc, char **argv)
{
	struct lines patch = {}, file = {};
	bool readable = false;
	const char *name = "", *text, *base;
	int i, nr = 0, wanted, old, new;
	char *path;

	if (argc != 3)
		errx(1, "usage: misfit PATCH DIR");
	if (!read_lines(&patch, argv[1]))
		err(1, "%s", argv[1]);
	base = strrchr(argv[1], '/') ? strrchr(argv[1], '/') + 1 : argv[1];

	for (i = 0; i < patch.nr; i++) {
		struct lines hunk = {};

		text = patch.line[i];
		if (!strncmp(text, "--- a/", 6)) {
			name = text + 6;
			file.nr = 0;
			if (asprintf(&path, "%s/%s", argv[2], name) < 0)
				errx(1, "out of memory");
			readable = read_lines(&file, path);
			if (!readable)
				printf("%s is about %s: %s\n", base, name, strerror(errno));
			free(path);
			continue;
		}
		old = 1;
		if (sscanf(text, "@@ -%d,%d", &wanted, &old) < 1)
			continue;
		if (sscanf(text + strcspn(text, "+"), "+%*d,%d", &new) < 1)
			new = 1;
		nr++;
		while (old + new > 0 && ++i < patch.nr) {
			text = patch.line[i];
			old -= *text != '+' && *text != '\\';
			new -= *text != '-' && *text != '\\';
			if (*text == ' ' || *text == '-' || !*text)
				add_line(&hunk, *text ? text + 1 : text);
		}
		if (readable && hunk.nr)
			check_hunk(&hunk, &file, wanted - 1, name, base, nr);
	}
	return 0;
}
