// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "tests.h"

/* What a test that crashes has to have */
#define KDUMP							\
	.append = "crashkernel=768M",				\
	.memory_mib = 2048,					\
	.option = "CONFIG_PROC_VMCORE"
/* A kernel that may write to its own text needs no mapping to patch it */
#define PATCHING						\
	.cpus = 2,						\
	.any_machine = true,					\
	.option = "CONFIG_STRICT_KERNEL_RWX"
#define MACHINE_CHECKS						\
	.complaints = "(Severe)*UE Load/Store DAR:*[Not recovered]",	\
	.taints = MACHINE_CHECK,				\
	.expected = { "boot 1", "~ERAT Multihit*[Recovered]", "~UE Load/Store DAR:", \
		      "child died of signal 7", "done" }
#define GUEST_MACHINE_CHECK					\
	.taints = MACHINE_CHECK,				\
	.expected = { "boot 1", "guest runs", "~Guest NIP", "guest took a machine check", \
		      "done" }
#define PATCHED "breakpoint hit by each call", "done"
#define DUMPED "vmcoreinfo OSRELEASE=", "mark found", "crashed tainted", "registers of", \
	"vmcore whole"
#define CAPTURED "boot 2", DUMPED, "done"
/* Bits of /proc/sys/kernel/tainted */
#define MACHINE_CHECK	0x10
#define SOFTLOCKUP	0x4000
#define BAD_PAGE	0x20	/* what KASAN sets when it reports */

#define HUNG "Kernel panic - not syncing: softlockup: hung tasks"
#define PANIC "Kernel panic - not syncing: sysrq triggered crash"

const struct test tests[] = {
	{
		.name = "canary",
		.about = "this QEMU faults on a bad real-mode access",
		.is_canary = true,
		.any_machine = true,
		.expected = { "~KEXEC_TEST canary faulted" },
	}, {
		.name = "kasan",
		.about = "KASAN is awake: it says so and reports a use after free",
		.plan = "bad-access",
		.any_machine = true,
		.option = "CONFIG_KASAN",
		.complaints = "BUG: KASAN: *use-after-free in lkdtm_|Call Trace:",
		.taints = BAD_PAGE,
		.expected = { "~KASAN init done|KernelAddressSanitizer initialized",
			      "boot 1", "provoke",
			      "~BUG: KASAN: use-after-free|BUG: KASAN: slab-use-after-free",
			      "provoked", "done" },
	}, {
		.name = "kexec-file",
		.about = "kexec_file_load() into the same kernel, three boots",
		.plan = "kexec-file,kexec-file",
		.expected = { "boot 1", "switch", "boot 2", "switch",
			      "boot 3", "done" },
	}, {
		.name = "kexec-load",
		.about = "the same through kexec_load(), by kexec-tools",
		.plan = "kexec-load,kexec-load",
		.tool = "kexec",
		.expected = { "boot 1", "switch", "boot 2", "switch",
			      "boot 3", "done" },
	}, {
		.name = "payload",
		.about = "32 MiB of data arrive whole in the next initramfs",
		.plan = "kexec-file:32,verify:32",
		.expected = { "boot 1", "switch", "boot 2", "payload whole 32 MiB", "done" },
	}, {
		.name = "hostile",
		.about = "the image overwrites the running task",
		.plan = "hostile",
		.expected = { "boot 1", "task at", "switch", "arrived whole" },
	}, {
		.name = "hash",
		.about = "kexec with the hash MMU, where KASAN is off",
		.plan = "kexec-file",
		.append = "disable_radix",
		.mmu = "Hash",
		.any_machine = true,
		.option = "CONFIG_PPC_64S_HASH_MMU",
		.expected = { "boot 1", "switch", "boot 2", "done" },
	}, {
		.name = "ftrace",
		.about = "kexec while the function tracer runs",
		.plan = "ftrace:function,kexec-file",
		.expected = { "boot 1", "tracing", "switch", "boot 2", "done" },
	}, {
		.name = "fgraph",
		.about = "the same with the function graph tracer",
		.plan = "ftrace:function_graph,kexec-file",
		.expected = { "boot 1", "tracing", "switch", "boot 2", "done" },
	}, {
		.name = "patching",
		.about = "the kernel patches its code, on each of 2 CPUs",
		.plan = "patch:2",
		PATCHING,
		.expected = { "boot 1", PATCHED },
	}, {
		.name = "patching-hotplug",
		.about = "the same while a CPU goes and comes back",
		.plan = "hotplug:8,patch:2",
		PATCHING,
		.expected = { "boot 1", "CPU 1 went 8 times", PATCHED },
	}, {
		.name = "patching-hash",
		.about = "the same with the hash MMU",
		.plan = "hotplug:8,patch:2",
		.append = "disable_radix",
		.mmu = "Hash",
		PATCHING,
		.expected = { "boot 1", "CPU 1 went 8 times", PATCHED },
	}, {
		.name = "modules",
		.about = "the same with radix, and modules",
		.plan = "hotplug:8,modules:2",
		.tool = "test_static_keys.ko",
		PATCHING,
		.expected = { "boot 1", "CPU 1 went 8 times", "done" },
	}, {
		.name = "smp2",
		.about = "kexec with 2 CPUs",
		.plan = "kexec-file",
		.cpus = 2,
		.expected = { "boot 1", "switch", "boot 2", "done" },
	}, {
		.name = "smp4",
		.about = "kexec with 4 CPUs",
		.plan = "kexec-file",
		.cpus = 4,
		.expected = { "boot 1", "switch", "boot 2", "done" },
	}, {
		.name = "smt4",
		.about = "kexec with a core of 4 threads",
		.plan = "kexec-file",
		.cpus = 4,
		.threads = 4,
		.expected = { "boot 1", "switch", "boot 2", "done" },
	}, {
		.name = "machine-check",
		.about = "one that the kernel mends, and one that only the process dies of",
		.plan = "machine-check",
		MACHINE_CHECKS,
	}, {
		.name = "hmi",
		.about = "a hypervisor maintenance interrupt, which the kernel hands to firmware",
		.plan = "hmi",
		.expected = { "boot 1", "hmis 1", "done" },
	}, {
		.name = "machine-check-kcov",
		.about = "machine-check with a process of which kcov traces the kernel's part",
		.plan = "machine-check:kcov",
		MACHINE_CHECKS,
		.option = "CONFIG_KCOV",
	}, {
		.name = "hmi-kcov",
		.about = "hmi with such a process",
		.plan = "hmi:kcov",
		.option = "CONFIG_KCOV",
		.expected = { "boot 1", "hmis 1", "done" },
	}, {
		.name = "kvm",
		.about = "a machine check in a guest of KVM, of which only the guest is told",
		.plan = "kvm",
		.option = "CONFIG_KVM_BOOK3S_64_HV",
		GUEST_MACHINE_CHECK,
	}, {
		.name = "kvm-kcov",
		.about = "kvm with a process of which kcov traces the kernel's part",
		.plan = "kvm:kcov",
		.option = "CONFIG_KCOV",
		GUEST_MACHINE_CHECK,
	}, {
		.name = "kdump",
		.about = "crash by sysrq-c; the capture kernel reads all memory",
		.plan = "crash:sysrq",
		KDUMP,
		.complaints = PANIC "|Call Trace:",
		.expected = { "boot 1", "crash 0", "~" PANIC, CAPTURED },
	}, {
		.name = "makedumpfile",
		.about = "the same, and makedumpfile filters the dump",
		.plan = "tool:makedumpfile,crash:sysrq,filter",
		KDUMP,
		.tool = "makedumpfile",
		.complaints = PANIC "|Call Trace:",
		.expected = { "boot 1", "crash 0", "~" PANIC, "boot 2", DUMPED, "filtered KDUMP",
			      "done" },
	}, {
		.name = "kdump-cpu1",
		.about = "the same, crashing on CPU 1 of 2",
		.plan = "crash:cpu1",
		KDUMP,
		.cpus = 2,
		.complaints = PANIC "|Call Trace:",
		.expected = { "boot 1", "crash 1", "~" PANIC, CAPTURED },
	}, {
		.name = "kdump-nmi",
		.about = "the same, by a system reset, inside of firmware if there is any",
		.plan = "crash:nmi",
		KDUMP,
		.expected = { "boot 1", "await-nmi", CAPTURED },
	}, {
		.name = "kdump-nmi-idle",
		.about = "the same, by a system reset of an idle CPU",
		.plan = "crash:nmi-idle",
		KDUMP,
		.expected = { "boot 1", "await-nmi elsewhere", CAPTURED },
	}, {
		.name = "kdump-irq",
		.about = "the same, by a panic in the timer interrupt",
		.plan = "crash:irq",
		KDUMP,
		.taints = SOFTLOCKUP,
		.complaints = "BUG: soft lockup|" HUNG "|Call Trace:",
		.expected = { "boot 1", "crash 0", "~" HUNG, CAPTURED },
	},
};

