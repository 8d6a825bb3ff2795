// SPDX-License-Identifier: GPL-2.0
/*
 * Checks of KASAN as a kernel has them, for realmode_check to tell those that keep away
 * from the shadow in real mode (__asan_good_*) from those that do not (__asan_bad_*).
 * tests/realmode.sh has each compiler make its own code of them, with a static key that
 * is loaded, and with -DJUMP_LABEL one that is patched.
 */
typedef unsigned long ul;
typedef _Bool bool;

enum { false, true };

#define __always_inline	static inline __attribute__((__always_inline__))
#define noinline	__attribute__((__noinline__))
#define MSR_IR		0x20
#define MSR_DR		0x10
#define _RET_IP_	((ul)__builtin_return_address(0))

int kasan_key = 1;

void kasan_report(ul addr, ul size, bool write, ul ip);
void *__memset(void *to, int c, ul size);

__always_inline ul mfmsr(void)
{
	ul msr;

	asm volatile("mfmsr %0" : "=r" (msr));
	return msr;
}

__always_inline bool kasan_enabled(void)
{
#ifdef JUMP_LABEL
	asm goto("1: nop\n"
		 ".pushsection __jump_table, \"a\"\n"
		 ".long 1b - ., %l0 - .\n"
		 ".quad 0\n"
		 ".popsection"
		 : : : : off);
	return true;
off:
	return false;
#else
	return *(volatile int *)&kasan_key > 0;
#endif
}

__always_inline const signed char *shadow_of(ul addr)
{
	return (const signed char *)((addr >> 3) + 0xa80e000000000000UL);
}

__always_inline bool poisoned(ul addr, ul size)
{
	ul last = addr + size - 1;
	signed char value = *shadow_of(last);

	if (size > 1 && (last & 7) < size - 1 && *shadow_of(addr))
		return true;
	return value && (signed char)(last & 7) >= value;
}

__always_inline void check(ul addr, ul size)
{
	if (addr + size < addr || addr >> 62 != 3 || poisoned(addr, size))
		kasan_report(addr, size, false, _RET_IP_);
}

/* As in arch/powerpc/include/asm/kasan.h */
void __asan_good_front(ul addr)
{
	if (!kasan_enabled() || !(mfmsr() & MSR_DR))
		return;
	check(addr, 8);
}

void __asan_good_before_key(ul addr)
{
	if (!(mfmsr() & MSR_DR) || !kasan_enabled())
		return;
	check(addr, 4);
}

void __asan_good_both(ul addr)
{
	if ((mfmsr() & (MSR_IR | MSR_DR)) != (MSR_IR | MSR_DR))
		return;
	check(addr, 2);
}

void __asan_good_one_register(ul addr)
{
	ul msr = mfmsr();

	if (((addr >> 62) << 5 | (msr & (MSR_IR | MSR_DR)) >> 1) != (3 << 5 | 0x18)) {
		if (msr & MSR_DR)
			kasan_report(addr, 8, false, _RET_IP_);
		return;
	}
	if (poisoned(addr, 8))
		kasan_report(addr, 8, false, _RET_IP_);
}

noinline bool slow_path(ul addr, ul size, ul ip)
{
	if (!kasan_enabled() || !(mfmsr() & MSR_DR))
		return true;
	kasan_report(addr, size, false, ip);
	return false;
}

void __asan_good_slow_path(ul addr)
{
	if (((addr >> 62) << 5 | (mfmsr() & MSR_DR)) != (3 << 5 | MSR_DR)) {
		slow_path(addr, 8, _RET_IP_);
		return;
	}
	if (poisoned(addr, 8))
		kasan_report(addr, 8, false, _RET_IP_);
}

noinline bool is_ready(void)
{
	return mfmsr() & MSR_DR;
}

void __asan_good_helper(ul addr)
{
	if (!is_ready())
		return;
	check(addr, 4);
}

noinline bool kasan_check_range(ul addr, ul size, bool write, ul ip)
{
	ul at;

	if (!kasan_enabled() || !(mfmsr() & MSR_DR))
		return true;
	for (at = addr; at < addr + size; at += 8) {
		if (*shadow_of(at)) {
			kasan_report(addr, size, write, ip);
			return false;
		}
	}
	return true;
}

void __asan_good_tail_call(ul addr, ul size)
{
	kasan_check_range(addr, size, false, _RET_IP_);
}

void *__asan_good_memset(void *to, int c, ul size)
{
	if (!kasan_check_range((ul)to, size, true, _RET_IP_))
		return 0;
	return __memset(to, c, size);
}

void *memset(void *to, int c, ul size)
{
	return __asan_good_memset(to, c, size);
}

/* A switch has a table, of which the guard is the default */
void __asan_good_switch(ul addr, ul size)
{
	switch (mfmsr() & MSR_DR ? size : 0) {
	case 1:
		check(addr, 1);
		break;
	case 2:
		check(addr, 2);
		break;
	case 3:
		check(addr, 3);
		break;
	case 4:
		check(addr, 4);
		break;
	case 5:
		check(addr, 5);
		break;
	case 6:
		check(addr, 6);
		break;
	}
}

/* Mutants */
void __asan_bad_none(ul addr)
{
	if (!kasan_enabled())
		return;
	check(addr, 8);
}

void __asan_bad_behind(ul addr)
{
	if (!kasan_enabled() || !poisoned(addr, 8))
		return;
	if (mfmsr() & MSR_DR)
		kasan_report(addr, 8, false, _RET_IP_);
}

void __asan_bad_inverted(ul addr)
{
	if (mfmsr() & MSR_DR)
		return;
	check(addr, 8);
}

void __asan_bad_other_bit(ul addr)
{
	if (!(mfmsr() & 0x8000))
		return;
	check(addr, 8);
}

void __asan_bad_either(ul addr)
{
	if (!(mfmsr() & (MSR_DR | 0x8000)))
		return;
	check(addr, 8);
}

void __asan_bad_one_way(ul addr)
{
	if (addr & 7 && !(mfmsr() & MSR_DR))
		return;
	check(addr, 8);
}

void __asan_bad_ignored(ul addr)
{
	mfmsr();
	check(addr, 8);
}

void __asan_bad_report(ul addr)
{
	if (addr >> 62 != 3 || !(mfmsr() & MSR_DR)) {
		kasan_report(addr, 8, false, _RET_IP_);
		return;
	}
	if (poisoned(addr, 8))
		kasan_report(addr, 8, false, _RET_IP_);
}

noinline bool unguarded_range(ul addr, ul size)
{
	return kasan_enabled() && poisoned(addr, size);
}

void __asan_bad_helper(ul addr, ul size)
{
	if (unguarded_range(addr, size) && mfmsr() & MSR_DR)
		kasan_report(addr, size, false, _RET_IP_);
}

void *__asan_bad_memset(void *to, int c, ul size)
{
	if (unguarded_range((ul)to, size) && mfmsr() & MSR_DR)
		return 0;
	return __memset(to, c, size);
}

/* A guard that says the right thing, and is not asked everywhere */
void __asan_bad_loop(ul addr, ul size)
{
	ul at;

	for (at = addr; at < addr + size; at++) {
		if (at & 7 && !(mfmsr() & MSR_DR))
			return;
		if (*shadow_of(at))
			return;
	}
}

void __asan_bad_pointer(ul addr, void (*report)(ul addr))
{
	if (!(mfmsr() & MSR_DR))
		report(addr);
}
