// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "qemu_args.h"
#include "vmlinux.h"

static void add_word(struct qemu_args *args, const char *word)
{
	size_t size = strlen(word) + 1;

	/* Neither a test nor a machine of sane size comes near */
	if (args->nr == MAX_QEMU_ARGS || args->used + size > sizeof(args->text))
		abort();
	args->words[args->nr++] = memcpy(args->text + args->used, word, size);
	args->used += size;
}

/* Add what @format gives, word by word */
static __printf(2, 3)
void add(struct qemu_args *args, const char *format, ...)
{
	char text[2048], *rest = text, *word;
	va_list list;

	va_start(list, format);
	vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	while ((word = strsep(&rest, " ")))
		if (*word)
			add_word(args, word);
}

int cpus_of(const struct options *options, const struct test *test)
{
	return test->cpus ? test->cpus : options->cpus ? options->cpus : 1;
}

int memory_of(const struct options *options, const struct test *test)
{
	return options->memory_mib < test->memory_mib ? test->memory_mib : options->memory_mib;
}

void qemu_args_make(struct qemu_args *args, const struct options *options,
		    const struct machine *machine, const struct test *test, const char *nonce)
{
	int cpus = cpus_of(options, test);
	int threads = test->threads ? test->threads : 1;
	char line[1024], path[512];

	memset(args, 0, sizeof(*args));
	add_word(args, options->qemu);
	add(args, "-nodefaults -display none");
	add(args, options->shell ? "-serial mon:stdio" : "-serial stdio -monitor none");
	if (options->gdb) {
		add(args, "-S -gdb");
		snprintf(path, sizeof(path), "unix:%s/gdb,server=on,wait=off", options->logs);
		add_word(args, path);
	}
	/* A reset ends the run; a dead guest stays, to be looked at */
	add(args, "-action reboot=shutdown,panic=pause");
	add(args, "%s", machine->qemu);
	add(args, "-m %d", memory_of(options, test));
	if (test->is_canary) {
		snprintf(path, sizeof(path), "%s/bare.elf", options->programs);
		add_word(args, "-kernel");
		add_word(args, path);
		return;
	}
	add(args, "-smp %d,threads=%d", cpus, cpus % threads ? 1 : threads);
	add_word(args, "-kernel");
	add_word(args, options->image);
	add_word(args, "-initrd");
	add_word(args, options->tools && (test->tool || options->plan || options->shell) ?
		 options->initramfs_tools : options->initramfs);
	/* On a busy host a CPU stands still long enough to look locked up, or stalled */
	snprintf(line, sizeof(line),
		 "%s printk.devkmsg=on nosoftlockup rcupdate.rcu_cpu_stall_suppress=1%s%s kexec_test.nonce=%s kexec_test.paca_ptrs=%llx kexec_test.tainted_mask=%llx kexec_test.plan=%s",
		 machine->append, test->append ? " " : "", test->append ? test->append : "",
		 nonce, vmlinux_symbol("paca_ptrs"), vmlinux_symbol("tainted_mask"), test->plan);
	add_word(args, "-append");
	add_word(args, line);
}

void qemu_args_print(const struct qemu_args *args, FILE *out)
{
	char * const *word;

	for (word = args->words; *word; word++) {
		if ((*word)[strcspn(*word, " '\"$&;()<>|*?\\`")])
			fprintf(out, "'%s'", *word);
		else
			fprintf(out, "%s", *word);
		fputc(word[1] ? ' ' : '\n', out);
	}
}

void qemu_args_print_gdb(const struct options *options)
{
	printf("# QEMU waits for: gdb-multiarch %s -ex 'target remote %s/gdb'\n", options->vmlinux,
	       options->logs);
	fflush(stdout);
}
