#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The mails that make mbox writes: whose name, to whom, on what, and that b4
# makes of them what git am takes, of each of mainline's sets alone.  Nothing is sent,
# and no network is asked.
# Usage: tests/mbox.sh [CASE...]
# shellcheck disable=SC2317 # cases are called by name
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "$0")")")
sources=${OUT:-$root/out}/src
# shellcheck source-path=SCRIPTDIR source=cases.sh
. "$root/tests/cases.sh"

# A sender, and a place for the mails.  Sources are those of the caller's OUT.
begin()
{
	[ -d "$sources/$1" ] || skip "no source, make fetch TREE=$1 gets it: $sources/$1"
	export OUT=$work/out HOME=$work GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=$work/gitconfig
	unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME GIT_DIR SET
	mkdir -p "$OUT"
	ln -s "$sources" "$OUT/src"
	git config --global user.name "A Sender"
	git config --global user.email sender@example.org
	tree=$work/tree
}

# A git tree at the base, with more in it than the series touches
git_tree()
{
	local file

	mkdir -p "$tree"
	cp "$sources/$1"/{COPYING,CREDITS,Kbuild,MAINTAINERS,Makefile,README} "$tree/"
	cp -r "$sources/$1/scripts" "$tree/"
	(cd "$sources/$1" && cp --parents arch/*/Makefile "$tree/")	# for make kernelversion
	mkdir -p "$tree"/{Documentation,drivers,fs,include,init,ipc,kernel,lib}
	sed -n 's,^+++ b/,,p' "$root/series/$1"/*.patch | sort -u | while read -r file; do
		[ ! -e "$sources/$1/$file" ] || install -D -m 644 "$sources/$1/$file" "$tree/$file"
	done
	git -C "$tree" init -q
	git -C "$tree" add -A
	git -C "$tree" commit -qm base
}

# header NAME FILE: a header with its continuation lines, as one
header()
{
	sed -n '/^$/q; p' "$2" | sed ':a; N; $!ba; s/\n[ \t]/ /g' | sed -n "s/^$1: //p"
}

mails()
{
	find "$OUT/mail/$1" -name '*.patch' | sort
}

nobody()
{
	begin mainline
	git config --global --unset user.email
	cd "$work"			# this repository may have an identity of its own
	expect 1 'in whose name' "$root/verify/mbox" mainline
	[ ! -e "$OUT/mail" ]
}

# b4_takes THREAD: what b4 makes of the mails goes onto $tree, all of it.  By way of
# stdin, as b4 0.12 falls over the subjects of two lines in a file.  checkpatch, which
# --check of b4 0.13 runs, is the business of series.sh.
b4_takes()
{
	local before

	mkdir "$work/b4"
	(cd "$tree" && b4 --offline-mode am -o "$work/b4" -n series -m - <"$OUT/mail/$1/$1.mbox") \
		>"$work/b4.log" 2>&1 || fail "$(<"$work/b4.log")"
	before=$(git -C "$tree" rev-list --count HEAD)
	git -C "$tree" am -q --no-3way --whitespace=error "$work/b4/series.mbx" || fail "$(<"$work/b4.log")"
	[ $(($(git -C "$tree" rev-list --count HEAD) - before)) = "$(mails "$1" | grep -vc /0000-)" ]
}

# What a set of mainline needs goes onto $tree before it.
add_needed()
{
	local needed patch

	for needed; do
		for patch in $(awk -v set="$needed" '$1 == "set" { here = $2 == set }
				here && $1 == "patch" { print $2 }' "$root/series/sets.conf" | grep . || echo "$needed"); do
			git -C "$tree" am -q --no-3way "$root"/series/mainline/[0-9]*-"$patch.patch"
		done
	done
}

# All sets are made once, for all cases.
make_sets()
{
	begin mainline
	if [ ! -d "$programs/mail" ]; then
		expect 0 'git send-email' "$root/verify/mbox" mainline
		cp -r "$OUT/mail" "$programs"
	fi
	[ -e "$OUT/mail" ] || cp -r "$programs/mail" "$OUT"
}

# in_name_of_sender MAIL...: each is from the sender, to the list, and has nothing of ours
in_name_of_sender()
{
	local mail

	for mail; do
		[ "$(header From "$mail")" = "A Sender <sender@example.org>" ]
		case $(header To "$mail") in *linuxppc-dev@lists.ozlabs.org*) ;; *) fail "to nobody: $mail" ;; esac
		if grep -nE 'users\.noreply|\*\*\*' "$mail"; then fail "left over in $mail"; fi
		case $mail in
		*/0000-*) [ -z "$(header In-Reply-To "$mail")" ] ;;
		*)
			[ "$(grep -c '^Signed-off-by:' "$mail")" = 1 ]
			grep -qxF 'Signed-off-by: A Sender <sender@example.org>' "$mail"
			;;
		esac
	done
}

