#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The code patching of series/mainline, before and after: what it costs, that it
# keeps each barrier, and how it does in a kernel with all assertions while a CPU
# comes and goes, and on that CPU. The mutants show what notices that something is
# missing. 32-bit kernels need powerpc-linux-gnu-gcc and qemu-system-ppc.
# Builds six kernels, and parts of them again: make test does not run it.
# Usage: tests/code-patching.sh [CASE...]
# shellcheck disable=SC2317,SC2016 # cases are called by name; make's $(BENCH)
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "$0")")")
export OUT=${OUT:-$root/out}
# shellcheck source-path=SCRIPTDIR source=cases.sh
. "$root/tests/cases.sh"
base=mainline tree=code-patching
lib=arch/powerpc/lib
file=$lib/code-patching.c
patches=("$root/series/$base"/*-code-patching-*.patch
	"$root/series/$base"/*-replay-lockdep.patch)	# a kernel with lockdep warns without

# $base with all fixes, or a kernel with KASAN would not boot, and what measures
make_tree()
{
	local src=$OUT/src/$tree

	[ -d "$OUT/src/$base" ] || skip "no source, make fetch TREE=$base gets it"
	if ! grep -qs going-cpu "$src/$lib/Makefile"; then
		rm -rf "$src" "$src.part"
		cp -al "$OUT/src/$base" "$src.part"
		# sed -i makes a new file: the other tree keeps the old one
		sed -i '/+= test-code-patching\.o/a obj-$(BENCH) += bench.o\nobj-$(GOING) += going-cpu.o' \
			"$src.part/$lib/Makefile"
		mv -T "$src.part" "$src"
	fi
	sed 's/$/ with bench.c and going-cpu.c/' "$OUT/src/$base.version" >"$src.version"
	cp -u "$root"/tests/code-patching/*.c "$src/$lib/"
	"$root/verify/variant" "$tree" fixed
	cp -u "$root"/tests/code-patching/*.c "$OUT/work/$tree/$lib/"
}

# patches_of WHICH: the first of them, or all
patches_of()
{
	local patch last=

	case $1 in
	before*) return ;;
	without-leak*) last=free-page-table ;;
	without-window*) last=dead-cpu ;;
	without-batch) last=no-pte-lock ;;
	esac
	for patch in "${patches[@]}"; do
		echo "$patch"
		[ "${patch#*-code-patching-}" != "$last.patch" ] || break
	done
}

# change_to before|without-leak|without-window|without-batch|after, or after without one
# line: without-ptesync|isync|clear|flush|dcbst|icbi|sync. The first three also with
# -planted: a CPU that goes waits between the free of its patching mm and the end of its
# pointers to that.
change_to()
{
	local patch source=$OUT/work/$tree/$file

	make_tree
	while read -r patch; do
		patch -s -d "$OUT/work/$tree" -p1 --fuzz=0 <"$patch"
	done < <(patches_of "$1")
	case $1 in
	*-planted)
		sed -i '/^#include <linux\/cpuhotplug.h>/a #include <linux/delay.h>
			/^static int text_area_cpu_down_mm(/,/^}/{
			/\(cpu_patching_context\.mm, NULL)\|ctx->mm = NULL\);/i\	msleep(20);
			}' "$source"
		[ "$(grep -c 'msleep\|linux/delay' "$source")" = 2 ] || fail "cannot plant the delay" ;;
	esac
	cp "$source" "$work/after.c"
	case $1 in
	before* | after | without-leak* | without-window* | without-batch) return ;;
	without-ptesync) sed -i '/order PTE update before use/{n;d}' "$source" ;;
	without-isync) sed -i '/order context switch after/{n;d}' "$source" ;;
	without-clear) sed -i '/ptep_get_and_clear_full(window->mm,/d' "$source" ;;
	without-flush) sed -i '/local_flush_tlb_page_psize(window->mm,/d' "$source" ;;
	without-dcbst) sed -i '/asm volatile("dcbst 0,/d' "$source" ;;
	without-icbi) sed -i 's/asm volatile("icbi 0,.*/;/' "$source" ;;
	without-sync) sed -i '/^	asm volatile("sync; isync"/d' "$source" ;;
	*) fail "no kernel $1" ;;
	esac
	[ "$(diff "$work/after.c" "$source" | grep -c '^<')" = 1 ] || fail "cannot make $1"
}

