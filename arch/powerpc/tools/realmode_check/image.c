// SPDX-License-Identifier: GPL-2.0
#include <gelf.h>
#include <string.h>

#include "image.h"

static u32 get32(const struct image *image, const u8 *p)
{
	if (image->big_endian)
		return (u32)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
	return (u32)p[3] << 24 | p[2] << 16 | p[1] << 8 | p[0];
}

static u64 get64(const struct image *image, const u8 *p)
{
	u64 first = get32(image, p), second = get32(image, p + 4);

	return image->big_endian ? first << 32 | second : second << 32 | first;
}

const struct section *find_section(const struct image *image, u64 addr)
{
	u32 i = find_range(image->sections, image->nr_sections, sizeof(*image->sections), addr);

	return i == NONE ? NULL : &image->sections[i];
}

const struct section *find_code(const struct image *image, u64 addr)
{
	const struct section *section = find_section(image, addr);

	return section && section->code && !(addr & 3) ? section : NULL;
}

u32 insn_at(const struct image *image, const struct section *section, u64 addr)
{
	return get32(image, section->data + (addr - section->start));
}

/* A word of the image as it is once relocated */
bool read64(const struct image *image, u64 addr, u64 *value)
{
	const struct section *section = find_section(image, addr);
	u32 i = find_first(image->relatives, image->nr_relatives, sizeof(*image->relatives), addr);

	if (!section || section->end - addr < 8)
		return false;
	if (i < image->nr_relatives && image->relatives[i].addr == addr)
		*value = image->relatives[i].value;
	else
		*value = get64(image, section->data + (addr - section->start));
	return true;
}

bool read32(const struct image *image, u64 addr, u32 *value)
{
	const struct section *section = find_section(image, addr);

	if (!section || section->end - addr < 4)
		return false;
	*value = get32(image, section->data + (addr - section->start));
	return true;
}

static void add_section(struct image *image, Elf *elf, Elf_Scn *scn, size_t names)
{
	struct section *section;
	Elf_Data *data;
	GElf_Shdr header;
	const char *name;

	if (!gelf_getshdr(scn, &header))
		die("%s: bad section header: %s", image->name, elf_errmsg(-1));
	if (header.sh_type == SHT_NOBITS || !(header.sh_flags & SHF_ALLOC) || !header.sh_size)
		return;
	name = elf_strptr(elf, names, header.sh_name);
	if (!name)
		die("%s: a section has no name", image->name);
	if (header.sh_addr + header.sh_size < header.sh_addr)
		die("%s: section %s goes beyond the address space", image->name, name);
	data = elf_rawdata(scn, NULL);
	if (!data || !data->d_buf || data->d_size != header.sh_size)
		die("%s: section %s is not in the file (truncated?)", image->name, name);

	image->sections = grow(image->sections, image->nr_sections, sizeof(*image->sections));
	section = &image->sections[image->nr_sections++];
	*section = (struct section) {
		.start = header.sh_addr,
		.end = header.sh_addr + header.sh_size,
		.name = name,
		.data = data->d_buf,
		.code = header.sh_flags & SHF_EXECINSTR,
	};
	if (!section->code)
		return;
	if (section->start & 3)
		die("%s: the code in section %s is not aligned", image->name, name);
	section->end &= ~(u64)3;
}

static void read_sections(struct image *image, Elf *elf)
{
	const struct section *section;
	Elf_Scn *scn = NULL;
	u64 code_size = 0;
	size_t names, size;
	u32 i;

	if (elf_getshdrstrndx(elf, &names))
		die("%s: no section names: %s", image->name, elf_errmsg(-1));
	while ((scn = elf_nextscn(elf, scn)))
		add_section(image, elf, scn, names);
	sort(image->sections, image->nr_sections, sizeof(*image->sections), compare_addresses);
	for (i = 0; i < image->nr_sections; i++) {
		section = &image->sections[i];
		if (i && section->start < section[-1].end)
			die("%s: sections %s and %s overlap", image->name,
			    section[-1].name, section->name);
		if (section->code)
			code_size += section->end - section->start;
	}
	elf_rawfile(elf, &size);
	if (!code_size)
		die("%s: no code", image->name);
	if (code_size > size)
		die("%s: several sections share one piece of the file", image->name);
}

static void read_relatives(struct image *image, Elf_Scn *scn, const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	size_t i, count;

	if (!data || header->sh_entsize != sizeof(Elf64_Rela))
		die("%s: bad relocation section", image->name);
	count = data->d_size / sizeof(Elf64_Rela);
	for (i = 0; i < count; i++) {
		GElf_Rela rela;

		if (!gelf_getrela(data, i, &rela))
			die("%s: bad relocation %zu", image->name, i);
		if (GELF_R_TYPE(rela.r_info) != R_PPC64_RELATIVE)
			continue;
		image->relatives = grow(image->relatives, image->nr_relatives,
					sizeof(*image->relatives));
		image->relatives[image->nr_relatives++] = (struct relative) {
			.addr = rela.r_offset,
			.value = rela.r_addend,
		};
	}
}

