// SPDX-License-Identifier: GPL-2.0
/*
 * Instrumented accesses for places where the kernel runs with the MMU off: for a
 * kernel that tests/realmode-plant.sh makes, and no other.
 *
 *	realmode_plant=MASK	in these places, a bit each
 *	realmode_unguarded	with the test of the MSR in KASAN's checks out of action
 *
 * What was planted with the MMU off, and whether it was in an NMI, is printed later,
 * where that can be done.
 */
#include <linux/compiler.h>
#include <linux/init.h>
#include <linux/kasan.h>
#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/string.h>
#include <linux/timer.h>

#include <asm/reg.h>

static struct area {
	unsigned long load;
	unsigned long store;
	char set[256];
	char from[256];
	char to[256];
} area;

bool realmode_unguarded;

static unsigned long wanted, planted, in_nmis, printed;
static bool unguarded;

static noinline notrace void access(struct area *a)
{
	/* What is known to be within a variable is not checked */
	OPTIMIZER_HIDE_VAR(a);
	a->store = a->load + 1;
	memset(a->set, 1, sizeof(a->set));
	memcpy(a->to, a->from, sizeof(a->to));
	kasan_check_byte(a);	/* as lockdep does with a lock */
}

/* Not instrumented itself: it must do nothing where nothing is wanted */
void __no_sanitize_address notrace realmode_plant(unsigned long place);
void __no_sanitize_address notrace realmode_plant(unsigned long place)
{
	if (!(wanted >> place & 1) || mfmsr() & MSR_DR)
		return;
	realmode_unguarded = unguarded;
	access(&area);
	realmode_unguarded = false;
	planted |= 1UL << place;
	if (preempt_count() & NMI_MASK)
		in_nmis |= 1UL << place;
}

static void tell(struct timer_list *timer)
{
	if (planted & ~printed) {
		printed |= planted;
		pr_info("realmode_plant: planted %#lx, in an NMI %#lx\n", printed, in_nmis);
	}
	mod_timer(timer, jiffies + 1);	/* a guest can end soon */
}

static DEFINE_TIMER(teller, tell);

static int __init start_telling(void)
{
	mod_timer(&teller, jiffies + 1);
	return 0;
}
core_initcall(start_telling);

static int __init want_plants(char *text)
{
	return kstrtoul(text, 0, &wanted);
}
early_param("realmode_plant", want_plants);

static int __init want_unguarded(char *text)
{
	unguarded = true;
	return 0;
}
early_param("realmode_unguarded", want_unguarded);
