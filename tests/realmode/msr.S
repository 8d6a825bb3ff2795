/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Branches that depend on MSR[DR] or MSR[IR], in the forms that GCC and clang give
 * them, and code that turns the MMU on, and off again.
 */
#include "fixture.h"
#rules: root start # begins here
#expect: kasan: __asan_load1 <- other_bit <- start
#expect: kasan: __asan_load1 <- merged <- start
#expect: kasan: __asan_load1 <- restored <- start
#expect: kasan: __asan_load1 <- off_again <- start
#expect: kasan: __asan_load1 <- recoverable <- start
#expect: kasan: __asan_load1 <- volatile_register <- start
#expect: kasan: __asan_load1 <- other_field <- start
#expect: kasan: __asan_load1 <- set_bit <- start
#status: 1
FUNC(start)
	CALL(handler)
	CALL(wrapper)
	CALL(kept)
	CALL(counted)
	CALL(shifted)
	CALL(selected)
	CALL(cr_logic)
	CALL(turned_on)
	CALL(other_bit)
	CALL(merged)
	CALL(restored)
	CALL(off_again)
	CALL(recoverable)
	CALL(volatile_register)
	CALL(copied_field)
	CALL(other_field)
	CALL(set_bit)
	blr
END(start)
/* if (mfmsr() & MSR_DR) */
FUNC(handler)
	mfmsr 9
	andi. 9, 9, 0x10
	bne 1f
	blr
1:	CALL(__asan_load1)
	blr
END(handler)
/* if (mfmsr() & (MSR_IR | MSR_DR)), with rlwinm. and a conditional tail call */
FUNC(wrapper)
	mfmsr 9
	rlwinm. 10, 9, 0, 26, 27
	bne checks
	blr
END(wrapper)
/* In a register that a call keeps, as in opal_call() */
FUNC(kept)
	mfmsr 31
	CALL(harmless)
	li 9, 2
	mtmsrd 9, 1
	rldicl 31, 31, 60, 63
	cmpwi cr2, 31, 0
	CALL(harmless)
	beq cr2, 1f
	CALL(__asan_load1)
1:	blr
END(kept)
/* (msr & (MSR_IR | MSR_DR)) == (MSR_IR | MSR_DR), as in do_enter_rtas() */
FUNC(counted)
	mfmsr 9
	cmpdi 3, 0
	beq 2f
	rlwinm 31, 9, 0, 26, 27
	xori 31, 31, 0x30
	cntlzd 31, 31
	srdi 31, 31, 6
1:	cmpwi 31, 0
	beqlr
	CALL(__asan_load1)
	blr
2:	li 31, 0
	b 1b
END(counted)
/* As a mask, by clang */
FUNC(shifted)
	mfmsr 5
	sldi 5, 5, 59
	sradi 5, 5, 63
	and 4, 5, 4
	addi 4, 4, -1
	cmpldi 4, 5
	bgtlr
	CALL(__asan_load1)
	blr
END(shifted)
FUNC(selected)
	mfmsr 9
	andi. 9, 9, 0x10
	li 10, 1
	isel 9, 0, 10, 2
	cmpldi cr7, 9, 1
	bne cr7, 1f
	blr
1:	cmpwi 9, 0
	beqlr
	CALL(__asan_load1)
	blr
END(selected)
FUNC(cr_logic)
	mfmsr 9
	andi. 10, 9, 0x10
	cmpdi cr1, 3, 0
	crorc 4*cr5+eq, 4*cr1+eq, eq
	crnor 4*cr6+gt, 4*cr0+eq, 4*cr5+eq
	bf 4*cr6+gt, 1f
	CALL(__asan_load1)
1:	blr
END(cr_logic)
/* mtmsrd(mfmsr() | MSR_IR | MSR_DR) */
FUNC(turned_on)
	mfmsr 9
	ori 9, 9, 0x30
	mtmsrd 9
	CALL(__asan_load1)
	blr
END(turned_on)
FUNC(other_bit)
	mfmsr 9
	andi. 9, 9, 0x8000
	bne 1f
	blr
1:	CALL(__asan_load1)
	blr
END(other_bit)
/* What is known on one way only is not known */
FUNC(merged)
	cmpdi 3, 0
	beq 1f
	mfmsr 4
1:	andi. 4, 4, 0x10
	beqlr
	CALL(__asan_load1)
	blr
END(merged)
/* Nobody knows what this is */
FUNC(restored)
	mtmsrd 3
	CALL(__asan_load1)
	blr
END(restored)
FUNC(off_again)
	mfmsr 9
	ori 10, 9, 0x30
	mtmsrd 10
	CALL(harmless)
	mfmsr 9
	li 10, 0x30
	andc 9, 9, 10
	mtmsrd 9
	CALL(__asan_load1)
	blr
END(off_again)
/* With L set only MSR[EE] and MSR[RI] change */
FUNC(recoverable)
	li 9, 0x32
	mtmsrd 9, 1
	CALL(__asan_load1)
	blr
END(recoverable)
FUNC(volatile_register)
	mfmsr 9
	CALL(harmless)
	andi. 9, 9, 0x10
	beqlr
	CALL(__asan_load1)
	blr
END(volatile_register)
/* As clang has do_enter_rtas(): only where something else holds as well */
#define IN_FIELD(from, other)		\
	mfmsr 9;			\
	not 31, 9;			\
	cmpdi 3, 0;			\
	beq 1f;				\
	andi. 3, 31, 0x10;		\
	mcrf cr2, from;			\
	b 2f;				\
1:	other cr2 * 4 + eq;		\
2:	CALL(harmless);			\
	bne cr2, 3f;			\
	CALL(__asan_load1);		\
3:	blr
FUNC(copied_field)
	IN_FIELD(cr0, crclr)
END(copied_field)
FUNC(other_field)
	IN_FIELD(cr1, crclr)
END(other_field)
FUNC(set_bit)
	IN_FIELD(cr0, crset)
END(set_bit)
EMPTY(harmless)
FUNC(checks)
	CALL(__asan_load1)
	blr
END(checks)
FUNC(__asan_load1)
	lbz 3, 0(3)
	blr
END(__asan_load1)
