// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "initramfs.h"
#include "jobs.h"
#include "kernel_config.h"
#include "qemu_args.h"
#include "run.h"
#include "tests.h"
#include "vmlinux.h"

struct job {
	const struct machine *machine;
	const struct test *test;
	char name[80];		/* that of the test, and with --repeat a number */
	pid_t pid;		/* the child that runs it */
	int pipe;		/* from which its result and report come */
	bool finished;
	struct result result;
	char *report;
	size_t report_size;
};

static const struct options *options;
static struct job *jobs;
static int nr_jobs;

static void add_jobs(const struct machine *machine, const struct test *test)
{
	int repeat = test->is_canary ? 1 : options->repeat, i;
	struct job *job;

	jobs = realloc(jobs, (nr_jobs + repeat) * sizeof(*jobs));
	if (!jobs)
		die("no memory");
	for (i = 1; i <= repeat; i++) {
		job = &jobs[nr_jobs++];
		*job = (struct job){ .machine = machine, .test = test };
		if (repeat > 1)
			snprintf(job->name, sizeof(job->name), "%s.%d", test->name, i);
		else
			snprintf(job->name, sizeof(job->name), "%s", test->name);
	}
}

static void add_tests_of(const struct machine *machine, bool canary)
{
	const char *plan = options->shell ? "shell" : options->plan;
	int i;

	for (i = 0; i < nr_tests; i++)
		if (tests[i].is_canary == canary &&
		    (canary || (!plan && is_chosen(options->only_tests, tests[i].name))))
			add_jobs(machine, &tests[i]);
	if (plan && !canary)
		add_jobs(machine, test_of_plan(plan));
}

void jobs_make(const struct options *given)
{
	/* A person who looks at one guest needs no canary */
	bool one = given->gdb || given->shell;
	int canary, i;

	options = given;
	/* They come first: the other jobs of their machines wait for them */
	for (canary = !one; canary >= 0; canary--)
		for (i = 0; i < options->nr_machines; i++)
			if (is_chosen(options->only_machines, options->machines[i].name))
				add_tests_of(&options->machines[i], canary);
	if (one && nr_jobs != 1)
		die("--gdb wants one --machine and one --test or --plan, --shell one --machine");
	if (options->gdb && jobs->test->plan &&
	    (strstr(jobs->test->plan, "machine-check") || strstr(jobs->test->plan, "hmi")))
		die("--gdb: %s needs QEMU's stub for gdb itself", jobs->test->name);
}

void jobs_print(void)
{
	static struct qemu_args args;
	int i;

	for (i = 0; i < nr_jobs; i++) {
		qemu_args_make(&args, options, jobs[i].machine, jobs[i].test, "0");
		qemu_args_print(&args, stdout);
	}
}

static struct job *canary_of(const struct job *job)
{
	int i;

	for (i = 0; i < nr_jobs; i++)
		if (jobs[i].test->is_canary && jobs[i].machine == job->machine)
			return &jobs[i];
	return NULL;
}

/* Has somebody said that this one may be skipped? */
static bool may_be_skipped(const struct job *job)
{
	char *copy = strdup(options->may_skip), *rest = copy, *pattern, name[200];
	bool may = false;

	if (!copy)
		die("no memory");
	while ((pattern = strsep(&rest, ","))) {
		snprintf(name, sizeof(name), "%s:%s", job->machine->name, job->test->name);
		may |= !fnmatch(pattern, strchr(pattern, ':') ? name : job->test->name, 0);
	}
	free(copy);
	return may;
}

/* A SKIP that nobody allowed is one more thing that the test bed lacks */
static void check_skip(struct job *job)
{
	char reason[sizeof(job->result.why)];

	if (job->result.outcome != SKIP || !options->may_skip || may_be_skipped(job))
		return;
	snprintf(reason, sizeof(reason), "%s", job->result.why);
	job->result.outcome = ERROR;
	snprintf(job->result.why, sizeof(job->result.why), "not to be skipped: %.350s",
		 reason);
}

static void finish(struct job *job, enum outcome outcome, const char *reason)
{
	job->finished = true;
	job->result.outcome = outcome;
	snprintf(job->result.why, sizeof(job->result.why), "%s", reason);
	check_skip(job);
}

