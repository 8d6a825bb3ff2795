#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# driver-fuzz.sh SECONDS [DIR]: look for what breaks the driver's readers of consoles and of
# QEMU's monitor, from the recordings in tests/driver. With DIR, what is found to
# reach new code is kept there, and the next run goes on from it; without, every run
# begins with the same seed.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
source=$here/../tools/testing/selftests/powerpc/kexec
[ $# -ge 1 ] || { echo "usage: driver-fuzz.sh SECONDS [DIR]" >&2; exit 2; }

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir/seeds" "${2:-$dir/kept}"
kept=$(realpath "${2:-$dir/kept}")
# shellcheck source-path=SCRIPTDIR source=../verify/lib.sh
. "$here/../verify/lib.sh"
clang=$(command -v clang || newest_clang) || die "no clang: make setup installs it"
"$clang" -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -std=gnu11 \
	-D_GNU_SOURCE -D__SANE_USERSPACE_TYPES__ -I"$source/common" -I"$source/host" -o "$dir/fuzz" "$here/driver/fuzz.c" \
	"$source"/host/{facts,console,kernel_config,registers,tests,vmlinux,qemu}.c -lelf

# Every test gets every console
cp "$here"/driver/corpus/monitor "$dir/seeds"
tests=$(grep -c '\.name =' "$source/host/tests.c")
for recorded in "$here"/driver/corpus/console-* "$here"/driver/registers.dead; do
	for ((test = 0; test < tests; test++)); do
		{
			printf '%b' "\\x$(printf %02x "$test")"
			cat "$recorded"
		} >"$dir/seeds/${recorded##*/}-$test"
	done
done
[ $# != 1 ] || seed=1
cd "$dir"
./fuzz -seed="${seed:-0}" -max_total_time="$1" -timeout=10 -print_final_stats=1 \
	-dict="$here/driver/fuzz.dict" -artifact_prefix="$kept/" "$kept" seeds >log 2>&1 || {
	tail -n 40 log
	[ -z "${2-}" ] || echo "driver-fuzz.sh: what did it is in $kept"
	exit 1
}
grep -E 'stat::number_of_executed_units|cov:' log | tail -n 2
