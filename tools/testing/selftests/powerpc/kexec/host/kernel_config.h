/* SPDX-License-Identifier: GPL-2.0 */
/* What the kernel was built with, as its symbols tell */
#ifndef KEXEC_TEST_KERNEL_CONFIG_H
#define KEXEC_TEST_KERNEL_CONFIG_H

#include "util.h"

/* False also if @option (CONFIG_...) is none that is known here */
bool kernel_has(const char *option);

#endif
