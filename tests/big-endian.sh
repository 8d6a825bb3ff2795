#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The fixes that only a big-endian kernel can show: one with all of them passes on
# bare metal and as a guest, without one of them it fails.  Builds a kernel (4 to 8
# minutes); make test does not run it.
# Usage: tests/big-endian.sh [CASE...]
# shellcheck disable=SC2317 # cases are called by name
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "$0")")")
export OUT=${OUT:-$root/out}
# shellcheck source-path=SCRIPTDIR source=cases.sh
. "$root/tests/cases.sh"
tree=linux-6.12.y

# driver VARIANT TEST...: that kernel, with an init that only nolibc can make
driver()
{
	local variant=$1 logs=$OUT/logs/$tree/kasan-be/$1

	shift
	"$root/verify/build" $tree "$variant" kasan-be
	make -s -C "$root/tools/testing/selftests/powerpc/kexec" OUTPUT="$OUT/bin/kexec-be" \
		NOLIBC="$OUT/src/mainline/tools/include/nolibc/"
	mkdir -p "$logs"
	"$OUT/bin/kexec-be/kexec_test" --vmlinux "$OUT/kernels/$tree/kasan-be/$variant/vmlinux" \
		--machine powernv9,pseries-power9 --test "$(IFS=,; echo "$*")" --logs "$logs"
}

passes()
{
	driver fixed kasan kexec-file payload hostile hash ftrace fgraph patching-hotplug smp2 \
		machine-check kdump kdump-nmi
}

# fails_without FIX TEST REGEX: on both machines
fails_without()
{
	local count

	if driver "without-$1" "$2" >"$work/said"; then
		fail "passes"
	fi
	count=$(grep -cE "^# fail: boot .*$3" "$work/said") || true
	[ "$count" = 2 ] || fail "$(<"$work/said")"
}

for name in $tree mainline; do
	"$root/verify/fetch" "$name" >&2
done
cases=(passes
	"fails_without kasan-realmode-guard-6.17 kexec-file kasan_check_range"
	"fails_without purgatory-run-at-load kdump mark.is.not.there")
run "${@:-${cases[@]}}"
