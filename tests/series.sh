#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What a maintainer checks first: a series applies with git am to the newest
# source of its tree, that tree's checkpatch has nothing to say, and a fix says
# and does the same in every tree.
# Usage: tests/series.sh [CASE...]
# shellcheck disable=SC2317 # cases are called by name
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "$0")")")
export OUT=${OUT:-$root/out}
# shellcheck source-path=SCRIPTDIR source=cases.sh
. "$root/tests/cases.sh"
export GIT_CONFIG_GLOBAL=$work/gitconfig GIT_CONFIG_NOSYSTEM=1

source_of()
{
	src=$OUT/src/$1
	[ -d "$src" ] || skip "no source, make fetch TREE=$1 gets it: $src"
}

# copy_touched TREE PATCH...: the files that the patches touch are as good as all of it
copy_touched()
{
	local file

	sed -n 's,^+++ b/,,p' "${@:2}" | sort -u | while read -r file; do
		[ -e "$src/$file" ] || continue		# the patch adds it
		mkdir -p "$(dirname "$1/$file")"
		cp "$src/$file" "$1/$file"
	done
}

applies()
{
	local tree=$work/tree said

	source_of "$1"
	copy_touched "$tree" "$root/series/$1"/*.patch
	git config --global user.name Tester
	git config --global user.email tester@example.org
	git -C "$tree" init -q
	git -C "$tree" add -A
	git -C "$tree" commit -qm base
	said=$(git -C "$tree" am --no-3way --whitespace=error "$root/series/$1"/*.patch 2>&1) ||
		fail "$said"
	[ "$(git -C "$tree" rev-list --count HEAD)" = $(($(find "$root/series/$1" -name "*.patch" | wc -l) + 1)) ]
}

# Who takes the fixes one by one, or proves that each is needed, leaves any of them out.
without_one()
{
	local tree=$work/tree patch left_out fixes

	source_of "$1"
	fixes=("$root/series/$1"/00[01]*.patch)
	for left_out in "${fixes[@]}"; do
		rm -rf "$tree"
		copy_touched "$tree" "${fixes[@]}"
		for patch in "${fixes[@]}"; do
			[ "$patch" != "$left_out" ] || continue
			patch -s -d "$tree" -p1 --fuzz=0 <"$patch" ||
				fail "$patch does not fit without ${left_out##*/}"
		done
	done
}

# Not checkpatch's business here: the sign-off, which the sender adds; commit
# ids, as a tarball has no history to look them up in; new files, as the series
# ends with their entry in MAINTAINERS; macros for the assembler, which are not C;
# the commit that brought the call of nmmu-realmode-print, which nobody here could look up;
# the BUG_ON() that 6.1 has around the call of which dead-cpu-6.1 changes an argument;
# the names that libelf and libdw have; and, in the selftest (003x) and the checker
# (004x), what a program outside of the kernel must define or ask for itself.
checkpatch()
{
	local patch said bad=

	source_of "$1"
	for patch in "$root/series/$1"/*.patch; do
		said=$(cd "$src" && perl scripts/checkpatch.pl --strict --terse --no-summary --show-types \
			--ignore UNKNOWN_COMMIT_ID "$patch") || true
		while read -r line; do
			case $line in
			'' | *:MISSING_SIGN_OFF:* | *:FILE_PATH_CHANGES:*) continue ;;
			*:MULTISTATEMENT_MACRO_USE_DO_WHILE:* | *:MACRO_ARG_REUSE:*)
				[ -n "${patch##*-kasan-toc-prologue.patch}" ] || continue ;;
			*:MISSING_FIXES_TAG:*)
				[ -n "${patch##*-nmmu-realmode-print.patch}" ] || continue ;;
			*:AVOID_BUG:* | *:PARENTHESIS_ALIGNMENT:*)
				[ -n "${patch##*-code-patching-dead-cpu-6.1.patch}" ] || continue ;;
			*:CAMELCASE:*[\<]Elf* | *:CAMELCASE:*[\<]GElf_* | *:CAMELCASE:*[\<]Dwarf*) continue ;;
			*:PREFER_DEFINED_ATTRIBUTE_MACRO:* | *:ENOSYS:*)
				case ${patch##*/} in 003* | 004*) continue ;; esac ;;
			esac
			bad+=$line$'\n'
		done <<<"$said"
	done
	[ -z "$bad" ] || fail "$bad"
}

# The message without what format-patch counts, and the changed lines.
essence()
{
	sed -E '/^(From [0-9a-f]{40}|From: |Date: |Subject: )/{s/\[PATCH[^]]*\]/[PATCH]/;/^Subject/!d}
		/^---$/,/^diff /d; /^(index|@@|---|\+\+\+|diff) ?/d; /^[ ]/{/^  /!d}' "$1" |
	grep -vE '^ ' || true
}

