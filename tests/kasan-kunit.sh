#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kasan-kunit.sh VMLINUX...: upstream's own tests of KASAN (CONFIG_KASAN_KUNIT_TEST, as
# verify/configs/kasan-kunit.config has it) on pseries and powernv. Prints how many pass,
# fail and are skipped, and fails where a kernel's results are not those of the first.
# The kernel has no init, and panics when the tests are over.
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "$0")")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# != 0 ] || { echo "usage: kasan-kunit.sh VMLINUX..." >&2; exit 2; }
# shellcheck source-path=SCRIPTDIR source=kasan-machines.sh
. "$root/tests/kasan-machines.sh"

# results VMLINUX MACHINE: a line for each test of the suite, sorted
results()
{
	# shellcheck disable=SC2086 # a list of options
	timeout 900 qemu-system-ppc64 ${machine[$2]} -m 1024 -nodefaults -display none \
		-serial stdio -no-reboot -kernel "$1" \
		-append "console=hvc0 panic=-1 kunit.enable=1 kunit.autorun=1 kunit.filter_glob=kasan*" \
		>"$work/console" 2>&1 </dev/null || true	# the end of the suite tells
	tr -d '\r' <"$work/console" | sed -nE 's/^\[ *[0-9.]+\] //; s/^ +((not )?ok) [0-9]+ (kasan_test_)?/\1 /p' |
		sort
}

status=0
for name in "${!machine[@]}"; do
	first=
	for kernel; do
		results "$kernel" "$name" >"$work/results"
		if ! grep -qE '^(\[ *[0-9.]+\] )?(not )?ok [0-9]+ kasan' "$work/console"; then
			tail -n 20 "$work/console"
			echo "kasan-kunit.sh: no end of the suite: $kernel on $name" >&2
			exit 2
		fi
		awk -v what="$name $kernel" '/# SKIP/ { skip++; next } /^ok/ { pass++ } /^not/ { fail++ }
			END { printf "%s: pass:%d fail:%d skip:%d\n", what, pass, fail, skip }' "$work/results"
		if [ -z "$first" ]; then
			first=$kernel
			cp "$work/results" "$work/first"
		elif ! diff "$work/first" "$work/results"; then
			status=1
		fi
	done
done
exit $status
