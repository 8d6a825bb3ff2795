// SPDX-License-Identifier: GPL-2.0
/* In the capture kernel: is /proc/vmcore the memory of the kernel that crashed? */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "init.h"

/* struct elf_prstatus: its registers are at 112, and NIP is behind 32 others */
#define PRSTATUS_NIP	(112 + 32 * 8)
/* Of an address of the kernel, which is in the linear mapping */
#define REAL_ADDRESS	0x0fffffffffffffffULL
#define PROGRESS	0x40000000LL	/* bytes of a dump, between two words of it */
#define NOTE_ALIGN(size) (((size) + 3UL) & ~3UL)

static int vmcore;

static void must_read(void *buffer, size_t size, off_t offset, const char *what)
{
	ssize_t length = read_at(vmcore, buffer, size, offset);

	if (length < 0)
		fail_errno("read %s of /proc/vmcore", what);
	if ((size_t)length != size) {
		fact("vmcore is short: %s ends after %zd of %zu bytes", what, length, size);
		power_off();
	}
}

/* VMCOREINFO is text in a note of that name */
static void find_release(const char *notes, size_t size)
{
	char *info = find_bytes(notes, size, "VMCOREINFO", sizeof("VMCOREINFO"));
	char *release = info ? find_bytes(info, notes + size - info, "OSRELEASE=", 10) : NULL;

	if (release)
		fact("vmcoreinfo %.*s", (int)length_to(release, "\n"), release);
}

/* How many CPUs left their registers? A note of zeroes is none. */
static int count_registers(const char *notes, size_t size)
{
	const Elf64_Nhdr *note;
	size_t at = 0, text, next;
	int cpus = 0;
	__u64 nip;

	for (; at + sizeof(*note) <= size; at = next) {
		note = (const void *)(notes + at);
		text = at + sizeof(*note) + NOTE_ALIGN(note->n_namesz);
		next = text + NOTE_ALIGN(note->n_descsz);
		if (next > size || next <= at)
			break;
		if (note->n_type != NT_PRSTATUS || note->n_descsz < PRSTATUS_NIP + sizeof(nip))
			continue;
		memcpy(&nip, notes + text + PRSTATUS_NIP, sizeof(nip));
		cpus += nip != 0;
	}
	return cpus;
}

/* Returns how many CPUs' registers are in there */
static int read_notes(const Elf64_Phdr *segment)
{
	char *notes = malloc(segment->p_filesz);
	int cpus;

	if (!notes)
		fail_errno("allocate %llu bytes for the notes",
			   (unsigned long long)segment->p_filesz);
	must_read(notes, segment->p_filesz, segment->p_offset, "the notes");
	find_release(notes, segment->p_filesz);
	cpus = count_registers(notes, segment->p_filesz);
	free(notes);
	return cpus;
}

/* What the crashed kernel has at this place of its memory; false if it is not in @segment */
static bool read_memory(const Elf64_Phdr *segment, __u64 address, void *buffer, size_t size,
			const char *what)
{
	if (address < segment->p_paddr || address - segment->p_paddr >= segment->p_filesz)
		return false;
	must_read(buffer, size, segment->p_offset + address - segment->p_paddr, what);
	return true;
}

static void find_mark(const Elf64_Phdr *segment, __u64 mark)
{
	char have[80], want[80];

	snprintf(want, sizeof(want), "KEXEC_TEST mark %s", nonce);
	if (read_memory(segment, mark, have, strlen(want) + 1, "the mark"))
		fact("mark %s", strcmp(have, want) ? "is not there" : "found");
}

/* The crash itself may have tainted it, and nothing of that reached the console */
static bool find_taint(const Elf64_Phdr *segment, unsigned long *taint)
{
	const char *symbol = parameter("tainted_mask");

	return symbol && read_memory(segment, strtoull(symbol, NULL, 16) & REAL_ADDRESS, taint,
				     sizeof(*taint), "the taint");
}

/* @end is where the headers say that the last segment ends */
static void read_to_its_end(off_t end)
{
	static char block[1 << 20];
	off_t total = 0, told = 0;
	ssize_t length;
	struct stat st;

	if (fstat(vmcore, &st) || lseek(vmcore, 0, SEEK_SET))
		fail_errno("seek in /proc/vmcore");
	while ((length = read(vmcore, block, sizeof(block))) > 0) {
		total += length;
		if (total >= told + PROGRESS) {
			told = total;
			fact("reading: %lld MiB", (long long)(told >> 20));
		}
	}
	if (length < 0)
		fail_errno("read /proc/vmcore at byte %lld", (long long)total);
	if (total != st.st_size || total < end)
		fact("vmcore is short: %lld bytes read, of %lld by its size, %lld by its headers",
		     (long long)total, (long long)st.st_size, (long long)end);
	else
		fact("vmcore whole %lld MiB", (long long)(total >> 20));
}

static void step_vmcore(const char *mark, const char *rest)
{
	Elf64_Ehdr header;
	Elf64_Phdr segment;
	off_t end = 0;
	unsigned long taint;
	bool tainted = false;
	int i, cpus = 0;

	vmcore = open("/proc/vmcore", O_RDONLY);
	if (vmcore < 0)
		fail_errno("open /proc/vmcore");
	must_read(&header, sizeof(header), 0, "the ELF header");
	if (memcmp(header.e_ident, ELFMAG, SELFMAG) || header.e_type != ET_CORE ||
	    header.e_machine != EM_PPC64) {
		fact("vmcore is no ELF core of a ppc64");
		power_off();
	}
	for (i = 0; i < header.e_phnum; i++) {
		must_read(&segment, sizeof(segment), header.e_phoff + i * sizeof(segment),
			  "a program header");
		if ((off_t)(segment.p_offset + segment.p_filesz) > end)
			end = segment.p_offset + segment.p_filesz;
		if (segment.p_type == PT_NOTE)
			cpus += read_notes(&segment);
		if (segment.p_type != PT_LOAD)
			continue;
		find_mark(&segment, strtoull(mark, NULL, 16));
		tainted |= find_taint(&segment, &taint);
	}
	if (tainted)
		fact("crashed tainted %lu", taint);
	fact("registers of %d CPUs", cpus);
	read_to_its_end(end);
}

/* Without zero, cache, user and free pages, compressed: what a distribution does */
static void step_filter(const char *argument, const char *rest)
{
	char start[8] = "";
	struct stat st;

	/* It keeps its notes there */
	mkdir("/tmp", 0700);
	run_tool("makedumpfile", "-c", "-d", "31", "/proc/vmcore", "/dump", NULL);
	if (!read_file("/dump", start, sizeof(start)) || stat("/dump", &st))
		fail_errno("read /dump");
	fact("filtered %s %lld KiB", start, (long long)st.st_size >> 10);
}

STEP("vmcore", step_vmcore);
STEP("filter", step_filter);
