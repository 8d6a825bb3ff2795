#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# driver-mutants.sh FILE[:LINE]...: does a case of tests/driver.sh notice if a line of the
# selftest's host/FILE is wrong? Changes one line after the other, as mutants.awk says, and
# prints the mutants that no case notices, which driver/README.md judges. With CASES=REGEX
# only those cases are asked. Of these each mutant meets those that reach its line, as gcov
# says, the quickest first; with COVERED=DIR that is kept there for the next time. Takes a
# second for most mutants, and more for what only cases reach that mostly wait. Without
# them: CASES='^(?!nmi_|dead|alive|late|times_out|canary_hangs|interrupted)'
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
source=$here/../tools/testing/selftests/powerpc/kexec
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
covered=${COVERED:-$dir/covered}
flags=(-std=gnu11 -D_GNU_SOURCE -D__SANE_USERSPACE_TYPES__ -w "-I$source/common" "-I$source/host")

compile() # C-FILE NAME
{
	gcc "${flags[@]}" -O1 -c -o "$dir/o/$2.o" "$1" 2>/dev/null
}

# Which lines does a case reach, and how long does it take? A line of a statement is reached
# with any other one of it, and so are those of a function that ends in execvp(), for which
# gcov is too late.
cover() # NUMBER CASE
{
	local to=$dir/cover/$1 start=${EPOCHREALTIME/.}

	mkdir -p "$to/tmp"
	ln -s "$dir"/cover/*.gcno "$to"
	TMPDIR=$to/tmp GCOV_PREFIX=$to GCOV_PREFIX_STRIP=99 BUILT=$dir/cover/bin \
		"$here/driver.sh" "$2" >"$to/said" || { cat "$to/said" >&2; return 1; }
	echo "$(((${EPOCHREALTIME/.} - start) / 1000)) $2" >>"$covered/times"
	[ -z "$(find "$to" -name '*.gcda')" ] || (cd "$to" && gcov -t ./*.gcda 2>/dev/null) |
		name=$2 awk -F: '
			$3 == "Source" { file = $4; sub(/.*\//, "", file) }
			{
				lines[nr++] = line = file ":" $2 + 0
				hit = hit || $1 ~ /[0-9]/
				body[nr_body++] = line
				some = some || $1 ~ /[0-9]/
				execs = execs || /execvp\(/
			}
			/:\}$/ {
				for (i = 0; some && execs && i < nr_body; i++)
					print body[i] " " ENVIRON["name"]
				nr_body = some = execs = 0
			}
			{
				if (!/([;{})]|else|\*\/|:)$/)
					next
				for (i = 0; hit && i < nr; i++)
					print lines[i] " " ENVIRON["name"]
				nr = hit = 0
			}' >"$to/reached"
	cat "$to/reached" >>"$covered/reached" 2>/dev/null || true
	rm -rf "$to"
}

# fails CASE...: does one fail, or not end? That is the first to be asked from now on.
fails()
{
	local line failed='' said status=0 limit=$((10 + $(seconds "$@") * 2))

	mkdir "$dir/tmp"
	# Who does not end is stopped soon if it is busy
	exec {said}< <(ulimit -t 20; TMPDIR=$dir/tmp BUILT=$dir/bin exec timeout "$limit" \
		"$here/driver.sh" "$@" 2>&1)
	while read -r line; do
		[[ ! $line =~ ^not\ ok\ [0-9]+\ (.*) ]] || { failed=${BASH_REMATCH[1]}; break; }
	done <&"$said"
	kill $! 2>/dev/null || true	# timeout, and with it what it started
	wait $! || status=$?
	exec {said}<&-
	rm -rf "$dir/tmp"
	[ $status != 124 ] || failed=$1
	[ -n "$failed" ] || return 1
	by="$failed$( ((status != 124)) || echo ', which does not end')"
	mapfile -t order < <(printf '%s\n' "$failed" "${order[@]}" | awk '!seen[$0]++')
}

# As long as one of the cases takes, and a part of what all of them take
seconds() # CASE...
{
	printf '%s\n' "$@" | awk 'NR == FNR { time = $1; sub(/[^ ]+ /, ""); times[$0] = time; next }
		{ sum += times[$0]; if (times[$0] > most) most = times[$0] }
		END { print int((sum / 8 + most) / 1000) }' "$covered/times" -
}

# reaching FILE:LINE: the cases that reach it; of what is no code, all
reaching()
{
	if grep -q "^$1 " "$covered/code"; then
		# Of those whose driver is killed nothing is known
		grep -E "^$1 |^always " "$covered/reached" | cut -d' ' -f2- | sort -u
	else
		printf '%s\n' "${order[@]}"
	fi | awk 'NR == FNR { reach[$0] = 1; next } $0 in reach' - <(printf '%s\n' "${order[@]}")
}

# What noticed the last one often notices the next
noticed() # CASE...
{
	(($#)) || return 1
	fails "$1" || { [ $# -gt 1 ] && fails "${@:2}"; }
}

make -s -C "$source" OUTPUT="$dir/bin"
mkdir "$dir/o" "$dir/cover"
for file in "$source"/host/*.c "$source"/common/*.c; do
	compile "$file" "$(basename "$file")"
done
if [ ! -e "$covered/code" ]; then
	mkdir -p "$covered"
	# _exit() would not write down what was reached
	for file in "$source"/host/*.c "$source"/common/*.c; do
		gcc "${flags[@]}" -O0 -D_exit=exit --coverage -c -o "$dir/cover/$(basename "$file" .c).o" "$file"
	done
	cp -r "$dir/bin" "$dir/cover/bin"
	gcc -o "$dir/cover/bin/kexec_test" --coverage "$dir"/cover/*.o -lelf
	# What takes long, or does not take this driver
	mapfile -t cases < <("$here/driver.sh" --cases | grep -vE '^(fuzz|valgrind|builds)')
	nr=0
	for case in "${cases[@]}"; do
		nr=$((nr + 1))
		cover $nr "$case" &
		[ $nr -le 8 ] || wait -n
	done
	for ((; nr > 0; nr--)); do
		wait -n || [ $? = 127 ]	# none is left
	done
	printf '%s\n' "${cases[@]}" | sed -nE '/^(interrupted|child_dies|two_runs|debugs|alive)/s/^/always /p' \
		>>"$covered/reached"
	(cd "$dir/cover" && gcov -t ./*.gcno 2>/dev/null) | awk -F: '
		$3 == "Source" { file = $4; sub(/.*\//, "", file) }
		{
			lines[nr++] = file ":" $2 + 0 " "
			code = code || $1 !~ /-/
			if (!/([;{})]|else|\*\/|:)$/)
				next
			for (i = 0; code && i < nr; i++)
				print lines[i]
			nr = code = 0
		}' >"$covered/code"
fi

total=0 survived=0
mapfile -t order < <(sort -n "$covered/times" | cut -d' ' -f2- | grep -P -- "${CASES-.}")
gcc -o "$dir/bin/kexec_test" "$dir"/o/*.o -lelf
! noticed "${order[@]}" || { echo "$by: fails as it is" >&2; exit 1; }
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
		mapfile -t cases < <(reaching "$file:$line")
		if noticed "${cases[@]}"; then
			echo "$file:$line: $change: by $by" >&2
		else
			survived=$((survived + 1))
			echo "$file:$line: $change: $(sed -n "${line}s/^\t*//p" "$source/host/$file")"
		fi
	done < <(awk -f "$here/mutants.awk" "$source/host/$file" | grep "^${only:+${only#:} }")
	cp "$dir/original.o" "$dir/o/$file.o"
done
echo "# $survived of $total not noticed"
