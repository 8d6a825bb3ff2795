/* SPDX-License-Identifier: GPL-2.0 */
/* Rules: cuts, conditions, names that the compiler has changed, contexts */
#include "fixture.h"
#rules: cut never work # holds in all contexts
#rules: context one
#rules: root start # begins here
#rules: root nowhere if elsewhere # not in this kernel
#rules: root bad if !start # not for this kernel
#rules: cut clone bad if start !nowhere # never called with the MMU off
#rules: cut leaf * # calls nothing with the MMU off, but is instrumented
#rules: cut * inlined # whoever calls it, as inlining differs
#rules: context two
#rules: root never # so that the first line is of use
#expect: kasan: __asan_load1 <- leaf <- start
#status: 1
FUNC(start)
	CALL(clone.isra.0)
	CALL(leaf)
	CALL(outer)
	CALL(inlined)
	blr
END(start)
FUNC(clone.isra.0)
	CALL(bad)
	blr
END(clone.isra.0)
FUNC(leaf)
	CALL(bad)
	CALL(__asan_load1)
	blr
END(leaf)
FUNC(outer)
	CALL(inlined)
	blr
END(outer)
FUNC(inlined)
	CALL(bad)
	blr
END(inlined)
FUNC(never)
	CALL(work)
	blr
END(never)
FUNC(work)
	CALL(bad)
	blr
END(work)
FUNC(bad)
	CALL(__asan_load2)
	blr
END(bad)
EMPTY(__asan_load1)
EMPTY(__asan_load2)
