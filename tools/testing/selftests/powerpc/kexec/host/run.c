// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "autopsy.h"
#include "gdb_stub.h"
#include "qemu.h"
#include "qemu_args.h"
#include "registers.h"
#include "run.h"

#define LAST_LINES	12	/* of the console, in a report */

/* Limits, in seconds, and as parts of --timeout; that of work is CPU time */
#define LIMIT_CANARY	120
#define SILENT_PART	3
#define SILENT_WORK_PART 10
#define COMPLAINT_TIME	3	/* for the rest of an Oops to be printed */
#define QUIET		1	/* before the registers are looked at */

/* Dead: this much guest time, and this many samples, of nothing but exceptions */
#define DEAD_GUEST_SECONDS	4
#define DEAD_SAMPLES		6
#define SAMPLE_MS		300

/* To find a CPU where it is to be reset */
#define RESET_TRIES		100
#define LOOK_MS			5

struct guest {
	const struct options *options;
	struct facts facts;
	struct qemu qemu;
	FILE *log;
	char log_path[512];
	char error_path[512];
	char line[2048];
	size_t nr_line;
	char last[LAST_LINES][200];
	int nr_last;
	double started, last_output, complained;
	double worked;		/* up to the last output */
	double last_fact;
	unsigned int nr_facts;
	/* For how long the host kept it from running: in all, and up to the last output */
	double waited, waited_before;
	double sampled, sampled_queued;
	bool starving;		/* since the last sample */
	__u64 dead_since[MAX_CPUS];
	int dead_samples[MAX_CPUS];
	int reset_tries;
	char culprit[300];
	char *findings;		/* of the autopsy */
	const char *end;	/* how it ended, if it is not decided by a fact */
	bool dead;		/* of exceptions, and it was dissected when that began */
	bool dissect;		/* the registers tell something */
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

/* The CPU time that this QEMU has had */
static double work(const struct guest *guest)
{
	struct timespec time = { 0 };
	clockid_t clock;

	if (clock_getcpuclockid(guest->qemu.pid, &clock) || clock_gettime(clock, &time))
		return 0;
	return time.tv_sec + time.tv_nsec / 1e9;
}

/* Take the time in which it would have run, and could not */
static void sample_host(struct guest *guest)
{
	double time = now(), queued = qemu_waited(&guest->qemu);
	double elapsed = time - guest->sampled, waited = queued - guest->sampled_queued;

	/* Several of its threads may wait at once */
	if (qemu_is_stopped(&guest->qemu) || waited > elapsed)
		waited = elapsed;
	guest->starving = waited > elapsed / 2;
	if (waited > 0)
		guest->waited += waited;
	guest->sampled = time;
	guest->sampled_queued = queued;
}

static void take_line(struct guest *guest)
{
	struct facts *facts = &guest->facts;

	guest->line[guest->nr_line] = '\0';
	guest->nr_line = 0;
	snprintf(guest->last[guest->nr_last++ % LAST_LINES], sizeof(guest->last[0]), "%s",
		 guest->line);
	facts_take_line(facts, guest->line);
	if (facts->nr != guest->nr_facts)
		guest->last_fact = now();
	guest->nr_facts = facts->nr;
	if (facts->complaint[0] && !guest->complained)
		guest->complained = now();
}

static void take_console(struct guest *guest)
{
	char block[4096];
	ssize_t length = read(guest->qemu.console, block, sizeof(block)), i;

	if (length <= 0) {
		close(guest->qemu.console);
		guest->qemu.console = -1;
		return;
	}
	guest->last_output = now();
	memset(guest->dead_samples, 0, sizeof(guest->dead_samples));
	guest->worked = work(guest);
	guest->waited_before = guest->waited;
	if (fwrite(block, 1, length, guest->log) != (size_t)length || fflush(guest->log))
		facts_decide(&guest->facts, ERROR, "cannot write %s: %s", guest->log_path,
			     strerror(errno));
	for (i = 0; i < length; i++) {
		if (block[i] == '\n' || guest->nr_line == sizeof(guest->line) - 1)
			take_line(guest);
		if (block[i] != '\n' && block[i] != '\r' && block[i])
			guest->line[guest->nr_line++] = block[i];
	}
}

static void dissect(struct guest *guest)
{
	size_t size;
	FILE *report;

	free(guest->findings);
	report = open_memstream(&guest->findings, &size);
	if (!report)
		die("no memory");
	autopsy(&guest->qemu, guest->culprit, sizeof(guest->culprit), report);
	if (fclose(report))
		die("no memory");
}

/*
 * A CPU that takes one exception after the other prints nothing, for ever. Its stack
 * grows with each of them, and soon over what led to the first one: do not wait with
 * the autopsy. One sample is not enough, as a living CPU takes exceptions, too.
 */
static bool only_exceptions(struct guest *guest)
{
	static struct registers cpus[MAX_CPUS];
	int nr, i, most = 0;

	if (!qemu_command(&guest->qemu, "info registers -a"))
		return false;
	nr = registers_parse(guest->qemu.reply, cpus, MAX_CPUS);
	for (i = 0; i < nr; i++) {
		if (!looks_dead(&cpus[i])) {
			guest->dead_samples[i] = 0;
			continue;
		}
		if (++guest->dead_samples[i] == 1)
			guest->dead_since[i] = cpus[i].tb;
		if (guest->dead_samples[i] > most)
			most = guest->dead_samples[i];
		if (guest->dead_samples[i] >= DEAD_SAMPLES &&
		    cpus[i].tb - guest->dead_since[i] >= DEAD_GUEST_SECONDS * TIMEBASE_HZ)
			return true;
	}
	if (most == 2) {
		dissect(guest);
		qemu_command(&guest->qemu, "cont");
	}
	return false;
}

/* Is a CPU in firmware? -1 if that cannot be told. */
static int any_in_firmware(struct guest *guest)
{
	static struct registers cpus[MAX_CPUS];
	int nr, i;

	if (!qemu_command(&guest->qemu, "info registers -a"))
		return -1;
	nr = registers_parse(guest->qemu.reply, cpus, MAX_CPUS);
	for (i = 0; i < nr; i++)
		if (in_firmware(&cpus[i]))
			return in_firmware_call(&cpus[i]) ? 1 : -1;
	return nr ? 0 : -1;
}

/* What it said before it was stopped is not yet about what is done to it now */
static void take_all_console(struct guest *guest)
{
	struct pollfd poller = { .fd = guest->qemu.console, .events = POLLIN };

	while (guest->qemu.console >= 0 && poll(&poller, 1, 0) > 0)
		take_console(guest);
}

/* The machine stands still from look to hit: where the reset hits is no accident */
static void reset_where_asked(struct guest *guest)
{
	struct facts *facts = &guest->facts;
	struct qemu *qemu = &guest->qemu;
	int in_firmware;

	if (!qemu_command(qemu, "stop"))
		goto silent;
	take_all_console(guest);
	in_firmware = any_in_firmware(guest);
	if (in_firmware == facts->nmi_in_firmware) {
		if (!qemu_inject_nmi(qemu))
			facts_decide(facts, ERROR, "QEMU takes no inject-nmi");
		facts->await_nmi = false;
	} else if (++guest->reset_tries == RESET_TRIES) {
		facts_decide(facts, ERROR, "%d looks at the CPUs, and %s was in firmware",
			     RESET_TRIES, facts->nmi_in_firmware ? "none" : "one");
	}
	if (qemu_command(qemu, "cont"))
		return;
silent:
	/* Unless QEMU is gone, of which its end tells more */
	if (qemu->monitor >= 0 && !qemu->panicked && !qemu->shut_down)
		facts_decide(facts, ERROR, "QEMU's monitor does not answer");
}

static void interrupt_guest(struct guest *guest)
{
	struct facts *facts = &guest->facts;
	char reason[100];

	facts->await_interrupt = false;
	if (!gdb_stub_interrupt(&guest->qemu, &facts->interrupt, reason, sizeof(reason)))
		facts_decide(facts, ERROR, "no %s: %s",
			     facts->interrupt.dsisr ? "machine check" : "HMI", reason);
}

/* The time is over: was it the guest's? Else nothing can be told. */
static void check_host(struct guest *guest, double waited, double elapsed)
{
	if (waited > elapsed / 2)
		facts_decide(&guest->facts, ERROR,
			     "the host is too busy: in %.0f s the guest waited %.0f s for a CPU",
			     elapsed, waited);
}

/* Has the guest come to an end that no fact told? */
static bool has_ended(struct guest *guest)
{
	double timeout = guest->options->timeout;
	bool canary = guest->facts.test->is_canary;
	double time = now();

	if (guest->qemu.panicked) {
		guest->end = "the machine stopped (checkstop)";
		guest->dissect = true;
	} else if (guest->qemu.console < 0 && guest->qemu.monitor < 0) {
		guest->end = guest->qemu.shut_down ? "the guest powered off or reset itself" :
						     "QEMU ended";
	} else if (guest->complained && time - guest->complained > COMPLAINT_TIME) {
		guest->end = "the kernel complained";
	} else if (time - guest->started > (canary && timeout > LIMIT_CANARY ? LIMIT_CANARY :
									       timeout)) {
		guest->end = "time is up";
		guest->dissect = true;
		check_host(guest, guest->waited, time - guest->started);
		if (time - guest->last_fact < timeout / SILENT_PART)
			facts_decide(&guest->facts, ERROR,
				     "time is up, but the guest gets on: try a longer --timeout");
	} else if (time - guest->last_output > timeout / SILENT_PART ||
		   work(guest) - guest->worked > timeout / SILENT_WORK_PART) {
		guest->end = "the console went silent";
		guest->dissect = true;
		check_host(guest, guest->waited - guest->waited_before,
			   time - guest->last_output);
	} else if (!canary && !guest->starving && time - guest->last_output > QUIET &&
		   only_exceptions(guest)) {
		guest->end = "dead, taking exceptions only";
		guest->dead = true;
	}
	return guest->end;
}

/* QEMU reports gdb's "kill" as a guest that powered off. What it prints is different. */
static void check_gdb(struct guest *guest)
{
	FILE *file = fopen(guest->error_path, "re");
	char *line = NULL;
	size_t size = 0;

	while (file && getline(&line, &size, file) >= 0)
		if (strstr(line, "Terminated via GDBstub") && !guest->complained)
			facts_decide(&guest->facts, ERROR, "killed by gdb");
	free(line);
	if (file)
		fclose(file);
}

static bool goes_on(struct guest *guest)
{
	/* Under a debugger it stands still for as long as somebody likes, until he ends it */
	if (guest->options->gdb) {
		if (guest->qemu.console >= 0 || guest->qemu.monitor >= 0)
			return true;
		check_gdb(guest);
	}
	return !guest->facts.decided && !has_ended(guest);
}

static void watch(struct guest *guest)
{
	struct pollfd pollers[2];
	int got;

	guest->started = now();
	guest->last_output = guest->started;
	guest->sampled = guest->started;
	while (goes_on(guest)) {
		pollers[0] = (struct pollfd){ .fd = guest->qemu.console, .events = POLLIN };
		pollers[1] = (struct pollfd){ .fd = guest->qemu.monitor, .events = POLLIN };
		got = poll(pollers, 2, guest->facts.await_nmi ? LOOK_MS : SAMPLE_MS);
		if (got < 0 && errno != EINTR)
			break;
		if (got > 0 && pollers[0].revents)
			take_console(guest);
		if (got > 0 && pollers[1].revents)
			qemu_read_monitor(&guest->qemu);
		sample_host(guest);
		if (guest->facts.await_nmi)
			reset_where_asked(guest);
		if (guest->facts.await_interrupt)
			interrupt_guest(guest);
	}
}

/* An end that no fact told: is it the kernel's or the test bed's? */
static void judge_end(struct guest *guest, FILE *report)
{
	struct facts *facts = &guest->facts;
	bool own_end = guest->qemu.shut_down || guest->qemu.panicked || guest->dead ||
		       guest->dissect || guest->complained;

	if (guest->dissect)
		dissect(guest);
	if (guest->dissect || guest->dead)
		fputs(guest->findings, report);
	else
		guest->culprit[0] = '\0';
	qemu_stop(&guest->qemu);
	if (!own_end)
		facts_decide(facts, ERROR, "QEMU ended by itself (%s %d), see %s",
			     WIFSIGNALED(guest->qemu.status) ? "signal" : "status",
			     WIFSIGNALED(guest->qemu.status) ? WTERMSIG(guest->qemu.status) :
			     WEXITSTATUS(guest->qemu.status), guest->error_path);
	else if (facts->test->is_canary)
		facts_decide(facts, ERROR, "the canary says nothing: %s", guest->end);
	else if (facts->complaint[0])
		facts_decide(facts, FAIL, "%s", facts->complaint);
	else
		facts_decide(facts, FAIL, "boot %d, before \"%s\": %s%s%s", facts->boot,
			     facts_missing(facts), guest->end, *guest->culprit ? " in " : "",
			     guest->culprit);
}

static void print_last_lines(struct guest *guest, FILE *report)
{
	int i = guest->nr_last < LAST_LINES ? 0 : guest->nr_last - LAST_LINES;

	fprintf(report, "the console ends with:\n");
	for (; i < guest->nr_last; i++)
		fprintf(report, "  | %s\n", guest->last[i % LAST_LINES]);
	fprintf(report, "all of it: %s\n", guest->log_path);
}

static void make_nonce(char *nonce, size_t size)
{
	__u64 random;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		abort();
	snprintf(nonce, size, "%016llx", random);
}

/* False: it did not come to run */
static bool start(struct guest *guest, const char *machine, const char *name,
		  struct qemu_args *args)
{
	char directory[400];