# build WHICH CONFIG [VARIABLE=VALUE]: leaves $kernel
build()
{
	kernel=$OUT/kernels/$tree/$2/$1/vmlinux
	mkdir -p "${kernel%/*}" "$OUT/build"
	change_to "$1"
	flock "$OUT/build/lock" "$root/verify/kmake" "$tree" "$2" "${@:3}" vmlinux
	cp "$OUT/build/$tree-$2/vmlinux" "$kernel"
}

# boot QEMU-OPTION...: leaves $work/console
boot()
{
	timeout 300 qemu-system-ppc64 -cpu power9 \
		-machine pseries,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off \
		"$@" -m 1024 -nodefaults -display none -serial stdio -no-reboot \
		-kernel "$kernel" -append "console=hvc0 oops=panic" >"$work/console" 2>&1 ||
		fail "QEMU: exit status $?" "$(tail "$work/console")"
}

# bench WHICH QEMU-OPTION...: what bench.c says
bench()
{
	build "$1" plain BENCH=y >&2
	boot "${@:2}"
	sed -n 's/\r$//; s/.*BENCH //p' "$work/console"
}

# One instruction is 8 ns of the guest's time, whatever the host does meanwhile.
ticks()
{
	bench "$1" -icount shift=3 | awk '{ print $1, $2, $5 }'
}

# instructions BEFORE AFTER: what the kernel of which these are the ticks took
instructions()
{
	awk '
		{ n = int($2 * 1e9 / $3 / 8 + 0.5) }
		$1 == "nothing" { empty[FILENAME] = n; next }
		{ n -= empty[FILENAME] }
		FILENAME == ARGV[1] { before[$1] = n; next }
		!($1 in before) { printf "# %-24s %20d instructions\n", $1, n; next }
		{ printf "# %-24s %9d -> %9d instructions, %.2f\n", $1, before[$1], n, n / before[$1] }' "$@"
}

# The instructions of each, before, without batches, and after; one patch has to take 0.7
# at most, and the tracer 0.25. The time with interrupts off is within a full batch.
count()
{
	local which

	for which in before without-batch after; do
		ticks $which >"$work/$which"
		[ $which = before ] || {
			echo "# before -> $which"
			instructions "$work/before" "$work/$which"
		} | tee "$work/said" >&3
	done
	awk '$2 == "patch_instruction" { one = $NF }
		$2 == "tracer-on-off" { tracer = $NF }
		$2 == "patch_instructions-4096" { page = $5 }
		$2 == "full-batch" { batch = $3 }
		END { exit !(one && one <= 0.7 && tracer && tracer <= 0.25 && batch && batch < page) }' \
		"$work/said" || fail "takes too many, or not all was measured"
}

