/* SPDX-License-Identifier: GPL-2.0 */
/* What is used everywhere, and knows of nothing */
#ifndef UTIL_H
#define UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;

#define __noreturn		__attribute__((__noreturn__))
#define fallthrough		__attribute__((__fallthrough__))
#define __printf(a, b)		__attribute__((__format__(printf, a, b)))
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof(*(array)))
#define NONE			((u32)-1)

enum exit_status {
	EXIT_CLEAN = 0,
	EXIT_FINDINGS = 1,
	EXIT_CANNOT_CHECK = 2,
};

/* Says what broke, and ends the program: nothing can be checked */
void __noreturn __printf(1, 2) die(const char *format, ...);

void *checked(void *memory);
void *zeroed(u32 count, size_t size);
void *grow(void *array, u32 count, size_t size);

/* These are about arrays whose elements begin with an address, by which they are sorted */
int compare_addresses(const void *a, const void *b);
void sort(void *array, u32 count, size_t size, int (*compare)(const void *a, const void *b));
u32 find_first(const void *array, u32 count, size_t size, u64 addr);
u32 find_range(const void *array, u32 count, size_t size, u64 addr);

#endif
