# SPDX-License-Identifier: GPL-2.0
# Gives the code-patching.c of a tree that has 980411a4d1bb the shape and the bug
# that c28c15b6d28a had: the temporary mm's PTE is cached, and used without its
# lock. No kernel on any mirror has that state; this is the nearest to be had.
/^static DEFINE_PER_CPU(struct patch_context, cpu_patching_context);/{
	a\
static DEFINE_PER_CPU(struct vm_struct *, text_poke_area);\
static DEFINE_PER_CPU(struct mm_struct *, cpu_patching_mm);\
static DEFINE_PER_CPU(unsigned long, cpu_patching_addr);\
static DEFINE_PER_CPU(pte_t *, cpu_patching_pte);
}
/this_cpu_write(cpu_patching_context\.area, area);/a\
	this_cpu_write(text_poke_area, area);
/^static int text_area_cpu_up_mm/,/^static int __do_patch_mem(/{
	s/cpu_patching_context\.\(mm\|addr\)/cpu_patching_\1/
	/this_cpu_write(cpu_patching_addr, addr);/a\
	this_cpu_write(cpu_patching_pte, pte);
	/this_cpu_write(cpu_patching_addr, 0);/a\
	this_cpu_write(cpu_patching_pte, NULL);
}
/^static int __do_patch_mem_mm/,/^}/{
	/^	spinlock_t \*ptl;/d
	/__this_cpu_read(cpu_patching_mm)/a\
	pte = __this_cpu_read(cpu_patching_pte);
	/^	pte = get_locked_pte/,/^$/d
	/^	pte_unmap_unlock/,/^$/d
}
# The block path came later; keep it as it is, but out of sight of the rules
/^static int __do_patch_instructions_mm/,/^}/{
	s/cpu_patching_context\.\(mm\|addr\)/cpu_patching_\1/
	s/get_locked_pte(patching_mm,/get_locked_pte((patching_mm),/
}
