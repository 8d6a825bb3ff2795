/* SPDX-License-Identifier: GPL-2.0 */
/* Prefixed instructions: pla makes an address out of its own, and fills two words */
#include "fixture.h"
#rules: root start # begins here
#expect: kasan: __asan_load1 <- called <- start
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
	blr
END(start)
FUNC(called)
	CALL(__asan_load1)
	blr
END(called)
FUNC(__asan_load1)
	blr
END(__asan_load1)
