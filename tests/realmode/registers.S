/* SPDX-License-Identifier: GPL-2.0 */
/* What is known of the registers behind a call that may not be made, and a loop */
#include "fixture.h"
#rules: root start # begins here
#expect: kasan: __asan_load1 <- kept <- start
#expect: unresolved: maybe+0x14 <- maybe <- start
#status: 1
FUNC(start)
	bl kept
	bl maybe
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
FUNC(harmless)
	blr
END(harmless)
FUNC(__asan_load1)
	blr
END(__asan_load1)
FUNC(__asan_load2)
	blr
END(__asan_load2)
