/* SPDX-License-Identifier: GPL-2.0 */
/* Exception table, jump label, and a place where ftrace may put a call */
#include "fixture.h"
#rules: root start # begins here
#expect: kasan: __asan_load1 <- handled <- [...] <- start
#expect: kasan: __asan_load2 <- start_cold <- start
#expect: kasan: __asan_load4 <- [...] <- last <- start
#expect: ftrace: entry <- start
#options: --ftrace
#status: 1
FUNC(start)
1:	ld 3, 0(4)
2:	nop
	b last
END(start)
FUNC(start_cold)
3:	CALL(__asan_load2)
	blr
END(start_cold)
FUNC(last)
5:	ld 3, 0(4)
	blr
END(last)
	.section .fixup, "ax"
4:	bl handled
	b 2b
6:	bl __asan_load4
	b 5b + 4
	.section __ex_table, "a"
	/* not in their order */
	.long 5b - ., 6b - .
	.long 1b - ., 4b - .
	.section __jump_table, "a"
	.long 2b - ., 3b - .
	.quad 0
	.section __mcount_loc, "a"
	.quad 1b
	.text
FUNC(handled)
	CALL(__asan_load1)
	blr
END(handled)
EMPTY(__asan_load1)
EMPTY(__asan_load2)
EMPTY(__asan_load4)
