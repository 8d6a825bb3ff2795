// SPDX-License-Identifier: GPL-2.0
/* The kernel image: its sections and symbols, and its tables of patches */
#include <string.h>

#include "realmode.h"

/* No feature section is near this long; it bounds the work on a broken file */
#define FEATURE_MAX	0x10000

static u32 get32(const u8 *p)
{
	if (big_endian)
		return (u32)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
	return (u32)p[3] << 24 | p[2] << 16 | p[1] << 8 | p[0];
}

static u64 get64(const u8 *p)
{
	u64 first = get32(p), second = get32(p + 4);

	return big_endian ? first << 32 | second : second << 32 | first;
}

struct section *find_section(u64 addr)
{
	u32 i = find_range(sections, nr_sections, sizeof(*sections), addr);

	return i == NONE ? NULL : &sections[i];
}

struct section *find_code(u64 addr)
{
	struct section *section = find_section(addr);

	return section && section->insn && !(addr & 3) ? section : NULL;
}

u8 *insn_flags(const struct section *section, u64 addr)
{
	return &section->insn[(addr - section->start) / 4];
}

u32 insn_at(const struct section *section, u64 addr)
{
	return get32(section->data + (addr - section->start));
}

static void mark(u64 addr, u8 flag)
{
	struct section *section = find_code(addr);

	if (section)
		*insn_flags(section, addr) |= flag;
}

/* A word of the image as it is once relocated */
bool read64(u64 addr, u64 *value)
{
	struct section *section = find_section(addr);
	u32 i = find_first(relatives, nr_relatives, sizeof(*relatives), addr);

	if (!section || section->end - addr < 8)
		return false;
	if (i < nr_relatives && relatives[i].addr == addr)
		*value = relatives[i].value;
	else
		*value = get64(section->data + (addr - section->start));
	return true;
}

bool read32(u64 addr, u32 *value)
{
	struct section *section = find_section(addr);

	if (!section || section->end - addr < 4)
		return false;
	*value = get32(section->data + (addr - section->start));
	return true;
}

static void add_section(Elf *elf, Elf_Scn *scn, size_t names)
{
	struct section *section;
	Elf_Data *data;
	GElf_Shdr header;
	const char *name;

	if (!gelf_getshdr(scn, &header))
		die("%s: bad section header: %s", elf_name, elf_errmsg(-1));
	if (header.sh_type == SHT_NOBITS || !(header.sh_flags & SHF_ALLOC) || !header.sh_size)
		return;
	name = elf_strptr(elf, names, header.sh_name);
	if (!name)
		die("%s: a section has no name", elf_name);
	if (header.sh_addr + header.sh_size < header.sh_addr)
		die("%s: section %s goes beyond the address space", elf_name, name);
	data = elf_rawdata(scn, NULL);
	if (!data || !data->d_buf || data->d_size != header.sh_size)
		die("%s: section %s is not in the file (truncated?)", elf_name, name);

	sections = grow(sections, nr_sections, sizeof(*sections));
	section = &sections[nr_sections++];
	*section = (struct section) {
		.start = header.sh_addr,
		.end = header.sh_addr + header.sh_size,
		.name = name,
		.data = data->d_buf,
	};
	if (!(header.sh_flags & SHF_EXECINSTR))
		return;
	if (section->start & 3)
		die("%s: the code in section %s is not aligned", elf_name, name);
	section->end &= ~(u64)3;
	section->insn = checked(calloc((section->end - section->start) / 4 + 1, 1));
}

static void load_sections(Elf *elf)
{
	Elf_Scn *scn = NULL;
	u64 code_size = 0;
	size_t names, size;
	u32 i;

	if (elf_getshdrstrndx(elf, &names))
		die("%s: no section names: %s", elf_name, elf_errmsg(-1));
	while ((scn = elf_nextscn(elf, scn)))
		add_section(elf, scn, names);
	sort(sections, nr_sections, sizeof(*sections), compare_addresses);
	for (i = 0; i < nr_sections; i++) {
		if (i && sections[i].start < sections[i - 1].end)
			die("%s: sections %s and %s overlap", elf_name,
			    sections[i - 1].name, sections[i].name);
		if (sections[i].insn)
			code_size += sections[i].end - sections[i].start;
	}
	elf_rawfile(elf, &size);
	if (!code_size)
		die("%s: no code", elf_name);
	if (code_size > size)
		die("%s: several sections share one piece of the file", elf_name);
}

