/* SPDX-License-Identifier: GPL-2.0 */
/* Indirect branches: by a rule, by a constant, a switch, and the rest */
#include "fixture.h"
#rules: root start # begins here
#rules: root chosen_label # as above
#rules: root by_table # as above
#rules: root label # the same in code without a size
#rules: call resolved target # the only one that is ever put there
#rules: call two_pointers harmless # the first one
#rules: call two_unknown harmless # the first one
#rules: call by_variable harmless via ops # one member of it
#rules: call by_pointer harmless via ops # what it points to
#rules: call either harmless via ops # but which member?
#rules: call looping harmless via ops # but not only
#rules: call other_first harmless via ops # and not what comes first
#rules: call by_table harmless via own_table # as the real-mode hypercalls of KVM
#expect: kasan: __asan_load1 <- target <- resolved <- start
#expect: kasan: __asan_load2 <- own <- label
#expect: kasan: __asan_load2 <- cases <- start
#expect: kasan: __asan_load1 <- switch <- start
#expect: kasan: __asan_load1 <- moved.cold <- moved <- start
#expect: unresolved: move+0x14 <- move <- start
#expect: unresolved: offsets+0x14 <- offsets <- start
#expect: unresolved: chosen+0x1c <- chosen <- start
#expect: unresolved: chosen_label+0x1c <- chosen_label
#expect: unresolved: two_pointers+0x24 <- two_pointers <- start
#expect: unresolved: two_pointers+0x30 <- two_pointers <- start
#expect: unresolved: two_unknown+0xc <- two_unknown <- start
#expect: unresolved: by_variable+0x2c <- by_variable <- start
#expect: unresolved: by_variable+0x3c <- by_variable <- start
#expect: unresolved: by_variable+0x4c <- by_variable <- start
#expect: unresolved: by_pointer+0x38 <- by_pointer <- start
#expect: unresolved: by_pointer+0x48 <- by_pointer <- start
#expect: unresolved: by_table+0x3c <- by_table
#expect: unresolved: by_table+0x4c <- by_table
#expect: unresolved: looping+0x1c <- looping <- start
#expect: unresolved: other_first+0xc <- other_first <- start
#expect: unresolved: either+0x30 <- either <- start
#expect: unresolved: mixed+0x24 <- mixed <- start
#expect: unresolved: mixed+0x34 <- mixed <- start
#expect: unresolved: mixed+0x44 <- mixed <- start
#expect: unresolved: mixed+0x50 <- mixed <- start
#expect: unresolved: open+0x8 <- open <- start
#expect: unresolved: open_tail+0x4 <- open_tail <- start
#expect: unresolved: open_lr+0x4 <- open_lr <- start
#status: 1
FUNC(start)
	CALL(resolved)
	CALL(open)
	CALL(open_tail)
	CALL(open_lr)
	CALL(switch)
	CALL(mixed)
	CALL(chosen)
	CALL(two_pointers)
	CALL(two_unknown)
	CALL(by_variable)
	CALL(by_pointer)
	CALL(either)
	CALL(moved)
	CALL(move)
	CALL(looping)
	CALL(other_first)
	CALL(offsets)
	CALL(cases)
	blr
END(start)
FUNC(resolved)
	mtctr 12
	bctrl
	blr
END(resolved)
	.globl open
	ENTRY(open)
	ld 12, 0(3)
	mtctr 12
	bctrl
	blr
END(open)
	ENTRY(open_tail)
	mtctr 12
	bctr
END(open_tail)
	ENTRY(open_lr)
	mtlr 12
	blrl
	blr
END(open_lr)
FUNC(switch)
	lwax 9, 9, 10
	add 9, 9, 10
	mtctr 9
	bctr
	CALL(__asan_load1)	/* could be a case */
	blr
END(switch)
/* Not every branch of a function with a switch is that of one */
	.globl mixed
	ENTRY(mixed)
	cmpdi 3, 0
	beq 1f
	lwax 9, 9, 10
	add 9, 9, 10
	mtctr 9
	bctr
1:	add 12, 9, 10
	blr
	mtctr 12		/* the sum is not in front of it */
	bctr
	add 12, 9, 10
	b 1b
	mtctr 12
	bctr
	add 12, 9, 10
	beq 1b
	mtctr 12
	bctr
	add 11, 9, 10
	mtctr 12		/* of another register */
	bctr
END(mixed)
/* A table of offsets, but not of a switch: they lead out of the function */
	.globl offsets
	ENTRY(offsets)
	addis 10, 2, table@toc@ha
	addi 10, 10, table@toc@l
	lwax 9, 10, 3
	add 9, 9, 10
	mtctr 9
	bctr
END(offsets)
/* The table of a switch: what it does not name is not reached */
FUNC(cases)
	addis 10, 2, case_table@toc@ha
	addi 10, 10, case_table@toc@l
	lwax 9, 10, 3
	add 9, 9, 10
	mtctr 9
	bctr
	CALL(__asan_load1)
.Lcase1:
	blr
.Lcase2:
	CALL(__asan_load2)
	blr
END(cases)
	.section .rodata, "a"
	.balign 4
table:	.long CODE(harmless) - table
case_table:
	.long .Lcase1 - case_table, .Lcase2 - case_table, 0
	.text
