/* SPDX-License-Identifier: GPL-2.0 */
/* A feature section without an alternative may become nops */
#include "fixture.h"
#rules: root label # begins here
#expect: kasan: __asan_load1 <- label
#status: 1
LABEL(label)
1:	blr
2:
	.pushsection __ftr_fixup, "a"
0:	.8byte 0, 0, 1b - 0b, 2b - 0b, 0, 0
	.popsection
	CALL(__asan_load1)
	blr
EMPTY(__asan_load1)
