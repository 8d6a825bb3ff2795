/* SPDX-License-Identifier: GPL-2.0 */
/* QEMU's stub for gdb: raises what QEMU has no command for on powerpc */
#ifndef KEXEC_TEST_GDB_STUB_H
#define KEXEC_TEST_GDB_STUB_H

#include "facts.h"
#include "qemu.h"

/* When the guest comes to @interrupt's nip, send it to the handler; false, with the reason */
bool gdb_stub_interrupt(struct qemu *qemu, const struct interrupt *interrupt,
			char *reason, size_t size);

#endif
