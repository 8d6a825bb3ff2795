/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A fixture is a small kernel image with a known call graph. Its comments say
 * what the checker is to make of it:
 *
 *	#rules: one line of the rules file
 *	#expect: one line of the output (all of those that name a path)
 *	#status: the exit status
 *	#error: what the error message ends with
 *
 * FUNC and END enclose a function that has a size, as the compiler makes them.
 * ASMFUNC begins one as the kernel's assembler code does, without a size. LABEL
 * is just a label. EMPTY is a FUNC that only returns. CODE is the address of a
 * FUNC's code.
 */
#if _CALL_ELF == 2
#define ENTRY(name)	.type name, @function; name:
#define PROLOGUE(name)	0: addis 2, 12, (.TOC.-0b)@ha; addi 2, 2, (.TOC.-0b)@l; \
			.localentry name, . - name
#define ASMFUNC(name)	.globl name; .type name, @function; name:
#else
#define ENTRY(name)	.pushsection .opd, "aw"; .balign 8; name: \
			.quad .L.name, .TOC.@tocbase, 0; .popsection; \
			.type name, @function; .L.name:
#define PROLOGUE(name)
#define ASMFUNC(name)	.globl name, .name; .pushsection .opd, "aw"; .balign 8; name: \
			.quad .name, .TOC.@tocbase, 0; .popsection; \
			.type .name, @function; .name:
#endif

#if _CALL_ELF == 2
#define CODE(name)	name
#else
#define CODE(name)	.L.name
#endif
#define FUNC(name)	.globl name; ENTRY(name) PROLOGUE(name)
#if _CALL_ELF == 2
#define END(name)	.size name, . - name
#else
#define END(name)	.size name, . - .L.name
#endif
#define LABEL(name)	.globl name; name:
#define CALL(name)	bl name; nop
#define JUMP(name)	b name
#define EMPTY(name)	FUNC(name); blr; END(name)

	.section .head.text, "ax"
	nop			/* keeps _stext apart from the fixture */
	.text