static void add_symbol(struct image *image, const GElf_Sym *sym, const char *name)
{
	int type = GELF_ST_TYPE(sym->st_info);
	struct symbol symbol = {
		.addr = sym->st_value,
		.size = sym->st_size,
		.name = name,
		.function = type == STT_FUNC,
		.global = GELF_ST_BIND(sym->st_info) != STB_LOCAL,
	};
	const struct section *section;

	if (sym->st_shndx == SHN_UNDEF || sym->st_shndx == SHN_ABS || !*name)
		return;
	if (type != STT_FUNC && type != STT_NOTYPE && type != STT_OBJECT)
		return;
	/* With ELFv1 a function's symbol is that of its descriptor */
	section = find_section(image, symbol.addr);
	if (section && symbol.function && !strcmp(section->name, ".opd") &&
	    !read64(image, symbol.addr, &symbol.addr))
		die("%s: bad descriptor of %s", image->name, name);
	image->symbols = grow(image->symbols, image->nr_symbols, sizeof(*image->symbols));
	image->symbols[image->nr_symbols++] = symbol;
}

static void read_symbols(struct image *image, Elf *elf, Elf_Scn *scn, const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	size_t i, count;

	if (!data || header->sh_entsize != sizeof(Elf64_Sym))
		die("%s: bad symbol table", image->name);
	count = data->d_size / sizeof(Elf64_Sym);
	for (i = 0; i < count; i++) {
		const char *name;
		GElf_Sym sym;

		if (!gelf_getsym(data, i, &sym))
			die("%s: bad symbol %zu", image->name, i);
		name = elf_strptr(elf, header->sh_link, sym.st_name);
		if (!name)
			die("%s: symbol %zu has no name", image->name, i);
		add_symbol(image, &sym, name);
	}
}

/* The fewer the better a name is for an address that has several */
static unsigned int oddness(const struct symbol *symbol)
{
	return !symbol->function << 3 | !symbol->size << 2 | !symbol->global << 1 |
	       (*symbol->name == '.' || *symbol->name == '_');
}

static int compare_symbols(const void *a, const void *b)
{
	const struct symbol *s = a, *t = b;
	int order = compare_addresses(a, b);

	if (!order)
		order = (int)oddness(s) - (int)oddness(t);
	return order ? order : strcmp(s->name, t->name);
}

u64 address_of(const struct image *image, const char *name)
{
	u32 i;

	for (i = 0; i < image->nr_symbols; i++)
		if (!strcmp(image->symbols[i].name, name))
			return image->symbols[i].addr;
	return 0;
}

/*
 * Where r2 points to. A linker says so if anything refers to that, and without is as
 * far behind the start of .got as it can be. (With ld.lld what comes first in .got is
 * the kernel's .toc, which does not count.)
 */
static u64 find_toc(const struct image *image)
{
	u64 toc = address_of(image, ".TOC.");
	u32 i;

	if (toc)
		return toc;
	for (i = 0; i < image->nr_sections; i++)
		if (!strcmp(image->sections[i].name, ".got"))
			return image->sections[i].start + 0x8000;
	return 0;
}

struct image *read_image(Elf *elf, const char *name)
{
	struct image *image = zeroed(1, sizeof(*image));
	Elf_Scn *scn, *symtab = NULL;
	GElf_Shdr header, symtab_header = { 0 };
	GElf_Ehdr ehdr;

	image->name = name;
	if (elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &ehdr))
		die("%s: not an ELF file", image->name);
	if (ehdr.e_ident[EI_CLASS] != ELFCLASS64 || ehdr.e_machine != EM_PPC64)
		die("%s: not for 64-bit PowerPC", image->name);
	if (ehdr.e_type != ET_EXEC && ehdr.e_type != ET_DYN)
		die("%s: not a linked kernel but an object or core file", image->name);
	image->big_endian = ehdr.e_ident[EI_DATA] == ELFDATA2MSB;

	read_sections(image, elf);
	for (scn = NULL; (scn = elf_nextscn(elf, scn));) {
		if (!gelf_getshdr(scn, &header))
			die("%s: bad section header: %s", image->name, elf_errmsg(-1));
		if (header.sh_type == SHT_RELA && header.sh_flags & SHF_ALLOC)
			read_relatives(image, scn, &header);
		if (header.sh_type == SHT_SYMTAB) {
			symtab = scn;
			symtab_header = header;
		}
	}
	sort(image->relatives, image->nr_relatives, sizeof(*image->relatives), compare_addresses);
	if (!symtab)
		die("%s: no symbol table (stripped?)", image->name);
	read_symbols(image, elf, symtab, &symtab_header);
	sort(image->symbols, image->nr_symbols, sizeof(*image->symbols), compare_symbols);
	image->toc = find_toc(image);
	image->base = address_of(image, "_stext");
	return image;
}
