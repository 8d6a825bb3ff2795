/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KASAN's checks and KCOV's, as compilers make them of a test of the MSR, in front of
 * the load of the shadow: their callers are no findings. Where the test is missing, is behind
 * the load, looks at another bit, or can be passed by, they are.
 */
#include "fixture.h"
#rules: root start # begins here
#expect: kasan: __asan_behind <- calls_behind <- start
#expect: kasan: __asan_bypassed <- calls_bypassed <- start
#expect: kasan: __asan_empty <- calls_empty <- start
#expect: kasan: __asan_inverted <- calls_inverted <- start
#expect: kasan: __asan_other_bit <- calls_other_bit <- start
#expect: kasan: __asan_outside <- calls_outside <- start
#expect: kasan: __asan_overwritten <- calls_overwritten <- start
#expect: kasan: __asan_traps <- calls_traps <- start
#expect: kasan: __asan_traps_td <- calls_traps_td <- start
#expect: kasan: __asan_syscall <- calls_syscall <- start
#expect: kasan: __asan_rfid <- calls_rfid <- start
#expect: kasan: __asan_constant <- calls_constant <- start
#expect: kasan: __asan_returns_either <- calls_returns_either <- start
#expect: kasan: __asan_pointer <- calls_pointer <- start
#expect: kasan: __asan_reports <- calls_reports <- start
#expect: kasan: __asan_store <- calls_store <- start
#expect: kcsan: __tsan_write8 <- __memset <- calls_memset <- start
#expect: kasan: __asan_unguarded <- calls_unguarded <- start
#expect: kcov: __sanitizer_cov_trace_cmp8 <- calls_kcov <- start
#status: 1

#define SHADOW(reg)	srdi reg, 3, 3; lbz reg, 0(reg)
#define CALLER(name)	FUNC(calls_##name); mflr 0; CALL(__asan_##name); mtlr 0; blr; END(calls_##name)

FUNC(start)
	CALL(calls_unguarded)
	CALL(calls_andi)
	CALL(calls_rotated)
	CALL(calls_fused)
	CALL(calls_key)
	CALL(calls_helper)
	CALL(calls_copies)
	CALL(calls_other_cr)
	CALL(calls_behind)
	CALL(calls_bypassed)
	CALL(calls_inverted)
	CALL(calls_other_bit)
	CALL(calls_overwritten)
	CALL(calls_outside)
	CALL(calls_reports)
	CALL(calls_store)
	CALL(calls_empty)
	CALL(calls_memset)
	CALL(calls_traps)
	CALL(calls_traps_td)
	CALL(calls_syscall)
	CALL(calls_rfid)
	CALL(calls_constant)
	CALL(calls_returns_either)
	CALL(calls_pointer)
	CALL(calls_kcov)
	blr
END(start)

FUNC(calls_kcov)
	mflr 0
	CALL(__sanitizer_cov_trace_pc)
	CALL(__sanitizer_cov_trace_cmp8)
	mtlr 0
	blr
END(calls_kcov)

CALLER(unguarded)
CALLER(andi)
CALLER(rotated)
CALLER(fused)
CALLER(key)
CALLER(helper)
CALLER(copies)
CALLER(other_cr)
CALLER(behind)
CALLER(bypassed)
CALLER(inverted)
CALLER(other_bit)
CALLER(overwritten)
CALLER(outside)
CALLER(reports)
CALLER(store)
CALLER(memset)
CALLER(traps)
CALLER(traps_td)
CALLER(syscall)
CALLER(rfid)
CALLER(constant)
CALLER(returns_either)
CALLER(pointer)
CALLER(empty)

/* ------------------------------------------------------------- guarded */

FUNC(__asan_andi)
	mfmsr 9
	andi. 9, 9, 0x10
	beqlr
	SHADOW(9)
	blr
END(__asan_andi)

/* clang's way: a bit of the lower word, moved to the right */
FUNC(__asan_rotated)
	stdu 1, -32(1)
	mfmsr 4
	rlwinm 4, 4, 28, 31, 31
	cmplwi 1, 4, 0
	beq 1, 1f
	SHADOW(4)
1:	addi 1, 1, 32
	blr
END(__asan_rotated)

/* DR and the top of the address in one comparison, then DR alone */
FUNC(__asan_fused)
	mfmsr 9
	mr 10, 9
	srdi 8, 3, 62
	rldimi 9, 8, 5, 57
	rlwinm 9, 9, 28, 29, 31
	cmpdi 9, 7
	bne 2f
1:	SHADOW(9)
	blr
2:	andi. 10, 10, 0x10
	bne 1b
	blr
END(__asan_fused)

/* Behind a load of KASAN's key, from the TOC or where that would be */
FUNC(__asan_key)
#if _CALL_ELF == 2
	addis 9, 2, 0x10
	lwz 9, 0x20(9)
	cmpwi 9, 0
	blelr
#endif
	mfmsr 9
	extrdi. 10, 9, 1, 59
	beqlr
	SHADOW(9)
	blr
END(__asan_key)

