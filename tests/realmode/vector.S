/* SPDX-License-Identifier: GPL-2.0 */
/* An exception vector finds its handler by the kernel's base in the PACA */
#include "fixture.h"
#rules: root vector # begins here
#expect: kasan: __asan_load1 <- handler <- vector
#status: 1
	.section .head.text, "ax"
	.balign 256
LABEL(vector)
	ld 10, 24(13)
	ori 10, 10, 0x400
	mtctr 10
	bctr
	. = 0x400
LABEL(handler)
	CALL(__asan_load1)
	rfid
	.text
EMPTY(__asan_load1)
