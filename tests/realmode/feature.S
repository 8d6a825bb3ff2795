/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A feature section: its body, its alternative, nops, and one within another; those of the
 * CPU, of the MMU and of firmware
 */
#include "fixture.h"
#rules: root start # begins here
#rules: root label # the same in code without a size
#expect: kasan: __asan_load1 <- body <- start
#expect: kasan: __asan_load2 <- alternative <- start
#expect: kasan: __asan_load4 <- label
#expect: kasan: __asan_load8 <- mmu <- start
#expect: kasan: __asan_store1 <- firmware <- start
#expect: kcsan: __tsan_read1 <- after <- label
#expect: kcsan: __tsan_read2 <- inner <- start
#status: 1
#define FEATURE(start, end, alt_start, alt_end)				\
	FEATURE_IN(__ftr_fixup, start, end, alt_start, alt_end)
#define FEATURE_IN(table, start, end, alt_start, alt_end)		\
	.pushsection table, "a";					\
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
1:	nop
2:
	.pushsection __ftr_alt_4, "ax"
3:	bl mmu
4:	.popsection
	FEATURE_IN(__mmu_ftr_fixup, 1b, 2b, 3b, 4b)
1:	nop
2:
	.pushsection __ftr_alt_5, "ax"
3:	bl firmware
4:	.popsection
	FEATURE_IN(__fw_ftr_fixup, 1b, 2b, 3b, 4b)
	bl ends
	blr
	/* Without an alternative: what is in front of where that would be does not go here */
2:	bl __asan_store2
	blr
	FEATURE(2b, 2b, .Lends, .Lends)
END(start)
FUNC(ends)
	nop
.Lends:
	blr
END(ends)
FUNC(mmu)
	CALL(__asan_load8)
	blr
END(mmu)
FUNC(firmware)
	CALL(__asan_store1)
	blr
END(firmware)
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
EMPTY(__asan_load1)
EMPTY(__asan_load2)
EMPTY(__asan_load4)
EMPTY(__tsan_read1)
EMPTY(__tsan_read2)
EMPTY(__asan_load8)
EMPTY(__asan_store1)
EMPTY(__asan_store2)
