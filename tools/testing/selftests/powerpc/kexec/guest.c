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
#include "guest.h"
#include "machine_check.h"
#include "qemu.h"
#include "vmlinux.h"

#define MAX_ARGUMENTS	80
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
	struct verdict_state verdict;
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
	unsigned int facts;
	/* For how long the host kept it from running: in all, and up to the last output */
	double waited, waited_before;
	double sampled, sampled_queued;
	bool starving;		/* since the last sample */
	__u64 dead_since[MAX_CPUS];
	int dead_samples[MAX_CPUS];
	int reset_tries;
	char culprit[300];
	const char *end;	/* how it ended, if it is not decided by a fact */
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

/* A command line: its words, NULL behind the last, and the memory they lie in */
struct arguments {
	char *words[MAX_ARGUMENTS + 1];
	int nr;
	char text[16384];
	size_t used;
};

static void add_word(struct arguments *arguments, const char *word)
{
	size_t size = strlen(word) + 1;

	/* Neither a test nor a machine of sane size comes near */
	if (arguments->nr == MAX_ARGUMENTS || arguments->used + size > sizeof(arguments->text))
		abort();
	arguments->words[arguments->nr++] = memcpy(arguments->text + arguments->used, word, size);
	arguments->used += size;
}

/* Add what @format gives, word by word */
static __printf(2, 3)
void add(struct arguments *arguments, const char *format, ...)
{
	char text[2048], *rest = text, *word;
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	while ((word = strsep(&rest, " ")))
		if (*word)
			add_word(arguments, word);
}

static int cpus_of(const struct options *options, const struct test *test)
{
	return test->cpus ? test->cpus : options->cpus ? options->cpus : 1;
}

static int memory_of(const struct options *options, const struct test *test)
{
	return options->memory_mib < test->memory_mib ? test->memory_mib : options->memory_mib;
}

static void make_arguments(struct arguments *arguments, const struct options *options,
			   const struct machine *machine, const struct test *test,
			   const char *nonce)
{
	int cpus = cpus_of(options, test);
	int threads = test->threads ? test->threads : 1;
	char line[1024], path[512];

	memset(arguments, 0, sizeof(*arguments));
	add_word(arguments, options->qemu);
	add(arguments, "-nodefaults -display none -serial stdio -monitor none");
	/* A reset ends the run; a dead guest stays, to be looked at */
	add(arguments, "-action reboot=shutdown,panic=pause");
	add(arguments, "%s", machine->qemu);
	add(arguments, "-m %d", memory_of(options, test));
	if (test->is_canary) {
		snprintf(path, sizeof(path), "%s/bare.elf", options->programs);
		add_word(arguments, "-kernel");
		add_word(arguments, path);
		return;
	}
	add(arguments, "-smp %d,threads=%d", cpus, cpus % threads ? 1 : threads);
	add_word(arguments, "-kernel");
	add_word(arguments, options->image);
	add_word(arguments, "-initrd");
	add_word(arguments, test->tool ? options->initramfs_tools : options->initramfs);
	/* On a busy host a CPU stands still long enough to look locked up, or stalled */
	snprintf(line, sizeof(line),
		 "%s printk.devkmsg=on nosoftlockup rcupdate.rcu_cpu_stall_suppress=1%s%s kexec_test.nonce=%s kexec_test.paca_ptrs=%llx kexec_test.tainted_mask=%llx kexec_test.plan=%s",
		 machine->append, test->append ? " " : "", test->append ? test->append : "",
		 nonce, vmlinux_symbol("paca_ptrs"), vmlinux_symbol("tainted_mask"), test->plan);
	add_word(arguments, "-append");
	add_word(arguments, line);
}

static void print_quoted(char **arguments, FILE *out)
{
	for (; *arguments; arguments++) {
		if ((*arguments)[strcspn(*arguments, " '\"$&;()<>|*?\\`")])
			fprintf(out, "'%s'", *arguments);
		else
			fprintf(out, "%s", *arguments);
		fputc(arguments[1] ? ' ' : '\n', out);
	}
}

void guest_print_command(const struct options *options, const struct machine *machine,
			 const struct test *test, const char *nonce, FILE *out)
{
	struct arguments arguments;

	make_arguments(&arguments, options, machine, test, nonce);
	print_quoted(arguments.words, out);
}

