#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# in-tree.sh TREE [OPTION...]: the selftest where it is to live. Its patches go into
# a copy of the tree, whose own "make run_tests" runs it, with these options of
# kexec_test, on the KASAN kernel with all fixes.
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
export OUT=${OUT:-$here/../out}
# shellcheck source-path=SCRIPTDIR source=../verify/trees.sh
. "$here/../verify/trees.sh"

[ $# != 0 ] || die "usage: in-tree.sh TREE [OPTION of kexec_test...]"
find_tree "$1"
shift
"$here/../verify/build" "$name" fixed kasan
work=$(mktemp -d -p "$out/work")
trap 'rm -rf "$work"' EXIT
cp -al "$src" "$work/linux"
for patch in "$here"/../series/mainline/*-kexec-selftest*.patch; do
	patch -s -d "$work/linux" -p1 --fuzz=0 <"$patch"
done
mkdir -p "$work/obj" "$out/logs/in-tree"
ln -s "$out/kernels/$name/kasan/fixed/vmlinux" "$work/obj"
KSELFTEST_KEXEC_TEST_ARGS="--logs $out/logs/in-tree/$name $*" make -s -C "$work/linux/tools/testing/selftests" \
	O="$work/obj" TARGETS=powerpc/kexec run_tests | tee "$work/said"
# run_tests ends with 0 whatever the tests say
grep -q '^ok 1 selftests: powerpc/kexec: kexec_test$' "$work/said" || die "Linux $version: see above"
