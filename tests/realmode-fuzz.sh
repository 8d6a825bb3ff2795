#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Fuzz realmode_check: realmode-fuzz.sh [SECONDS], by hand, as it takes long.
#
# It starts from the fixtures and from what earlier runs found (realmode/corpus,
# which tests/realmode.sh replays), and adds to that, as little as possible, what
# reached new code. A crash leaves its input here and ends with a status.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# shellcheck source-path=SCRIPTDIR source=../verify/lib.sh
. "$here/../verify/lib.sh"
clang=$(command -v clang || newest_clang) || die "no clang: make setup installs it"
"$clang" -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined \
	-o "$tmp/fuzz" "$here/realmode/fuzz.c" -lelf

seed() # FILE NAME COMPILER...
{
	"${@:3}" -nostdlib -Wl,--no-dynamic-linker -Wl,--build-id=none -Wl,-z,max-page-size=4096 \
		-Wl,-T,"$here/realmode/fixture.lds" -o "$tmp/image" "$1"
	{
		grep -q '^#rules: context' "$1" || echo 'context all'
		sed -n 's/^#rules: *//p' "$1"
		printf '\0'
		cat "$tmp/image"
	} >"$tmp/seeds/$2"
}
mkdir "$tmp/seeds" "$tmp/found"
for file in "$here"/realmode/*.S; do
	name=$(basename "$file" .S)
	seed "$file" "$name-le" powerpc64le-linux-gnu-gcc -no-pie
	seed "$file" "$name-be" powerpc64-linux-gnu-gcc -mabi=elfv1 -pie
done

mkdir -p "$here/realmode/corpus"
"$tmp/fuzz" -max_total_time="${1:-600}" -timeout=10 -rss_limit_mb=4096 -max_len=32768 \
	-print_final_stats=1 "$tmp/found" "$here/realmode/corpus" "$tmp/seeds"
# What the seeds reach needs no file of its own, nor does one branch taken more often
mkdir "$tmp/merged"
cp "$tmp/seeds"/* "$tmp/merged"
"$tmp/fuzz" -merge=1 -use_counters=0 "$tmp/merged" "$here/realmode/corpus" "$tmp/found"
for file in "$tmp/merged"/*; do
	[ -e "$tmp/seeds/${file##*/}" ] || cp -n "$file" "$here/realmode/corpus"
done
