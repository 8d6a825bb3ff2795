/* SPDX-License-Identifier: GPL-2.0 */
#ifndef RESULTS_H
#define RESULTS_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

/*
 * NONE: not tried; BROKEN: the test bed could not tell; STRAY: what fails has to, but
 * not of the cause that it must have
 */
enum verdict { NONE, OK, FAIL, SKIP, BROKEN, STRAY };

/* A test on a machine: a line of KTAP, and the diagnostics after it */
struct result {
	char *machine;
	char *test;
	enum verdict verdict;
	char *said;	/* lines */
};

/* A kernel that was booted: a KTAP file */
struct kernel {
	char *variant;
	char *inputs;
	char *facts;	/* lines: of what it was made, with what it was tried */
	int build_seconds;
	int boot_seconds;
	time_t when;
	bool whole;
	struct result *results;
	int nr_results;
};

/* What a result has to be, a line of "wanted" */
struct wanted {
	char *variant;
	char *test;
	char *machine;
	enum verdict verdict;
	char *causes;	/* of a FAIL: their names in proof.conf ... */
	regex_t regex;	/* ... and what tells them */
};

struct config {
	char *name;
	struct kernel *kernels;
	int nr_kernels;
	struct wanted *wanted;
	int nr_wanted;
};

struct tree {
	char *name;
	char *path;	/* what the commands of verify/ know it by */
	struct config *configs;
	int nr_configs;
};

void read_kernel(struct kernel *kernel, const char *path);
struct tree *read_trees(const char *out, char **names, int *nr_trees);

struct kernel *find_kernel(const struct config *config, const char *variant);
struct result *find_result(const struct kernel *kernel, const char *machine, const char *test);
enum verdict verdict_of(const struct config *config, const struct wanted *wanted);
struct wanted *find_wanted(const struct config *config, const char *variant,
			   const struct result *place);
const char *spelled(enum verdict verdict);

/* What is not as it must be, in words; NULL if all is */
char *wrong_of(const struct config *config, const struct wanted *wanted);

/* Does it fail of this cause? */
bool is_of(const struct result *result, const regex_t *cause);

/* Why it failed, in a line; NULL if it did not */
char *culprit(const struct result *result);

#define __printf(text, args) __attribute__((format(printf, text, args)))

__printf(1, 2)
char *format_string(const char *format, ...);
void compile_cause(regex_t *cause, const char *text);
char *first_line(const char *text);
char *read_text(const char *path);
void *grow(void *array, int count, size_t size);

#endif
