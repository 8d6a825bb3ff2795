/* SPDX-License-Identifier: GPL-2.0 */
/* Code that is come to again, with less known than before; what a call leaves known */
#include "fixture.h"
#rules: root start # begins here
#rules: root label # the same in code without a size
#expect: kasan: __asan_load1 <- by_branch <- start
#expect: kasan: __asan_load1 <- from_above <- start
#expect: kasan: __asan_load1 <- label
#expect: kasan: __asan_load1 <- many <- start
#status: 1
FUNC(start)
	CALL(by_branch)
	CALL(from_above)
	CALL(keeps)
	CALL(many)
	blr
END(start)
FUNC(by_branch)
	li 31, 0
	b 1f
1:	cmpdi 31, 0
	beq 2f
	CALL(__asan_load1)
2:	li 31, 1
	bdnz 1b
	blr
END(by_branch)
FUNC(from_above)
	li 31, 0
	b 1f
2:	li 31, 1
1:	cmpdi 31, 0
	beq 3f
	CALL(__asan_load1)
3:	bdnz 2b
	blr
END(from_above)
/* What the compiler makes keeps r14 to r31 */
FUNC(keeps)
	li 31, 0
	CALL(other)
	cmpdi 31, 0
	beqlr
	CALL(__asan_load2)
	blr
END(keeps)
/* Assembly may change them, but leaves the MMU off */
LABEL(label)
	li 31, 0
	mtmsrd 31
	CALL(other)
	mfmsr 9
	andi. 9, 9, 0x10
	beq 1f
	CALL(__asan_load2)
1:	cmpdi 31, 0
	beq 2f
	CALL(__asan_load1)
2:	blr
/* More places than fit at first, each one twice */
FUNC(many)
	li 31, 0
	b 1f
1:
	.rept 200
	cmpdi 3, 0
	beq 2f
	nop
2:
	.endr
	cmpdi 31, 0
	beq 3f
	CALL(__asan_load1)
3:	li 31, 1
	bdnz 1b
	blr
END(many)
EMPTY(other)
EMPTY(__asan_load1)
EMPTY(__asan_load2)
