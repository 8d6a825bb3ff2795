// SPDX-License-Identifier: GPL-2.0
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vmlinux.h"

struct symbol {
	__u64 address;
	__u64 size;
	const char *name;
	bool function;
	bool data;
};

static Elf *elf;		/* stays open: the symbols' names are in it */
static struct symbol *symbols;
static size_t nr_symbols;
static char banner[512];
static bool big_endian;

static int by_address(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	return x->address < y->address ? -1 : x->address > y->address;
}

static bool complain(const char *path, const char *why)
{
	fprintf(stderr, "%s: %s\n", path, why);
	return false;
}

static bool open_elf(const char *path)
{
	GElf_Ehdr header;
	int fd;

	elf_version(EV_CURRENT);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return complain(path, strerror(errno));
	elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	if (!elf || !gelf_getehdr(elf, &header))
		return complain(path, "no ELF file");
	if (header.e_machine != EM_PPC64)
		return complain(path, "a kernel of another architecture, not ppc64");
	big_endian = header.e_ident[EI_DATA] == ELFDATA2MSB;
	return true;
}

bool vmlinux_big_endian(void)
{
	return big_endian;
}

/* In ELFv1 a function's symbol is a descriptor, whose first word is its address */
static __u64 code_address(const GElf_Sym *sym)
{
	Elf_Scn *section = elf_getscn(elf, sym->st_shndx);
	Elf_Data *data;
	GElf_Shdr shdr;
	size_t names;
	__u64 at, word;

	if (!section || !gelf_getshdr(section, &shdr) || elf_getshdrstrndx(elf, &names) ||
	    strcmp(elf_strptr(elf, names, shdr.sh_name) ?: "", ".opd"))
		return sym->st_value;
	data = elf_rawdata(section, NULL);
	at = sym->st_value - shdr.sh_addr;
	if (!data || !data->d_buf || at > data->d_size || data->d_size - at < 8)
		return sym->st_value;
	memcpy(&word, (char *)data->d_buf + at, 8);
	return be64toh(word);
}

static void read_banner(void)
{
	__u64 address = vmlinux_symbol("linux_banner");
	GElf_Phdr phdr;
	const char *raw;
	size_t size;
	int i;

	raw = elf_rawfile(elf, &size);
	for (i = 0; raw && gelf_getphdr(elf, i, &phdr); i++) {
		__u64 at = address - phdr.p_vaddr + phdr.p_offset;

		if (phdr.p_type == PT_LOAD && address >= phdr.p_vaddr &&
		    address - phdr.p_vaddr < phdr.p_filesz && at < size)
			snprintf(banner, sizeof(banner), "%.*s",
				 (int)strcspn(raw + at, "\n"), raw + at);
	}
}

const char *vmlinux_banner(void)
{
	return banner[0] ? banner : NULL;
}

bool vmlinux_read(const char *path)
{
	Elf_Scn *section = NULL;
	Elf_Data *data = NULL;
	GElf_Shdr shdr;
	GElf_Sym sym;
	size_t i;

	if (!open_elf(path))
		return false;
	while ((section = elf_nextscn(elf, section)))
		if (gelf_getshdr(section, &shdr) && shdr.sh_type == SHT_SYMTAB) {
			data = elf_getdata(section, NULL);
			break;
		}
	if (!data || !shdr.sh_entsize)
		return complain(path, "no symbols: give the unstripped vmlinux");
	symbols = calloc(shdr.sh_size / shdr.sh_entsize, sizeof(*symbols));
	if (!symbols)
		return complain(path, strerror(errno));
	for (i = 0; gelf_getsym(data, i, &sym); i++) {
		struct symbol *symbol = &symbols[nr_symbols];
		int type = GELF_ST_TYPE(sym.st_info);

		if (sym.st_shndx == SHN_UNDEF || sym.st_value < PAGE_OFFSET ||
		    type == STT_SECTION || type == STT_FILE)
			continue;
		symbol->address = big_endian && type == STT_FUNC ? code_address(&sym) :
								   sym.st_value;
		symbol->size = sym.st_size;
		symbol->name = elf_strptr(elf, shdr.sh_link, sym.st_name);
		symbol->function = type == STT_FUNC;
		symbol->data = type == STT_OBJECT;
		if (symbol->name)
			nr_symbols++;
	}
	qsort(symbols, nr_symbols, sizeof(*symbols), by_address);
	if (!vmlinux_symbol("_stext"))
		return complain(path, "no symbol _stext: this is no vmlinux");
	read_banner();
	return true;
}

static bool is_symbol(__u64 address, const char *name)
{
	size_t low = 0, high = nr_symbols;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (symbols[middle].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < nr_symbols && symbols[low].address == address; low++)
		if (!strcmp(symbols[low].name, name))
			return true;
	return false;
}

