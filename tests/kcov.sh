#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# series/mainline's kcov-realmode: with all fixes but without it, a machine check or an HMI
# in a task that kcov traces kills the machine, and a kernel that profiles branches as well
# does not boot. With it they pass. Builds four kernels (25 minutes), so make test does not
# run it.
# Usage: tests/kcov.sh [CASE...]
# shellcheck disable=SC2317 # cases are called by name
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "$0")")")
export OUT=${OUT:-$root/out}
# shellcheck source-path=SCRIPTDIR source=cases.sh
. "$root/tests/cases.sh"
base=mainline
tree=$base-kcov
patch=$root/series/$base/0038-kcov-realmode.patch

build() # CONFIG
{
	local kernels=$OUT/kernels/$tree/$1 variant

	copy_source $base $tree
	"$root/verify/variant" $tree fixed
	for variant in without with; do
		[ $variant = without ] || patch -s -d "$OUT/work/$tree" -p1 --fuzz=0 <"$patch"
		flock "$OUT/build/lock" "$root/verify/kmake" $tree "$1" vmlinux
		mkdir -p "$kernels/$variant"
		cp "$OUT/build/$tree-$1/vmlinux" "$kernels/$variant/"
	done
}

# boot VARIANT CONFIG MACHINE TEST
boot()
{
	local kernel=$OUT/kernels/$tree/$2/$1/vmlinux

	[ -e "$kernel" ] || fail "no kernel: tests/kcov.sh 'build $2'"
	"$programs/kexec_test" --vmlinux "$kernel" --machine "$3" --test "$4" \
		--logs "$work/logs" | tee "$work/said"
}

survives()
{
	boot with "$@"
	grep -q "^ok .* $3\$" "$work/said"
}

dies()
{
	# Of the machine check in a machine check the kernel can only say that it was one
	local cause='Oops: Machine check, sig: 7'

	[[ $3 = @(machine-check|kvm)-kcov ]] || cause='__sanitizer_cov_trace_[a-z0-9_]+($| <-|\+)'
	if boot without "$@"; then
		fail "nothing noticed"
	fi
	grep -q '^# fail:' "$work/said" || fail "no verdict"
	{ cat "$work/said"; tr -d '\r' <"$work/logs/$2-$3/console"; } | grep -E "$cause" ||
		fail "it died of something else"
}

make -s -C "$root/tools/testing/selftests/powerpc/kexec" OUTPUT="$programs" all
cases=("build kasan-kcov" "build kasan-branches")
while read -r place; do
	cases+=("dies $place" "survives $place")
done <<LIST
kasan-kcov powernv9 machine-check-kcov
kasan-kcov powernv10 machine-check-kcov
kasan-kcov pseries-power9 machine-check-kcov
kasan-kcov powernv9 hmi-kcov
kasan-kcov powernv10 hmi-kcov
kasan-kcov powernv9 kvm-kcov
kasan-branches powernv9 kasan
kasan-branches pseries-power9 kasan
LIST
run "${@:-${cases[@]}}"
