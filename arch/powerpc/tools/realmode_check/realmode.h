/* SPDX-License-Identifier: GPL-2.0 */
#ifndef REALMODE_H
#define REALMODE_H

#include <gelf.h>
#include <libelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;

#define __noreturn		__attribute__((__noreturn__))
#define fallthrough		__attribute__((__fallthrough__))
#define __printf(a, b)		__attribute__((__format__(printf, a, b)))
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof(*(array)))
#define NONE			((u32)-1)

enum exit_status {
	EXIT_CLEAN = 0,
	EXIT_FINDINGS = 1,
	EXIT_CANNOT_CHECK = 2,
};

/* What is known of an instruction, one byte for each of them */
#define INSN_ENTERED	0x01	/* a visit of this context begins here */
#define INSN_FEATURE	0x02	/* a feature section starts here */
#define INSN_ALT	0x04	/* stands in for the body of a feature section */
#define INSN_ALT_LAST	0x08	/* what comes next is what follows that body */
#define INSN_JUMP	0x10	/* may go where the exception or jump table says */
#define INSN_FTRACE	0x20	/* ftrace may put a call here */

/* Arrays of these are sorted and searched by their first member, an address */
struct section {
	u64 start;
	u64 end;
	const char *name;
	const u8 *data;
	u8 *insn;	/* INSN_* of each word; NULL if there is no code here */
};

/* A range of code that is reported under one name */
struct unit {
	u64 start;
	u64 end;
	u32 section;
	u32 symbol;	/* the first one of its symbols */
	u32 nr_symbols;
	u32 reported;	/* bit mask of enum sink */
	u64 pointer;	/* the one that a rule has named the targets of */
	bool has_pointer;
	u64 plain;	/* of a function that checks first: the one that it then calls */
	u8 sink;	/* enum sink, if being reached is a finding */
	u8 guard;	/* enum guard */
	bool is_plain;	/* another one's plain */
	bool whole;	/* has a size: what the compiler made */
	bool in_rules;	/* one of its symbols is in the rules */
	bool reached;
};

struct feature {
	u64 start;
	u64 end;
	u64 alt_start;
	u64 alt_end;
};

struct jump {
	u64 from;
	u64 to;
};

struct relative {
	u64 addr;
	u64 value;
};

struct symbol {
	u64 addr;	/* of the code, not of an ELFv1 descriptor */
	u64 size;
	const char *name;
	u32 rule_name;	/* index in rule_names, or NONE */
	bool function;
	bool global;
};

/* One way into a unit; the chain of parents is the path from the root */
struct visit {
	u32 unit;
	u32 parent;
	u64 entry;
	bool again;	/* there is an earlier visit of this unit */
};

#define MSR_IR		0x20
#define MSR_DR		0x10

/* The extended opcodes of logical instructions */
#define OP_AND		28
#define OP_ANDC		60
#define OP_NOR		124
#define OP_EQV		284
#define OP_XOR		316
#define OP_ORC		412
#define OP_OR		444
#define OP_NAND		476

/* What is known of a register, or of an address */
enum kind {
	KIND_BITS,	/* the bits that are known, and their value */
	KIND_STACK,	/* somewhere on the stack */
	KIND_PACA,	/* somewhere in the PACA */
	KIND_PACA_WORD,	/* loaded from the PACA, with @value added: the kernel's base? */
	KIND_ENTRY,	/* loaded from the table at @value */
	KIND_MEMBER,	/* loaded from memory, at offset @value of something */
	KIND_SUM,	/* of two registers, of an entry and its table if there is a @value */
	KIND_NONE,
};

struct value {
	u64 known;
	u64 value;
	u8 kind;	/* enum kind */
};

enum { REG_MSR = 32, REG_CR, REG_CTR, REG_LR, NR_REGS };

struct state {
	struct value regs[NR_REGS];
};

/* A branch to code that does not belong to what is looked at, or nobody knows where */
struct branch {
	u64 from;
	u64 to;		/* if it is indirect, which member of something it comes from */
	bool call;	/* and comes back */
	bool indirect;	/* to an address that is not known */
};

struct flow;

/* Who asks for a walk through code gets to know what it meets */
struct flow_ops {
	/* Before each instruction; false: no need to look further */
	bool (*insn)(struct flow *flow, u64 addr, u32 insn, const struct state *state);
	/* After each access to memory; false: as above */
	bool (*access)(struct flow *flow, const struct value *addr);
	/* At each branch out of the code; @after is the state once a call is back */
	bool (*leave)(struct flow *flow, const struct branch *branch,
		      const struct state *state, struct state *after);
};

/* A place that is reached by a branch, and what is known of the registers there */
struct place {
	u64 addr;
	struct state state;
	bool waits;
	u8 changes;
};