static void load_relatives(Elf_Scn *scn, const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	size_t i, count;

	if (!data || header->sh_entsize != sizeof(Elf64_Rela))
		die("%s: bad relocation section", elf_name);
	count = data->d_size / sizeof(Elf64_Rela);
	for (i = 0; i < count; i++) {
		GElf_Rela rela;

		if (!gelf_getrela(data, i, &rela))
			die("%s: bad relocation %zu", elf_name, i);
		if (GELF_R_TYPE(rela.r_info) != R_PPC64_RELATIVE)
			continue;
		relatives = grow(relatives, nr_relatives, sizeof(*relatives));
		relatives[nr_relatives++] = (struct relative) {
			.addr = rela.r_offset,
			.value = rela.r_addend,
		};
	}
}

static void add_symbol(const GElf_Sym *sym, const char *name)
{
	int type = GELF_ST_TYPE(sym->st_info);
	struct symbol symbol = {
		.addr = sym->st_value,
		.size = type == STT_FUNC ? sym->st_size : 0,
		.name = name,
		.rule_name = NONE,
		.function = type == STT_FUNC,
		.global = GELF_ST_BIND(sym->st_info) != STB_LOCAL,
	};
	const struct section *section;

	if (sym->st_shndx == SHN_UNDEF || sym->st_shndx == SHN_ABS || !*name)
		return;
	if (type != STT_FUNC && type != STT_NOTYPE && type != STT_OBJECT)
		return;
	/* With ELFv1 a function's symbol is that of its descriptor */
	section = find_section(symbol.addr);
	if (section && symbol.function && !strcmp(section->name, ".opd") &&
	    !read64(symbol.addr, &symbol.addr))
		die("%s: bad descriptor of %s", elf_name, name);
	symbols = grow(symbols, nr_symbols, sizeof(*symbols));
	symbols[nr_symbols++] = symbol;
}

