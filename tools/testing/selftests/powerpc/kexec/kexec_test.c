// SPDX-License-Identifier: GPL-2.0
/*
 * kexec and kdump of a powerpc kernel under QEMU, on each machine that has a
 * .conf file. Prints KTAP; a test that cannot tell is SKIP, and a test bed
 * that broke is "not ok ... # ERROR" and exit status 99.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <getopt.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cpio.h"
#include "guest.h"
#include "kernel_config.h"
#include "vmlinux.h"

#define MAX_JOBS	256

/* kselftest's, for which 2 and 3 were a success (XFAIL, XPASS): 99 is a failure to all */
enum { EXIT_OK = 0, EXIT_NOT_OK = 1, EXIT_ERROR = 99, EXIT_SKIP = 4 };

struct job {
	const struct machine *machine;
	const struct test *test;
	pid_t pid;		/* the child that runs it */
	int pipe;		/* from which its result and report come */
	bool finished;
	struct result result;
	char *report;
	size_t report_size;
};

static struct options options = {
	.qemu = "qemu-system-ppc64",
	.logs = "kexec_test-logs",
	.memory_mib = 1024,
	.timeout = 900,
};

static struct machine machines[MAX_MACHINES];
static int nr_machines;
static struct job jobs[MAX_JOBS];
static int nr_jobs, max_running;
static char program_directory[4000];
static char own_image[4096];
static const char *only_machines, *only_tests, *may_skip;

static const char usage[] =
	"kexec_test [options]: kexec and kdump of a powerpc kernel under QEMU\n"
	"  --vmlinux PATH    the kernel, with its symbols (default: that of this tree)\n"
	"  --image PATH      what boots (default: vmlinux without its sections)\n"
	"  --machine A,B     only these (default: all)\n"
	"  --test A,B        only these (default: all)\n"
	"  --cpus N          where a test is not about their number (default: 1)\n"
	"  --memory MB       at least (default: 1024)\n"
	"  --timeout S       for a test, and a third of it for silence (default: 900)\n"
	"  --jobs N          guests at a time (default: one for each CPU)\n"
	"  --qemu BIN        (default: qemu-system-ppc64)\n"
	"  --tools DIR       the guest's kexec and makedumpfile, with the libraries and\n"
	"                    the ld64.so.2 that they need, and its test_static_key*.ko,\n"
	"                    all in one directory\n"
	"  --logs DIR        all that is written goes here (default: kexec_test-logs)\n"
	"  --may-skip A,B    these may be skipped, all others must not: a test, or a\n"
	"                    test of some machines as in pseries-*:machine-check\n"
	"  --list            print machines and tests\n"
	"  --dry-run         print the QEMU command lines\n"
	"Exit status: 0 all ok, 1 some not ok, 99 the test bed broke, 4 nothing of that but\n"
	"all were skipped, or this QEMU cannot show the bugs.\n";

static __noreturn __printf(1, 2)
void die(const char *format, ...)
{
	va_list args;

	fprintf(stderr, "kexec_test: ");
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(EXIT_ERROR);
}

/* Is @name in the list "a,b", or is there no list? */
static bool chosen(const char *list, const char *name)
{
	size_t length = strlen(name);

	if (!list)
		return true;
	while (*list) {
		size_t word = strcspn(list, ",");

		if (word == length && !strncmp(list, name, length))
			return true;
		list += word + (list[word] == ',');
	}
	return false;
}

static bool machine_exists(const char *name)
{
	int i;

	for (i = 0; i < nr_machines; i++)
		if (!strcmp(machines[i].name, name))
			return true;
	return false;
}

static bool test_exists(const char *name)
{
	int i;

	for (i = 0; i < nr_tests; i++)
		if (!strcmp(tests[i].name, name))
			return true;
	return false;
}

static void check_names(const char *list, const char *what, bool (*exists)(const char *name))
{
	char *copy = list ? strdup(list) : NULL, *rest = copy, *name;

	while ((name = strsep(&rest, ",")))
		if (!exists(name))
			die("no %s \"%s\"; --list shows what there is", what, name);
	free(copy);
}

/* What is to be skipped by a name that no test has is a slip of the pen */
static void check_may_skip(void)
{
	char *copy = may_skip ? strdup(may_skip) : NULL, *rest = copy, *pattern, *name;
	int i;

	while ((pattern = strsep(&rest, ","))) {
		name = strchr(pattern, ':') ? strchr(pattern, ':') + 1 : pattern;
		for (i = 0; i < nr_tests && fnmatch(name, tests[i].name, 0); i++)
			;
		if (i == nr_tests && *name)
			die("--may-skip: no test \"%s\"; --list shows what there is", name);
	}
	free(copy);
}