twins()
{
	local patch fix

	{
		sed -n 's/^fix //p' "$root/verify/fixes.conf"
		find "$root"/series/linux-* -name '00[2-9]?-*.patch' -printf '%f\n' |
			sed 's/^[0-9]*-//; s/\.patch$//' | sort -u
	} >"$work/fixes"
	while read -r fix; do
		for patch in "$root"/series/*/[0-9]*-"$fix".patch; do
			[ -e "$patch" ] || continue
			essence "$patch" >"$work/this"
			[ -e "$work/$fix" ] || cp "$work/this" "$work/$fix"
			diff "$work/$fix" "$work/this" || fail "$patch is not like its twins"
		done
		[ -e "$work/$fix" ] || [ "$fix" = temp-mm-pte-lock ] || fail "no patch for $fix"
	done <"$work/fixes"
}

# What is not in fixes.conf is never applied, so that a misspelt name would be a
# fix that nobody gets.  From 0020 on a tree has what kexec can do without.
names()
{
	local patch name id

	for patch in "$root"/series/*/*.patch; do
		name=${patch#"$root/series/"}
		id=${name#*/[0-9][0-9][0-9][0-9]-}
		case $name in
		ci-scripts/*) ;;		# is not for a kernel
		mainline/00[2-9]?-* | linux-*/00[2-9]?-*)
			! grep -qxF "fix ${id%.patch}" "$root/verify/fixes.conf" ||
				fail "$name is a fix: its number must be below 0020" ;;
		*)	grep -qxF "fix ${id%.patch}" "$root/verify/fixes.conf" ||
				fail "$name is no fix of verify/fixes.conf" ;;
		esac
	done
}

# Each patch of mainline is sent in one set, in the order of the series, and a set of
# more than one has a cover letter, which mail programs do not have to wrap.
sets()
{
	local set number cover

	awk '$1 == "patch" { print $2 }' "$root/series/sets.conf" | sort >"$work/sent"
	find "$root/series/mainline" -name '*.patch' -printf '%f\n' |
		sed 's/^[0-9]*-//; s/\.patch$//' | sort | diff - "$work/sent"
	while read -r set number; do
		cover=$root/series/mainline/cover-$set.txt
		[ -e "$cover" ] || [ "$number" = 1 ] || fail "no ${cover##*/}"
		[ ! -e "$cover" ] || [ "$number" != 1 ] || fail "${cover##*/} for one patch"
		[ ! -e "$cover" ] || [ -z "$(sed -n 2p "$cover")" ] || fail "${cover##*/}: no subject"
	done < <(awk '$1 == "set" { name = $2 } $1 == "patch" { n[name]++ }
		END { for (name in n) print name, n[name] }' "$root/series/sets.conf")
	! grep -nE '.{76}' "$root"/series/mainline/cover-*.txt || fail "longer than 75 columns"
}

new_files()
{
	"$root/verify/refresh" --check || fail "again: verify/refresh"
}

# The sender signs off, and nobody else is spoken for.
no_tags_of_people()
{
	! grep -nE '^(Signed-off|Reviewed|Tested|Acked|Co-developed)-by:' "$root"/series/*/*.patch
}

# The entry in MAINTAINERS is the one that is here, at its place in the alphabet and in
# the order of its letters, and its patterns match the new files.
maintainers()
{
	local tree=$work/tree entry title

	applies mainline
	entry=$root/MAINTAINERS
	title=$(head -n 1 "$entry")
	cp "$src"/{COPYING,CREDITS,Kbuild,Makefile,README} "$tree/"
	(cd "$root" && git ls-files -z arch tools Documentation | xargs -0 cp --parents -t "$tree")
	cd "$tree"
	mkdir -p arch Documentation drivers fs include init ipc kernel lib scripts
	git add -A
	diff <(sed -n "/^$title\$/,/^\$/p" MAINTAINERS) "$entry"
	perl "$src/scripts/parse-maintainers.pl" --order --input=MAINTAINERS --output="$work/sorted" --section=/dev/null
	diff <(grep -A99 -B9 "^$title\$" MAINTAINERS | around "$title") <(around "$title" <"$work/sorted")
	perl "$src/scripts/get_maintainer.pl" --self-test=patterns >"$work/said" 2>&1
	if grep -F -f <(sed -n 's/^F:\t//p' "$entry") "$work/said"; then fail "no such files"; fi
	perl "$src/scripts/get_maintainer.pl" --self-test=sections >"$work/said" 2>&1
	if grep -F "$title" "$work/said"; then fail "there twice"; fi
}

# around TITLE: that section, with the titles of the one before and the one after it
around()
{
	awk -v RS= -v title="$1" '
		{ name = $0; sub(/\n.*/, "", name) }
		seen { print name; exit }
		name == title { print before; print; seen = 1 }
		{ before = name }'
}

if [ $# = 0 ]; then
	set -- no_tags_of_people names sets new_files twins maintainers
	while read -r tree _; do
		set -- "$@" "applies $tree" "without_one $tree" "checkpatch $tree"
	done < <("$root/verify/trees")
fi
run "$@"
