/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ld.lld has r2 point behind its own .got, and the kernel's script puts .toc in front of
 * that. What an address in r2 leads to is known for the right one only.
 */
#include "fixture.h"
#rules: root start # begins here
#rules: call start by_toc via ops # its only member
#expect: kasan: __asan_load1 <- by_toc <- start
#status: 1
FUNC(start)
	addis 3, 2, ops@toc@ha
	addi 3, 3, ops@toc@l
	ld 12, 0(3)
	cmpldi 12, 0
	beqlr
	mtctr 12
	bctrl
	blr
END(start)
FUNC(by_toc)
	CALL(__asan_load1)
	blr
END(by_toc)
EMPTY(__asan_load1)
	.section .toc, "aw"
	.fill 100, 8, 1
	.data
	.balign 8
	.globl ops
	.type ops, @object
	.size ops, 8
ops:	.quad 0
