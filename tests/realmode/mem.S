/* SPDX-License-Identifier: GPL-2.0 */
/*
 * memcpy() is KASAN's if there is a plain one besides, which it goes on to;
 * memset() is plain here.
 */
#include "fixture.h"
#rules: root start # begins here
#options: --list
#expect: kasan: memcpy <- copies <- start
#expect: reached: start
#expect: reached: copies <- start
#expect: reached: clears <- start
#expect: reached: memset <- clears <- start
#expect: reached: __memcpy <- copies <- start
#status: 1
	.section __mcount_loc, "a"
	.quad 1f		/* only --ftrace is about those */
	.text
FUNC(start)
1:	nop
	CALL(copies)
	CALL(clears)
	blr
END(start)
FUNC(copies)
	CALL(memcpy)
	blr
END(copies)
FUNC(clears)
	CALL(memset)
	blr
END(clears)
EMPTY(memcpy)
EMPTY(__memcpy)
	.globl memset
	ENTRY(memset)
	.globl __memset
	ENTRY(__memset)
	blr
	.size memset, 4
	.size __memset, 4