/* In a function of its own */
FUNC(__asan_helper)
	mflr 0
	std 0, 16(1)
	stdu 1, -32(1)
	CALL(__asan_andi)
	addi 1, 1, 32
	ld 0, 16(1)
	mtlr 0
	blr
END(__asan_helper)

FUNC(__asan_copies)
	mfmsr 11
	mr 12, 11
	li 11, 0
	not 12, 12
	xori 12, 12, 0x10
	clrrdi 12, 12, 0
	not 12, 12
	xori 12, 12, 0x10
	andi. 12, 12, 0x10
	bne 1f
	blr
1:	SHADOW(9)
	blr
END(__asan_copies)

/* The condition outlives other ones */
FUNC(__asan_other_cr)
	mfmsr 9
	rlwinm 9, 9, 0, 27, 27
	cmpwi 7, 9, 0
	cmpdi 0, 4, 0
	beqlr
	beqlr 7
	SHADOW(9)
	blr
END(__asan_other_cr)

/* KCOV writes to the area of the current task, which is in the PACA */
FUNC(__sanitizer_cov_trace_pc)
	ld 8, 8(13)
	mfmsr 9
	andi. 9, 9, 0x10
	beqlr
	ld 9, 16(8)
	std 10, 8(9)
	blr
END(__sanitizer_cov_trace_pc)

/* ----------------------------------------------------------- not guarded */

/* It asks the task first, which real mode need not reach */
FUNC(__sanitizer_cov_trace_cmp8)
	ld 8, 8(13)
	ld 9, 16(8)
	mfmsr 10
	andi. 10, 10, 0x10
	beqlr
	std 10, 8(9)
	blr
END(__sanitizer_cov_trace_cmp8)

FUNC(__asan_unguarded)
	SHADOW(9)
	blr
END(__asan_unguarded)

FUNC(__asan_behind)
	SHADOW(8)
	mfmsr 9
	andi. 9, 9, 0x10
	beqlr
	SHADOW(9)
	blr
END(__asan_behind)

/* One of two ways to the load has no guard */
FUNC(__asan_bypassed)
	cmpdi 4, 8
	bgt 1f
	mfmsr 9
	andi. 9, 9, 0x10
	beqlr
1:	SHADOW(9)
	blr
END(__asan_bypassed)

FUNC(__asan_inverted)
	mfmsr 9
	andi. 9, 9, 0x10
	bnelr
	SHADOW(9)
	blr
END(__asan_inverted)

/* MSR[EE] says nothing of the MMU */
FUNC(__asan_other_bit)
	mfmsr 9
	andi. 9, 9, 0x8000
	beqlr
	SHADOW(9)
	blr
END(__asan_other_bit)

/* What is compared is not the MSR any more */
FUNC(__asan_overwritten)
	mfmsr 9
	ld 9, 0(1)
	andi. 9, 9, 0x10
	beqlr
	SHADOW(9)
	blr
END(__asan_overwritten)

/* The way with the MMU off leads to what has no guard */
FUNC(__asan_outside)
	mfmsr 9
	andi. 9, 9, 0x10
	beq 1f
	SHADOW(9)
	blr
1:	JUMP(__asan_unguarded)
END(__asan_outside)

FUNC(__asan_reports)
	mfmsr 9
	andi. 9, 9, 0x10
	bne 1f
	mflr 0
	CALL(kasan_report)
	mtlr 0
	blr
1:	SHADOW(9)
	blr
END(__asan_reports)

FUNC(kasan_report)
	lwz 3, 0(3)
	blr
END(kasan_report)

/* A store counts as a load does */
FUNC(__asan_store)
	srdi 9, 3, 3
	stbx 4, 9, 5
	mfmsr 9
	blr
END(__asan_store)

/* What looks at no MSR is not taken for a check that does */
EMPTY(__asan_empty)
/* Goes on to the plain function, whatever that does */
FUNC(__asan_memset)
	mfmsr 9
	andi. 9, 9, 0x10
	beq 1f
	SHADOW(9)
1:	JUMP(__memset)
END(__asan_memset)
FUNC(memset)
	JUMP(__asan_memset)
END(memset)
FUNC(__memset)
	CALL(__tsan_write8)
	blr
END(__memset)
EMPTY(__tsan_write8)
/* What the handler of a trap or a system call looks at, nobody knows */
#define ENDS_IN(name, ...)						\
FUNC(__asan_##name);							\
	mfmsr 9;							\
	andi. 9, 9, 0x10;						\
	beq 1f;								\
	SHADOW(9);							\
1:	__VA_ARGS__;							\
	blr;								\
END(__asan_##name)
ENDS_IN(traps, twi 31, 0, 0)
ENDS_IN(traps_td, td 31, 0, 0)
ENDS_IN(syscall, sc)
ENDS_IN(rfid, rfid)
ENDS_IN(constant, lis 9, 0x280e; rldicr 9, 9, 34, 29; ld 9, 0(9))
ENDS_IN(returns_either, bl either; cmpdi 3, 0; beqlr; SHADOW(9))
ENDS_IN(pointer, mtctr 4; bctrl)
	.globl either
	ENTRY(either)
	cmpdi 4, 0
	beq 1f
	li 3, 1
	blr
1:	li 3, 0
	blr
END(either)
