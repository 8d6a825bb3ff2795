/* SPDX-License-Identifier: GPL-2.0 */
/* A machine check, raised from outside: QEMU has no command for it on powerpc */
#ifndef KEXEC_TEST_MACHINE_CHECK_H
#define KEXEC_TEST_MACHINE_CHECK_H

#include "qemu.h"
#include "util.h"

/* What the CPU tells its handler */
struct machine_check {
	__u64 nip;	/* what failed */
	__u64 dsisr;	/* why */
};

/* When the guest comes to @nip, send it to the handler; false, with the reason */
bool machine_check_raise(struct qemu *qemu, const struct machine_check *check,
			 char *reason, size_t size);

#endif