# boot_32 MACHINE WHICH: a 32-bit kernel with its self-tests, and then bench.c; leaves
# $work/WHICH
boot_32()
{
	local obj=$OUT/build/$tree-$1 cross=powerpc-linux-gnu- machine

	case $1 in
	pmac32) machine=(-machine "mac99,via=pmu") ;;
	85xx) machine=(-machine ppce500 -cpu e500v2) ;;
	esac
	change_to "$2"
	# Without, the function graph tracer's start-up test hangs, whoever patches
	patch -s -d "$OUT/work/$tree" -p1 --fuzz=0 <"$root/series/$base/0037-ftrace-direct-stub.patch"
	mkdir -p "$obj"
	sed '/^CONFIG/!d' "$root/tests/code-patching"/{32,"$1"}.config >"$obj/all.config"
	CCACHE_DIR=$OUT/ccache KCONFIG_ALLCONFIG=$obj/all.config flock "$OUT/build/lock" \
		make -s -C "$OUT/work/$tree" O="$obj" ARCH=powerpc CC="ccache ${cross}gcc" \
		CROSS_COMPILE=$cross -j"$(nproc)" BENCH=y allnoconfig vmlinux
	! grep -vxFf "$obj/.config" "$obj/all.config" || fail "not taken"
	timeout 300 qemu-system-ppc "${machine[@]}" -icount shift=3 -m 256 -nographic -vga none \
		-no-reboot -kernel "$obj/vmlinux" -append "console=ttyS0" \
		>"$work/console" 2>&1 || fail "QEMU: exit status $?" "$(tail "$work/console")"
	grep -q 'Running code patching self-tests' "$work/console" || fail "no self-test"
	grep -q 'Testing tracer function: .*PASSED' "$work/console" || fail "no start-up test"
	! grep -E 'test failed|FAILED|BUG: |WARNING: ' "$work/console" || fail "not clean"
	sed -n 's/\r$//; s/.*BENCH //p' "$work/console" | awk '{ print $1, $2, $5 }' >"$work/$2"
}

# Nothing may take more than before
boots_32()
{
	command -v powerpc-linux-gnu-gcc >/dev/null || skip "no powerpc-linux-gnu-gcc"
	boot_32 "$1" before
	boot_32 "$1" after
	instructions "$work/before" "$work/after" | tee "$work/said" >&3
	[ "$(grep -c -- '->' "$work/said")" = 5 ] || fail "not all was measured"
	awk '/->/ && $NF > 1.01 { bad = 1 } END { exit bad }' "$work/said" || fail "takes more"
}

# What orders one patch against the next, by function
synchronising()
{
	change_to "$1" >&2
	flock "$OUT/build/lock" "$root/verify/kmake" $tree plain BENCH=y $lib/code-patching.o >&2
	"${CROSS_COMPILE:-powerpc64le-linux-gnu-}objdump" -dr \
			"$OUT/build/$tree-plain/$lib/code-patching.o" | awk '
		/^[0-9a-f]+ <.*>:$/ { of = $2 }
		$6 ~ /^(ptesync|sync|hwsync|isync|tlbiel|dcbst|icbi)$/ { print of, $6 }
		/R_PPC64_REL24.*(switch_mm_irqs_off|flush_tlb|flush_icache)/ { print of, $3 }' | sort
}

# What maps a page has what patch_mem() has, which is as before, and its own stores
same_barriers()
{
	synchronising before >"$work/before"
	synchronising after >"$work/after"
	grep -q ptesync "$work/before" || fail "no barriers found"
	# Here the compiler has one copy of a function that is inlined there
	diff <(grep -v flush_icache "$work/before") \
		<(grep -v 'flush_icache\|<patch_batch_apply>' "$work/after")
	grep -q flush_icache_range "$work/after" || fail "patch_instructions() flushes nothing"
	diff <({ sed -n 's/^<patch_mem>: //p' "$work/after"
		printf '%s\n' dcbst icbi hwsync hwsync isync; } | sort) \
		<(sed -n 's/^<patch_batch_apply>: //p' "$work/after" | sort)
}

# QEMU runs one instruction after the other, and drops all translations when PID
# is written: no boot can notice.
is_missed()
{
	synchronising after >"$work/after"
	synchronising "without-$1" >"$work/without"
	if diff "$work/after" "$work/without"; then
		fail "nothing noticed"
	fi
}

# The page tables that a CPU leaves behind when it goes; the rest is only told.
leak()
{
	local which cycles pages all

	for which in before without-leak; do
		read -r cycles _ _ pages _ _ _ _ all _ < <(bench $which -smp 2)
		echo "# $which: $cycles cycles took $pages pages for page tables, $all in all" >&3
		case $which in
		before) ((pages >= cycles)) || fail "nothing leaks" ;;
		*) ((pages < cycles / 10)) || fail "something leaks" ;;
		esac
	done
}