/* In a child: run the job and send what came of it */
static __noreturn void run_job(struct job *job, int out, pid_t parent)
{
	struct result result;
	char *text = NULL;
	size_t size = 0;
	FILE *pipe = fdopen(out, "w"), *report = open_memstream(&text, &size);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || !pipe || !report)
		_exit(1);
	result = run_test(options, job->machine, job->test, job->name, report);
	fclose(report);
	fwrite(&result, sizeof(result), 1, pipe);
	fwrite(text, 1, size, pipe);
	_exit(fclose(pipe) ? 1 : 0);
}

/* Start a job, unless it has to wait, or decide it where nothing needs to run */
static void start(struct job *job)
{
	struct job *canary = canary_of(job);
	pid_t parent = getpid();
	char reason[128];
	int ends[2];

	if (!job->test->any_machine) {
		if (canary && !canary->finished)
			return;
		if (canary && canary->result.outcome != OK) {
			finish(job, canary->result.outcome == SKIP ? SKIP : ERROR,
			       "the canary of this machine did not fault");
			return;
		}
	}
	if (job->test->option && !kernel_has(job->test->option)) {
		snprintf(reason, sizeof(reason), "this kernel was built without %s",
			 job->test->option);
		finish(job, SKIP, reason);
		return;
	}
	if (job->test->tool && !has_tool(options, job->test->tool)) {
		snprintf(reason, sizeof(reason), "the guest has no %s: see --tools",
			 job->test->tool);
		/* If there are to be tools, all have to be there, or somebody allows it */
		finish(job, options->tools && !options->may_skip ? ERROR : SKIP, reason);
		return;
	}
	if (pipe2(ends, O_CLOEXEC))
		die("cannot make a pipe: %s", strerror(errno));
	fflush(stdout);
	job->pid = fork();
	if (job->pid < 0)
		die("cannot fork: %s", strerror(errno));
	if (!job->pid)
		run_job(job, ends[1], parent);
	close(ends[1]);
	job->pipe = ends[0];
}

/* Take in what a job sends; at the end of it, the job is finished */
static void take_output(struct job *job)
{
	char block[65536];
	ssize_t length = read(job->pipe, block, sizeof(block));

	if (length > 0) {
		job->report = realloc(job->report, job->report_size + length + 1);
		if (!job->report)
			die("no memory");
		memcpy(job->report + job->report_size, block, length);
		job->report_size += length;
		job->report[job->report_size] = '\0';
		return;
	}
	close(job->pipe);
	waitpid(job->pid, NULL, 0);
	job->pid = 0;
	if (job->report_size < sizeof(job->result)) {
		finish(job, ERROR, "the process that ran this test died");
		return;
	}
	memcpy(&job->result, job->report, sizeof(job->result));
	job->finished = true;
	check_skip(job);
}

static void print_result(const struct job *job, int number)
{
	static const char * const directive[] = {
		[OK] = "", [FAIL] = "", [SKIP] = " # SKIP ", [ERROR] = " # ERROR ",
	};
	enum outcome outcome = job->result.outcome;
	char *report, *line;

	printf("%s %d %s %s%s%s\n", outcome == OK || outcome == SKIP ? "ok" : "not ok", number,
	       job->machine->name, job->name, directive[outcome],
	       outcome == SKIP || outcome == ERROR ? job->result.why : "");
	/* First of all the cause, for those who look for one */
	if (outcome == FAIL || outcome == ERROR)
		printf("# %s: %s\n", outcome == FAIL ? "fail" : "error", job->result.why);
	if (job->report_size > sizeof(job->result)) {
		report = job->report + sizeof(job->result);
		while ((line = strsep(&report, "\n")))
			if (*line)
				printf("# %s\n", line);
	}
	if (outcome == FAIL || outcome == ERROR) {
		printf("# again: %s/kexec_test --vmlinux %s --qemu %s --logs %s", options->programs,
		       options->vmlinux, options->qemu, options->logs);
		if (!options->own_image)
			printf(" --image %s", options->image);
		if (options->tools)
			printf(" --tools %s", options->tools);
		if (options->cpus)
			printf(" --cpus %d", options->cpus);
		printf(" --memory %d --timeout %d --machine %s", options->memory_mib,
		       options->timeout, job->machine->name);
		if (options->plan)
			printf(" --plan '%s'\n", options->plan);
		else
			printf(" --test %s\n", job->test->name);
	}
	fflush(stdout);
}

