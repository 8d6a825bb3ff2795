# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # root is for the test to set
# For the tests of scripts: a case is a function (with arguments) that fails or
# returns; run prints a line of KTAP for each.  A case has $work for itself, and
# $programs is for what is made once for all of them.

work=$(mktemp -d)
chmod 755 "$work"
programs=$(mktemp -d)
trap 'rm -rf "$work" "$programs"' EXIT

fail()
{
	printf '%s\n' "$@"
	exit 1
}

skip()
{
	echo "SKIP $*"
	exit 0
}

# expect STATUS REGEX COMMAND...: COMMAND ends with STATUS and prints a match.
expect()
{
	local status=0 said

	said=$("${@:3}" 2>&1) || status=$?
	[ "$status" = "$1" ] || fail "exit status $status, not $1: ${*:3}" "$said"
	grep -qE -- "$2" <<<"$said" || fail "no match for $2: ${*:3}" "$said"
}

# A command that stands in for another one: the lines of stdin, then the other.
stand_in()
{
	mkdir -p "$work/bin"
	{
		echo '#!/bin/bash'
		cat
		echo "exec $(command -v "$1") \"\$@\""
	} >"$work/bin/$1"
	chmod +x "$work/bin/$1"
	PATH=$work/bin:$PATH
}

# copy_small_tree FROM TO: of a kernel tree, the files that status reads and
# that patches change
copy_small_tree()
{
	local file

	{
		echo Makefile
		"$root/verify/status" --plain "$1" | awk '$1 == "reads" { print $2 }'
		sed -n 's,^+++ b/,,p' "$root"/series/*/*.patch
	} | sort -u | while read -r file; do
		[ -e "$1/$file" ] || continue
		mkdir -p "$(dirname "$2/$file")"
		cat "$1/$file" >"$2/$file"
	done
}

# copy_source BASE NAME: $OUT/src/NAME, of hard links to that of BASE, is there and no older.
# Its version, which the caller may add to, begins with that of BASE.
copy_source()
{
	local src=$OUT/src/$2 version

	version=$(cat "$OUT/src/$1.version" 2>/dev/null) || skip "no source, make fetch TREE=$1 gets it"
	if [ ! -d "$src" ] || [[ $(cat "$src.version" 2>/dev/null) != "$version"* ]]; then
		rm -rf "$src" "$src.part"
		cp -al "$OUT/src/$1" "$src.part"
		mv -T "$src.part" "$src"
	fi
	echo "$version" >"$src.version"
}

# one_case NUMBER NAME: in a shell of its own, with nothing in $work; sets failed if it
# does. Not to be called as a condition: that would switch off set -e in the case.
one_case()
{
	local status

	find "$work" -mindepth 1 -maxdepth 1 -exec rm -rf {} +
	set +e
	# shellcheck disable=SC2086 # a function and its arguments
	(set -e; $2) >"$work/log" 2>&1 </dev/null
	status=$?
	set -e
	if [ $status != 0 ]; then
		awk '{ print "# " $0 }' "$work/log"	# sed would leave the last line unfinished
		echo "not ok $1 $2"
		echo "# again: $0 '$2'"
		failed=1
	elif grep -q '^SKIP ' "$work/log"; then
		echo "ok $1 $2 # $(grep -m1 '^SKIP ' "$work/log")"
	else
		echo "ok $1 $2"
	fi
}

# run CASE...: one after the other
run()
{
	local name nr=0 failed=0

	echo "KTAP version 1"
	echo "1..$#"
	for name; do
		nr=$((nr + 1))
		one_case $nr "$name"
	done
	return $failed
}

# one_apart DIR NUMBER NAME: the same in DIR; leaves DIR.said, and DIR.status when done
one_apart()
{
	local work=$1 failed=0

	mkdir "$work"
	new_work
	one_case "$2" "$3" >"$1.said"
	rm -rf "$1"
	echo $failed >"$1.new"
	mv "$1.new" "$1.status"
}

# run_at_once HOW_MANY CASE...: so many of them at a time, for cases that mostly wait.
# Each has a $work of its own, which new_work() makes known.
run_at_once()
{
	local most=$1 results nr printed=0 running=0 failed=0

	shift
	results=$(mktemp -d -p "$work")
	echo "KTAP version 1"
	echo "1..$#"
	for ((nr = 1; printed < $#; nr++)); do
		if ((nr <= $#)); then
			one_apart "$results/$nr" $nr "${!nr}" &
			running=$((running + 1))
		fi
		if ((running >= most || nr >= $#)); then
			wait -n || true
			running=$((running - 1))
		fi
		while [ -e "$results/$((printed + 1)).status" ]; do
			printed=$((printed + 1))
			cat "$results/$printed.said"
			[ "$(cat "$results/$printed.status")" = 0 ] || failed=1
		done
		if ((nr >= $# && running <= 0 && printed < $#)); then
			echo "not ok $((printed + 1)) its shell died"
			return 1
		fi
	done
	return $failed
}