static void print_list(void)
{
	int i;

	printf("machines:\n");
	for (i = 0; i < nr_machines; i++)
		printf("  %-16s %s\n", machines[i].name, machines[i].about);
	printf("tests:\n");
	for (i = 0; i < nr_tests; i++)
		printf("  %-16s %s\n", tests[i].name, tests[i].about);
}

static void find_programs(void)
{
	ssize_t length = readlink("/proc/self/exe", program_directory,
				  sizeof(program_directory) - 1);

	if (length < 0)
		die("cannot read /proc/self/exe: %s", strerror(errno));
	program_directory[length] = '\0';
	*strrchr(program_directory, '/') = '\0';
	options.programs = program_directory;
}

/* Another run would write over what the guests of this one boot and say */
static void lock_logs(void)
{
	char path[4096];
	int fd;

	if (mkdir(options.logs, 0755) && errno != EEXIST)
		die("cannot make %s: %s", options.logs, strerror(errno));
	snprintf(path, sizeof(path), "%s/lock", options.logs);
	/* Held until the last process that runs a guest has ended */
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0)
		die("cannot write %s: %s", path, strerror(errno));
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return;
	if (errno == EWOULDBLOCK)
		die("another run writes to %s: give this one --logs of its own", options.logs);
	die("cannot lock %s: %s", path, strerror(errno));
}

/*
 * Who starts this in the background may have had it ignore these. It must be possible to
 * stop it, and if it dies, so does all that it started.
 */
static void take_signals(void)
{
	static const int deadly[] = { SIGINT, SIGQUIT, SIGTERM };
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < ARRAY_SIZE(deadly); i++) {
		signal(deadly[i], SIG_DFL);
		sigaddset(&set, deadly[i]);
	}
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void begin_archive(struct cpio *cpio, const char *path)
{
	if (!cpio_create(cpio, path))
		die("cannot write %s: %s", path, strerror(errno));
}

static void add_file(struct cpio *cpio, const char *name, const char *path)
{
	if (!cpio_add_file(cpio, name, 0755, path))
		die("cannot read %s: %s", path, strerror(errno));
}

static void end_archive(struct cpio *cpio, const char *path)
{
	if (!cpio_close(cpio))
		die("cannot write %s: %s", path, strerror(errno));
}

/* An archive of its own: the guest hands it to the next kernel as it is */
static void make_tools(const char *path)
{
	char pattern[4096], name[300];
	struct cpio cpio;
	glob_t found;
	size_t i;

	snprintf(pattern, sizeof(pattern), "%s/*", options.tools);
	if (glob(pattern, 0, NULL, &found))
		die("nothing in %s", options.tools);
	begin_archive(&cpio, path);
	cpio_add_directory(&cpio, "tools");
	for (i = 0; i < found.gl_pathc; i++) {
		snprintf(name, sizeof(name), "tools%s", strrchr(found.gl_pathv[i], '/'));
		add_file(&cpio, name, found.gl_pathv[i]);
	}
	globfree(&found);
	cpio_end(&cpio);
	end_archive(&cpio, path);
}

/* With @tools, another archive: unpacked, and whole as a file */
static void make_initramfs(const char *initramfs, const char *tools)
{
	struct cpio cpio;
	char path[4096];

	begin_archive(&cpio, initramfs);
	cpio_add_devices(&cpio);
	snprintf(path, sizeof(path), "%s/init%s", options.programs,
		 vmlinux_big_endian() ? "-be" : "");
	if (access(path, R_OK))
		die("no %s: a build in a tree with a recent nolibc makes it", path);
	add_file(&cpio, "init", path);
	snprintf(path, sizeof(path), "%s/bare.bin", options.programs);
	add_file(&cpio, "bare", path);
	add_file(&cpio, "image", options.image);
	if (tools)
		add_file(&cpio, "tools.cpio", tools);
	cpio_end(&cpio);
	if (tools && !cpio_append(&cpio, tools))
		die("cannot read %s: %s", tools, strerror(errno));
	end_archive(&cpio, initramfs);
}

