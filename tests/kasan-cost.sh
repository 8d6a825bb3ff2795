#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kasan-cost.sh VMLINUX...: what do KASAN's checks cost?  Guest instructions (QEMU's
# -icount, so the host's load does not count) of each kernel from its start to init, and
# for a fork, an exec, a file and a pipe, on pseries and powernv; then, for all but the
# first kernel, in how many percent they differ from the first.
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "$0")")")
cross=${CROSS_COMPILE:-powerpc64le-linux-gnu-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# != 0 ] || { echo "usage: kasan-cost.sh VMLINUX..." >&2; exit 2; }
# shellcheck source-path=SCRIPTDIR source=kasan-machines.sh
. "$root/tests/kasan-machines.sh"

mkdir -p "$work/root"/{dev,tmp}
"${cross}gcc" -O2 -Wall -static -o "$work/root/init" "$root/tests/kasan-cost/load.c"
(cd "$work/root" && find . | cpio -o -H newc --quiet) >"$work/initrd"

# measure VMLINUX MACHINE: lines of a name and a count of instructions
measure()
{
	# shellcheck disable=SC2086 # a list of options
	timeout 600 qemu-system-ppc64 ${machine[$2]} -m 1024 -icount shift=0,sleep=off \
		-nodefaults -display none -serial stdio -no-reboot -kernel "$1" \
		-initrd "$work/initrd" -append "console=hvc0 printk.time=1 panic=-1" \
		>"$work/console" 2>&1 </dev/null || true	# what is missing below tells
	tr -d '\r' <"$work/console" | awk '/Run \/init as init/ { gsub(/[][]/, ""); printf "boot %.0f\n", $1 * 1e9 }
		/^LOAD / { print $2, $3 }'
}

for name in "${!machine[@]}"; do
	first=
	for kernel; do
		measure "$kernel" "$name" >"$work/counts"
		[ "$(wc -l <"$work/counts")" = 5 ] || {
			tail -n 20 "$work/console"
			echo "kasan-cost.sh: $kernel did not do it all on $name" >&2
			exit 1
		}
		[ -n "$first" ] || { first=$kernel; cp "$work/counts" "$work/first"; }
		echo "$name $kernel"
		paste "$work/counts" "$work/first" | awk '{ printf "  %-5s %11d  %+6.1f %%\n",
			$1, $2, 100 * ($2 / $4 - 1) }'
	done
done
