/* SPDX-License-Identifier: GPL-2.0 */
/* Nothing that is reached is instrumented; what is not reached does not matter */
#include "fixture.h"
#rules: root start # begins here
#status: 0
FUNC(start)
	CALL(work)
	blr
END(start)
FUNC(work)
	cmpdi 3, 0
	beqlr
	bl work
	blr
END(work)
FUNC(elsewhere)
	CALL(__asan_load8)
	blr
END(elsewhere)
EMPTY(__asan_load8)
	/* only code is aligned */
	.section .rodata, "a"
	.byte 1
	.data
	.byte 1
