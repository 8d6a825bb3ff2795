/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The bare-metal program of the kexec test. It is big-endian, position
 * independent, uses no stack and runs in real mode, in one of two roles:
 *
 * canary   QEMU boots it instead of a kernel. It loads from an address where
 *          KASAN's shadow would be and tells whether the machine faulted.
 * arrival  init loads it as the next "kernel". That it runs at all shows that
 *          the old kernel finished its copy loop; it then tells whether a
 *          range of memory holds what the copy loop was given.
 *
 * It ends spinning: the host has read the console and stops the machine.
 */
#define PARAMETERS	0x100	/* hostile.c writes here: struct arrival */
#define H_PUT_TERM_CHAR	0x58
#define OPAL_CONSOLE_WRITE 1
#define MSR_ME		0x1000

/* One instruction as a little-endian CPU reads it */
.macro little word
	.byte	(\word) & 0xff, ((\word) >> 8) & 0xff
	.byte	((\word) >> 16) & 0xff, ((\word) >> 24) & 0xff
.endm

.macro address reg, label
	addi	\reg, %r28, \label - _start
.endm

	.machine power9
	.text
	.globl	_start
_start:
	/* Both byte orders enter here: kexec keeps the old kernel's */
	tdi	0, %r0, 0x48		/* little-endian: b .+8 */
	b	big
	little	0x7d6000a6		/* mfmsr r11 */
	little	0x696b0001		/* xori  r11, r11, MSR_LE */
	little	0x429f0005		/* bcl   20, 31, .+4 */
	little	0x7d8802a6		/* mflr  r12 */
	little	0x398c0014		/* addi  r12, r12, big - (.-4) */
	little	0x7d9a03a6		/* mtsrr0 r12 */
	little	0x7d7b03a6		/* mtsrr1 r11 */
	little	0x4c000024		/* rfid */
big:
	b	main

	.org	0x60			/* where other CPUs enter */
	little	0x48000000		/* b . */

	.org	PARAMETERS
check_start:	.quad	0		/* 0: this is the canary */
check_end:	.quad	0
check_word:	.quad	0
opal_base:	.quad	0
opal_entry:	.quad	0		/* 0: the console is a hypercall away */
text_whole:	.space	64
text_damaged:	.space	64

	/* The machine check vector: in place on pseries, copied on powernv */
	.org	0x200
machine_check:
	mtctr	%r29
	bctr

	.org	0x300
main:
	bcl	20, 31, 1f
1:	mflr	%r28
	addi	%r28, %r28, _start - 1b
	ld	%r24, check_start - _start(%r28)
	cmpdi	%r24, 0
	beq	canary

	ld	%r31, opal_base - _start(%r28)
	ld	%r30, opal_entry - _start(%r28)
	ld	%r23, check_end - _start(%r28)
	ld	%r22, check_word - _start(%r28)
	address	%r26, text_whole
2:	ld	%r0, 0(%r24)
	cmpd	%r0, %r22
	beq	3f
	address	%r26, text_damaged
3:	addi	%r24, %r24, 8
	cmpld	%r24, %r23
	blt	2b
	li	%r25, 64
	b	tell

canary:
	mr	%r31, %r8
	mr	%r30, %r9
	cmpdi	%r5, 0			/* Open Firmware: pseries */
	beq	4f
	li	%r30, 0
4:	/* Copy the vector */
	lwz	%r3, machine_check - _start(%r28)
	lwz	%r4, machine_check + 4 - _start(%r28)
	li	%r5, 0x200
	stw	%r3, 0(%r5)
	stw	%r4, 4(%r5)
	dcbst	0, %r5
	sync
	icbi	0, %r5
	isync
	address	%r29, faulted

	/*
	 * Without MSR[ME] the fault would be a checkstop, and without MSR[SF],
	 * as Open Firmware leaves it, the address would lose its upper half.
	 */
	mfmsr	%r3
	ori	%r3, %r3, MSR_ME
	li	%r4, 1
	rldimi	%r3, %r4, 63, 0
	address	%r4, 5f
	mtsrr0	%r4
	mtsrr1	%r3
	rfid
5:
	lis	%r3, 0xa80d - 0x10000
	ori	%r3, %r3, 0xff00
	sldi	%r3, %r3, 32
	lbz	%r4, 0(%r3)
	sync
	address	%r26, text_silent
	li	%r25, text_silent_end - text_silent
	b	tell
faulted:
	address	%r26, text_faulted
	li	%r25, text_faulted_end - text_faulted

/* Print r25 bytes at r26, a multiple of 16, and spin */
tell:
	cmpdi	%r30, 0
	bne	opal
6:	li	%r3, H_PUT_TERM_CHAR
	li	%r4, 0
	li	%r5, 16
	ld	%r6, 0(%r26)
	ld	%r7, 8(%r26)
	sc	1
	cmpdi	%r3, 0
	bne	6b
	addi	%r26, %r26, 16
	addic.	%r25, %r25, -16
	bgt	6b
	b	.
opal:
	address	%r4, length
	std	%r25, 0(%r4)
	mr	%r5, %r26
	li	%r3, 0
	li	%r0, OPAL_CONSOLE_WRITE
	mr	%r2, %r31
	mtctr	%r30
	bctrl
	b	.

	.balign	8
length:		.quad	0
text_faulted:	.ascii	"KEXEC_TEST canary faulted\r\n    \n"
text_faulted_end:
text_silent:	.ascii	"KEXEC_TEST canary no-fault\r\n   \n"
text_silent_end:
