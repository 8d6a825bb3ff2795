// SPDX-License-Identifier: GPL-2.0
/*
 * Feeds what a guest or QEMU may say to the parts of the driver that read it.
 * What begins with '{' comes from the monitor, all else are registers and a
 * console. tests/driver-fuzz.sh runs it.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "facts.h"
#include "qemu.h"
#include "registers.h"

static void read_registers(const char *text)
{
	static struct registers cpus[MAX_CPUS];
	int nr = registers_parse(text, cpus, MAX_CPUS), i;

	for (i = 0; i < nr; i++) {
		looks_dead(&cpus[i]);
		in_firmware(&cpus[i]);
	}
}

static void monitor(const unsigned char *data, size_t size)
{
	static struct qemu qemu;
	int ends[2];

	memset(&qemu, 0, sizeof(qemu));
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) ||
	    send(ends[1], data, size, MSG_DONTWAIT) < 0)
		abort();
	close(ends[1]);
	qemu.monitor = ends[0];
	while (qemu_read_monitor(&qemu))
		;
	if (strlen(qemu.reply) >= sizeof(qemu.reply))
		abort();
	read_registers(qemu.reply);
}

static void console(const struct test *test, char *text)
{
	struct facts facts;
	char *line;

	facts_begin(&facts, test, "1", test->cpus ? test->cpus : 1, 1024);
	while ((line = strsep(&text, "\n")))
		facts_take_line(&facts, line);
	/* What a run may rest on: all was seen, or a reason is there */
	if (facts.decided && facts.result.outcome == OK && test->expected[facts.met])
		abort();
	if (facts.decided && facts.result.outcome != OK && !facts.result.why[0])
		abort();
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	char *text;

	if (!size)
		return 0;
	if (data[0] == '{') {
		monitor(data, size);
		return 0;
	}
	/* Its first byte is which test it is */
	text = malloc(size);
	if (!text)
		abort();
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	read_registers(text);
	console(&tests[data[0] % nr_tests], text);
	free(text);
	return 0;
}