bool vmlinux_check_map(const char *path)
{
	char map[4096], line[1024], name[512];
	unsigned long long address;
	FILE *file;

	snprintf(map, sizeof(map), "%.*sSystem.map",
		 strrchr(path, '/') ? (int)(strrchr(path, '/') + 1 - path) : 0, path);
	file = fopen(map, "re");
	if (!file)
		return true;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "%llx %*c %511s", &address, name) == 2 &&
		    address >= PAGE_OFFSET && !is_symbol(address, name)) {
			fclose(file);
			fprintf(stderr,
				"%s: of another build than vmlinux, which has no %s at %llx\n",
				map, name, address);
			return false;
		}
	fclose(file);
	return true;
}

/*
 * Nobody reads what is in sections, and without that it is half as big. Where they are
 * is for OPAL: it takes a big-endian kernel's entry for a function descriptor, unless
 * that is code. kexec-tools wants sections whole, or none.
 */
bool vmlinux_write_image(const char *image)
{
	size_t end = 0, size, headers_size;
	const char *raw, *headers;
	GElf_Ehdr ehdr;
	GElf_Phdr phdr;
	Elf64_Ehdr *out;
	FILE *file;
	bool ok;
	int i;

	raw = elf_rawfile(elf, &size);
	for (i = 0; gelf_getphdr(elf, i, &phdr); i++)
		if (phdr.p_offset + phdr.p_filesz > end)
			end = phdr.p_offset + phdr.p_filesz;
	if (!raw || end <= sizeof(*out) || end > size)
		return complain(image, "cannot be made: the segments of vmlinux end behind it");
	if (!gelf_getehdr(elf, &ehdr))
		return complain(image, "cannot be made: vmlinux has no header");
	headers = raw + ehdr.e_shoff;
	headers_size = big_endian ? (size_t)ehdr.e_shnum * ehdr.e_shentsize : 0;
	if (ehdr.e_shoff > size || headers_size > size - ehdr.e_shoff)
		return complain(image, "cannot be made: the sections of vmlinux end behind it");
	end = (end + 7) & ~7UL;
	out = calloc(end + headers_size, 1);
	if (!out)
		return complain(image, strerror(errno));
	memcpy(out, raw, end < size ? end : size);
	memcpy((char *)out + end, headers, headers_size);
	/* Zero has no byte order */
	out->e_shoff = big_endian ? htobe64(end) : 0;
	if (!big_endian)
		out->e_shnum = 0;
	out->e_shstrndx = 0;
	file = fopen(image, "we");
	ok = file && fwrite(out, end + headers_size, 1, file) == 1;
	if (!file || fclose(file) || !ok)
		ok = complain(image, strerror(errno));
	free(out);
	return ok;
}

bool vmlinux_check_image(const char *image)
{
	int fd = open(image, O_RDONLY | O_CLOEXEC), i;
	bool whole = true;
	GElf_Phdr phdr;
	struct stat st;
	Elf *file;

	if (fd < 0 || fstat(fd, &st))
		return complain(image, strerror(errno));
	file = elf_begin(fd, ELF_C_READ, NULL);
	if (!file || elf_kind(file) != ELF_K_ELF)
		whole = complain(image, "no ELF file");
	for (i = 0; whole && gelf_getphdr(file, i, &phdr); i++)
		if (phdr.p_offset > (__u64)st.st_size ||
		    phdr.p_filesz > st.st_size - phdr.p_offset)
			whole = complain(image, "is cut off");
	if (whole && !i)
		whole = complain(image, "nothing in it is to be loaded");
	elf_end(file);
	close(fd);
	return whole;
}

__u64 vmlinux_symbol(const char *name)
{
	size_t i;

	for (i = 0; i < nr_symbols; i++)
		if (!strcmp(symbols[i].name, name))
			return symbols[i].address;
	return 0;
}

bool vmlinux_name(__u64 address, char *name, size_t size)
{
	const struct symbol *best = NULL;
	size_t low = 0, high = nr_symbols;

	address = (address & REAL_ADDRESS) | PAGE_OFFSET;
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (symbols[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	/* Of those that start before it, a function that holds it is best */
	while (low--) {
		const struct symbol *symbol = &symbols[low];

		if (symbol->function && address - symbol->address < symbol->size) {
			best = symbol;
			break;
		}
		if (!best)
			best = symbol;
		if (address - symbol->address > 65536)
			break;
	}
	if (!best || best->data || address >= vmlinux_symbol("_end"))
		return false;
	snprintf(name, size, "%s+0x%llx", best->name,
		 (address - best->address));
	return true;
}
