/* SPDX-License-Identifier: GPL-2.0 */
/* Functions as the kernel's assembler code has them: with ELFv1 only .f is code */
#include "fixture.h"
#rules: root start # begins here
#expect: kasan: memcpy <- work <- start
#expect: kasan: kasan_check_byte <- work_too <- start
#status: 1
ASMFUNC(start)
	CALL(work)
	CALL(work_too)
	CALL(plain)
	blr
FUNC(work)
	CALL(memcpy)
	blr
END(work)
FUNC(work_too)
	CALL(kasan_check_byte)
	blr
END(work_too)
FUNC(plain)
	CALL(__memcpy)
	CALL(memmove)
	CALL(memset)
	blr
END(plain)
EMPTY(memcpy)
ASMFUNC(__memcpy)
	blr
ASMFUNC(kasan_check_byte)
	blr
/* Two names of one function, each with a descriptor of its own */
ASMFUNC(memmove)
ASMFUNC(__memmove)
	blr
ASMFUNC(memset)
ASMFUNC(__memset)
	blr
