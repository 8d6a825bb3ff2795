/* SPDX-License-Identifier: GPL-2.0 */
/* What of a known address is left behind branches, calls and what is like them */
#include "fixture.h"
#rules: root start # begins here
#expect: kasan: __asan_load1 <- kept <- start
#expect: kasan: __asan_load4 <- returned <- start
#expect: unresolved: maybe+0x14 <- maybe <- start
#expect: unresolved: system+0x14 <- system <- start
#status: 1
FUNC(start)
	bl kept
	bl maybe
	bl returned
	bl never
	bl system
	bl prefix
	blr
END(start)
/* The address of the code in front of the label 2 */
#define OWN(reg)		\
	bcl 20, 31, 1f;		\
1:	mflr reg;		\
	addi reg, reg, 2f - 1b
LABEL(kept)
	OWN(11)
	mtctr 11
	beq 3f			/* does not count */
	bctr
3:	blr
	.long 0
2:	CALL(__asan_load1)
	blr
	.globl maybe
	ENTRY(maybe)
	OWN(11)
	beql harmless
	mtctr 11		/* harmless() may have changed it */
	bctr
2:	CALL(__asan_load2)
	blr
END(maybe)
LABEL(returned)
	OWN(11)
	mtlr 11
	blr
	.long 0
2:	CALL(__asan_load4)
	blr
LABEL(never)
	OWN(11)
	mtctr 11
	li 3, 0
	cmpdi 3, 0
	bnectr
	blr
	.long 0
2:	CALL(__asan_load2)
	blr
	.globl system
	ENTRY(system)
	OWN(11)
	sc
	mtctr 11		/* who answers may have changed it */
	bctr
2:	CALL(__asan_load2)
	blr
END(system)
LABEL(prefix)
	li 3, 0
	cmpdi 3, 0
	.balign 8
	.long 0x06000000, 0x38a50000	/* paddi r5,r5,0 */
	bne 1f
	blr
1:	CALL(__asan_load2)
	blr
EMPTY(harmless)
EMPTY(__asan_load1)
EMPTY(__asan_load2)
EMPTY(__asan_load4)