struct flow {
	const struct flow_ops *ops;
	void *data;
	u32 unit;		/* that is not left, or NONE */
	bool stopped;
	bool all;		/* any instruction may come next, at some branch */
	struct place *places;
	u32 nr_places;
	u32 *table;		/* finds a place by its address */
	u32 table_size;
	u32 *todo;		/* places to go on from */
	u32 nr_todo;
};

enum sink {
	SINK_NONE,
	SINK_KASAN,
	SINK_KCSAN,
	SINK_KCOV,
	SINK_UBSAN,
	SINK_PRINTK,
	SINK_FTRACE,
	NR_SINKS,
};

struct finding {
	enum sink sink;
	u32 visit;
	u32 target;	/* unit, or NONE */
	u64 addr;
};

struct unresolved {
	u32 visit;
	u64 addr;
};

/* Does a check of KASAN keep away from the shadow in real mode? */
enum guard { GUARD_UNKNOWN, GUARD_NONE, GUARD_KEPT };

enum rule_kind { RULE_ROOT, RULE_CUT, RULE_CALL, NR_RULE_KINDS };

enum rule_word { FIRST, SECOND, CONDITION, NR_RULE_WORDS = CONDITION + 3 };

struct rule {
	enum rule_kind kind;
	u32 context;				/* index, or NONE: in all of them */
	const char *words[NR_RULE_WORDS];	/* NULL where there is none */
	u32 names[NR_RULE_WORDS];		/* the same, as index in rule_names */
	unsigned int line;
	bool negated[NR_RULE_WORDS];	/* the condition is that there is no such name */
	bool active;
	bool used;
};

extern const char *program;

extern const char *elf_name;
extern bool big_endian;
extern u64 toc;
extern u64 image_base;

extern struct section *sections;
extern u32 nr_sections;
extern struct symbol *symbols;
extern u32 nr_symbols;
extern struct unit *units;
extern u32 nr_units;
extern struct feature *features;
extern u32 nr_features;
extern struct jump *alt_ends;	/* from the end of an alternative to that of its body */
extern u32 nr_alt_ends;
extern struct jump *jumps;
extern u32 nr_jumps;
extern struct relative *relatives;
extern u32 nr_relatives;

extern const char *rules_name;
extern const char **rule_names;
extern u32 nr_rule_names;
extern bool *rule_name_found;
extern struct rule *rules;
extern u32 nr_rules;
extern const char **contexts;
extern u32 nr_contexts;
extern u32 context;	/* the one that is read or walked */

extern struct visit *visits;
extern u32 nr_visits;
extern struct finding *findings;
extern u32 nr_findings;
extern struct unresolved *unresolved;
extern u32 nr_unresolved;
extern u32 nr_reached;

void __noreturn __printf(1, 2) die(const char *format, ...);
void *checked(void *memory);
void *grow(void *array, u32 count, size_t size);
int compare_addresses(const void *a, const void *b);
void sort(void *array, u32 count, size_t size, int (*compare)(const void *a, const void *b));
u32 find_first(const void *array, u32 count, size_t size, u64 addr);
u32 find_range(const void *array, u32 count, size_t size, u64 addr);

/* image.c */
struct section *find_section(u64 addr);
struct section *find_code(u64 addr);
u8 *insn_flags(const struct section *section, u64 addr);
u32 insn_at(const struct section *section, u64 addr);
bool read64(u64 addr, u64 *value);
bool read32(u64 addr, u32 *value);
u64 address_of(const char *name);
void load_image(Elf *elf);
void require_tables(void);
void load_tables(void);

/* units.c */
extern const char *const sink_names[NR_SINKS];
u32 find_unit(u64 addr);
void divide_code(void);

/* rules.c */
void load_rules(void);
void match_rules(const char *only);
bool applies(const struct rule *rule, enum rule_kind kind);
bool has_name(const struct unit *unit, u32 name);
bool is_cut(const struct unit *caller, const struct unit *callee);
void check_rules_used(const char *only, bool quiet);

/* insn.c */
bool is_constant(const struct value *value);
void forget_all(struct state *state);
void start_anew(struct state *state);
void forget_volatile(struct state *state);
void start_real_mode(struct state *state);
bool merge_values(struct value *into, const struct value *from);
bool merge_states(struct state *into, const struct state *from);
bool may_be_real_mode(const struct state *state);
void find_ways(const struct state *state, u32 insn, bool *taken, bool *passed);
struct value execute(struct state *state, u32 insn);
struct value execute_prefixed(struct state *state, u32 prefix, u32 suffix, u64 addr);

/* flow.c */
bool is_mfmsr(u32 insn);
bool is_return(u32 insn);
void run_flow(struct flow *flow, u64 addr, const struct state *state);

/* guard.c */
bool is_guarded(struct unit *unit);

/* walk.c */
void walk(void);

/* lines.c */
void load_lines(Elf *elf);
const char *find_line(u64 addr, int *number);
void forget_lines(void);

#endif
