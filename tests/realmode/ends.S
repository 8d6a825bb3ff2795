/* SPDX-License-Identifier: GPL-2.0 */
/* Functions that end with what does not come back, and others, which run on */
#include "fixture.h"
#rules: root start # begins here
#expect: kasan: __asan_load2 <- behind_add <- ends_with_add <- start
#expect: kasan: __asan_load4 <- behind_nops <- only_nops <- start
#expect: unresolved: ends_with_pointer+0x4 <- ends_with_pointer <- start
#status: 1
FUNC(start)
	bl ends_with_call
	bl ends_with_pointer
	bl ends_with_trap
	bl ends_with_twi
	bl ends_with_tdi
	bl ends_with_add
	bl only_nops
	blr
END(start)
#define END_WITH(name, ...)		\
	.globl name;			\
	ENTRY(name)			\
	__VA_ARGS__;			\
	.size name, . - CODE(name)
#define BEHIND(name, load)		\
	.globl name;			\
	ENTRY(name)			\
	bl load;			\
	blr;				\
	.size name, . - CODE(name)
END_WITH(ends_with_pointer, mtctr 12; bctrl; nop)
BEHIND(behind_pointer, __asan_load1)
END_WITH(ends_with_call, bl harmless; nop; ld 2, 24(1))
BEHIND(behind_call, __asan_load1)
END_WITH(ends_with_twi, twi 31, 0, 0)
BEHIND(behind_twi, __asan_load1)
END_WITH(ends_with_tdi, tdi 31, 0, 0)
BEHIND(behind_tdi, __asan_load1)
END_WITH(ends_with_add, addi 3, 3, 1; nop)
BEHIND(behind_add, __asan_load2)
/* What is in front of a function is not its end */
END_WITH(ends_with_trap, trap)
END_WITH(only_nops, nop; nop)
BEHIND(behind_nops, __asan_load4)
EMPTY(harmless)
EMPTY(__asan_load1)
EMPTY(__asan_load2)
EMPTY(__asan_load4)
