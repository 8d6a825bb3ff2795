#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What the patches do to the objects of a kernel, for the trees whose series is
# to be sent: each one compiles without a new warning (W=1) with all before it,
# and what only concerns KASAN or KCSAN changes nothing in a kernel without.
# Usage: tests/objects.sh [TREE...]
# shellcheck disable=SC2317 # cases are called by name
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "$0")")")
export OUT=${OUT:-$root/out}
# shellcheck source-path=SCRIPTDIR source=cases.sh
. "$root/tests/cases.sh"

# All that is compiled differently with a patch of the series
objects=(arch/powerpc/kexec/core.o arch/powerpc/kexec/core_64.o
	arch/powerpc/lib/code-patching.o arch/powerpc/lib/vmx-helper.o
	arch/powerpc/lib/memcpy_64.o arch/powerpc/lib/mem_64.o
	arch/powerpc/mm/book3s64/pgtable.o arch/powerpc/mm/book3s64/radix_pgtable.o
	arch/powerpc/mm/book3s64/hash_native.o
	arch/powerpc/platforms/powernv/opal.o arch/powerpc/platforms/powernv/opal-call.o
	arch/powerpc/platforms/pseries/lpar.o arch/powerpc/platforms/pseries/setup.o)

# objects_of TREE CONFIG: compile all of them anew; prints the warnings
objects_of()
{
	local built=("${objects[@]/#/$OUT/build/$1-$2/}")

	rm -f "${built[@]}"
	"$root/verify/kmake" "$1" "$2" W=1 "${objects[@]}" 2>&1 >/dev/null | grep -E 'warning|error' || true
	ls "${built[@]}" >/dev/null
}

prefixes()
{
	local config patch

	[ -d "$OUT/src/$1" ] || skip "no source, make fetch TREE=$1 gets it"
	for config in kasan plain; do
		"$root/verify/variant" "$1" unfixed
		objects_of "$1" $config | sed 's/:[0-9:]*//' | sort >"$work/before"
		for patch in "$root/series/$1"/*.patch; do
			patch -s -d "$OUT/work/$1" -p1 --fuzz=0 <"$patch"
			objects_of "$1" $config | sed 's/:[0-9:]*//' | sort >"$work/after"
			comm -13 "$work/before" "$work/after" >"$work/new"
			[ ! -s "$work/new" ] || fail "$patch, $config:" "$(<"$work/new")"
		done
	done
}

# core_64.o and opal.o are what the other patches change on purpose
same_code()
{
	local variant object

	[ -d "$OUT/src/$1" ] || skip "no source, make fetch TREE=$1 gets it"
	for variant in unfixed fixed; do
		"$root/verify/variant" "$1" $variant
		objects_of "$1" plain >/dev/null
		for object in "${objects[@]}"; do
			case ${object##*/} in core_64.o | opal.o) continue ;; esac
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
	set -- "$@" "same_code $tree" "prefixes $tree"
done
run "$@"
