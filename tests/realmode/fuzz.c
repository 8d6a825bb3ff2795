// SPDX-License-Identifier: GPL-2.0
/*
 * A libFuzzer target: any bytes as the image, any text as the rules. With -DREPLAY
 * it is a program that takes the files with the inputs as its arguments.
 *
 * The input is a rules file, a zero byte, and an image. Built with the checker's
 * own sources in it, as each run has to give back what a process would at exit.
 */
#include <libelf.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static jmp_buf fuzz_exit;
static void **fuzz_memory;
static size_t fuzz_nr_memory;
static void *fuzz_text;
static size_t fuzz_text_size;
static FILE *fuzz_rules;
static char *fuzz_line;
static Elf *fuzz_elf;
static FILE *fuzz_output;	/* thousands of error messages are of no use */

static void *fuzz_reallocarray(void *old, size_t count, size_t size)
{
	size_t i = 0, bytes;
	void *new;

	if (__builtin_mul_overflow(count, size, &bytes))
		return NULL;
	new = realloc(old, bytes);
	while (i < fuzz_nr_memory && (!old || fuzz_memory[i] != old))
		i++;
	if (i == fuzz_nr_memory)
		fuzz_memory = realloc(fuzz_memory, ++fuzz_nr_memory * sizeof(*fuzz_memory));
	fuzz_memory[i] = new;
	return new;
}

static void *fuzz_calloc(size_t count, size_t size)
{
	void *memory = fuzz_reallocarray(NULL, count, size);

	return memory ? memset(memory, 0, count * size) : NULL;
}

static char *fuzz_strdup(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = fuzz_reallocarray(NULL, size, 1);

	return copy ? memcpy(copy, text, size) : NULL;
}

/* The rules come from memory, and are closed in any case */
static FILE *fuzz_open(const char *name, const char *mode)
{
	(void)name;
	fuzz_rules = fmemopen(fuzz_text, fuzz_text_size, mode);
	return fuzz_rules;
}

/* The line is the caller's once all of them have been read */
static ssize_t fuzz_getline(char **line, size_t *size, FILE *file)
{
	ssize_t length = getline(line, size, file);

	fuzz_line = length < 0 ? NULL : *line;
	return length;
}

/* What is given back before the end is not to be given back again */
static void fuzz_free(void *memory)
{
	size_t i;

	for (i = 0; memory && i < fuzz_nr_memory; i++)
		if (fuzz_memory[i] == memory)
			fuzz_memory[i] = NULL;
	free(memory);
}

#define fopen		fuzz_open
#define free		fuzz_free
#define getline		fuzz_getline
#define fclose(file)	((void)(file))
#define reallocarray	fuzz_reallocarray
#define calloc		fuzz_calloc
#undef strdup
#define strdup		fuzz_strdup
#define exit(status)	longjmp(fuzz_exit, (status) + 1)
#define main		realmode_main
#undef stderr
#define stderr		fuzz_output
#include "../../arch/powerpc/tools/realmode_check/flow.c"
#include "../../arch/powerpc/tools/realmode_check/guard.c"
#include "../../arch/powerpc/tools/realmode_check/image.c"
#include "../../arch/powerpc/tools/realmode_check/insn.c"
#include "../../arch/powerpc/tools/realmode_check/lines.c"
#include "../../arch/powerpc/tools/realmode_check/match.c"
#include "../../arch/powerpc/tools/realmode_check/print.c"
#include "../../arch/powerpc/tools/realmode_check/rules.c"
#include "../../arch/powerpc/tools/realmode_check/tables.c"
#include "../../arch/powerpc/tools/realmode_check/units.c"
#include "../../arch/powerpc/tools/realmode_check/util.c"
#include "../../arch/powerpc/tools/realmode_check/walk.c"
/* What has not all tables is of interest as well */
#define require_tables(image)	((void)(image))
#include "../../arch/powerpc/tools/realmode_check/main.c"
#undef exit
#undef free
#undef fopen
#undef fclose

static void forget_everything(void)
{
	size_t i;

	for (i = 0; i < fuzz_nr_memory; i++)
		free(fuzz_memory[i]);
	fuzz_nr_memory = 0;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	elf_version(EV_CURRENT);
	fuzz_output = fopen("/dev/null", "w");
	if (!fuzz_output || !freopen("/dev/null", "w", stdout))
		abort();
	return 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct view all = { .list = true, .ftrace = true };
	const struct rules *rules;
	const u8 *end = memchr(data, 0, size);
	size_t length;
	char *image;

	if (!end || end == data)
		return 0;
	/* libelf writes to its memory, and fmemopen() may */
	fuzz_text_size = end - data;
	fuzz_text = malloc(size);
	if (!fuzz_text)
		return 0;
	memcpy(fuzz_text, data, size);
	image = (char *)fuzz_text + fuzz_text_size + 1;
	length = size - fuzz_text_size - 1;
	if (!setjmp(fuzz_exit)) {
		rules = read_rules("rules");
		fuzz_elf = elf_memory(image, length);
		if (fuzz_elf)
			check_image(&all, rules, fuzz_elf, "image", NULL);
	}
	if (fuzz_elf)
		elf_end(fuzz_elf);
	fuzz_elf = NULL;
	free(fuzz_line);
	fuzz_line = NULL;
	if (fuzz_rules)
		fclose(fuzz_rules);
	fuzz_rules = NULL;
	free(fuzz_text);
	forget_everything();
	return 0;
}

#ifdef REPLAY
#undef main
int main(int argc, char **argv)
{
	static u8 data[1 << 20];
	int i;

	LLVMFuzzerInitialize(&argc, &argv);
	for (i = 1; i < argc; i++) {
		FILE *file = fopen(argv[i], "r");
		size_t size;

		if (!file)
			abort();
		size = fread(data, 1, sizeof(data), file);
		fclose(file);
		LLVMFuzzerTestOneInput(data, size);
	}
	return 0;
}
#endif
