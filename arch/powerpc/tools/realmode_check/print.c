// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "print.h"

/* Of several names of the same code, one that the rules use is the clearest */
static const struct symbol *unit_symbol(const struct view *view, const struct unit *unit)
{
	const struct symbol *symbols = &view->code->image->symbols[unit->symbol];
	u32 i;

	for (i = 0; i < unit->nr_symbols && symbols[i].addr == unit->start; i++)
		if (find_name(view->match->rules, symbols[i].name) != NONE)
			return &symbols[i];
	return symbols;
}

/* Names go between quotes in some formats */
static void print_name(const char *name)
{
	for (; *name; name++)
		putchar(*name > ' ' && *name <= '~' && *name != '"' && *name != '\\' ? *name : '?');
}

static void print_unit(const struct view *view, u32 index)
{
	const struct unit *unit = &view->code->units->units[index];

	if (unit->symbol == NONE)
		printf("[0x%llx]", (unsigned long long)unit->start);
	else
		print_name(unit_symbol(view, unit)->name);
}

static void print_path(const struct view *view, const struct walk *walk, u32 visit,
		       const char *between)
{
	print_unit(view, walk->visits[visit].unit);
	while ((visit = walk->visits[visit].parent) != NONE) {
		fputs(between, stdout);
		print_unit(view, walk->visits[visit].unit);
	}
}

static void print_target(const struct view *view, const struct finding *finding)
{
	if (finding->target == NONE)
		printf("entry");
	else
		print_unit(view, finding->target);
}

/* As faddr2line wants it */
static void print_site(const struct view *view, const struct walk *walk, u32 visit, u64 addr)
{
	u32 unit = walk->visits[visit].unit;

	print_unit(view, unit);
	printf("+0x%llx", (unsigned long long)(addr - view->code->units->units[unit].start));
}

static void print_line(const struct view *view, u64 addr, const char *before, const char *after)
{
	int number;
	const char *file = find_line(view->lines, addr, &number);

	if (!file)
		return;
	printf("%s", before);
	print_name(file);
	printf(":%d%s", number, after);
}

/*
 * Ftrace is not counted: its calls are nops until someone turns a tracer on, and
 * then paca->ftrace_enabled keeps it off in a kexec and in machine checks.
 */
static bool counts(const struct finding *finding)
{
	return finding->sink != SINK_FTRACE;
}

static u32 count_findings(const struct walk *walk)
{
	u32 i, count = 0;

	for (i = 0; i < walk->nr_findings; i++)
		count += counts(&walk->findings[i]);
	return count;
}

bool is_clean(const struct walk *walk)
{
	return !count_findings(walk) && !walk->nr_unresolved;
}

static const char *result_of(const struct view *view, const struct walk *walk)
{
	if (!has_context(view->match, walk->context))
		return "skip";
	return is_clean(walk) ? "ok" : "fail";
}

static void print_findings(const struct view *view, const struct walk *walk, enum sink sink)
{
	u32 i;

	for (i = 0; i < walk->nr_findings; i++) {
		const struct finding *finding = &walk->findings[i];

		if (finding->sink != sink || !(counts(finding) || view->ftrace))
			continue;
		printf("%s: ", sink_names[sink]);
		print_target(view, finding);
		printf(" <- ");
		print_path(view, walk, finding->visit, " <- ");
		print_line(view, finding->addr, " (", ")");
		putchar('\n');
	}
}

static void print_unresolved(const struct view *view, const struct walk *walk)
{
	u32 i;

	for (i = 0; i < walk->nr_unresolved; i++) {
		printf("unresolved: ");
		print_site(view, walk, walk->unresolved[i].visit, walk->unresolved[i].addr);
		printf(" <- ");
		print_path(view, walk, walk->unresolved[i].visit, " <- ");
		print_line(view, walk->unresolved[i].addr, " (", ")");
		putchar('\n');
	}
}

static void print_summary(const struct view *view, const struct walk *walk)
{
	u32 count = count_findings(walk);

	printf("%s: %s", view->match->rules->contexts[walk->context], result_of(view, walk));
	if (!has_context(view->match, walk->context)) {
		printf(": this kernel has no root of it\n");
		return;
	}
	if (!is_clean(walk))
		printf(": %u findings, %u unresolved branches", count, walk->nr_unresolved);
	printf(" (%u functions reached", walk->nr_reached);
	if (walk->nr_findings > count)
		printf(", %u of them with an ftrace entry", walk->nr_findings - count);
	printf(")\n");
}

