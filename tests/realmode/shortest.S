/* SPDX-License-Identifier: GPL-2.0 */
/* Of two paths the shorter one is printed, and a loop is no problem */
#include "fixture.h"
#rules: root start # begins here
#expect: kasan: __asan_load8 <- end <- b <- start
#status: 1
FUNC(start)
	CALL(a1)
	CALL(b)
	blr
END(start)
FUNC(a1)
	CALL(a2)
	CALL(start)
	blr
END(a1)
FUNC(a2)
	CALL(end)
	CALL(a1)
	blr
END(a2)
FUNC(b)
	CALL(end)
	blr
END(b)
FUNC(end)
	CALL(__asan_load8)
	blr
END(end)
EMPTY(__asan_load8)
