/* SPDX-License-Identifier: GPL-2.0 */
/* A call, a tail call and a conditional tail call; each kind of instrumentation */
#include "fixture.h"
#rules: root start # begins here
#expect: kasan: __asan_load8 <- called <- start
#expect: kasan: __hwasan_load8 <- jumped <- start
#expect: kasan: kasan_check_range <- maybe <- start
#expect: kcsan: __tsan_read8 <- called <- start
#expect: kcov: __sanitizer_cov_trace_pc <- called <- start
#expect: ubsan: __ubsan_handle_out_of_bounds <- called <- start
#expect: printk: _printk <- called <- start
#status: 1
FUNC(start)
	CALL(called)
	cmpdi 3, 0
	beq 1f
	JUMP(jumped)
1:	bne maybe
	blr
END(start)
FUNC(called)
	CALL(__asan_load8)
	CALL(__asan_load8)
	CALL(__tsan_read8)
	CALL(__sanitizer_cov_trace_pc)
	CALL(__ubsan_handle_out_of_bounds)
	CALL(_printk)
	CALL(_mcount)
	blr
END(called)
FUNC(jumped)
	JUMP(__hwasan_load8)
END(jumped)
FUNC(maybe)
	CALL(kasan_check_range)
	blr
END(maybe)
FUNC(__asan_load8)
	/* what instrumentation itself calls is not of interest */
	CALL(__tsan_read8)
	blr
END(__asan_load8)
EMPTY(__hwasan_load8)
EMPTY(kasan_check_range)
EMPTY(__tsan_read8)
EMPTY(__sanitizer_cov_trace_pc)
EMPTY(__ubsan_handle_out_of_bounds)
EMPTY(_printk)
EMPTY(_mcount)
