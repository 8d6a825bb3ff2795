// SPDX-License-Identifier: GPL-2.0
/*
 * What happens to a patch on a CPU that goes, or comes back? Per-CPU workers run
 * there until CPUHP_AP_WORKQUEUE_ONLINE is taken down, and again as soon as it is
 * up: so here is one that patches all the time. BPF's free programs like that.
 * Measures when the kernel is up, and powers it off.
 */
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/reboot.h>
#include <linux/workqueue.h>

#include <asm/text-patching.h>

#define GOING	1	/* the CPU */
#define CYCLES	20

static unsigned long patches, failed;
static bool done;

/* Kernel text that nobody runs */
static noinline void nops(void)
{
	asm volatile("nop; nop; nop; nop");
}

/* The second half of it: not what ftrace patches */
static u32 *target(void)
{
	return (u32 *)ppc_function_entry(nops) + 3;
}

/* Counts what was patched on the CPU while it was not active, but not yet dead */
static void patch_on(struct work_struct *unused)
{
	int err;

	while (!READ_ONCE(done)) {
		if (get_cpu() == GOING && !cpu_active(GOING)) {
			err = patch_instruction(target(), ppc_inst(PPC_RAW_NOP()));
			if (err)
				failed++;
			else
				patches++;
		}
		put_cpu();
		usleep_range(20, 50);
	}
}

static int __init patch_on_going_cpu(void)
{
	struct workqueue_struct *queue = alloc_workqueue("going-cpu", WQ_HIGHPRI | WQ_PERCPU, 0);
	static DECLARE_WORK(work, patch_on);
	int i;

	for (i = 0; queue && i < CYCLES; i++) {
		WRITE_ONCE(done, false);
		queue_work_on(GOING, queue, &work);
		if (remove_cpu(GOING) || add_cpu(GOING))
			pr_err("GOING cannot take CPU %d away and back\n", GOING);
		WRITE_ONCE(done, true);
		flush_workqueue(queue);
	}
	pr_info("GOING %d times: %lu patches on that CPU, %lu failed\n", i, patches, failed);
	kernel_power_off();
	return 0;
}
late_initcall_sync(patch_on_going_cpu);
