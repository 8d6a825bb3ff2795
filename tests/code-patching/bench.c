// SPDX-License-Identifier: GPL-2.0
/*
 * How many instructions does code patching take? For a kernel that runs under
 * QEMU with -icount, where the timebase counts instructions. With a second CPU:
 * how many pages does each time take that it goes and comes back? Measures when
 * the kernel is up, and powers it off.
 *
 * This is no module, as patch_instruction() is not exported, and a benchmark is
 * no reason to. It is no part of the kernel's self-test either: on hardware, ticks
 * are no instructions, and nobody else has a use for it.
 */
#include <linux/cpu.h>
#include <linux/ftrace.h>
#include <linux/init.h>
#include <linux/jump_label.h>
#include <linux/reboot.h>
#include <linux/smp.h>
#include <linux/vmstat.h>

#include <asm/text-patching.h>
#include <asm/time.h>

#define WARM_UP	4
#define RUNS	8
#define CYCLES	200

/* Kernel text that nobody runs, and a part of it that lies within one page */
static noinline void __aligned(8192) nops(void)
{
	asm volatile(".rept 1280; nop; .endr");
}

static u32 *target(void)
{
	return (u32 *)ppc_function_entry(nops) + 64;
}

static noinline void nothing(void)
{
	barrier();
}

static void one_instruction(void)
{
	patch_instruction(target(), ppc_inst(PPC_RAW_NOP()));
}

static void block_of_64(void)
{
	patch_instructions(target(), target(), 64, false);
}

static void block_of_4096(void)
{
	patch_instructions(target(), target(), 4096, false);
}

#ifdef PATCH_BATCH_SIZE
/* One window, the longest that there is: bounds the time with interrupts off */
static void full_batch(void)
{
	static struct patch_batch batch;

	while (!patch_batch_full(&batch))
		patch_batch_instruction(&batch, target() + 4 * batch.nr, ppc_inst(PPC_RAW_NOP()));
	patch_batch_apply(&batch);
}
#endif

#define FOUR_TIMES(x)	x; x; x; x

/* A key with 64 branches, as the most used ones have */
static DEFINE_STATIC_KEY_FALSE(bench_key);

static noinline void branches(void)
{
	FOUR_TIMES(FOUR_TIMES(FOUR_TIMES(if (static_branch_unlikely(&bench_key)) nothing())));
}

static void key_on_off(void)
{
	static_branch_enable(&bench_key);
	static_branch_disable(&bench_key);
}

static void notrace trace_nothing(unsigned long ip, unsigned long parent_ip,
				  struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
}

static struct ftrace_ops bench_ops = { .func = trace_nothing };

static void tracer_on_off(void)
{
	if (register_ftrace_function(&bench_ops) || unregister_ftrace_function(&bench_ops))
		pr_err("BENCH cannot trace\n");
}

/* The shortest run is the one that no interrupt came into */
static void __init measure(const char *what, void (*run)(void))
{
	u64 ticks, shortest = U64_MAX;
	int i;

	for (i = 0; i < WARM_UP + RUNS; i++) {
		ticks = mftb();
		run();
		ticks = mftb() - ticks;
		if (i >= WARM_UP)
			shortest = min(shortest, ticks);
	}
	pr_info("BENCH %s %llu ticks of %lu Hz\n", what, shortest, tb_ticks_per_sec);
}

static int both_ways(void *unused)
{
	one_instruction();
	block_of_64();
	return 0;
}

/* The first times take what is then kept, as stacks and slabs */
static void __init offline_online(void)
{
	unsigned long tables = 0, free = 0;
	int i;

	for (i = 0; i < WARM_UP + CYCLES; i++) {
		if (i == WARM_UP) {
			tables = global_node_page_state(NR_PAGETABLE);
			free = global_zone_page_state(NR_FREE_PAGES);
		}
		if (remove_cpu(1) || add_cpu(1) || smp_call_on_cpu(1, both_ways, NULL, false))
			pr_err("BENCH cannot take CPU 1 away and back\n");
	}
	rcu_barrier();
	pr_info("BENCH %d cycles took %ld pages for page tables, %ld in all\n", CYCLES,
		global_node_page_state(NR_PAGETABLE) - tables,
		free - global_zone_page_state(NR_FREE_PAGES));
}

static int __init bench_code_patching(void)
{
	if (num_online_cpus() > 1) {
		offline_online();
	} else {
		measure("nothing", nothing);
		measure("patch_instruction", one_instruction);
		measure("patch_instructions-64", block_of_64);
		measure("patch_instructions-4096", block_of_4096);
		measure("tracer-on-off", tracer_on_off);
		branches();
		if (IS_ENABLED(CONFIG_JUMP_LABEL))
			measure("key-on-off", key_on_off);
#ifdef PATCH_BATCH_SIZE
		measure("full-batch", full_batch);
#endif
	}
	kernel_power_off();
	return 0;
}
late_initcall_sync(bench_code_patching);
