/* SPDX-License-Identifier: GPL-2.0 */
/* Each context is walked as if there were no other */
#include "fixture.h"
#rules: context one
#rules: root start # begins here
#rules: context two
#rules: root start # the same again
#rules: context three
#rules: root label # the rest of it
#expect: kasan: __asan_load1 <- label <- work <- start
#expect: kasan: __asan_load1 <- label <- work <- start
#expect: kasan: __asan_load1 <- label
#status: 1
FUNC(start)
	CALL(work)
	blr
END(start)
FUNC(work)
	CALL(label)
	blr
END(work)
ASMFUNC(label)
	nop
	CALL(__asan_load1)
	blr
EMPTY(__asan_load1)