/* The canaries come first: the other jobs of their machines wait for them */
static void make_jobs(void)
{
	int canary, i, j;

	for (canary = 1; canary >= 0; canary--)
		for (i = 0; i < nr_machines; i++)
			for (j = 0; j < nr_tests; j++) {
				if (tests[j].is_canary != canary ||
				    !chosen(only_machines, machines[i].name) ||
				    (!canary && !chosen(only_tests, tests[j].name)))
					continue;
				if (nr_jobs == MAX_JOBS)
					die("too many tests");
				jobs[nr_jobs].machine = &machines[i];
				jobs[nr_jobs++].test = &tests[j];
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
	char *copy = strdup(may_skip), *rest = copy, *pattern, name[200];
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
	char reason[sizeof(job->result.reason)];

	if (job->result.verdict != SKIP || !may_skip || may_be_skipped(job))
		return;
	snprintf(reason, sizeof(reason), "%s", job->result.reason);
	job->result.verdict = ERROR;
	snprintf(job->result.reason, sizeof(job->result.reason), "not to be skipped: %.350s",
		 reason);
}

static void finish(struct job *job, enum verdict verdict, const char *reason)
{
	job->finished = true;
	job->result.verdict = verdict;
	snprintf(job->result.reason, sizeof(job->result.reason), "%s", reason);
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
	result = guest_run(&options, job->machine, job->test, report);
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

	if (!options.tools)
		return false;
	snprintf(path, sizeof(path), "%s/%s", options.tools, name);
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
		if (canary->result.verdict != OK) {
			finish(job, canary->result.verdict == SKIP ? SKIP : ERROR,
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
		finish(job, options.tools && !may_skip ? ERROR : SKIP, reason);
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
		[OK] = "", [NOT_OK] = "", [SKIP] = " # SKIP ", [ERROR] = " # ERROR ",
	};
	enum verdict verdict = job->result.verdict;
	char *report, *line;

	printf("%s %d %s %s%s%s\n", verdict == OK || verdict == SKIP ? "ok" : "not ok", number,
	       job->machine->name, job->test->name, directive[verdict],
	       verdict == SKIP || verdict == ERROR ? job->result.reason : "");
	if (verdict == NOT_OK)
		printf("# %s\n", job->result.reason);
	if (job->report_size > sizeof(job->result)) {
		report = job->report + sizeof(job->result);
		while ((line = strsep(&report, "\n")))
			if (*line)
				printf("# %s\n", line);
	}
	if (verdict == NOT_OK || verdict == ERROR) {
		printf("# again: %s/kexec_test --vmlinux %s --qemu %s --logs %s", options.programs,
		       options.vmlinux, options.qemu, options.logs);
		if (options.image != own_image)
			printf(" --image %s", options.image);
		if (options.tools)
			printf(" --tools %s", options.tools);
		if (options.cpus)
			printf(" --cpus %d", options.cpus);
		printf(" --memory %d --timeout %d --machine %s --test %s\n", options.memory_mib,
		       options.timeout, job->machine->name, job->test->name);
	}
	fflush(stdout);
}

static void run_all(void)
{
	struct pollfd pollers[MAX_JOBS];
	int printed = 0, running = 0, unstarted = nr_jobs, i, nr;
	bool started[MAX_JOBS] = { false };
	struct job *waiting[MAX_JOBS];

	printf("KTAP version 1\n1..%d\n", nr_jobs);
	while (printed < nr_jobs) {
		for (i = 0; i < nr_jobs && unstarted && running < max_running; i++) {
			if (started[i] || !start(&jobs[i]))
				continue;
			started[i] = true;
			unstarted--;
			running += jobs[i].pid != 0;
		}
		for (nr = 0, i = 0; i < nr_jobs; i++)
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
}

/* The canary only says whether the others can tell: it alone makes no run ok */
static int exit_status(void)
{
	int count[ERROR + 1] = { 0 }, i;
	bool blind = false;

	for (i = 0; i < nr_jobs; i++)
		blind |= jobs[i].test->is_canary && jobs[i].result.verdict == SKIP;
	for (i = 0; i < nr_jobs; i++)
		count[jobs[i].result.verdict] += !jobs[i].test->is_canary ||
						 jobs[i].result.verdict == ERROR;
	printf("# Totals: pass:%d fail:%d skip:%d error:%d\n", count[OK], count[NOT_OK],
	       count[SKIP], count[ERROR]);
	if (fflush(stdout) || ferror(stdout))
		die("cannot write the results");
	return count[ERROR] ? EXIT_ERROR : count[NOT_OK] ? EXIT_NOT_OK :
	       count[OK] && !blind ? EXIT_OK : EXIT_SKIP;
}

static int parse_number(const char *option, const char *text, int low, int high)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (*end || end == text || value < low || value > high)
		die("--%s wants a number from %d to %d, not \"%s\"", option, low, high, text);
	return value;
}

static const char *vmlinux_in(const char *directory)
{
	char *path;

	if (asprintf(&path, "%s/vmlinux", directory) < 0)
		die("no memory");
	return access(path, R_OK) ? NULL : path;
}

/* Of the tree that this is in, or of the O= that this was built in */
static const char *default_vmlinux(void)
{
	const char *output = getenv("KBUILD_OUTPUT");
	const char *path = output ? vmlinux_in(output) : NULL;

	if (!path)
		path = vmlinux_in("../../../../..");
	if (!path)
		path = vmlinux_in("../../..");
	if (path)
		return path;
	puts("KTAP version 1\n1..0 # SKIP no --vmlinux, and none in this tree or build directory");
	exit(EXIT_SKIP);
}

int main(int argc, char **argv)
{
	enum { VMLINUX = 1, IMAGE, MACHINE, TEST, CPUS, MEMORY, TIMEOUT, JOBS, QEMU, TOOLS, LOGS,
	       MAY_SKIP, LIST, DRY_RUN, HELP };
	static const struct option long_options[] = {
		{ "vmlinux", required_argument, NULL, VMLINUX },
		{ "image", required_argument, NULL, IMAGE },
		{ "machine", required_argument, NULL, MACHINE },
		{ "test", required_argument, NULL, TEST },
		{ "cpus", required_argument, NULL, CPUS },
		{ "memory", required_argument, NULL, MEMORY },
		{ "timeout", required_argument, NULL, TIMEOUT },
		{ "jobs", required_argument, NULL, JOBS },
		{ "qemu", required_argument, NULL, QEMU },
		{ "tools", required_argument, NULL, TOOLS },
		{ "logs", required_argument, NULL, LOGS },
		{ "may-skip", required_argument, NULL, MAY_SKIP },
		{ "list", no_argument, NULL, LIST },
		{ "dry-run", no_argument, NULL, DRY_RUN },
		{ "help", no_argument, NULL, HELP },
		{ }
	};
	bool list = false, dry_run = false;
	char initramfs[4096], initramfs_tools[4096], tools[4096];
	int option, i;

	max_running = sysconf(_SC_NPROCESSORS_ONLN);
	take_signals();
	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		switch (option) {
		case VMLINUX:
			options.vmlinux = optarg;
			break;
		case IMAGE:
			options.image = optarg;
			break;
		case MACHINE:
			only_machines = optarg;
			break;
		case TEST:
			only_tests = optarg;
			break;
		case CPUS:
			options.cpus = parse_number("cpus", optarg, 1, 32);
			break;
		case MEMORY:
			options.memory_mib = parse_number("memory", optarg, 512, 1 << 20);
			break;
		case TIMEOUT:
			options.timeout = parse_number("timeout", optarg, 3, 1 << 20);
			break;
		case JOBS:
			max_running = parse_number("jobs", optarg, 1, 1024);
			break;
		case QEMU:
			options.qemu = optarg;
			break;
		case TOOLS:
			options.tools = optarg;
			break;
		case LOGS:
			options.logs = optarg;
			break;
		case MAY_SKIP:
			may_skip = optarg;
			break;
		case LIST:
			list = true;
			break;
		case DRY_RUN:
			dry_run = true;
			break;
		case HELP:
			fputs(usage, stdout);
			return EXIT_OK;
		default:
			fputs(usage, stderr);
			return EXIT_ERROR;
		}
	}
	if (optind < argc)
		die("what is \"%s\"? --help shows the options", argv[optind]);

	find_programs();
	nr_machines = machines_read(options.programs, machines);
	if (nr_machines < 0)
		return EXIT_ERROR;
	if (list) {
		print_list();
		return EXIT_OK;
	}
	check_names(only_machines, "machine", machine_exists);
	check_names(only_tests, "test", test_exists);
	check_may_skip();
	if (!options.vmlinux)
		options.vmlinux = default_vmlinux();
	if (!vmlinux_read(options.vmlinux) || !vmlinux_check_map(options.vmlinux))
		return EXIT_ERROR;
	snprintf(own_image, sizeof(own_image), "%s/image", options.logs);
	snprintf(initramfs, sizeof(initramfs), "%s/initramfs", options.logs);
	snprintf(initramfs_tools, sizeof(initramfs_tools), "%s/initramfs-tools", options.logs);
	snprintf(tools, sizeof(tools), "%s/tools.cpio", options.logs);
	options.initramfs = initramfs;
	options.initramfs_tools = initramfs_tools;
	make_jobs();
	if (dry_run) {
		if (!options.image)
			options.image = own_image;
		for (i = 0; i < nr_jobs; i++)
			guest_print_command(&options, jobs[i].machine, jobs[i].test, "0", stdout);
		return EXIT_OK;
	}
	lock_logs();
	if (!options.image) {
		options.image = own_image;
		if (!vmlinux_write_image(own_image))
			return EXIT_ERROR;
	}
	make_initramfs(initramfs, NULL);
	if (!vmlinux_check_image(options.image))
		return EXIT_ERROR;
	if (options.tools) {
		make_tools(tools);
		make_initramfs(initramfs_tools, tools);
	}
	run_all();
	return exit_status();
}
