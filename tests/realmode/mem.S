/* SPDX-License-Identifier: GPL-2.0 */
/* memcpy() is KASAN's if there is a plain one besides; memset() is plain here */
#include "fixture.h"
#rules: root start # begins here
#expect: kasan: memcpy <- copies <- start
#status: 1
FUNC(start)
	CALL(copies)
	CALL(clears)
	CALL(__memcpy)
	blr
END(start)
FUNC(copies)
	CALL(memcpy)
	blr
END(copies)
FUNC(clears)
	CALL(memset)
	blr
END(clears)
FUNC(memcpy)
	blr
END(memcpy)
FUNC(__memcpy)
	blr
END(__memcpy)
	.globl memset
	ENTRY(memset)
	.globl __memset
	ENTRY(__memset)
	blr
	.size memset, 4
	.size __memset, 4
