// SPDX-License-Identifier: GPL-2.0
/*
 * Parts of the guest's init, run on the host, which nothing here turns off.
 *
 * guest skip_without ERRNO	a step does not find what it needs
 * guest registers		of how many CPUs a dump with the notes on stdin has registers
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>

#define reboot(command) exit(0)
#include "base.c"
#undef reboot
#include "tools.c"
#include "vmcore.c"

int main(int argc, char **argv)
{
	static char notes[65536];
	size_t size;

	if (argc == 3 && !strcmp(argv[1], "skip_without")) {
		errno = atoi(argv[2]);
		skip_without("CONFIG_X");
	}
	size = fread(notes, 1, sizeof(notes), stdin);
	printf("registers of %d CPUs\n", count_registers(notes, size));
	return 0;
}
