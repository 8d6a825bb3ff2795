// SPDX-License-Identifier: GPL-2.0
/*
 * The step that runs a guest of KVM on bare metal, and a machine check in it. That one
 * is real: the guest loads from where the machine has neither memory nor a device.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <linux/kvm.h>

#include "init.h"

#define GUEST_SIZE	0x100000ULL
#define START		0x1000	/* where the guest begins */
#define MACHINE_CHECK	0x200	/* where KVM tells it of a machine check */
#define NOTHING		0x10000000ULL	/* there the guest finds what is not there: */
#define NOWHERE		0x200000000000ULL	/* above memory and devices of powernv9 and 10 */
#define MSR_SF_ME	0x8000000000001000ULL
/* Hypercalls that nobody has, so KVM hands them to us */
#define STARTED		0x7ff4
#define CHECKED		0x7ff8

static char *memory;

/* The guest is big-endian: that is how KVM delivers a machine check */
static void put(unsigned int address, const __u32 *code, size_t words)
{
	unsigned char *to = (unsigned char *)memory + address;
	size_t i;
	int byte;

	for (i = 0; i < words; i++)
		for (byte = 24; byte >= 0; byte -= 8)
			*to++ = code[i] >> byte;
}

static void write_guest(void)
{
	static const __u32 start[] = {
		0x38600000 | STARTED,		/* li	r3,STARTED */
		0x44000022,			/* sc	1 */
		0x3c800000 | NOTHING >> 16,	/* lis	r4,NOTHING@h */
		0xe8a40000,			/* ld	r5,0(r4) */
		0x48000000,			/* b	. */
	};
	static const __u32 machine_check[] = {
		0x38600000 | CHECKED,		/* li	r3,CHECKED */
		0x44000022,			/* sc	1 */
		0x48000000,			/* b	. */
	};

	put(START, start, ARRAY_SIZE(start));
	put(MACHINE_CHECK, machine_check, ARRAY_SIZE(machine_check));
}

static void give_memory(int vm, int slot, __u64 address, void *from, __u64 size)
{
	struct kvm_userspace_memory_region region = {
		.slot = slot,
		.guest_phys_addr = address,
		.memory_size = size,
		.userspace_addr = (unsigned long)from,
	};

	if (from == MAP_FAILED)
		fail_errno("mmap the guest's memory");
	if (ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region))
		fail_errno("give the guest its memory");
}

static int make_guest(int kvm, struct kvm_run **run)
{
	struct kvm_enable_cap papr = { .cap = KVM_CAP_PPC_PAPR };
	struct kvm_regs regs;
	int vm, vcpu, size, mem;

	vm = ioctl(kvm, KVM_CREATE_VM, KVM_VM_PPC_HV);
	if (vm < 0)
		fail_errno("create a guest");
	memory = mmap(NULL, GUEST_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	give_memory(vm, 0, 0, memory, GUEST_SIZE);
	write_guest();
	mem = open("/dev/mem", O_RDWR);
	if (mem < 0)
		skip_without("CONFIG_DEVMEM");
	give_memory(vm, 1, NOTHING, mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED,
					 mem, NOWHERE), page_size());
	vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);
	size = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	if (vcpu < 0 || size < 0)
		fail_errno("create the guest's CPU");
	*run = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu, 0);
	if (*run == MAP_FAILED)
		fail_errno("mmap the guest's CPU");
	if (ioctl(vcpu, KVM_ENABLE_CAP, &papr) || ioctl(vcpu, KVM_GET_REGS, &regs))
		fail_errno("look at the guest's CPU");
	regs.pc = START;
	regs.msr = MSR_SF_ME;
	if (ioctl(vcpu, KVM_SET_REGS, &regs))
		fail_errno("set the guest's registers");
	return vcpu;
}

/* Run until the guest makes this hypercall */
static void run_to(int vcpu, struct kvm_run *run, __u64 hypercall)
{
	do {
		if (ioctl(vcpu, KVM_RUN, 0) && errno != EINTR)
			fail_errno("run the guest");
	} while (run->exit_reason == KVM_EXIT_INTR);
	if (run->exit_reason != KVM_EXIT_PAPR_HCALL || run->papr_hcall.nr != hypercall) {
		errno = 0;
		fail_errno("run the guest: it came out with %u, %llx", run->exit_reason,
			   (unsigned long long)run->papr_hcall.nr);
	}
}

static void step_kvm(const char *argument, const char *rest)
{
	struct kvm_run *run;
	int kvm, vcpu;

	if (!on_opal())
		skip_here("only bare metal runs guests of KVM HV");
	mount_once("devtmpfs", "/dev", "CONFIG_DEVTMPFS");
	kvm = open("/dev/kvm", O_RDWR);
	if (kvm < 0)
		skip_without("CONFIG_KVM_BOOK3S_64_HV");
	vcpu = make_guest(kvm, &run);
	find_kcov(argument);
	trace_me();
	run_to(vcpu, run, STARTED);
	fact("guest runs");
	run_to(vcpu, run, CHECKED);
	fact("guest took a machine check");
}

STEP("kvm", step_kvm);
