/* SPDX-License-Identifier: GPL-2.0 */
/* A call that is too far for a branch goes through a stub of the linker */
#include "fixture.h"
#rules: root start # begins here
#expect: kasan: __asan_load1 <- [...] <- far <- [...] <- start
#status: 1
FUNC(start)
	CALL(far)
	blr
END(start)
EMPTY(__asan_load1)
	.section .far.text, "ax"
FUNC(far)
	CALL(__asan_load1)
	blr
END(far)
