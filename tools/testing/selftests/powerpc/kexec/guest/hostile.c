// SPDX-License-Identifier: GPL-2.0
/*
 * The hostile image: the copy loop of kexec writes over the running task.
 *
 * The image's first segment covers the pages of this process's task_struct, so
 * that every page which is copied after them is copied with a `current` made of
 * the image's bytes. They read as "not in an interrupt" wherever the kernel
 * looks for preempt_count, and as a pointer to nowhere where it looks for
 * thread.regs. bare.S is the rest of the image and tells that it was reached.
 *
 * The task is found in this CPU's PACA, through /proc/kcore: one of the words
 * there points at it, and it is the one whose memory changes with the
 * process's name. That needs no structure layout, only where paca_ptrs is,
 * which the host reads in vmlinux.
 */
#include <endian.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kexec.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "arrival.h"
#include "init.h"

#define PAGE_OFFSET	0xc000000000000000UL
#define PACA_SEARCHED	8192
#define TASK_SEARCHED	(16 * 1024)

/*
 * Neither half has a bit of the softirq, hardirq or NMI counts (0x00ffff00),
 * and no machine has memory there.
 */
#define POISON		0x0f000000000000ffUL

static int kcore = -1;

static ssize_t read_kernel(__u64 address, void *buffer, size_t size)
{
	Elf64_Ehdr header;
	Elf64_Phdr segment;
	int i;

	if (read_at(kcore, &header, sizeof(header), 0) != sizeof(header))
		fail_errno("read the header of /proc/kcore");
	for (i = 0; i < header.e_phnum; i++) {
		if (read_at(kcore, &segment, sizeof(segment),
			    header.e_phoff + i * sizeof(segment)) != sizeof(segment))
			fail_errno("read the program headers of /proc/kcore");
		if (segment.p_type == PT_LOAD && address >= segment.p_vaddr &&
		    address - segment.p_vaddr < segment.p_memsz)
			return read_at(kcore, buffer, size,
				       segment.p_offset + address - segment.p_vaddr);
	}
	return 0;
}

/* Offset of @name in the memory at @address, or -1 */
static long find_name(__u64 address, const char *name)
{
	static char memory[TASK_SEARCHED];
	ssize_t length = read_kernel(address, memory, sizeof(memory));
	char *at;

	if (length <= 0)
		return -1;
	at = find_bytes(memory, length, name, strlen(name) + 1);
	return at ? at - memory : -1;
}

static __u64 find_task(long *name_offset)
{
	static const char first[] = "kexec-test-one", second[] = "kexec-test-two";
	static __u64 paca[PACA_SEARCHED / 8];
	const char *symbol = parameter("paca_ptrs");
	__u64 pointer, task = 0;
	ssize_t length;
	size_t i;

	if (!symbol) {
		errno = EINVAL;
		error_errno("find kexec_test.paca_ptrs on the command line");
	}
	if (read_kernel(strtoull(symbol, NULL, 16), &pointer, 8) != 8 ||
	    read_kernel(pointer, &pointer, 8) != 8)
		fail_errno("read paca_ptrs in /proc/kcore");
	length = read_kernel(pointer, paca, sizeof(paca));
	if (length <= 0)
		fail_errno("read the PACA in /proc/kcore");

	for (i = 0; i < (size_t)length / 8 && !task; i++) {
		long at;

		if (paca[i] >> 60 != PAGE_OFFSET >> 60 || paca[i] % 16)
			continue;
		prctl(PR_SET_NAME, (unsigned long)first, 0, 0, 0);
		at = find_name(paca[i], first);
		prctl(PR_SET_NAME, (unsigned long)second, 0, 0, 0);
		if (at >= 0 && find_name(paca[i], second) == at) {
			task = paca[i];
			*name_offset = at;
		}
	}
	if (!task) {
		errno = ESRCH;
		fail_errno("find this process's task_struct through the PACA");
	}
	return task - PAGE_OFFSET;
}

static __u64 read_cell(const char *path)
{
	__u64 cell = 0;
	int fd = open(path, O_RDONLY);

	if (fd < 0)
		return 0;
	if (read(fd, &cell, 8) != 8)
		fail_errno("read %s", path);
	close(fd);
	return cell;
}

static void step_hostile(const char *argument, const char *rest)
{
	static char program[64 * 1024];
	struct arrival *arrival = (void *)(program + ARRIVAL_OFFSET);
	size_t page = page_size(), poisoned, filler = 1 << 20, i;
	__u64 task, start, *poison, room;
	struct kexec_segment segments[3];
	long name_offset;
	int bare;

	run_on_cpu(0);
	kcore = open("/proc/kcore", O_RDONLY);
	if (kcore < 0)
		skip_without("CONFIG_PROC_KCORE");
	bare = open("/bare", O_RDONLY);
	if (bare < 0 || read(bare, program, sizeof(program)) <= 0)
		error_errno("read /bare");
	close(bare);

	task = find_task(&name_offset);
	fact("task at %#llx", task);
	/* The name lies in the task_struct's middle, what matters may be behind it */
	start = task / page * page;
	poisoned = (task + name_offset + 8192 - start + page - 1) / page * page;
	poison = malloc(poisoned);
	for (i = 0; i < poisoned / 8; i++)
		poison[i] = POISON;

	/* Away from the kernel, from firmware and from the task */
	room = 192UL << 20;
	if (start + poisoned > room && start < room + 2 * filler)
		room -= 64UL << 20;

	snprintf(arrival->whole, sizeof(arrival->whole), "KEXEC_TEST %s arrived whole\r\n",
		 nonce);
	snprintf(arrival->damaged, sizeof(arrival->damaged),
		 "KEXEC_TEST %s arrived damaged\r\n", nonce);
	arrival->check_start = htobe64(start);
	arrival->check_end = htobe64(start + poisoned);
	arrival->check_word = POISON;	/* compared as bytes */
	/* The device tree is big-endian, as is bare.S */
	arrival->opal_base = read_cell("/proc/device-tree/ibm,opal/opal-base-address");
	arrival->opal_entry = read_cell("/proc/device-tree/ibm,opal/opal-entry-address");

	segments[0] = (struct kexec_segment){ poison, poisoned, (void *)start, poisoned };
	segments[1] = (struct kexec_segment){ poison, 0, (void *)room, filler };
	segments[2] = (struct kexec_segment){ program, sizeof(program),
					      (void *)(room + filler), sizeof(program) };
	if (syscall(__NR_kexec_load, room + filler, 3, segments, KEXEC_ARCH_PPC64))
		load_failed("kexec_load over the task", "CONFIG_KEXEC");
	reboot_into_next();
}

STEP("hostile", step_hostile);
