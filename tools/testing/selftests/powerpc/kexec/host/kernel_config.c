// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "kernel_config.h"
#include "vmlinux.h"

/* Of each option that a test or a step of init may miss: what only it brings */
static const struct {
	const char *option;
	const char *symbol;
} options[] = {
	{ "CONFIG_CRASH_DUMP", "crash_get_memory_size" },
	{ "CONFIG_DEBUG_FS", "debugfs_create_dir" },
	{ "CONFIG_DEVMEM", "mem_fops" },
	{ "CONFIG_DEVTMPFS", "devtmpfs_create_node" },
	{ "CONFIG_FTRACE", "tracing_init_dentry" },
	{ "CONFIG_FUNCTION_GRAPH_TRACER", "graph_trace_init" },
	{ "CONFIG_FUNCTION_TRACER", "function_trace_init" },
	{ "CONFIG_HOTPLUG_CPU", "remove_cpu" },
	{ "CONFIG_KASAN", "kasan_report" },
	{ "CONFIG_KCOV", "kcov_task_init" },
	{ "CONFIG_KEXEC", "sys_kexec_load" },
	{ "CONFIG_KEXEC_FILE", "sys_kexec_file_load" },
	{ "CONFIG_KPROBE_EVENTS", "kprobe_events_ops" },
	{ "CONFIG_KVM_BOOK3S_64_HV", "kvmhv_vcpu_entry_p9" },
	{ "CONFIG_LKDTM", "lkdtm_SOFTLOCKUP" },
	{ "CONFIG_MAGIC_SYSRQ", "sysrq_toggle_support" },
	{ "CONFIG_MODULES", "find_module" },
	{ "CONFIG_PPC_64S_HASH_MMU", "hash__early_init_mmu" },
	{ "CONFIG_PROC_KCORE", "kclist_add" },
	{ "CONFIG_PROC_PAGE_MONITOR", "proc_pagemap_operations" },
	{ "CONFIG_PROC_VMCORE", "vmcore_init" },
	{ "CONFIG_SOFTLOCKUP_DETECTOR", "softlockup_panic" },
	{ "CONFIG_STRICT_KERNEL_RWX", "mark_rodata_ro" },
	{ "CONFIG_SYSCTL", "proc_sys_init" },
};

bool kernel_has(const char *option)
{
	__u64 address;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(options); i++) {
		if (strcmp(options[i].option, option))
			continue;
		address = vmlinux_symbol(options[i].symbol);
		/* A system call that was left out is another name of this one */
		return address && address != vmlinux_symbol("sys_ni_syscall");
	}
	return false;
}