static void print_text(const struct view *view, const struct walk *walk)
{
	enum sink sink;
	u32 i;

	for (sink = SINK_NONE + 1; sink < NR_SINKS; sink++)
		print_findings(view, walk, sink);
	print_unresolved(view, walk);
	for (i = 0; view->list && i < walk->nr_visits; i++) {
		if (walk->visits[i].earlier != NONE)
			continue;
		printf("reached: ");
		print_path(view, walk, i, " <- ");
		putchar('\n');
	}
	if (!view->quiet || !is_clean(walk))
		print_summary(view, walk);
}

/* Where it is, and how that is reached */
static void print_json_place(const struct view *view, const struct walk *walk, u32 visit, u64 addr)
{
	printf("\"at\":\"");
	print_site(view, walk, visit, addr);
	print_line(view, addr, "\",\"line\":\"", "");
	printf("\",\"path\":[\"");
	print_path(view, walk, visit, "\",\"");
	printf("\"]}");
}

static void print_json(const struct view *view, const struct walk *walk)
{
	const char *context = view->match->rules->contexts[walk->context];
	u32 i;

	printf("{\"context\":\"%s\",\"result\":\"%s\",\"reached\":%u,\"findings\":[", context,
	       result_of(view, walk), walk->nr_reached);
	for (i = 0; i < walk->nr_findings; i++) {
		printf("%s{\"kind\":\"%s\",\"calls\":\"", i ? "," : "",
		       sink_names[walk->findings[i].sink]);
		print_target(view, &walk->findings[i]);
		printf("\",");
		print_json_place(view, walk, walk->findings[i].visit, walk->findings[i].addr);
	}
	printf("],\"unresolved\":[");
	for (i = 0; i < walk->nr_unresolved; i++) {
		printf("%s{", i ? "," : "");
		print_json_place(view, walk, walk->unresolved[i].visit, walk->unresolved[i].addr);
	}
	printf("]");
	if (view->list) {
		printf(",\"functions\":[");
		for (i = 0; i < walk->nr_visits; i++) {
			if (walk->visits[i].earlier != NONE)
				continue;
			printf("%s\"", i ? "," : "");
			print_unit(view, walk->visits[i].unit);
			printf("\"");
		}
		printf("]");
	}
	printf("}");
}

static void print_dot(const struct view *view, const struct walk *walk)
{
	const char *context = view->match->rules->contexts[walk->context];
	u32 number = walk->context, i;

	printf("subgraph \"cluster_%s\" {\nlabel=\"%s\";\n", context, context);
	for (i = 0; i < walk->nr_visits; i++) {
		printf("v%u_%u [label=\"", number, i);
		print_unit(view, walk->visits[i].unit);
		printf("\"];\n");
		if (walk->visits[i].parent != NONE)
			printf("v%u_%u -> v%u_%u;\n", number, walk->visits[i].parent, number, i);
	}
	for (i = 0; i < walk->nr_findings; i++) {
		if (!counts(&walk->findings[i]))
			continue;
		printf("f%u_%u [label=\"", number, i);
		print_target(view, &walk->findings[i]);
		printf("\",color=red];\nv%u_%u -> f%u_%u;\n",
		       number, walk->findings[i].visit, number, i);
	}
	for (i = 0; i < walk->nr_unresolved; i++)
		printf("u%u_%u [label=\"?\",color=orange];\nv%u_%u -> u%u_%u;\n", number, i,
		       number, walk->unresolved[i].visit, number, i);
	printf("}\n");
}

void print_begin(const struct view *view)
{
	if (view->format == FORMAT_JSON)
		putchar('[');
	else if (view->format == FORMAT_DOT)
		printf("digraph realmode {\n");
}

void print_walk(const struct view *view, const struct walk *walk, bool first)
{
	switch (view->format) {
	case FORMAT_TEXT:
		print_text(view, walk);
		break;
	case FORMAT_JSON:
		printf("%s", first ? "" : ",\n");
		print_json(view, walk);
		break;
	case FORMAT_DOT:
		print_dot(view, walk);
		break;
	}
}

void print_end(const struct view *view)
{
	if (view->format == FORMAT_JSON)
		printf("]\n");
	else if (view->format == FORMAT_DOT)
		printf("}\n");
}
