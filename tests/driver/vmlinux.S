/* SPDX-License-Identifier: GPL-2.0 */
/* A vmlinux of a few symbols, where the registers of the fake QEMU point */
#ifdef __BIG_ENDIAN__	/* ELFv1: a symbol is that of a descriptor */
.macro function name, at
	.org	\at
.L\name:	nop
	.pushsection .opd, "aw"
	.globl	\name
	.type	\name, %function
\name:	.quad	.L\name, 0, 0
	.size	\name, 0x1000
	.popsection
.endm
#else
.macro function name, at
	.org	\at
	.globl	\name
	.type	\name, %function
\name:	nop
	.size	\name, 0x1000
.endm
#endif
	.text
	.globl	_stext, __end_interrupts, _end, paca_ptrs, linux_banner
_stext:
	nop
	.org	0x5d00
__end_interrupts:
	function instruction_access_common, 0x8000
	function start_here, 0x9000
	function kasan_report, 0x10000
	function kasan_check_range, 0x11000
	.org	0x110d0
label_in_a_function:
	function memset, 0x12000
	function kexec_copy_flush, 0x13000
	function kexec_sequence, 0x14000
	function vmcore_init, 0x15000
	function mark_rodata_ro, 0x16000
	function machine_check_fwnmi, 0x17000
	.org	0x20000
linux_banner:
	.asciz	"Linux version 6.12 (a@b) #1"
	.globl	kexec_stack
	.type	kexec_stack, %object
	.org	0x30000
kexec_stack:
	.space	32768
paca_ptrs:
	.quad	0
_end:
