/* SPDX-License-Identifier: GPL-2.0 */
#ifndef KEXEC_TEST_UTIL_H
#define KEXEC_TEST_UTIL_H

/* The Makefile asks for __u64 to be "unsigned long long" everywhere: %llx */
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#undef __noreturn
#undef __printf
#undef __section
#undef __used
#define __noreturn		__attribute__((__noreturn__))
#define __section(name)		__attribute__((__section__(name)))
#define __used			__attribute__((__used__))
#define __printf(format, first)	__attribute__((__format__(printf, format, first)))

#endif
