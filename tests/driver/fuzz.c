// SPDX-License-Identifier: GPL-2.0
/*
 * Feeds what a guest or QEMU may say to the parts of the driver that read it.
 * driver.sh runs it over the recordings; to look for more:
 *	fuzz -max_total_time=600 -dict=driver/fuzz.dict CORPUS
 */
#include <stdlib.h>
#include <string.h>

#include "autopsy.h"
#include "verdict.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static struct registers cpus[MAX_CPUS];
	struct verdict_state state;
	char *text, *rest, *line;
	int nr, i;

	if (!size)
		return 0;
	text = malloc(size);
	if (!text)
		abort();
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';

	nr = registers_parse(text, cpus, MAX_CPUS);
	for (i = 0; i < nr; i++)
		looks_dead(&cpus[i]);

	verdict_begin(&state, &tests[data[0] % nr_tests], "1");
	for (rest = text; (line = strsep(&rest, "\n"));)
		verdict_line(&state, line);
	/* What a run may rest on: all was seen, or a reason is there */
	if (state.decided && state.verdict == OK && state.test->expected[state.met])
		abort();
	if (state.decided && state.verdict != OK && !state.reason[0])
		abort();
	free(text);
	return 0;
}
