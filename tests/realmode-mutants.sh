#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Does realmode_check notice when a file loses its KASAN opt-out?
#
# Takes each such line out of the Makefiles of a kernel with all fixes, builds it
# and looks for paths that were not found before.  About 20 s for each, after a
# build of the kernel; run by hand, the result is in realmode/README.md.
# Usage: tests/realmode-mutants.sh [TREE [OBJECT...]]
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "$0")")")
export OUT=${OUT:-$root/out}
checker=$root/arch/powerpc/tools/realmode_check
tree=${1:-linux-6.12.y}
work=$OUT/work/$tree
vmlinux=$OUT/build/$tree-kasan/vmlinux
tmp=$(mktemp -d)
changed=

# Where code lies that may run with the MMU off, but for what KASAN rules out
# (kvm/, book3s32/) and for what stands alone (purgatory/)
makefiles=(arch/powerpc/{kernel,kexec,lib,mm,mm/book3s64,platforms/powernv,platforms/pseries}/Makefile)

# Why it need not notice
declare -A unnoticed=(
	[core.o]="runs with the MMU on"
	[kexec.o]="runs with the MMU on"
	[code-patching.o]="runs before the boot CPU has its MMU on: no kernel boots with it"
	[feature-fixups.o]="the same"
	[cputable.o]="runs before the boot CPU has its MMU on"
	[paca.o]="the same"
	[udbg.o]="the same"
	[udbg_16550.o]="the same"
	[prom_init.o]="runs before that, under the firmware"
	[pci-ioda.o]="KVM called it in real mode on POWER8, which has no radix MMU and so no KASAN"
	[pci-ioda-tce.o]="nothing calls it in real mode since KVM's handlers that did are gone"
)

restore()
{
	[ -z "$changed" ] || mv "$tmp/saved" "$changed"
	changed=
}
trap 'restore; rm -rf "$tmp"' EXIT

findings() # OUTPUT
{
	local status=0

	"$root/verify/kmake" "$tree" kasan vmlinux
	"$tmp/realmode_check" --json "$checker/realmode_check.rules" "$vmlinux" >"$tmp/json" || status=$?
	[ $status -le 1 ] || return $status
	python3 - "$tmp/json" >"$1" <<-'END'
		import json, sys
		for context in json.load(open(sys.argv[1])):
		    for finding in context["findings"]:
		        if finding["kind"] != "ftrace":
		            print(context["context"], finding["path"][0], "->", finding["calls"])
	END
	sort -u -o "$1" "$1"
}

cc -O2 -o "$tmp/realmode_check" "$checker"/*.c -lelf
"$root/verify/variant" "$tree" fixed
findings "$tmp/before"

cd "$work"
number=0 status=0
while IFS=: read -r makefile line text; do
	object=${text#KASAN_SANITIZE_}
	object=${object%% *}
	[ $# -lt 2 ] || [[ " ${*:2} " = *" $object "* ]] || continue
	number=$((number + 1))
	# shellcheck disable=SC2016 # make's $(BITS)
	if [ ! -e "${vmlinux%vmlinux}${makefile%Makefile}${object/'$(BITS)'/64}" ]; then
		echo "ok $number $makefile $object # SKIP not built with this configuration"
		continue
	fi
	cp -p "$makefile" "$tmp/saved"
	changed=$work/$makefile
	sed -i "${line}d" "$makefile"
	findings "$tmp/after"
	restore
	new=$(comm -13 "$tmp/before" "$tmp/after" | paste -sd,)
	if [ -n "$new" ]; then
		echo "ok $number $makefile $object # ${new//,/, }"
	elif [ -n "${unnoticed[$object]-}" ]; then
		echo "ok $number $makefile $object # unnoticed: ${unnoticed[$object]}"
	else
		echo "not ok $number $makefile $object"
		status=1
	fi
done < <(grep -n '^KASAN_SANITIZE_.*\.o := n' "${makefiles[@]}")
echo "1..$number"
exit $status
