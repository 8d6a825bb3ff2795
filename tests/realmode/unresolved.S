/* SPDX-License-Identifier: GPL-2.0 */
/* An indirect branch that nothing is known of is enough to fail */
#include "fixture.h"
#rules: root start # begins here
#expect: unresolved: start+0x8 <- start
#status: 1
	.globl start
	ENTRY(start)
	ld 12, 0(3)
	mtctr 12
	bctrl
	blr
END(start)