	snprintf(directory, sizeof(directory), "%s/%s-%s", guest->options->logs, machine, name);
	snprintf(guest->log_path, sizeof(guest->log_path), "%s/console", directory);
	snprintf(guest->error_path, sizeof(guest->error_path), "%s/qemu", directory);
	if (mkdir(directory, 0755) && errno != EEXIST) {
		facts_decide(&guest->facts, ERROR, "cannot make %s: %s", directory,
			     strerror(errno));
		return false;
	}
	guest->log = fopen(guest->log_path, "we");
	if (!guest->log) {
		facts_decide(&guest->facts, ERROR, "cannot write %s: %s", guest->log_path,
			     strerror(errno));
		return false;
	}
	if (!qemu_start(&guest->qemu, args->words, guest->error_path)) {
		facts_decide(&guest->facts, ERROR, "cannot run %s: %s", args->words[0],
			     strerror(errno));
		return false;
	}
	return true;
}

struct result run_test(const struct options *options, const struct machine *machine,
		       const struct test *test, const char *name, FILE *report)
{
	static struct guest guest;
	static struct qemu_args args;
	char nonce[20];

	guest.options = options;
	make_nonce(nonce, sizeof(nonce));
	facts_begin(&guest.facts, test, nonce, cpus_of(options, test), memory_of(options, test));
	qemu_args_make(&args, options, machine, test, nonce);
	if (start(&guest, machine->name, name, &args)) {
		if (options->gdb)
			qemu_args_print_gdb(options);
		watch(&guest);
		judge_end(&guest, report);
		if (guest.facts.result.outcome == FAIL || guest.facts.result.outcome == ERROR) {
			print_last_lines(&guest, report);
			fprintf(report, "by hand: ");
			qemu_args_print(&args, report);
		}
	}
	if (guest.log)
		fclose(guest.log);
	return guest.facts.result;
}
