#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# bisect.sh TREE [TEST,...]: applies the patches of series/TREE that change what boots, one
# after the other, and builds and boots a KASAN kernel after each. What passed before a
# patch must pass with it. Prints a line for each patch. A minute for each, after a first
# build; run by hand.
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "$0")")")
# shellcheck source-path=SCRIPTDIR source=../verify/trees.sh
. "$root/verify/trees.sh"
[ $# != 0 ] || die "usage: bisect.sh TREE [TEST,...]"
tests=${2:-kasan,kexec-file,hostile,machine-check}
machines=pseries-power9,powernv9
find_tree "$1"
find_config kasan
tree=$out/work/$name
kernel=$out/build/$name-kasan/vmlinux
work=$(mktemp -d)
trap 'rm -rf "$work"; "$root/verify/variant" "$name" unfixed' EXIT
make -s -C "$root/tools/testing/selftests/powerpc/kexec" OUTPUT="$work/bin"
mkdir -p "$out/build/$name-kasan" "$out/logs/bisect"
lock_tree
"$root/verify/variant" "$name" unfixed

# try PATCH: which tests pass now, as MACHINE TEST, in $work/passes
try()
{
	# Others may build while this boots
	flock "$out/build/lock" "$root/verify/kmake" "$name" kasan vmlinux >"$work/log" 2>&1 ||
		die "$1 does not build:" "$(tail "$work/log")"
	"$work/bin/kexec_test" --vmlinux "$kernel" --machine $machines --test "$tests" \
		--logs "$out/logs/bisect" >"$work/said" 2>&1 || [ $? = 1 ] || die "$1: $(<"$work/said")"
	sed -nE 's/^ok [0-9]+ ([^ ]+ [^ ]+)$/\1/p' "$work/said" | grep -v canary | sort >"$work/passes"
	echo "$1: $(paste -sd, "$work/passes")"
}

status=0
try unpatched
for patch in "$root/series/$name"/00[0-2]*.patch; do
	mv "$work/passes" "$work/before"
	patch -s -d "$tree" -p1 --fuzz=0 <"$patch"
	try "$(basename "$patch" .patch)"
	lost=$(comm -23 "$work/before" "$work/passes")
	[ -z "$lost" ] || { status=1; echo "does not pass any more: $(paste -sd, <<<"$lost")"; }
done
[ -s "$work/passes" ] || die "nothing passes with all patches"
exit $status
