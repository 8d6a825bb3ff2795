/* SPDX-License-Identifier: GPL-2.0 */
/* Assembler labels run into each other, and end where control does not go on */
#include "fixture.h"
#rules: root first # begins here
#rules: root ends_with_return # the others show where code ends
#rules: root ends_with_rfid # as above
#rules: root ends_with_hrfid # as above
#rules: root ends_with_padding # as above
#rules: root ends_with_branch # as above
#expect: kasan: __asan_load1 <- fourth <- third <- second <- first
#expect: kcsan: __tsan_read1 <- third <- second <- first
#status: 1
LABEL(first)
	/* reads its own address: no call */
	bcl 20, 31, 1f
1:	mflr 4
LABEL(second)
	cmpdi 3, 0
	beq third
	blr
	/* nothing comes here */
	CALL(__asan_load2)
LABEL(third)
	bne 2f
	CALL(__tsan_read1)
2:	beq 1b
	beqlr
	bdnz 2b
LABEL(fourth)
	CALL(__asan_load1)
LABEL(ends_with_return)
	blr
	CALL(__asan_load2)
LABEL(ends_with_rfid)
	rfid
	CALL(__asan_load2)
LABEL(ends_with_hrfid)
	hrfid
	CALL(__asan_load2)
LABEL(ends_with_padding)
	.long 0
	CALL(__asan_load2)
LABEL(ends_with_branch)
	bc 20, 0, .
	CALL(__asan_load2)
	blr
EMPTY(__asan_load1)
EMPTY(__asan_load2)
EMPTY(__tsan_read1)
