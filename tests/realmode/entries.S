/* SPDX-License-Identifier: GPL-2.0 */
/* Code that is entered in several places, and branches to where there is none */
#include "fixture.h"
#rules: root start # begins here
#expect: kasan: __asan_load1 <- twice <- start
#expect: unresolved: start+0x8 <- start
#expect: unresolved: start+0xc <- start
#status: 1
	.globl start
	ENTRY(start)
	bl twice
	bl 1f
	.long 0x48100001	/* bl .+0x100000 */
	bla 0x1000
	blr
END(start)
	.globl twice
	ENTRY(twice)
	blr
1:	CALL(__asan_load1)
	blr
END(twice)
EMPTY(__asan_load1)
