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

# run CASE...: each in a shell of its own.
run()
{
	local name nr=0 failed=0 status

	echo "KTAP version 1"
	echo "1..$#"
	for name; do
		nr=$((nr + 1))
		find "$work" -mindepth 1 -maxdepth 1 -exec rm -rf {} +
		# Not as a condition: that would switch off set -e in the case.
		set +e
		# shellcheck disable=SC2086 # a function and its arguments
		(set -e; $name) >"$work/log" 2>&1 </dev/null
		status=$?
		set -e
		if [ $status != 0 ]; then
			sed 's/^/# /' "$work/log"
			echo "not ok $nr $name"
			echo "# again: $0 '$name'"
			failed=1
		elif grep -q '^SKIP ' "$work/log"; then
			echo "ok $nr $name # $(grep -m1 '^SKIP ' "$work/log")"
		else
			echo "ok $nr $name"
		fi
	done
	return $failed
}
