/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Prefixed instructions: pla makes an address out of its own, and fills two words. Code
 * that has them needs no TOC, and uses r2 for other things.
 */
#include "fixture.h"
#rules: root start # begins here
#expect: kasan: __asan_load1 <- called <- start
#expect: kasan: __asan_load1 <- own_r2 <- start
#status: 1
	.machine power10
FUNC(start)
	.balign 8
0:	pla 12, CODE(called) - 0b
	mtctr 12
	bctrl
	.balign 8
	paddi 9, 9, 0x10000
	pld 10, 0(9)
	CALL(own_r2)
	CALL(msr_in_r2)
	blr
END(start)
	.globl own_r2
	ENTRY(own_r2)
	mfmsr 2
	andi. 2, 2, 0x8000
	bnelr
	CALL(__asan_load1)
	blr
END(own_r2)
	.globl msr_in_r2
	ENTRY(msr_in_r2)
	mfmsr 2
	andi. 2, 2, 0x10
	beqlr
	CALL(__asan_load1)
	blr
END(msr_in_r2)
FUNC(called)
	CALL(__asan_load1)
	blr
END(called)
EMPTY(__asan_load1)