/* On a terminal, a line that the next one takes the place of; NULL clears it */
static void show_progress(const char *done)
{
	struct winsize size = { .ws_col = 80 };
	char line[1000];
	size_t length;
	int i;

	if (!isatty(STDERR_FILENO))
		return;
	length = snprintf(line, sizeof(line), "%s", done ? done : "");
	for (i = 0; done && i < nr_jobs; i++)
		if (jobs[i].pid && length < sizeof(line))
			length += snprintf(line + length, sizeof(line) - length, ", %s %s",
					   jobs[i].machine->name, jobs[i].name);
	ioctl(STDERR_FILENO, TIOCGWINSZ, &size);
	fprintf(stderr, "\r\033[K%.*s", size.ws_col ? size.ws_col - 1 : 79, line);
}

static void run_all(void)
{
	struct pollfd *pollers = calloc(options->jobs, sizeof(*pollers));
	struct job **waiting = calloc(options->jobs, sizeof(*waiting));
	int printed = 0, running = 0, i, nr;
	char done[64];

	if (!pollers || !waiting)
		die("no memory");
	printf("KTAP version 1\n1..%d\n", nr_jobs);
	while (printed < nr_jobs) {
		for (i = printed; i < nr_jobs && running < options->jobs; i++)
			if (!jobs[i].pid && !jobs[i].finished) {
				start(&jobs[i]);
				running += jobs[i].pid != 0;
			}
		for (nr = 0, i = printed; i < nr_jobs; i++)
			if (jobs[i].pid) {
				waiting[nr] = &jobs[i];
				pollers[nr++] = (struct pollfd){ .fd = jobs[i].pipe,
								 .events = POLLIN };
			}
		snprintf(done, sizeof(done), "%d of %d done", printed, nr_jobs);
		show_progress(done);
		if (nr && poll(pollers, nr, -1) < 0 && errno != EINTR)
			die("cannot poll: %s", strerror(errno));
		for (i = 0; i < nr; i++)
			if (pollers[i].revents) {
				take_output(waiting[i]);
				running -= waiting[i]->finished;
			}
		show_progress(NULL);
		for (; printed < nr_jobs && jobs[printed].finished; printed++)
			print_result(&jobs[printed], printed + 1);
	}
	free(pollers);
	free(waiting);
}

/* A race is proven by counts */
static void print_repeated(void)
{
	int count[ERROR + 1], i, first;

	for (first = 0; first < nr_jobs; first += i) {
		memset(count, 0, sizeof(count));
		for (i = 0; first + i < nr_jobs && jobs[first + i].test == jobs[first].test &&
		     jobs[first + i].machine == jobs[first].machine; i++)
			count[jobs[first + i].result.outcome]++;
		if (jobs[first].test->is_canary)
			continue;
		printf("# %s on %s: %d of %d failed", jobs[first].test->name,
		       jobs[first].machine->name, count[FAIL], i);
		if (count[SKIP] + count[ERROR])
			printf(", %d were no test (skip:%d error:%d)", count[SKIP] + count[ERROR],
			       count[SKIP], count[ERROR]);
		putchar('\n');
	}
}

/* The canary only says whether the others can tell: it alone makes no run ok */
static int exit_status(void)
{
	int count[ERROR + 1] = { 0 }, i;
	bool blind = false;

	for (i = 0; i < nr_jobs; i++)
		blind |= jobs[i].test->is_canary && jobs[i].result.outcome == SKIP;
	for (i = 0; i < nr_jobs; i++)
		count[jobs[i].result.outcome] += !jobs[i].test->is_canary ||
						 jobs[i].result.outcome == ERROR;
	printf("# Totals: pass:%d fail:%d skip:%d error:%d\n", count[OK], count[FAIL],
	       count[SKIP], count[ERROR]);
	if (fflush(stdout) || ferror(stdout))
		die("cannot write the results");
	return count[ERROR] ? EXIT_ERROR : count[FAIL] ? EXIT_FAIL :
	       count[OK] && !blind ? EXIT_OK : EXIT_SKIP;
}

int jobs_run(void)
{
	run_all();
	if (options->repeat > 1)
		print_repeated();
	return exit_status();
}

void jobs_become_shell(void)
{
	static struct qemu_args args;

	qemu_args_make(&args, options, jobs->machine, jobs->test, "0");
	if (options->gdb)
		qemu_args_print_gdb(options);
	signal(SIGPIPE, SIG_DFL);
	execvp(args.words[0], args.words);
	die("cannot run %s: %s", args.words[0], strerror(errno));
}
