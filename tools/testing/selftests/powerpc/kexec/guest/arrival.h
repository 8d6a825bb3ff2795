/* SPDX-License-Identifier: GPL-2.0 */
/* What init tells bare.S, big-endian, at PARAMETERS of the program */
#ifndef KEXEC_TEST_ARRIVAL_H
#define KEXEC_TEST_ARRIVAL_H

#include "util.h"

#define ARRIVAL_OFFSET 0x100

struct arrival {
	__u64 check_start;
	__u64 check_end;
	__u64 check_word;
	__u64 opal_base;
	__u64 opal_entry;
	char whole[64];
	char damaged[64];
};

#endif
