#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Does realmode_check notice when the guard in KASAN's check is gone, or does not
# guard, or when a file loses its KCSAN opt-out?
#
# Breaks the guard of a kernel with all fixes in some ways (kasan), or takes each
# opt-out of the Makefiles away (kcsan), builds it and looks for paths that were not
# found before.  About 20 s for each, after a build of the kernel; run by hand.
# Usage: tests/realmode-mutants.sh kasan|kcsan [TREE]
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "$0")")")
export OUT=${OUT:-$root/out}
checker=$root/arch/powerpc/tools/realmode_check
config=${1-}
tree=${2:-linux-6.12.y}
work=$OUT/work/$tree
vmlinux=$OUT/build/$tree-$config/vmlinux
check=mm/kasan/generic.c
tmp=$(mktemp -d)
changed=
number=0 status=0

# Where code lies that runs after kexec's switchover
makefiles=(arch/powerpc/{kexec,lib,mm,mm/book3s64,platforms/powernv,platforms/pseries}/Makefile)

restore()
{
	[ -z "$changed" ] || cp -p --remove-destination "$tmp/saved" "$work/$changed"
	changed=
}
trap 'restore; rm -rf "$tmp"' EXIT

findings() # OUTPUT
{
	local status=0

	"$root/verify/kmake" "$tree" "$config" vmlinux
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

# mutant NAME FILE SED: built, looked at, and undone
mutant()
{
	local new

	number=$((number + 1))
	cp -p "$work/$2" "$tmp/saved"
	changed=$2
	sed "$3" "$tmp/saved" >"$tmp/mutant"
	if cmp -s "$tmp/saved" "$tmp/mutant"; then
		echo "not ok $number $1: $2 has another shape"
		status=1
		return
	fi
	cp --remove-destination "$tmp/mutant" "$work/$2"
	findings "$tmp/after"
	restore
	new=$(comm -13 "$tmp/before" "$tmp/after" | paste -sd,)
	[ -n "$new" ] || { echo -n "not "; status=1; }
	echo "ok $number $1 # ${new//,/, }"
}

guards()
{
	local in_check='/^static __always_inline bool check_region_inline/,/^}/'

	mutant gone "$check" "$in_check{/kasan_arch_is_ready()/,+1d}"
	mutant behind "$check" "$in_check{/kasan_arch_is_ready()/,+1d
		s/!memory_is_poisoned(addr, size)/(& || !kasan_arch_is_ready())/}"
	mutant writes-only "$check" "$in_check"'s/if (\(.*kasan_arch_is_ready()\))/if (write \&\& (\1))/'
	mutant other-bit "$check" "$in_check"'s/kasan_arch_is_ready()/(mfmsr() \& MSR_EE)/'
	mutant inverted "$check" "$in_check"'s/!kasan_arch_is_ready()/kasan_arch_is_ready()/'
}

opt_outs()
{
	local makefile line text object

	while IFS=: read -r makefile line text; do
		object=${text#KCSAN_SANITIZE_}
		mutant "$makefile ${object%% *}" "$makefile" "${line}d"
	done < <(cd "$work" && grep -n '^KCSAN_SANITIZE_.*\.o := n' "${makefiles[@]}")
}

case $config in
kasan | kcsan) ;;
*) echo "usage: realmode-mutants.sh kasan|kcsan [TREE]" >&2; exit 2 ;;
esac
cc -O2 -o "$tmp/realmode_check" "$checker"/*.c -lelf
"$root/verify/variant" "$tree" fixed
findings "$tmp/before"
if [ "$config" = kasan ]; then
	guards
else
	opt_outs
fi
echo "1..$number"
exit $status