static void take_line(struct guest *guest)
{
	struct verdict_state *verdict = &guest->verdict;

	guest->line[guest->nr_line] = '\0';
	guest->nr_line = 0;
	snprintf(guest->last[guest->nr_last++ % LAST_LINES], sizeof(guest->last[0]), "%s",
		 guest->line);
	verdict_line(verdict, guest->line);
	if (verdict->facts != guest->facts)
		guest->last_fact = now();
	guest->facts = verdict->facts;
	if (verdict->complaint[0] && !guest->complained)
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
	guest->worked = work(guest);
	guest->waited_before = guest->waited;
	if (fwrite(block, 1, length, guest->log) != (size_t)length || fflush(guest->log))
		verdict_decide(&guest->verdict, ERROR, "cannot write %s: %s", guest->log_path,
			       strerror(errno));
	for (i = 0; i < length; i++) {
		if (block[i] == '\n' || guest->nr_line == sizeof(guest->line) - 1)
			take_line(guest);
		if (block[i] != '\n' && block[i] != '\r' && block[i])
			guest->line[guest->nr_line++] = block[i];
	}
}

/* A CPU that takes one exception after the other prints nothing, for ever */
static bool only_exceptions(struct guest *guest)
{
	static struct registers cpus[MAX_CPUS];
	int nr, i;

	if (!qemu_command(&guest->qemu, "info registers -a"))
		return false;
	nr = registers_parse(guest->qemu.reply, cpus, MAX_CPUS);
	for (i = 0; i < nr; i++) {
		if (!looks_dead(&cpus[i])) {
			guest->dead_samples[i] = 0;
			continue;
		}
		if (!guest->dead_samples[i]++)
			guest->dead_since[i] = cpus[i].tb;
		if (guest->dead_samples[i] >= DEAD_SAMPLES &&
		    cpus[i].tb - guest->dead_since[i] >= DEAD_GUEST_SECONDS * TIMEBASE_HZ)
			return true;
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
	struct verdict_state *verdict = &guest->verdict;
	struct qemu *qemu = &guest->qemu;
	int in_firmware;

	if (!qemu_command(qemu, "stop"))
		goto silent;
	take_all_console(guest);
	/* It went on without */
	if (!verdict->await_nmi)
		return;
	in_firmware = any_in_firmware(guest);
	if (in_firmware == verdict->nmi_in_firmware) {
		if (!qemu_inject_nmi(qemu))
			verdict_decide(verdict, ERROR, "QEMU takes no inject-nmi");
		verdict->await_nmi = false;
	} else if (++guest->reset_tries == RESET_TRIES) {
		verdict_decide(verdict, ERROR, "%d looks at the CPUs, and %s was in firmware",
			       RESET_TRIES, verdict->nmi_in_firmware ? "none" : "one");
	}
	if (qemu_command(qemu, "cont"))
		return;
silent:
	/* Unless QEMU is gone, of which its end tells more */
	if (qemu->monitor >= 0 && !qemu->panicked && !qemu->shut_down)
		verdict_decide(verdict, ERROR, "QEMU's monitor does not answer");
}

static void fail_a_load(struct guest *guest)
{
	struct verdict_state *verdict = &guest->verdict;
	char reason[100];

	verdict->await_machine_check = false;
	if (!machine_check_raise(&guest->qemu, &verdict->machine_check, reason, sizeof(reason)))
		verdict_decide(verdict, ERROR, "no machine check: %s", reason);
}

/* The time is over: was it the guest's? Else nothing can be told. */
static void check_host(struct guest *guest, double waited, double elapsed)
{
	if (waited > elapsed / 2)
		verdict_decide(&guest->verdict, ERROR,
			       "the host is too busy: in %.0f s the guest waited %.0f s for a CPU",
			       elapsed, waited);
}

/* Has the guest come to an end that no fact told? */
static bool has_ended(struct guest *guest)
{
	double timeout = guest->options->timeout;
	bool canary = guest->verdict.test->is_canary;
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
			verdict_decide(&guest->verdict, ERROR,
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
		guest->dissect = true;
	}
	return guest->end;
}

static void watch(struct guest *guest)
{
	struct pollfd pollers[2];
	int got;

	guest->started = now();
	guest->last_output = guest->started;
	guest->sampled = guest->started;
	while (!guest->verdict.decided && !has_ended(guest)) {
		pollers[0] = (struct pollfd){ .fd = guest->qemu.console, .events = POLLIN };
		pollers[1] = (struct pollfd){ .fd = guest->qemu.monitor, .events = POLLIN };
		got = poll(pollers, 2, guest->verdict.await_nmi ? LOOK_MS : SAMPLE_MS);
		if (got < 0 && errno != EINTR)
			break;
		if (got > 0 && pollers[0].revents)
			take_console(guest);
		if (got > 0 && pollers[1].revents)
			qemu_read_monitor(&guest->qemu);
		sample_host(guest);
		if (guest->verdict.await_nmi)
			reset_where_asked(guest);
		if (guest->verdict.await_machine_check)
			fail_a_load(guest);
	}
}

/* An end that no fact told: is it the kernel's or the test bed's? */
static void judge_end(struct guest *guest, FILE *report)
{
	struct verdict_state *verdict = &guest->verdict;
	const char *missing = verdict->test->expected[verdict->met];
	bool own_end = guest->qemu.shut_down || guest->qemu.panicked || guest->dissect ||
		       guest->complained;

	if (missing && *missing == '~')
		missing++;
	if (guest->dissect)
		autopsy(&guest->qemu, guest->culprit, sizeof(guest->culprit), report);
	qemu_stop(&guest->qemu);
	if (verdict->decided)
		return;
	if (!own_end)
		verdict_decide(verdict, ERROR, "QEMU ended by itself (%s %d), see %s",
			       WIFSIGNALED(guest->qemu.status) ? "signal" : "status",
			       WIFSIGNALED(guest->qemu.status) ? WTERMSIG(guest->qemu.status) :
			       WEXITSTATUS(guest->qemu.status), guest->error_path);
	else if (verdict->test->is_canary)
		verdict_decide(verdict, ERROR, "the canary says nothing: %s", guest->end);
	else if (verdict->complaint[0])
		verdict_decide(verdict, NOT_OK, "boot %d: %s", verdict->boot, verdict->complaint);
	else
		verdict_decide(verdict, NOT_OK, "boot %d, before \"%s\": %s%s%s", verdict->boot,
			       missing, guest->end, *guest->culprit ? " in " : "",
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

struct result guest_run(const struct options *options, const struct machine *machine,
			const struct test *test, FILE *report)
{
	static struct guest guest;
	char directory[400], nonce[20];
	struct arguments arguments;
	struct result result = { .verdict = ERROR };

	memset(&guest, 0, sizeof(guest));
	guest.options = options;
	make_nonce(nonce, sizeof(nonce));
	verdict_begin(&guest.verdict, test, nonce, cpus_of(options, test),
		      memory_of(options, test));
	snprintf(directory, sizeof(directory), "%s/%s-%s", options->logs, machine->name,
		 test->name);
	snprintf(guest.log_path, sizeof(guest.log_path), "%s/console", directory);
	snprintf(guest.error_path, sizeof(guest.error_path), "%s/qemu", directory);
	make_arguments(&arguments, options, machine, test, nonce);

	if (mkdir(directory, 0755) && errno != EEXIST) {
		verdict_decide(&guest.verdict, ERROR, "cannot make %s: %s", directory,
			       strerror(errno));
		goto out;
	}
	guest.log = fopen(guest.log_path, "we");
	if (!guest.log) {
		verdict_decide(&guest.verdict, ERROR, "cannot write %s: %s", guest.log_path,
			       strerror(errno));
		goto out;
	}
	if (!qemu_start(&guest.qemu, arguments.words, guest.error_path)) {
		verdict_decide(&guest.verdict, ERROR, "cannot run %s: %s", options->qemu,
			       strerror(errno));
		goto out;
	}
	watch(&guest);
	judge_end(&guest, report);
	if (guest.verdict.verdict == NOT_OK || guest.verdict.verdict == ERROR) {
		print_last_lines(&guest, report);
		fprintf(report, "by hand: ");
		print_quoted(arguments.words, report);
	}
out:
	if (guest.log)
		fclose(guest.log);
	result.verdict = guest.verdict.verdict;
	snprintf(result.reason, sizeof(result.reason), "%s", guest.verdict.reason);
	return result;
}
