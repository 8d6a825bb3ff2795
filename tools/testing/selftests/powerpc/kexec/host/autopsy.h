/* SPDX-License-Identifier: GPL-2.0 */
/* Where each CPU is: registers and stack through QEMU's monitor, symbolised */
#ifndef KEXEC_TEST_AUTOPSY_H
#define KEXEC_TEST_AUTOPSY_H

#include <stdio.h>

#include "qemu.h"

/*
 * Stop the guest and print a call trace of each CPU. @culprit becomes
 * "function <- caller <- ..." of the CPU that died, from where things went wrong.
 */
void autopsy(struct qemu *qemu, char *culprit, size_t size, FILE *report);

#endif
