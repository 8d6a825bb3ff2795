#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# driver-mutants.sh FILE[:LINE]...: does a case of tests/driver.sh notice if a line of the
# selftest's host/FILE is wrong? Changes one line after the other, as mutants.awk says, and
# prints the mutants that no case notices, which driver/README.md judges. With CASES=REGEX
# only those cases are asked. Takes a second for a mutant that is noticed, and more than a
# minute for others; without the cases that mostly wait, some seconds:
# CASES='^(?!nmi_|dead|alive|late|times_out|canary_hangs|interrupted)'
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
source=$here/../tools/testing/selftests/powerpc/kexec
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
flags=(-std=gnu11 -D_GNU_SOURCE -D__SANE_USERSPACE_TYPES__ -w -O1 "-I$source/common" "-I$source/host")

compile() # C-FILE NAME
{
	gcc "${flags[@]}" -c -o "$dir/o/$2.o" "$1" 2>/dev/null
}

# fails CASE...: does one fail, or not end? That is the first to be asked from now on.
fails()
{
	local line failed='' said status=0

	mkdir "$dir/tmp"
	exec {said}< <(TMPDIR=$dir/tmp BUILT=$dir/bin exec timeout "$limit" "$here/driver.sh" "$@" 2>&1)
	while read -r line; do
		[[ ! $line =~ ^not\ ok\ [0-9]+\ (.*) ]] || { failed=${BASH_REMATCH[1]}; break; }
	done <&"$said"
	kill $! 2>/dev/null || true	# timeout, and with it what it started
	wait $! || status=$?
	exec {said}<&-
	rm -rf "$dir/tmp"
	[ $status != 124 ] || failed=$1
	[ -n "$failed" ] || return 1
	mapfile -t cases < <(echo "$failed"; printf '%s\n' "${cases[@]}" | grep -vxF -- "$failed")
}

# What noticed the last one often notices the next
noticed()
{
	fails "${cases[0]}" || { [ ${#cases[@]} -gt 1 ] && fails "${cases[@]:1}"; }
}

make -s -C "$source" OUTPUT="$dir/bin"
mkdir "$dir/o"
for file in "$source"/host/*.c "$source"/common/*.c; do
	compile "$file" "$(basename "$file")"
done
# What takes long, or does not take this driver, or only sees how long it takes
mapfile -t cases < <("$here/driver.sh" --cases | grep -vE '^(fuzz|valgrind|builds)' |
	grep -P -- "${CASES-.}")
gcc -o "$dir/bin/kexec_test" "$dir"/o/*.o -lelf
limit=600
SECONDS=0
! fails "${cases[@]}" || { echo "${cases[0]}: fails, or does not end, as it is"; exit 1; }
limit=$((SECONDS * 3 + 20))

total=0 survived=0
for name; do
	file=${name%:*}
	only=${name#"$file"}
	cp "$dir/o/$file.o" "$dir/original.o"
	while read -r line change; do
		sed "$line$change" "$source/host/$file" >"$dir/$file"
		# What does not compile, or is the same code, is no mutant
		compile "$dir/$file" "$file" || continue
		! cmp -s "$dir/o/$file.o" "$dir/original.o" || continue
		gcc -o "$dir/bin/kexec_test" "$dir"/o/*.o -lelf
		total=$((total + 1))
		if noticed; then
			echo "$file:$line: $change: by ${cases[0]}" >&2
		else
			survived=$((survived + 1))
			echo "$file:$line: $change: $(sed -n "${line}s/^\t*//p" "$source/host/$file")"
		fi
	done < <(awk -f "$here/mutants.awk" "$source/host/$file" | grep "^${only:+${only#:} }")
	cp "$dir/original.o" "$dir/o/$file.o"
done
echo "# $survived of $total not noticed"