# going WHICH: a CPU goes and comes back, and its workers patch all the time
going()
{
	build "$1" kasan GOING=y >&2
	boot -smp 2
	sed -n 's/\r$//; s/^/# /; /BUG: \|GOING/p' "$work/console" | head -n 4 >&3
}

# Who patches while the hotplug thread waits uses what was freed
freed_is_used()
{
	going "$1-planted"
	grep -qE 'BUG: KASAN: (slab-)?use-after-free in walk_to_pmd' "$work/console" ||
		fail "nothing noticed"
	# Of a page that was a table, nobody knows who has freed it
	! grep -q 'BUG: KASAN: slab-use-after-free' "$work/console" ||
		grep -q ' put_patching_mm+' "$work/console" || fail "somebody else has freed it"
}

# Without a delay: from then on, and until it is back, the CPU has nothing to patch through
nothing_is_used()
{
	going "$1"
	grep -q 'BUG: Kernel NULL pointer dereference' "$work/console" || fail "nothing noticed"
}

patches_until_dead()
{
	local which

	for which in without-window-planted after; do
		going $which
		! grep -E 'BUG: |WARNING: ' "$work/console" || fail "$which: not clean"
		grep -qE 'GOING 20 times: [1-9][0-9]* patches on that CPU, 0 failed' "$work/console" ||
			fail "$which: nothing was patched there"
	done
}

# stress WHICH MACHINE TESTS: in the kernel that watches all; $said is what the
# driver says.
stress()
{
	local status=0 selftest=$root/tools/testing/selftests/powerpc/kexec
	local modules=$OUT/build/$tree-patching/lib

	build "$1" patching
	flock "$OUT/build/lock" "$root/verify/kmake" "$tree" patching modules
	mkdir -p "$work/tools"
	cp "$modules"/test_static_key{_base,s}.ko "$work/tools"
	make -s -C "$selftest" OUTPUT="$OUT/bin/kexec" all
	logs=$OUT/logs/$tree/patching/$1
	mkdir -p "$logs"
	said=$("$OUT/bin/kexec/kexec_test" --vmlinux "$kernel" --tools "$work/tools" --machine "$2" \
		--test "$3" --logs "$logs") || status=$?
	printf '%s\n' "$said"
	return $status
}

healthy()
{
	local console

	stress after "$1" patching,patching-hotplug,patching-hash,modules
	[ "$(grep -c '^ok .*SKIP' <<<"$said")" = 0 ] || fail "not all was tried"
	for console in "$logs/$1"-{patching,patching-hotplug,patching-hash,modules}/console; do
		grep -q 'Running code patching self-tests' "$console" || fail "$console: no self-test"
		# Its verdict comes in a line of its own if somebody else prints meanwhile
		grep -q 'Testing tracer function:' "$console" || fail "$console: no start-up test"
		if ! grep -q PASSED "$console" || grep -q FAILED "$console"; then
			fail "$console: a start-up test failed"
		fi
	done
}

clear_is_missed()
{
	if stress without-clear pseries-power9 patching; then
		fail "nothing noticed"
	fi
	grep -q 'WARNING: .*code-patching\.c' <<<"$said"
}

exec 3>&1	# for results: a case prints only if it fails
cases=(same_barriers "is_missed ptesync" "is_missed isync" "is_missed flush"
	"is_missed dcbst" "is_missed icbi" "is_missed sync" count "boots_32 pmac32"
	"boots_32 85xx" leak
	"freed_is_used before" "freed_is_used without-leak" "nothing_is_used before" patches_until_dead
	"healthy pseries-power9" "healthy powernv9" clear_is_missed)
run "${@:-${cases[@]}}"
