#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The mails that make mbox writes: whose name, to whom, on what, and that b4
# makes of them what git am takes.  Nothing is sent, and no network is asked.
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
	unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME GIT_DIR
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

# b4_takes TREE: what b4 makes of the mails goes onto the base, all of it.  By way of
# stdin, as b4 0.12 falls over the subjects of two lines in a file.  checkpatch, which
# --check of b4 0.13 runs, is the business of series.sh.
b4_takes()
{
	mkdir "$work/b4"
	(cd "$tree" && b4 --offline-mode am -o "$work/b4" -n series -m - <"$OUT/mail/$1/$1.mbox") \
		>"$work/b4.log" 2>&1 || fail "$(<"$work/b4.log")"
	git -C "$tree" am -q --no-3way --whitespace=error "$work/b4/series.mbx" || fail "$(<"$work/b4.log")"
	[ "$(git -C "$tree" rev-list --count HEAD)" = $(($(mails "$1" | grep -vc /0000-) + 1)) ]
}

# A thread whose cover letter says what it is on
newest()
{
	local mail patches

	begin mainline
	expect 0 'git send-email' "$root/verify/mbox" mainline
	patches=$(find "$root/series/mainline" -name '*.patch' | wc -l)
	[ "$(mails mainline | wc -l)" = $((patches + 1)) ]
	for mail in $(mails mainline); do
		[ "$(header From "$mail")" = "A Sender <sender@example.org>" ]
		case $(header To "$mail") in *linuxppc-dev@lists.ozlabs.org*) ;; *) fail "to nobody: $mail" ;; esac
		if grep -nE 'users\.noreply|\*\*\*' "$mail"; then fail "left over in $mail"; fi
		case $mail in
		*/0000-*)
			grep -qE '^Base: Linux [0-9.]+, from a tarball' "$mail"
			[ -z "$(header In-Reply-To "$mail")" ]
			;;
		*)
			[ "$(grep -c '^Signed-off-by:' "$mail")" = 1 ]
			grep -qxF 'Signed-off-by: A Sender <sender@example.org>' "$mail"
			[ -n "$(header In-Reply-To "$mail")" ]
			;;
		esac
	done
	git_tree mainline
	b4_takes mainline
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

# On a git tree the mails say what commit they are on, and the tree stays as it is
on_git()
{
	local base

	begin mainline
	git_tree mainline
	base=$(git -C "$tree" rev-parse HEAD)
	expect 0 "$base" "$root/verify/mbox" mainline "$tree"
	grep -hqx "base-commit: $base" "$OUT/mail/mainline"/0000-*
	[ -z "$(git -C "$tree" status --porcelain)" ]
	[ "$(git -C "$tree" rev-parse HEAD)" = "$base" ]
	b4_takes mainline
	grep -q "Base: .*$base" "$work/b4.log" || fail "$(<"$work/b4.log")"
}

# All or nothing
does_not_apply()
{
	begin mainline
	git_tree mainline
	echo "/* other */" >"$tree/arch/powerpc/kexec/core_64.c"
	git -C "$tree" commit -qam other
	expect 1 'kexec-static-current.patch does not apply' "$root/verify/mbox" mainline "$tree"
	[ ! -e "$OUT/mail" ]
}

refused()
{
	begin mainline
	stand_in git <<-'END'
		case $1 in send-email) echo "no such address"; exit 1 ;; esac
	END
	expect 1 'git send-email refuses 0000-cover-letter.patch:' "$root/verify/mbox" mainline
	[ ! -e "$OUT/mail" ]
}

[ $# != 0 ] || set -- nobody newest "stable linux-6.12.y" "stable linux-6.18.y" on_git does_not_apply refused
run "$@"
