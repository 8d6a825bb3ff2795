#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Does the build of a kernel with series/mainline's patch run realmode_check, and
# fail where it must?  Builds a kernel (5 minutes), so it is run by hand.  What is
# wrong with the kernel is one of the fixes, as without any it has to be built anew.
# Usage: tests/realmode-postlink.sh [CASE...]
# shellcheck disable=SC2317 # cases are called by name
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "$0")")")
export OUT=${OUT:-$root/out}
# shellcheck source-path=SCRIPTDIR source=cases.sh
. "$root/tests/cases.sh"
source=$OUT/work/mainline
build=$OUT/build/mainline-checked

# with_step VARIANT: the source, and the patches that are no fixes
with_step()
{
	local patch

	"$root/verify/variant" mainline "$1"
	for patch in "$root"/series/mainline/004?-*.patch; do
		patch -s -d "$source" -p1 --fuzz=0 <"$patch"
	done
	rm -f "$build"/vmlinux{,.unstripped}
}

unfixed()
{
	with_step without-kasan-realmode-guard
	expect 2 '^kasan: .* <- opal_call <- .* <- kexec_sequence' \
		"$root/verify/kmake" mainline checked vmlinux
	[ ! -e "$build/vmlinux" ] || fail "there is a vmlinux"
}

fixed()
{
	with_step fixed
	"$root/verify/kmake" mainline checked vmlinux
	[ -e "$build/vmlinux" ] || fail "there is no vmlinux"
}

break_rules()
{
	sed -i '/^context kexec/a root nothing_of_that_name # a test' \
		"$source/arch/powerpc/tools/realmode_check/realmode_check.rules"
}

# So it was run in the case above as well.
bad_rules()
{
	with_step fixed
	break_rules
	expect 2 'realmode_check: .*vmlinux.* has no nothing_of_that_name' \
		"$root/verify/kmake" mainline checked vmlinux
}

# Without the first of the patches no check of vmlinux runs.
no_checks()
{
	with_step fixed
	break_rules
	patch -s -R -d "$source" -p1 --fuzz=0 <"$(echo "$root"/series/mainline/*-postlink-checks.patch)"
	"$root/verify/kmake" mainline checked vmlinux
}

[ $# != 0 ] || set -- unfixed fixed bad_rules no_checks
run "$@"