static void load_symbols(Elf *elf, Elf_Scn *scn, const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	size_t i, count;

	if (!data || header->sh_entsize != sizeof(Elf64_Sym))
		die("%s: bad symbol table", elf_name);
	count = data->d_size / sizeof(Elf64_Sym);
	for (i = 0; i < count; i++) {
		const char *name;
		GElf_Sym sym;

		if (!gelf_getsym(data, i, &sym))
			die("%s: bad symbol %zu", elf_name, i);
		name = elf_strptr(elf, header->sh_link, sym.st_name);
		if (!name)
			die("%s: symbol %zu has no name", elf_name, i);
		add_symbol(&sym, name);
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

u64 address_of(const char *name)
{
	u32 i;

	for (i = 0; i < nr_symbols; i++)
		if (!strcmp(symbols[i].name, name))
			return symbols[i].addr;
	return 0;
}

/* Where r2 points to: both linkers have it so, and the kernel aligns .got */
static u64 find_toc(void)
{
	u32 i;

	for (i = 0; i < nr_sections; i++)
		if (!strcmp(sections[i].name, ".got"))
			return sections[i].start + 0x8000;
	return 0;
}

void load_image(Elf *elf)
{
	Elf_Scn *scn, *symtab = NULL;
	GElf_Shdr header, symtab_header = { 0 };
	GElf_Ehdr ehdr;

	if (elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &ehdr))
		die("%s: not an ELF file", elf_name);
	if (ehdr.e_ident[EI_CLASS] != ELFCLASS64 || ehdr.e_machine != EM_PPC64)
		die("%s: not for 64-bit PowerPC", elf_name);
	if (ehdr.e_type != ET_EXEC && ehdr.e_type != ET_DYN)
		die("%s: not a linked kernel but an object or core file", elf_name);
	big_endian = ehdr.e_ident[EI_DATA] == ELFDATA2MSB;

	load_sections(elf);
	for (scn = NULL; (scn = elf_nextscn(elf, scn));) {
		if (!gelf_getshdr(scn, &header))
			die("%s: bad section header: %s", elf_name, elf_errmsg(-1));
		if (header.sh_type == SHT_RELA && header.sh_flags & SHF_ALLOC)
			load_relatives(scn, &header);
		if (header.sh_type == SHT_SYMTAB) {
			symtab = scn;
			symtab_header = header;
		}
	}
	sort(relatives, nr_relatives, sizeof(*relatives), compare_addresses);
	if (!symtab)
		die("%s: no symbol table (stripped?)", elf_name);
	load_symbols(elf, symtab, &symtab_header);
	sort(symbols, nr_symbols, sizeof(*symbols), compare_symbols);
	toc = find_toc();
	image_base = address_of("_stext");
}

/* ------------------------------------- tables of what may be patched in */

struct table {
	u64 addr;
	const u8 *data;
	u32 count;
	u32 entry_size;
};

/* The table between two symbols that the linker script provides */
static struct table find_table(const char *start_name, const char *stop_name, u32 entry_size)
{
	u64 start = address_of(start_name), stop = address_of(stop_name);
	struct table table = { .entry_size = entry_size };
	struct section *section;

	if (start == stop)
		return table;
	section = find_section(start);
	if (!section || stop < start || stop > section->end || (stop - start) % entry_size)
		die("%s: there is no table from %s to %s", elf_name, start_name, stop_name);
	table.addr = start;
	table.data = section->data + (start - section->start);
	table.count = (stop - start) / entry_size;
	return table;
}

static void next_entry(struct table *table)
{
	table->addr += table->entry_size;
	table->data += table->entry_size;
	table->count--;
}

static bool is_sane_feature(const struct feature *f)
{
	if (!find_code(f->start) || (f->end | f->alt_end) & 3)
		return false;
	if (f->end < f->start || f->end - f->start > FEATURE_MAX)
		return false;
	if (f->alt_end < f->alt_start || f->alt_end - f->alt_start > f->end - f->start)
		return false;
	return f->alt_end == f->alt_start ||
	       (find_code(f->alt_start) && find_code(f->alt_start) == find_code(f->alt_end - 4));
}

static void load_features(const char *start_name, const char *stop_name)
{
	struct table table = find_table(start_name, stop_name, 48);

	for (; table.count; next_entry(&table)) {
		struct feature f = {
			.start = table.addr + get64(table.data + 16),
			.end = table.addr + get64(table.data + 24),
			.alt_start = table.addr + get64(table.data + 32),
			.alt_end = table.addr + get64(table.data + 40),
		};
		u64 addr;

		if (!is_sane_feature(&f))
			die("%s: bad entry at 0x%llx, after %s", elf_name,
			    (unsigned long long)table.addr, start_name);
		features = grow(features, nr_features, sizeof(*features));
		features[nr_features++] = f;
		mark(f.start, INSN_FEATURE);
		for (addr = f.alt_start; addr < f.alt_end; addr += 4)
			mark(addr, INSN_ALT);
		if (f.alt_end > f.alt_start) {
			mark(f.alt_end - 4, INSN_ALT_LAST);
			alt_ends = grow(alt_ends, nr_alt_ends, sizeof(*alt_ends));
			alt_ends[nr_alt_ends++] = (struct jump) { f.alt_end, f.end };
		}
	}
}

static void load_jumps(const char *start_name, const char *stop_name, u32 entry_size)
{
	struct table table = find_table(start_name, stop_name, entry_size);

	for (; table.count; next_entry(&table)) {
		struct jump jump = {
			.from = table.addr + (s64)(s32)get32(table.data),
			.to = table.addr + 4 + (s64)(s32)get32(table.data + 4),
		};

		if (!find_code(jump.from) || !find_code(jump.to))
			die("%s: bad entry at 0x%llx, after %s", elf_name,
			    (unsigned long long)table.addr, start_name);
		jumps = grow(jumps, nr_jumps, sizeof(*jumps));
		jumps[nr_jumps++] = jump;
		mark(jump.from, INSN_JUMP);
	}
}

static void load_ftrace(void)
{
	struct table table = find_table("__start_mcount_loc", "__stop_mcount_loc", 8);
	u64 addr;

	for (; table.count; next_entry(&table))
		if (read64(table.addr, &addr))
			mark(addr, INSN_FTRACE);
}

/*
 * A kernel has all of these, even if nothing is in them. One that is not found has got
 * another name, and what it patches in would not be followed.
 */
void require_tables(void)
{
	static const char *const names[] = {
		"__start___ftr_fixup", "__stop___ftr_fixup",
		"__start___mmu_ftr_fixup", "__stop___mmu_ftr_fixup",
		"__start___fw_ftr_fixup", "__stop___fw_ftr_fixup",
		"__start___ex_table", "__stop___ex_table",
		"__start___jump_table", "__stop___jump_table",
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!address_of(names[i]))
			die("%s has no %s: what it patches is not known", elf_name, names[i]);
}

void load_tables(void)
{
	load_features("__start___ftr_fixup", "__stop___ftr_fixup");
	load_features("__start___mmu_ftr_fixup", "__stop___mmu_ftr_fixup");
	load_features("__start___fw_ftr_fixup", "__stop___fw_ftr_fixup");
	load_jumps("__start___ex_table", "__stop___ex_table", 8);
	load_jumps("__start___jump_table", "__stop___jump_table", 16);
	load_ftrace();
	sort(features, nr_features, sizeof(*features), compare_addresses);
	sort(alt_ends, nr_alt_ends, sizeof(*alt_ends), compare_addresses);
	sort(jumps, nr_jumps, sizeof(*jumps), compare_addresses);
}