/* A case that the compiler has moved elsewhere, and a function of nearly that name */
#define SWITCH(name)				\
	.globl name; ENTRY(name)		\
	addis 10, 2, name##_table@toc@ha;	\
	addi 10, 10, name##_table@toc@l;	\
	lwax 9, 10, 3;				\
	add 9, 9, 10;				\
	mtctr 9;				\
	bctr;					\
END(name)
SWITCH(moved)
SWITCH(move)
	ENTRY(moved.cold)
	CALL(__asan_load1)
	blr
END(moved.cold)
	.section .rodata
	.balign 4
moved_table:
	.long CODE(moved.cold) - moved_table, 0
move_table:
	.long CODE(moved.cold) - move_table, 0
	.text
/* One of two, of which the code says only the second: fn = o->x; if (!fn) fn = x; */
#define CHOICE				\
	ld 12, 0(3);			\
	cmpdi 12, 0;			\
	bne 1f;				\
	addis 12, 2, CODE(harmless)@toc@ha;	\
	addi 12, 12, CODE(harmless)@toc@l;	\
1:	nop;				\
	mtctr 12;			\
	bctrl;				\
	blr
	.globl chosen
	ENTRY(chosen)
	CHOICE
END(chosen)
LABEL(chosen_label)
	CHOICE
/* The rule is about the first pointer, of which there are two calls, each by its object */
	.globl two_pointers
	ENTRY(two_pointers)
	mr 31, 3
	mr 30, 4
	ld 12, 16(3)
	mtctr 12
	bctrl
	ld 12, 16(31)
	mtctr 12
	bctrl
	mtctr 30		/* an argument */
	bctrl
	ld 12, 16(30)		/* the same offset, of another object */
	mtctr 12
	bctrl
	blr
END(two_pointers)
/* Nobody knows where they come from, so that they need not be the same */
	.globl two_unknown
	ENTRY(two_unknown)
	mtctr 12
	bctrl
	mtctr 31
	bctrl
	blr
END(two_unknown)
#define CALL_MEMBER(variable, offset)			\
	addis 9, 2, (variable + offset)@toc@ha;		\
	ld 12, (variable + offset)@toc@l(9);		\
	mtctr 12;					\
	bctrl
	.globl by_variable
	ENTRY(by_variable)
	CALL_MEMBER(ops, 8)
	CALL_MEMBER(ops, 8)
	CALL_MEMBER(ops, 16)		/* another member */
	CALL_MEMBER(more_ops, 0)	/* another variable, right behind */
	CALL_MEMBER(less_ops, 8)	/* and right in front */
	blr
END(by_variable)
#define CALL_POINTED(variable, offset)			\
	addis 9, 2, variable@toc@ha;			\
	ld 9, variable@toc@l(9);			\
	ld 12, offset(9);				\
	mtctr 12;					\
	bctrl
	.globl by_pointer
	ENTRY(by_pointer)
	CALL_POINTED(ops, 8)
	CALL_POINTED(ops, 8)
	CALL_POINTED(ops, 16)
	CALL_MEMBER(ops, 0)		/* not what it points to */
	blr
END(by_pointer)
	.globl either
	ENTRY(either)
	CALL_MEMBER(ops, 8)
	addis 9, 2, ops@toc@ha
	addi 9, 9, ops@toc@l
	ld 12, 8(9)
	cmpdi 3, 0
	bne 1f
	ld 12, 16(9)
1:	nop
	mtctr 12
	bctrl
	blr
END(either)
	.globl other_first
	ENTRY(other_first)
	CALL_MEMBER(more_ops, 0)
	CALL_MEMBER(ops, 0)
	blr
END(other_first)
	.globl looping
	ENTRY(looping)
	CALL_MEMBER(ops, 0)
	addis 9, 2, ops@toc@ha
	ld 30, ops@toc@l(9)
1:	mtctr 30
	bctrl
	addis 9, 2, more_ops@toc@ha
	ld 30, more_ops@toc@l(9)
	cmpdi 3, 0
	bne 1b
	blr
END(looping)
#define CALL_ENTRY(table)				\
	addis 4, 2, table@toc@ha;			\
	addi 4, 4, table@toc@l;				\
	lwax 3, 3, 4;					\
	add 12, 3, 4;					\
	mtctr 12;					\
	bctrl
LABEL(by_table)
	lwax 3, 5, 6
	add 12, 3, 6
	CALL_ENTRY(own_table)
	CALL_ENTRY(own_table)
	mtctr 12		/* of no table that is known */
	bctrl
	lwax 3, 5, 6
	add 12, 3, 6
	mtctr 12
	bctrl
	blr
	.section .data
	.balign 8
	.globl own_table
own_table:
	.long 0, 0
	.globl ops
less_ops:
	.quad 0, 0
	.type ops, @object
	.size ops, 24
ops:	.quad 0, 0, 0
more_ops:
	.quad 0
	.text
EMPTY(harmless)
LABEL(label)
	bcl 20, 31, 1f
1:	mflr 11
	addi 11, 11, 2f - 1b
	mtctr 11
	bctr
	.long 0
2:	CALL(own)
	blr
FUNC(target)
	CALL(__asan_load1)
	blr
END(target)
FUNC(own)
	CALL(__asan_load2)
	blr
END(own)
EMPTY(__asan_load1)
EMPTY(__asan_load2)