const int nr_tests = ARRAY_SIZE(tests);

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), end_length = strlen(end);

	return length >= end_length && !strcmp(text + length - end_length, end);
}

static void take_over(struct test *test, char *complaints, size_t size, const struct test *from)
{
	size_t used = strlen(complaints);

	test->taints |= from->taints;
	if (from->append)
		test->append = from->append;
	if (from->cpus)
		test->cpus = from->cpus;
	if (test->memory_mib < from->memory_mib)
		test->memory_mib = from->memory_mib;
	if (!from->complaints)
		return;
	snprintf(complaints + used, size - used, "%s%s", used ? "|" : "", from->complaints);
	test->complaints = complaints;
}

const struct test *test_of_plan(const char *steps)
{
	static char plan[300], complaints[400];
	static struct test test = { .name = "plan", .plan = plan, .expected = { "boot 1" } };
	size_t length = 0;
	int i;

	for (; *steps; steps++) {
		if (length == sizeof(plan) - 1)
			return NULL;
		if (*steps != ' ')
			plan[length++] = *steps == ';' ? ',' : *steps;
	}
	while (length && plan[length - 1] == ',')
		plan[--length] = '\0';
	/* What it starts is bare.S, which does not say "done" */
	test.expected[1] = ends_with(plan, "hostile") ? "arrived whole" : "done";
	/* These go from one CPU to the other */
	if (strstr(plan, "patch:") || strstr(plan, "hotplug:") || strstr(plan, "modules:"))
		test.cpus = 2;
	for (i = 0; i < nr_tests; i++)
		if (tests[i].plan && strstr(plan, tests[i].plan) &&
		    (tests[i].complaints || tests[i].taints || tests[i].memory_mib))
			take_over(&test, complaints, sizeof(complaints), &tests[i]);
	return &test;
}
