// SPDX-License-Identifier: GPL-2.0
/* Errors, memory and sorted arrays */
#include <stdarg.h>
#include <stdio.h>

#include "util.h"

void die(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fputs("realmode_check: error: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(EXIT_CANNOT_CHECK);
}

void *checked(void *memory)
{
	if (!memory)
		die("out of memory");
	return memory;
}

void *zeroed(u32 count, size_t size)
{
	return checked(calloc((size_t)count + 1, size));
}

/* Make room for one more element; the size doubles at each power of two */
void *grow(void *array, u32 count, size_t size)
{
	if (count & (count - 1))
		return array;
	return checked(reallocarray(array, count ? 2 * (size_t)count : 1, size));
}

int compare_addresses(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

void sort(void *array, u32 count, size_t size, int (*compare)(const void *a, const void *b))
{
	/* An array that has no elements yet is a null pointer: not for qsort() */
	if (count)
		qsort(array, count, size, compare);
}

/* The index of the first element whose address is @addr or more */
u32 find_first(const void *array, u32 count, size_t size, u64 addr)
{
	u32 low = 0, high = count;

	while (low < high) {
		u32 mid = low + (high - low) / 2;

		if (*(const u64 *)((const char *)array + mid * size) < addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The index of the element that @addr is in; the second member is the end */
u32 find_range(const void *array, u32 count, size_t size, u64 addr)
{
	u32 i = find_first(array, count, size, addr);
	const u64 *range = (const u64 *)((const char *)array + i * size);

	if (i < count && range[0] == addr)
		return addr < range[1] ? i : NONE;
	if (!i)
		return NONE;
	range = (const u64 *)((const char *)array + (i - 1) * size);
	return addr < range[1] ? i - 1 : NONE;
}