# set_of NAME HOW_MANY PREFIX [NEEDED...]: a thread that goes onto mainline, alone or on top
# of what it says that it needs, and whose first mail says what it is on
set_of()
{
	local first prefix=${3/RFC/RFC PATCH}

	make_sets
	mapfile -t mails < <(mails "mainline-$1")
	in_name_of_sender "${mails[@]}"
	first=${mails[0]}
	case $2 in
	1)	[ ${#mails[@]} = 1 ]
		case $(header Subject "$first") in "[$prefix] powerpc"*) ;; *) fail "$(header Subject "$first")" ;; esac ;;
	*)	[ ${#mails[@]} = $(($2 + 1)) ]
		case $(header Subject "$first") in "[$prefix 0/$2] powerpc"*) ;; *) fail "$(header Subject "$first")" ;; esac
		grep -L '^In-Reply-To: ' "${mails[@]:1}" | if grep .; then fail "in no thread"; fi ;;
	esac
	grep -qE '^ *Base: Linux [0-9.]+, from a tarball' "$first"
	git_tree mainline
	add_needed "${@:4}"
	b4_takes "mainline-$1"
}

# What a patch file says below "---" is said in its mail, below "---" as well.
notes()
{
	make_sets
	awk '/^---$/ { below = 1 } below' "$OUT"/mail/mainline-B/0002-*.patch |
		grep -q 'tests/kasan-cost.sh' || fail "no notes"
}

# What mainline has is asked for; a tag for the stable team reaches it
stable()
{
	begin "$1"
	expect 0 'option 2' "$root/verify/mbox" "$1"
	for mail in $(mails "$1"); do
		case $(header Subject "$mail") in
		"[PATCH ${1#linux-} "[1-9]/*) ;;
		*) fail "$(header Subject "$mail")" ;;
		esac
		case $(header To "$mail") in *stable@vger.kernel.org*) ;; *) fail "not to stable: $mail" ;; esac
		if grep -n '^Upstream has' "$mail"; then fail "not to be sent: $mail"; fi
	done
	grep -q '^  commit [0-9a-f]*$' "$OUT/mail/$1/ask-stable.eml"
	# 6.18.30 has it
	if grep b3a97f948408 "$OUT/mail/$1/ask-stable.eml"; then fail "asked for in vain"; fi
	expect 0 '' git send-email --dry-run --confirm=never "$(mails "$1" | head -1)"
	git_tree "$1"
	b4_takes "$1"
}

# On a git tree the mails say what commit they are on, and which patches come between;
# the tree stays as it is.
on_git()
{
	local base

	begin mainline
	git_tree mainline
	base=$(git -C "$tree" rev-parse HEAD)
	SET=C expect 0 "$base" "$root/verify/mbox" mainline "$tree"
	grep -hqx "base-commit: $base" "$OUT/mail/mainline-C"/0000-*
	[ "$(grep -c '^prerequisite-patch-id: ' "$OUT/mail/mainline-C"/0000-*)" = 5 ]
	[ -z "$(git -C "$tree" status --porcelain)" ]
	[ "$(git -C "$tree" rev-parse HEAD)" = "$base" ]
	add_needed B
	b4_takes mainline-C
	grep -q "Base: .*$base" "$work/b4.log" || fail "$(<"$work/b4.log")"
}

# All or nothing
does_not_apply()
{
	begin mainline
	git_tree mainline
	echo "/* other */" >"$tree/arch/powerpc/kexec/core_64.c"
	git -C "$tree" commit -qam other
	SET=B expect 1 'kexec-static-current.patch does not apply' "$root/verify/mbox" mainline "$tree"
	[ ! -e "$OUT/mail" ]
}

unknown_set()
{
	begin mainline
	SET=G expect 1 'no set "G"' "$root/verify/mbox" mainline
}

refused()
{
	begin mainline
	stand_in git <<-'END'
		case $1 in send-email) echo "no such address"; exit 1 ;; esac
	END
	SET=B expect 1 'git send-email refuses 0000-cover-letter.patch:' "$root/verify/mbox" mainline
	[ ! -e "$OUT/mail" ]
}

[ $# != 0 ] || set -- nobody "set_of A 1 PATCH" "set_of B 5 PATCH" "set_of C 4 PATCH B" "set_of D 7 PATCH" \
	"set_of E 6 PATCH" "set_of F 7 RFC B kcov-realmode postlink-checks" notes "stable linux-6.12.y" \
	"stable linux-6.18.y" on_git does_not_apply unknown_set refused
run "$@"
