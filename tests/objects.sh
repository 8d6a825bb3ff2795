#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What the patches do to the objects of a kernel, for the trees whose series is
# to be sent: each one compiles without a new warning with all before it, and what
# only concerns KASAN or KCSAN changes nothing in a kernel without.  verify/matrix
# has many more configurations than CI has time for.
# Usage: tests/objects.sh [TREE | "CASE TREE"]...
# shellcheck disable=SC2317 # cases are called by name
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "$0")")")
export OUT=${OUT:-$root/out}
# shellcheck source-path=SCRIPTDIR source=cases.sh
. "$root/tests/cases.sh"

# All that is compiled differently with a patch of the series, but for what changes
# on purpose: core_64.o, opal.o and purgatory's trampoline_64.o
objects=(arch/powerpc/kexec/core.o arch/powerpc/kernel/mce.o
	arch/powerpc/lib/code-patching.o arch/powerpc/lib/vmx-helper.o
	arch/powerpc/lib/memcpy_64.o arch/powerpc/lib/mem_64.o
	arch/powerpc/mm/cacheflush.o arch/powerpc/mm/book3s64/pgtable.o
	arch/powerpc/mm/book3s64/radix_pgtable.o arch/powerpc/mm/book3s64/hash_native.o
	arch/powerpc/platforms/powernv/opal-call.o
	arch/powerpc/platforms/pseries/lpar.o arch/powerpc/platforms/pseries/setup.o)

has_source()
{
	[ -d "$OUT/src/$1" ] || skip "no source, make fetch TREE=$1 gets it"
}

prefixes()
{
	has_source "$1"
	expect 0 '^\| le-kasan .* ok' "$root/verify/matrix" "$1" le-kasan
}

# matrix sees what the compiler, the same by an error, or sparse alone has to say
seeded()
{
	has_source "$1"
	seed "$1" 'int unused;' 'new warning with .*-kexec-static-current.*unused variable'
	seed "$1" 'no_such_function();' 'does not compile with .*-kexec-static-current.*no_such_function'
	seed "$1" '(void)(char *)(char __user *)image;' 'new warning with .*address space'
}

# seed TREE CODE REGEX: CODE after a line that a patch adds.  That one alone, and the
# configuration of prefixes: what is there need not be built again.
seed()
{
	rm -rf "$work"/{verify,series}
	cp -r "$root/verify" "$root/series" "$work"
	find "$work/series/$1" -name '*.patch' ! -name '*-kexec-static-current.patch' -delete
	sed -i "s/^+.*__current = &init_task;/& $2/" "$work/series/$1/"*
	expect 1 "^\\| le-kasan .* $3" "$work/verify/matrix" "$1" le-kasan
}

same_code()
{
	local variant object built=("${objects[@]/#/$OUT/build/$1-plain/}")

	has_source "$1"
	for variant in unfixed fixed; do
		"$root/verify/variant" "$1" $variant
		rm -f "${built[@]}"
		"$root/verify/kmake" "$1" plain "${objects[@]}" >"$work/said" 2>&1 || fail "$(<"$work/said")"
		for object in "${objects[@]}"; do
			mkdir -p "$work/$variant"
			cp "$OUT/build/$1-plain/$object" "$work/$variant/${object//\//_}"
		done
	done
	diff -r "$work/unfixed" "$work/fixed"
	# Equal files mean something only if the comparison can tell.
	! cmp -s "$work"/fixed/*_lib_memcpy_64.o "$work"/fixed/*_lib_mem_64.o
}

[ $# != 0 ] || set -- linux-6.12.y linux-7.2.y
for tree; do
	shift
	case $tree in
	*' '*) set -- "$@" "$tree" ;;
	*) set -- "$@" "same_code $tree" "prefixes $tree" "seeded $tree" ;;
	esac
done
run "$@"
