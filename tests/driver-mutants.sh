#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# driver-mutants.sh [FILE...]: does a case of tests/driver.sh notice if a line that decides
# is wrong? Each condition of these files of host/ (facts.c) is negated, and each statement
# of one line is left out, one at a time. Prints those that no case notices, with the
# cases that mostly wait left out. Takes some seconds for each.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
source=$here/../tools/testing/selftests/powerpc/kexec
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
flags=(-std=gnu11 -D_GNU_SOURCE -D__SANE_USERSPACE_TYPES__ -w "-I$source/common" "-I$source/host")
[ $# != 0 ] || set -- facts.c

make -s -C "$source" OUTPUT="$dir/bin"
mapfile -t cases < <(BUILT=$dir/bin "$here/driver.sh" --cases |
	grep -vE '^(fuzz|valgrind|builds|interrupted|two_runs|times_out|alive|disk_full|progress|repeats)|misses')
mkdir "$dir/o"
for file in "$source"/host/*.c "$source"/common/*.c; do
	gcc "${flags[@]}" -c -o "$dir/o/$(basename "$file").o" "$file"
done

# mutate KIND LINE FILE: negate its condition, or leave it out
mutate()
{
	case $1 in
	negate) sed -E "$2s/if \((.*)\)( \{)?\$/if (!(\1))\2/" "$3" ;;
	remove) sed -E "$2s/^(\t+).*/\1;/" "$3" ;;
	esac
}

# noticed: in a group of its own, which ends with the first case that fails
noticed()
{
	local group failed=1

	set -m
	BUILT=$dir/bin "$here/driver.sh" "${cases[@]}" >"$dir/said" 2>&1 &
	group=$!
	set +m
	while :; do
		! grep -q '^not ok' "$dir/said" || { failed=0; break; }
		kill -0 $group 2>/dev/null || break
		sleep 0.5
	done
	kill -- -$group 2>/dev/null || true
	wait $group 2>/dev/null || true
	return $failed
}

total=0 survived=0
for name; do
	file=$source/host/$name
	while read -r kind line; do
		mutate "$kind" "$line" "$file" >"$dir/$name"
		gcc "${flags[@]}" -c -o "$dir/o/$name.o" "$dir/$name" 2>/dev/null || continue
		gcc -o "$dir/bin/kexec_test" "$dir"/o/*.o -lelf
		total=$((total + 1))
		noticed || { survived=$((survived + 1)); echo "$name:$line: $kind:$(sed -n "${line}p" "$file")"; }
	done < <(awk '/^\t+(else )?if \(.*\)( \{)?$/ { print "negate", NR }
		/^\t+[a-z].*;$/ && last !~ /[,(|&?=]$/ && !/^\t(const |static |struct |char |int |bool |unsigned |va_|size_t )/ {
			print "remove", NR }
		{ last = $0 }' "$file")
	gcc "${flags[@]}" -c -o "$dir/o/$name.o" "$file"
done
echo "$survived of $total not noticed"
