#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# verify/status and verify/apply on small trees: the files that matter out of
# the sources in $OUT/src, as they are, half-fixed, dirty, read-only ...
# Usage: tests/apply.sh [CASE...]
# shellcheck disable=SC2317,SC2016 # cases are called by name; make's $(BITS)
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "$0")")")
export OUT=${OUT:-$root/out}
PATH=$root/verify:$PATH
# shellcheck source-path=SCRIPTDIR source=cases.sh
. "$root/tests/cases.sh"
tree=$work/tree
export GIT_CONFIG_GLOBAL=$work/gitconfig GIT_CONFIG_NOSYSTEM=1

# The tree that most cases use: it needs several fixes and has others.
typical=linux-6.12.y

# What apply must leave alone: names, contents, modes, and git's idea of it.
fingerprint()
{
	(
		cd "$tree"
		find . -path ./.git -prune -o -printf '%p %M %l\n' | sort
		find . -path ./.git -prune -o -type f -print0 | sort -z | xargs -0r sha256sum
		[ ! -d .git ] || {
			git rev-parse HEAD
			git status --porcelain
			ls -d .git/*MERGE* .git/rebase* 2>/dev/null || true
		}
	)
}

# refused REGEX: apply says so, exits with 1, and changes nothing.
refused()
{
	local before

	before=$(fingerprint)
	expect 1 "$1" apply "$tree"
	diff <(echo "$before") <(fingerprint) || fail "the tree has changed"
}

lacking()
{
	status --plain "$tree" | awk -F'\t' '$1 == "lacks" { print $2 }'
}

# make_tree [TREE]: the files that status reads and that patches change.
make_tree()
{
	local src=$OUT/src/${1:-$typical}

	[ -d "$src" ] || skip "no source, make fetch gets it: $src"
	[ -d "$root/series" ] || skip "no series"
	rm -rf "$tree"
	copy_small_tree "$src" "$tree"
}

make_git_tree()
{
	make_tree "$@"
	git config --global user.name Tester
	git config --global user.email tester@example.org
	git -C "$tree" init -q -b main
	git -C "$tree" add -A
	git -C "$tree" commit -qm base
}

# One case for each tree of trees.conf: apply, and again.
all_of()
{
	local wanted

	make_tree "$1"
	wanted=$(lacking | wc -l)
	[ "$wanted" -gt 0 ] || fail "the tree lacks nothing"
	expect 0 'has all fixes' apply "$tree"
	[ -z "$(lacking)" ] || fail "still lacks: $(lacking)"
	[ -z "$(find "$tree" -name '*.orig' -o -name '*.rej' -o -name '*.new*')" ] ||
		fail "left things behind"
	refingerprint=$(fingerprint)
	expect 0 'nothing to do' apply "$tree"
	[ "$refingerprint" = "$(fingerprint)" ] || fail "the second run has changed the tree"
}

git_of()
{
	local wanted

	make_git_tree "$1"
	wanted=$(lacking | wc -l)
	for hook in applypatch-msg pre-applypatch post-applypatch pre-commit post-commit; do
		printf '#!/bin/sh\ntouch %s/hooked\nexit 1\n' "$work" >"$tree/.git/hooks/$hook"
		chmod +x "$tree/.git/hooks/$hook"
	done
	touch "$tree/untracked"
	expect 0 'has all fixes' apply "$tree"
	[ ! -e "$work/hooked" ] || fail "a hook of the tree was run"
	[ "$(git -C "$tree" rev-list --count HEAD)" = $((wanted + 1)) ] || fail "not a commit a fix"
	[ "$(git -C "$tree" status --porcelain)" = '?? untracked' ] || fail "not clean"
	[ -z "$(lacking)" ] || fail "still lacks: $(lacking)"
	expect 0 'nothing to do' apply "$tree"
}

some_fixes_are_there()
{
	local first

	make_tree
	first=$(lacking | head -n 1)
	patch -s -d "$tree" -p1 <"$(echo "$root/series/$typical"/*-"$first.patch")"
	! lacking | grep -qx "$first" || fail "status does not see $first"
	expect 0 'has all fixes' apply "$tree"
}

other_version()
{
	make_tree
	sed -i 's/^PATCHLEVEL = .*/PATCHLEVEL = 13/' "$tree/Makefile"
	expect 0 "series/$typical/.*" apply "$tree"
}

# A fix that the newest of the series has, but not an older release of it.
older_release()
{
	make_tree
	sed -i 's/^\(KASAN_SANITIZE_core_$(BITS)\)\.o/\1/' "$tree/arch/powerpc/kexec/Makefile"
	lacking | grep -q '^kexec-core-kasan-flag$' || fail "status does not miss it"
	expect 0 'kexec-core-kasan-flag\.patch' apply "$tree"
}

both_shapes()
{
	make_tree
	echo 'KASAN_SANITIZE_core_$(BITS) := n' >>"$tree/arch/powerpc/kexec/Makefile"
	refused 'kexec-core-kasan-flag: .*/kexec/Makefile is neither broken nor fixed'
}

unknown_shape()
{
	make_tree
	sed -i '/KASAN_SANITIZE_core_/d' "$tree/arch/powerpc/kexec/Makefile"
	refused 'kexec-core-kasan-flag: .*/kexec/Makefile is neither broken nor fixed'
}

# One of a fix's files is as if it had it, and the others not
half_a_fix()
{
	make_tree
	echo 'KCSAN_SANITIZE_vmx-helper.o := n' >>"$tree/arch/powerpc/lib/Makefile"
	refused 'kexec-realmode-kcsan: .*/kexec/Makefile is neither broken nor fixed'
}

# Who took the series before the guard has opt-outs instead of it. They do no harm.
opt_outs_without_guard()
{
	make_tree
	printf 'KASAN_SANITIZE_%s.o := n\n' opal opal-call >>"$tree/arch/powerpc/platforms/powernv/Makefile"
	expect 0 '^lacks +kasan-realmode-guard-6.17 ' status "$tree"
	expect 0 'has all fixes' apply "$tree"
	grep -q 'KASAN_SANITIZE_opal\.o' "$tree/arch/powerpc/platforms/powernv/Makefile"
}

# From 6.18 on the guard has two halves, and the tree may have got one of them.
half_a_guard()
{
	local half

	for half in kasan-check-hook kasan-realmode-guard; do
		rm -rf "$tree"
		make_tree linux-7.2.y
		patch -s -d "$tree" -p1 <"$(echo "$root"/series/linux-7.2.y/*-$half.patch)"
		expect 0 "^has +$half " status "$tree"
		! lacking | grep -qx $half || fail "status does not see $half"
		lacking | grep -q '^kasan-' || fail "status sees the other half"
		expect 0 'has all fixes' apply "$tree"
	done
	# The test of the MSR alone is nothing that anybody calls
	sed -i '/^#define kasan_arch_is_ready/d' "$tree/arch/powerpc/include/asm/kasan.h"
	refused 'kasan-realmode-guard: .*/kasan.h is neither broken nor fixed'
}

misfit()
{
	local line='a line that no patch expects'

	"$1"
	# Next to what the last of the patches removes: the others do fit.
	sed -i "/HARDIRQ_OFFSET;/i\\	/* $line */" "$tree/arch/powerpc/kexec/core_64.c"
	[ ! -d "$tree/.git" ] || git -C "$tree" commit -qam changed
	refused 'hunk [0-9]+ of [0-9]+-kexec-static-current\.patch does not fit arch/powerpc/kexec/core_64\.c, line [0-9]+'
	expect 1 "the tree has.*$line" apply "$tree"
}

misfit_files() { misfit make_tree; }
misfit_git() { misfit make_git_tree; }

dirty()
{
	make_git_tree
	echo >>"$tree/arch/powerpc/Kconfig"
	refused 'changes that are not committed'
	git -C "$tree" add -A
	refused 'changes that are not committed'
}

am_in_progress()
{
	make_git_tree
	mkdir "$tree/.git/rebase-apply"
	refused 'in the middle of something.*rebase-apply'
}

no_identity()
{
	make_git_tree
	git config --global --unset user.name
	git config --global --unset user.email
	git config --global user.useConfigOnly true
	refused 'who commits'
}

foreign()
{
	mkdir "$tree"
	refused 'not a kernel tree: it has no Makefile'
	echo 'all:' >"$tree/Makefile"
	refused 'not a kernel tree: no VERSION'
	printf 'VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 1\n' >"$tree/Makefile"
	refused 'not a whole kernel tree.*arch/powerpc'
	expect 1 usage apply
	expect 1 'is not a directory' apply "$tree/Makefile"
	expect 1 'not a kernel tree' status "$tree/nowhere"
}

too_old()
{
	make_tree
	sed -i 's/^VERSION = .*/VERSION = 5/' "$tree/Makefile"
	refused 'is Linux 5\..*older than 6\.0'
}

no_kasan()
{
	make_tree
	sed -i '/HAVE_ARCH_K[AC]SAN/d' "$tree/arch/powerpc/Kconfig"
	expect 0 'not needed  vmx-enter-kasan .*no KASAN' status "$tree"
	expect 0 'not needed  kexec-realmode-kcsan .*no KCSAN' status "$tree"
}

temp_mm_without_lock()
{
	make_tree
	sed -i -n '/^static int __do_patch_instructions_mm/,/^}/d;p' \
		"$tree/arch/powerpc/lib/code-patching.c"
	expect 0 '^has .*temp-mm-pte-lock' status "$tree"
	sed -i -e 's/pte = get_locked_pte(patching_mm,.*/pte = __this_cpu_read(cpu_patching_context.pte);/' \
		-e '/^	if (!pte)/,+1d' \
		"$tree/arch/powerpc/lib/code-patching.c"
	expect 0 '^lacks .*temp-mm-pte-lock' status "$tree"
	sed -i 's/__this_cpu_read(cpu_patching_context.pte)/something_else/' \
		"$tree/arch/powerpc/lib/code-patching.c"
	expect 1 'temp-mm-pte-lock: .*neither broken nor fixed' status "$tree"
}

# The series of mainline ends without the lock, and must not lack it then.
whole_series()
{
	local patch

	make_tree mainline
	for patch in "$root"/series/mainline/*.patch; do
		patch -s -d "$tree" -p1 <"$patch"
	done
	expect 0 '^has .*temp-mm-pte-lock' status "$tree"
	expect 0 'nothing to do' apply "$tree"
}

read_only()
{
	make_tree
	if [ "$(id -u)" != 0 ]; then
		chmod -R a-w "$tree"
		refused 'cannot write to'
		chmod -R u+w "$tree"
		return
	fi
	unshare -m true 2>/dev/null || skip "cannot make a read-only mount here"
	expect 1 'cannot write to' unshare -m bash -c '
		mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && exec apply "$1"' - "$tree"
	[ -n "$(lacking)" ] || fail "it was written"
	make_git_tree
	expect 1 'cannot write to .*/\.git' unshare -m bash -c '
		mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && exec apply "$1"' - "$tree"
}

# Copies of the scripts, with a patch that does not do what it should.
useless_patch()
{
	make_tree
	cp -r "$root/verify" "$root/series" "$work"
	sed -i 's/^+\(KCSAN_SANITIZE_.*\) n$/+\1 y/; s/^+int __no_kcsan /+int /' \
		"$work"/series/*/*-kexec-realmode-kcsan.patch
	PATH=$work/verify:$PATH
	refused 'still misses:'
}

# What series/mainline has besides fixes is not for apply.
only_fixes()
{
	make_tree mainline
	cp -r "$root/verify" "$root/series" "$work"
	printf '%s\n' '--- /dev/null' '+++ b/new' '@@ -0,0 +1 @@' +new >"$work/series/mainline/0020-new.patch"
	PATH=$work/verify:$PATH
	expect 0 'has all fixes' apply "$tree"
	[ ! -e "$tree/new" ] || fail "it was applied"
}

# A signal at the second file that is copied, or renamed.
interrupted()
{
	local before

	make_tree
	stand_in "$1" <<-END
		case \$* in
		*.new*) [ ! -e $work/first ] || kill -TERM "\$(<$work/pid)"; touch $work/first ;;
		esac
	END
	before=$(fingerprint)
	expect 1 'nothing changed' bash -c 'echo $$ >"$1/pid"; exec apply "$1/tree"' - "$work"
	[ -e "$work/first" ] || fail "it was not interrupted"
	diff <(echo "$before") <(fingerprint) || fail "the tree has changed"
}

# git am takes one patch and then fails, or gets a signal.
stand_in_git()
{
	local git

	git=$(command -v git)
	stand_in git <<-END
		case " \$* " in
		*' am -q '*)
			while [ "\$(grep -c '\.patch$' < <(printf '%s\n' "\$@"))" -gt 1 ]; do
				set -- "\${@:1:\$#-1}"
			done
			$git "\$@"
			touch $work/first
			$1 ;;
		esac
	END
}

git_am_fails()
{
	make_git_tree
	stand_in_git 'echo made to fail; exit 1'
	refused 'made to fail'
	[ -e "$work/first" ] || fail "git am was not run"
}

git_am_does_half()
{
	make_git_tree
	stand_in_git 'exit 0'
	refused 'is not what the patches make of it'
	[ -e "$work/first" ] || fail "git am was not run"
}

git_am_stops()
{
	make_git_tree
	stand_in_git "echo broken >>$tree/Makefile; mkdir $tree/.git/rebase-apply; exit 1"
	refused 'nothing changed'
	[ -e "$work/first" ] || fail "git am was not run"
}

interrupted_git()
{
	make_git_tree
	stand_in_git "kill -TERM \$(<$work/pid); exit 0"
	before=$(fingerprint)
	expect 1 'nothing changed' bash -c 'echo $$ >"$1/pid"; exec apply "$1/tree"' - "$work"
	[ -e "$work/first" ] || fail "git am was not run"
	diff <(echo "$before") <(fingerprint) || fail "the tree has changed"
}

# The fixes of each series are in the order of fixes.conf, as apply takes them.
series_in_order()
{
	local dir order

	[ -d "$root/series" ] || skip "no series"
	order=$(awk '$1 == "fix" { print $2 }' "$root/verify/fixes.conf")
	for dir in "$root"/series/*/; do
		diff <(printf '%s\n' "$dir"*.patch | sed 's,.*/[0-9]*-\(.*\)\.patch,\1,' |
			grep -Fx "$order") \
		     <(grep -Fx "$(printf '%s\n' "$dir"*.patch |
			sed 's,.*/[0-9]*-\(.*\)\.patch,\1,')" <<<"$order") || fail "$dir"
	done
}

trees=$("$root/verify/trees" | cut -f1)
cases=()
for name in $trees; do
	cases+=("all_of $name" "git_of $name")
done
cases+=(some_fixes_are_there other_version older_release both_shapes unknown_shape half_a_fix
	opt_outs_without_guard half_a_guard
	misfit_files misfit_git dirty am_in_progress no_identity foreign too_old no_kasan
	temp_mm_without_lock whole_series read_only useless_patch only_fixes "interrupted cp" "interrupted mv" git_am_fails git_am_does_half git_am_stops
	interrupted_git series_in_order)
run "${@:-${cases[@]}}"
