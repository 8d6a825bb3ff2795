// SPDX-License-Identifier: GPL-2.0
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jobs.h"
#include "kernel_config.h"
#include "qemu_args.h"
#include "run.h"
#include "tests.h"
#include "vmlinux.h"

struct job {
	const struct machine *machine;
	const struct test *test;
	pid_t pid;		/* the child that runs it */
	int pipe;		/* from which its result and report come */
	bool started, finished;
	struct result result;
	char *report;
	size_t report_size;
};

static const struct options *options;
static struct job *jobs;
static int nr_jobs;

static void add_job(const struct machine *machine, const struct test *test)
{
	jobs = realloc(jobs, (nr_jobs + 1) * sizeof(*jobs));
	if (!jobs)
		die("no memory");
	jobs[nr_jobs++] = (struct job){ .machine = machine, .test = test };
}

/* The canaries come first: the other jobs of their machines wait for them */
void jobs_make(const struct options *given)
{
	int canary, i, j;

	options = given;
	for (canary = 1; canary >= 0; canary--)
		for (i = 0; i < options->nr_machines; i++)
			for (j = 0; j < nr_tests; j++)
				if (tests[j].is_canary == canary &&
				    is_chosen(options->only_machines, options->machines[i].name) &&
				    (canary || is_chosen(options->only_tests, tests[j].name)))
					add_job(&options->machines[i], &tests[j]);
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
	FILE *report, *pipe = fdopen(out, "w");

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || !pipe)
		_exit(1);
	report = open_memstream(&text, &size);
	if (!report)
		_exit(1);
	result = run_test(options, job->machine, job->test, report);
	fclose(report);
	fwrite(&result, sizeof(result), 1, pipe);
	fwrite(text, 1, size, pipe);
	_exit(fclose(pipe) ? 1 : 0);
}

/* Is it there, and in the byte order of the guest? */
static bool has_tool(const char *name)
{
	unsigned char start[EI_DATA + 1] = { 0 };
	char path[4096];
	FILE *file;

	if (!options->tools)
		return false;
	snprintf(path, sizeof(path), "%s/%s", options->tools, name);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (fread(start, sizeof(start), 1, file) != 1)
		start[EI_DATA] = ELFDATANONE;
	fclose(file);
	return start[EI_DATA] == (vmlinux_big_endian() ? ELFDATA2MSB : ELFDATA2LSB);
}

/* Start a job, or decide it where nothing needs to run; false: it has to wait */
static bool start(struct job *job)
{
	struct job *canary = canary_of(job);
	pid_t parent = getpid();
	char reason[128];
	int ends[2];

	if (!job->test->any_machine) {
		if (!canary->finished)
			return false;
		if (canary->result.outcome != OK) {
			finish(job, canary->result.outcome == SKIP ? SKIP : ERROR,
			       "the canary of this machine did not fault");
			return true;
		}
	}
	if (job->test->option && !kernel_has(job->test->option)) {
		snprintf(reason, sizeof(reason), "this kernel was built without %s",
			 job->test->option);
		finish(job, SKIP, reason);
		return true;
	}
	if (job->test->tool && !has_tool(job->test->tool)) {
		snprintf(reason, sizeof(reason), "the guest has no %s: see --tools",
			 job->test->tool);
		/* If there are to be tools, all have to be there, or somebody allows it */
		finish(job, options->tools && !options->may_skip ? ERROR : SKIP, reason);
		return true;
	}
	if (pipe2(ends, O_CLOEXEC))
		die("cannot make a pipe: %s", strerror(errno));
	fflush(stdout);
	job->pid = fork();
	if (job->pid < 0)
		die("cannot fork: %s", strerror(errno));
	if (!job->pid) {
		close(ends[0]);
		run_job(job, ends[1], parent);
	}
	close(ends[1]);
	job->pipe = ends[0];
	return true;
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
		job->report_size = 0;
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
	       job->machine->name, job->test->name, directive[outcome],
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
		printf(" --memory %d --timeout %d --machine %s --test %s\n", options->memory_mib,
		       options->timeout, job->machine->name, job->test->name);
	}
	fflush(stdout);
}

static void run_all(void)
{
	struct pollfd *pollers = calloc(options->jobs, sizeof(*pollers));
	struct job **waiting = calloc(options->jobs, sizeof(*waiting));
	int printed = 0, running = 0, i, nr;

	if (!pollers || !waiting)
		die("no memory");
	printf("KTAP version 1\n1..%d\n", nr_jobs);
	while (printed < nr_jobs) {
		for (i = printed; i < nr_jobs && running < options->jobs; i++)
			if (!jobs[i].started && start(&jobs[i])) {
				jobs[i].started = true;
				running += jobs[i].pid != 0;
			}
		for (nr = 0, i = printed; i < nr_jobs; i++)
			if (jobs[i].pid) {
				waiting[nr] = &jobs[i];
				pollers[nr++] = (struct pollfd){ .fd = jobs[i].pipe,
								 .events = POLLIN };
			}
		if (nr && poll(pollers, nr, -1) < 0 && errno != EINTR)
			die("cannot poll: %s", strerror(errno));
		for (i = 0; i < nr; i++)
			if (pollers[i].revents) {
				take_output(waiting[i]);
				running -= waiting[i]->finished;
			}
		for (; printed < nr_jobs && jobs[printed].finished; printed++)
			print_result(&jobs[printed], printed + 1);
	}
	free(pollers);
	free(waiting);
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
	return exit_status();
}
