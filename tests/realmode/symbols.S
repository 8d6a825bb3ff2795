/* SPDX-License-Identifier: GPL-2.0 */
/* What code a symbol stands for, and which of its names is printed */
#include "fixture.h"
#rules: root start # begins here
#rules: root dotted # with ELFv1 a name can begin with a dot
#rules: root known # of two names the one that the rules have
#rules: cut cutter bad if start known dotted # as many conditions as there can be
#rules: cut label bad # a label in a function is one of its names
#expect: kasan: __asan_load1 <- whole <- start
#expect: kasan: __asan_load2 <- plain <- start
#expect: kasan: __asan_load4 <- [...] <- aliased <- start
#expect: kcsan: __tsan_read1 <- .dotted
#expect: kcsan: __tsan_read2 <- known
#expect: kcsan: __tsan_read4 <- a?b?c?d~e <- start
#expect: unresolved: last+0x0 <- last <- start
#status: 1
FUNC(start)
	CALL(whole)
	bl label
	CALL(aliased)
	CALL(cutter)
	bl plain
	bl "a b\"c\\d~e"
	bl last
	blr
END(start)
FUNC(whole)
	nop
	/* labels in a function make no functions */
LABEL(kasan_label)
	nop
LABEL(label)
	CALL(__asan_load1)
	CALL(bad)
	blr
END(whole)
/* One of several symbols has the size of the function */
	.globl alias, object
	.type object, @object
	.size object, 4096
alias:
object:
FUNC(aliased)
	b 1f
END(aliased)
1:	bl __asan_load4
	blr
FUNC(cutter)
	CALL(bad)
	blr
END(cutter)
FUNC(bad)
	CALL(__asan_load8)
	blr
END(bad)
LABEL(plain)
	nop
	.globl odd
odd = . - 2
	CALL(__asan_load2)
	blr
LABEL(.dotted)
	CALL(__tsan_read1)
	blr
LABEL(a_name)
LABEL(known)
	CALL(__tsan_read2)
	blr
LABEL("a b\"c\\d~e")
	CALL(__tsan_read4)
	blr
EMPTY(__asan_load1)
EMPTY(__asan_load2)
EMPTY(__asan_load4)
EMPTY(__asan_load8)
EMPTY(__tsan_read1)
EMPTY(__tsan_read2)
EMPTY(__tsan_read4)
	/* the end of the code */
	.section __ftr_alt_last, "ax"
LABEL(last)
	bl 1f
1:
