/* SPDX-License-Identifier: GPL-2.0 */
/* A feature section: its body, its alternative, nops, and one within another */
#include "fixture.h"
#rules: root start # begins here
#rules: root label # the same in code without a size
#expect: kasan: __asan_load1 <- body <- start
#expect: kasan: __asan_load2 <- alternative <- start
#expect: kasan: __asan_load4 <- label
#expect: kcsan: __tsan_read1 <- after <- label
#expect: kcsan: __tsan_read2 <- inner <- start
#status: 1
#define FEATURE(start, end, alt_start, alt_end)				\
	.pushsection __ftr_fixup, "a";					\
0:	.8byte 0, 0, start - 0b, end - 0b, alt_start - 0b, alt_end - 0b;	\
	.popsection
FUNC(start)
1:	CALL(body)
	nop
2:
	.pushsection __ftr_alt_1, "ax"
3:	nop
	/* an alternative of the alternative */
5:	nop
6:	bl alternative
4:
	.pushsection __ftr_alt_2, "ax"
7:	bl inner
8:	.popsection
	.popsection
	FEATURE(1b, 2b, 3b, 4b)
	FEATURE(5b, 6b, 7b, 8b)
	blr
END(start)
/* The body never ends, so only the alternative and the nops reach what follows */
LABEL(label)
1:	b .
	nop
2:
	.pushsection __ftr_alt_3, "ax"
3:	bl __asan_load4
4:	.popsection
	FEATURE(1b, 2b, 3b, 4b)
	CALL(after)
	blr
FUNC(body)
	CALL(__asan_load1)
	blr
END(body)
FUNC(alternative)
	CALL(__asan_load2)
	blr
END(alternative)
FUNC(inner)
	CALL(__tsan_read2)
	blr
END(inner)
FUNC(after)
	CALL(__tsan_read1)
	blr
END(after)
FUNC(__asan_load1)
	blr
END(__asan_load1)
FUNC(__asan_load2)
	blr
END(__asan_load2)
FUNC(__asan_load4)
	blr
END(__asan_load4)
FUNC(__tsan_read1)
	blr
END(__tsan_read1)
FUNC(__tsan_read2)
	blr
END(__tsan_read2)
