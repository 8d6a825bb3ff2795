#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# driver-benchmark.sh VMLINUX [MACHINE]: what the driver costs over the same boots by hand.
# Both run the test kexec-file (boot, kexec, boot, kexec, boot), in turn, and the
# quickest of five counts. The canary, which runs once a machine, is told apart.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] || { echo "usage: driver-benchmark.sh VMLINUX [MACHINE]" >&2; exit 2; }
machine=${2:-pseries-power9}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

make -s -C "$here/../tools/testing/selftests/powerpc/kexec" OUTPUT="$dir/bin"
driver=("$dir/bin/kexec_test" --vmlinux "$1" --machine "$machine" --logs "$dir/logs")

declare -A best
measure() # NAME COMMAND...
{
	local start took

	start=$(date +%s%N)
	# 4: a canary alone is no result
	"${@:2}" >"$dir/said" 2>&1 </dev/null || [ "$1 $?" = "canary 4" ] || { cat "$dir/said"; exit 1; }
	took=$((($(date +%s%N) - start) / 1000000))
	[ "${best[$1]:-$took}" -lt "$took" ] || best[$1]=$took
}

"${driver[@]}" --test kexec-file >/dev/null		# leaves what QEMU boots
command=$("${driver[@]}" --test kexec-file --dry-run | tail -n 1)
for _ in {1..5}; do
	measure hand bash -c "$command"
	grep -q 'KEXEC_TEST 0 done' "$dir/said" || { cat "$dir/said"; exit 1; }
	measure canary "${driver[@]}" --test canary
	measure driver "${driver[@]}" --test kexec-file
done
test=$((best[driver] - best[canary]))
echo "$machine, three boots: by hand ${best[hand]} ms, with the driver $test ms" \
	"($((test * 100 / best[hand])) %), and ${best[canary]} ms once for the canary"
[ $((test * 10)) -le $((best[hand] * 11)) ] || { echo "more than 1.1 times"; exit 1; }
