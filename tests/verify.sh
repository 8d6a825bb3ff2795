#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# verify/prove and what it calls, when things go wrong: full disks, killed
# builds, Ctrl-C, no compiler, no QEMU.  A fake make "builds" a kernel and a fake
# QEMU plays its console, so that a run takes a second; all else is real.
# Usage: tests/verify.sh [CASE...]
# shellcheck disable=SC2119,SC2120,SC2317,SC2016 # called by name; other shells' $
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "$0")")")
real=${OUT:-$root/out}
# shellcheck source-path=SCRIPTDIR source=cases.sh
. "$root/tests/cases.sh"
export OUT=$work/out
repo=$work/repo
tree=linux-6.12.y
results=$OUT/results/$tree/kasan

make -s -C "$root/tools/testing/selftests/powerpc/kexec" OUTPUT="$programs/kexec" all
make -s -C "$root/verify" OUT="$programs"
powerpc64le-linux-gnu-gcc -nostdlib -static -Wl,--build-id=none -Wl,-Ttext=0xc000000000000000 \
	-Wl,-e,_stext -o "$programs/vmlinux" "$root/tests/driver/vmlinux.S"

# event NAME: a line for the fakes, by which they count, do as $work/at-NAME says
# and send Ctrl-C at the event of the number that is in $work/interrupt-at
event()
{
	cat <<-END
		echo $1 >>$work/events
		[ "\$(wc -l <$work/events)" != "\$(cat $work/interrupt-at 2>/dev/null)" ] || kill -INT 0
		! [ -e $work/at-$1 ] || . $work/at-$1
	END
}

# fake_boot NUMBER END: what a boot has to tell
fake_boot()
{
	local version='Linux version 6.12 (a@b) #1'

	printf '%s\r\n' "$version" 'KASAN init done'
	printf 'KEXEC_TEST NONCE %s\r\n' "boot $1" "id $1" 'release 6.12' "version $version" 'cpus 1' \
		'mmu Radix' 'tainted 0' "$2"
}

# A repository whose proof.conf is short, a machine whose kernels are made of
# nothing, and the consoles of a good and of a bad one
fakes()
{
	[ -d "$real/src/$tree" ] || skip "no source, make fetch gets it"
	mkdir -p "$repo" "$OUT/bin" "$OUT/src/$tree" "$work/fake/fixed" "$work/fake/unfixed"
	cp -r "$root"/{verify,series,arch,tools,Makefile} "$repo"
	cat >"$repo/verify/proof.conf" <<-END
		cause gone ^boot 1, before "boot 2": the guest powered off
		cause found ^kasan: .* <- kexec_sequence\$
		vmx-enter-kasan kasan realmode_check vmlinux all any found
		vmx-enter-kasan kasan kexec-file pseries-power9 all any gone
	END
	sed -i 's/^machines=.*/machines=pseries-power9/' "$repo/verify/prove"
	cp "$programs"/bin/* "$OUT/bin"	# newer than their sources
	copy_small_tree "$real/src/$tree" "$OUT/src/$tree"
	cp "$real/src/$tree.version" "$OUT/src"

	stand_in make <<-END
		obj=\$* obj=\${obj#*O=} obj=\${obj%% *}
		case \$* in
		*selftests/powerpc/kexec*) cp -r $programs/kexec $OUT/bin; exit ;;
		*O=*config*)
			$(event config)
			cp \$KCONFIG_ALLCONFIG \$obj/.config; exit ;;
		*O=*)
			$(event make)
			cp $programs/vmlinux \$obj/vmlinux; exit ;;
		esac
	END
	cat >"$work/checker" <<-'END'
		#!/bin/sh
		case $* in */unfixed/* | */without*) echo "kasan: memset <- kexec_sequence"; exit 1 ;; esac
	END
	stand_in cc <<-END
		case \$* in *realmode_check*)
			while [ \$1 != -o ]; do shift; done
			cp $work/checker \$2
			chmod +x \$2
			exit ;;
		esac
	END
	stand_in qemu-system-ppc64 <<-END
		[ "\$1" != --version ] || { echo QEMU emulator version 10.0.2; exit; }
		$(event qemu)
		case \$* in */fixed/*) export FAKE=$work/fake/fixed ;; *) export FAKE=$work/fake/unfixed ;; esac
		exec $root/tests/driver/fake-qemu "\$@"
	END
	fake_boot 1 switch >"$work/fake/unfixed/console"
	{ fake_boot 1 switch; fake_boot 2 switch; fake_boot 3 "done"; } >"$work/fake/fixed/console"
	for fake in "$work"/fake/*; do
		echo 'KEXEC_TEST canary faulted' >"$fake/canary"
		echo shutdown >"$fake/end"
		cp "$root/tests/driver/registers.dead" "$fake/registers"
		echo 'Cannot access memory' >"$fake/no-memory"
	done
}

prove()
{
	"$repo/verify/prove" "$@" "$tree"
}

# Nothing is left of a run that did not end well, and the next one ends well.
recovers()
{
	rm -f "$work"/at-* "$work/interrupt-at"
	expect 0 "$tree .*: as it must be" prove
	[ "$(cd "$results" && echo *)" = "fixed.ktap unfixed.ktap wanted" ] ||
		fail "left behind: $(ls "$results")"
}

good()
{
	fakes
	expect 0 'boot: .*unfixed.*kexec-file on pseries-power9$' prove
	recovers
	expect 0 'build: .*without-vmx-enter-kasan' prove --without each
	expect 0 'FAIL +vmx-enter-kasan' prove
	expect 0 'unfixed +fixed +culprit' prove
}

# One that cannot be told about stops no other.
several_trees()
{
	fakes
	expect 2 'no .*/src/none: make fetch' "$repo/verify/prove" none $tree
	expect 2 ': as it must be' "$repo/verify/prove" none $tree
	expect 2 "^$tree +kasan +kexec-file +pseries-power9 +FAIL +ok" "$repo/verify/prove" none $tree
	cp "$work/fake/fixed/console" "$work/fake/unfixed/console"
	rm -r "$results"
	expect 1 "again: verify/cell $tree unfixed kasan kexec-file pseries-power9 FAIL gone" \
		"$repo/verify/prove" $tree $tree
	expect 2 '^prove: usage' "$repo/verify/prove"
	expect 2 '^prove: usage' "$repo/verify/prove" --all $tree
	FIX=some expect 2 'some is none of the fixes' prove
}

not_again()
{
	fakes
	prove >/dev/null
	rm "$work/events"
	expect 0 'as it must be' prove
	[ ! -e "$work/events" ] || fail "did again: $(cat "$work/events")"
}

# again_if EVENTS COMMAND...: what is done again after that, "-" is nothing. The same
# kernels, though something changed: no boot.  Other kernels: all again.
again_if()
{
	fakes
	prove >/dev/null
	rm "$work/events"
	"${@:2}"
	expect 0 'as it must be' prove
	[ "$(sort -u "$work/events" 2>/dev/null | paste -sd,)" = "${1#-}" ] ||
		fail "events: $(cat "$work/events")"
}

edit_of() { echo '# changed' >>"$repo/verify/$1"; }
other_status() { echo '/* changed */' >>"$repo/verify/status.c"; }
other_fixes() { sed -i '/^fix nmmu-realmode-print/,/^$/d' "$repo/verify/fixes.conf"; }
other_qemu() { sed -i s/10.0.2/10.0.3/ "$work/bin/qemu-system-ppc64"; }
other_machine() { echo '# changed' >>"$programs/kexec/pseries-power9.conf"; }
other_config() { echo CONFIG_X=y >>"$repo/verify/configs/kasan.config"; }
other_source() { sed -i 's/$/ again/' "$OUT/src/$tree.version"; }
other_patch_of_another_tree() { echo >>"$repo"/series/temp-mm/*.patch; }

# Whatever has had a part in a kernel or in its result: each kernel is looked at again.
looks_again_if()
{
	fakes
	prove --without each >/dev/null
	rm "$work/events"
	"$@"
	expect 0 'build: .* unfixed: nothing to do' prove
	[ ! -e "$work/events" ] || fail "did again: $(cat "$work/events")"
	# What this run did not look at again is not shown.
	expect 0 '.' "$OUT/bin/report" rows "$OUT"
	! "$OUT/bin/report" rows "$OUT" | grep without || fail "shows what may be stale"
}

not_as_it_must_be()
{
	fakes
	cp "$work/fake/unfixed/console" "$work/fake/fixed/console"
	expect 1 'fixed: kexec-file on pseries-power9 is FAIL, must be ok' prove
	expect 1 'NOT as it must be' prove
	cp "$work/fake/unfixed/console" "$work/fake/fixed/console"
	expect 1 'ok +FAIL|FAIL +FAIL .*must be ok' prove
}

# A kernel that fails, but of something else: one more line on the console, by which it
# is what the driver calls the cause.
stray()
{
	local what='unfixed: kexec-file on pseries-power9 fails, but not of this: gone$'

	fakes
	sed -i '/switch/i WARNING: CPU: 0 PID: 1 at mm/other.c:1 other+0x1\r' "$work/fake/unfixed/console"
	expect 1 "$what" prove
	# shellcheck disable=SC2046 # words
	expect 1 'not of this: gone' "$repo/verify/cell" $tree $("$repo/verify/prove" --cells $tree |
		grep 'unfixed.*kexec-file')
	# As it is, it may die of what any fix mends that it lacks
	sed -i '/^cause gone/a cause other WARNING: .* mm/other\\.c' "$repo/verify/proof.conf"
	echo nmmu-realmode-print kasan kexec-file pseries-power9 none any other >>"$repo/verify/proof.conf"
	expect 0 'as it must be' prove
	expect 1 'without-vmx-enter-kasan: .* fails, but not of this: gone$' prove --without each
	sed -i 's/any other/gcc<1 other/' "$repo/verify/proof.conf"
	expect 1 "$what" prove
	expect 1 'stray +ok +.*not of this: gone' prove
}

# Who may skip a test is written down; any other SKIP is one more thing that is broken.
skipped()
{
	fakes
	echo vmx-enter-kasan kasan kexec-load pseries-power9 none any - >>"$repo/verify/proof.conf"
	expect 2 'kexec-load.*not to be skipped' prove
	echo 'may-skip pseries-*:kexec-load' >>"$repo/verify/proof.conf"
	expect 1 'fixed: kexec-load on pseries-power9 is skip, must be ok' prove
}

nobody_notices()
{
	fakes
	cp "$work/fake/fixed/console" "$work/fake/unfixed/console"
	printf '#!/bin/sh\n' >"$work/checker"
	expect 1 'NO TEST NOTICES that linux-6.12.y kasan lacks vmx-enter-kasan' prove --without each
}

# What this compiler does not show is not asked for.
shows_by() # GCC RESULT
{
	fakes
	sed -i "s/any/gcc<$1/" "$repo/verify/proof.conf"
	[ "$1" = 99 ] || cp "$work/fake/fixed/console" "$work/fake/unfixed/console"
	expect 0 "$2" prove --without each
	prove --without each >/dev/null
	[ "$1" = 99 ] || [ ! -e "$results/without-vmx-enter-kasan.ktap" ] || fail "did it"
}

no_compiler()
{
	fakes
	CROSS_COMPILE=none- expect 2 'no none-gcc: make setup' prove
}

# Its results are apart from those of the default one
other_compiler()
{
	fakes
	COMPILER=tcc expect 2 'no compiler "tcc": gcc-N or clang-N' prove
	COMPILER=clang-99 expect 2 'no clang-99: make setup COMPILER=clang-99' prove
	ln -s "$(command -v powerpc64le-linux-gnu-gcc)" "$work/bin/powerpc64le-linux-gnu-gcc-99"
	COMPILER=gcc-99 expect 0 'as it must be' prove --without each
	[ -e "$results@gcc-99/fixed.ktap" ] || fail "no results"
	[ ! -e "$results" ] || fail "results of the default compiler"
	COMPILER=gcc-99 expect 0 '^fixed kasan@gcc-99 kexec-file pseries-power9 ok' prove --cells
}

no_qemu()
{
	fakes
	printf '#!/bin/sh\nexit 127\n' >"$work/bin/qemu-system-ppc64"
	expect 2 'no qemu-system-ppc64: make setup' prove
	[ ! -e "$work/events" ] || fail "did $(cat "$work/events")"
}

qemu_fails()
{
	fakes
	echo 'exit 1' >"$work/at-qemu"
	expect 2 'the test bed broke' prove
	[ ! -e "$results/unfixed.ktap" ] || fail "a result"
	recovers
}

no_source()
{
	fakes
	rm "$OUT/src/$tree.version"
	expect 2 'has no linux-6.12.y.version' prove
}

build_fails()
{
	fakes
	echo 'echo "x.c:1: error: made to fail"; exit 2' >"$work/at-make"
	expect 2 'does not build, see .*/log' prove
	expect 2 'x.c:1: error: made to fail' prove
	[ ! -e "$OUT/kernels/$tree/kasan/unfixed/key" ] || fail "a kernel"
	recovers
}

option_lost()
{
	fakes
	echo 'grep -v CONFIG_KASAN= $KCONFIG_ALLCONFIG >$obj/.config; exit' >"$work/at-config"
	expect 2 'does not take from .*kasan.config' prove
	expect 2 '^CONFIG_KASAN=y' prove
	echo '# CONFIG_Y is not set' >>"$repo/verify/configs/kasan.config"
	echo '{ cat $KCONFIG_ALLCONFIG; echo CONFIG_Y=y; } >$obj/.config; exit' >"$work/at-config"
	expect 2 '^# CONFIG_Y is not set' prove
	recovers
}

# What a killed make leaves may be halves: what it wrote is made again.
killed_build()
{
	fakes
	prove >/dev/null
	rm -rf "$OUT/kernels"
	echo "echo half >\$obj/newer.o; kill -9 $1" >"$work/at-make"
	touch "$OUT/build/$tree-kasan/older.o"
	echo >>"$repo/verify/configs/kasan.config"
	expect 2 'does not build' prove
	[ -e "$OUT/build/$tree-kasan/newer.o" ] || fail "it was not killed"
	recovers
	[ ! -e "$OUT/build/$tree-kasan/newer.o" ] || fail "believes newer.o"
	[ -e "$OUT/build/$tree-kasan/older.o" ] || fail "forgets older.o"
}

# disk_full DIRECTORY KIB: it has room for so much
disk_full()
{
	fakes
	unshare -m true 2>/dev/null || skip "cannot mount a small disk here"
	mkdir -p "$OUT/$1"
	expect 2 'is the disk full' unshare -m bash -c '
		mount -t tmpfs -o size=$3k none "$2/$1"
		"$4/verify/prove" '"$tree"' || status=$?
		for ktap in $(find "$2/$1" -name "*.ktap"); do "$2/bin/report" whole "$ktap" || exit 99; done
		find "$2/$1" -name key | grep . && exit 98
		exit $status' - "$1" "$OUT" "$2" "$repo"
	recovers
}

# Ctrl-C at each thing that is done: the terminal sends it to all.
interrupted()
{
	local at=0 status

	fakes
	prove >/dev/null
	cp "$work/events" "$work/all-events"
	for at in $(seq "$(wc -l <"$work/all-events")"); do
		rm -rf "$OUT"/{build,kernels,results,logs,work} "$work/events"
		echo "$at" >"$work/interrupt-at"
		status=0
		setsid -w env --default-signal=INT bash -c 'echo $$ >"$1"; exec "$2" "$3"' - "$work/session" \
			"$repo/verify/prove" $tree >"$work/said" 2>&1 || status=$?
		[ $status = 130 ] || fail "event $at: exit status $status" "$(cat "$work/said")"
		grep -q 'goes on where this one stopped' "$work/said" || fail "event $at" "$(cat "$work/said")"
		! pgrep -a -r D,R,S,T -s "$(<"$work/session")" || fail "event $at: left behind a process"
		! find "$OUT/build" -name unfinished | grep . || fail "event $at: make was not awaited"
	done
	recovers
}

# A second run of the same waits for the first.
two_at_a_time()
{
	fakes
	echo 'sleep 0.5' >"$work/at-qemu"
	prove >"$work/first" & prove >"$work/second"
	wait $!
	grep -h 'as it must be' "$work/first" "$work/second"
	[ "$(wc -l <"$work/events")" = 7 ] || fail "events: $(cat "$work/events")"
}

# Two trees: one build after the other
one_build_at_a_time()
{
	fakes
	cp -r "$OUT/src/$tree" "$OUT/src/other"
	cp "$OUT/src/$tree.version" "$OUT/src/other.version"
	echo 'mkdir '"$work/building; sleep 0.3; rmdir $work/building" >"$work/at-make"
	"$repo/verify/build" other fixed kasan >"$work/other" 2>&1 &
	expect 0 'kasan fixed took' "$repo/verify/build" $tree fixed kasan
	wait $! || fail "$(cat "$work/other")"
	! grep 'File exists' "$OUT"/build/*/log || fail "two at a time"
	flock "$OUT/build/lock" sleep 5 &
	sleep 0.2
	expect 0 'build: waiting for another kernel build' "$repo/verify/build" $tree unfixed kasan
	# What is there waits for no other tree
	(flock 5; exec sleep 300) 5>"$OUT/build/lock" &
	sleep 0.2
	expect 0 'kasan unfixed: nothing to do' timeout 60 "$repo/verify/build" $tree unfixed kasan
	kill $!
	flock "$OUT/build/$tree.lock" sleep 0.5 &
	sleep 0.2
	expect 0 "waiting for another build of $tree" "$repo/verify/build" $tree unfixed kasan
}

# What a run has ended counts: here, the kernel without any fix.
goes_on()
{
	fakes
	echo '! grep -q qemu '"$work"'/events || kill -9 $$' >"$work/at-make"
	expect 2 'does not build' prove
	[ -e "$results/unfixed.ktap" ] || fail "no result"
	[ ! -e "$results/fixed.ktap" ] || fail "a result too many"
	rm "$work/events"
	recovers
	[ "$(grep -c make "$work/events")" = 1 ] || fail "events: $(cat "$work/events")"
}

# A user's tree: any edit counts, and nothing in it changes.
edit()
{
	local kdir=$work/linux before

	fakes
	cp -r "$OUT/src/$tree" "$kdir"
	echo old | tee "$kdir/arch/powerpc/some-file" >"$kdir/arch/powerpc/gone"
	[ "$1" = plain ] || {
		git -C "$kdir" init -q
		git -C "$kdir" add -A
		GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=x \
			git -C "$kdir" commit -qm base
	}
	expect 0 'as it must be' "$repo/verify/prove" "$kdir"
	expect 0 'as it must be' "$repo/verify/prove" "$kdir"
	echo 'cp $OUT/work/*/arch/powerpc/some-file '"$work/saw" >"$work/at-make"
	rm "$work/events"
	touch -d yesterday "$work/old"
	echo new >"$kdir/arch/powerpc/some-file"
	touch -r "$work/old" "$kdir/arch/powerpc/some-file"
	if [ "$1" = plain ]; then rm "$kdir/arch/powerpc/gone"; else git -C "$kdir" rm -q arch/powerpc/gone; fi
	before=$(find "$kdir" -path "$kdir/.git" -prune -o -printf '%p %s %T@\n' | sort | sha256sum)
	expect 0 'as it must be' "$repo/verify/prove" "$kdir"
	[ "$(cat "$work/saw")" = new ] || fail "the build saw $(cat "$work/saw")"
	[ -z "$(find "$OUT" -name gone)" ] || fail "the build sees what is gone"
	[ "$(find "$OUT"/work/*/arch/powerpc/some-file -mmin -5)" ] || fail "make will not see it"
	[ "$(grep -c make "$work/events")" = 2 ] || fail "events: $(cat "$work/events")"
	[ "$before" = "$(find "$kdir" -path "$kdir/.git" -prune -o -printf '%p %s %T@\n' | sort | sha256sum)" ] ||
		fail "the tree has changed"
}

# On a terminal what is being done is one line, which the table replaces.
terminal()
{
	fakes
	prove >/dev/null
	rm -r "$OUT/results"
	echo CONFIG_X=y >>"$repo/verify/configs/kasan.config"
	TERM=xterm script -qec "$repo/verify/prove $tree" /dev/null >"$work/said" </dev/null
	grep -q $'\r\033\[Kboot: .*pseries-power9, usually [0-9]* s' "$work/said" || fail "$(cat -v "$work/said")"
	sed -i 's/.*\r\x1b\[K//; s/\r$//' "$work/said"
	! grep -E '^(build|boot|copying)' "$work/said" || fail "progress is left on the screen"
	grep -qx "$tree .*: as it must be" "$work/said" || fail "$(cat -v "$work/said")"
	! prove | grep $'\033' || fail "escapes in a pipe"
}

# Each cell says by its exit status what the table says in a word.
cells()
{
	local cell
	local cell_of="$repo/verify/cell $tree"

	fakes
	# Not of this tree: no kernel for it
	echo vmx-enter-kasan debug-vm hostile pseries-power9 7.2 any gone >>"$repo/verify/proof.conf"
	"$repo/verify/prove" --cells --without each $tree >"$work/cells"
	[ ! -e "$work/events" ] || fail "did $(cat "$work/events")"
	[ "$(wc -l <"$work/cells")" = 6 ] || fail "$(cat "$work/cells")"
	while read -r cell; do
		# shellcheck disable=SC2086 # words
		expect 0 "^(not )?ok" $cell_of $cell </dev/null
	done <"$work/cells"
	# shellcheck disable=SC2086 # words
	{
		expect 1 '^not ok 1 vmlinux' $cell_of unfixed kasan realmode_check vmlinux
		expect 1 '^not ok 2 pseries-power9 kexec-file' $cell_of unfixed kasan kexec-file pseries-power9
		expect 1 '^ok 2' $cell_of fixed kasan kexec-file pseries-power9 FAIL gone
		expect 1 'fails, but not of this: found$' \
			$cell_of unfixed kasan kexec-file pseries-power9 FAIL found
		expect 0 '^not ok 1' $cell_of unfixed kasan realmode_check vmlinux FAIL gone,found
		expect 1 'not of this: gone$' $cell_of unfixed kasan realmode_check vmlinux FAIL gone
		expect 2 'no cause "lost"' $cell_of unfixed kasan kexec-file pseries-power9 FAIL lost
		expect 2 'usage' $cell_of unfixed kasan kexec-file pseries-power9 FAIL
		expect 2 'no config' $cell_of fixed kasam kexec-file pseries-power9
		expect 0 '^ok 4 pseries-power9' $cell_of fixed kasan kexec-file pseries-power9,powernv9
		expect 2 'one machine' $cell_of unfixed kasan kexec-file pseries-power9,powernv9 FAIL gone
		expect 2 'no machine' $cell_of fixed kasan kexec-file pseries-power99 FAIL gone
		echo 'exit 1' >"$work/at-make"
		echo CONFIG_X=y >>"$repo/verify/configs/kasan.config"
		expect 2 'does not build' $cell_of fixed kasan kexec-file pseries-power9 FAIL gone
		echo 'exit 1' >"$work/at-qemu"
		rm "$work/at-make"
		expect 2 'ERROR' $cell_of fixed kasan kexec-file pseries-power9 FAIL gone
	}
}

# A case's last words, or the driver's, may lack their newline: what comes next has a
# line of its own all the same.
unfinished_line()
{
	expect 1 '^not ok 1 half$' bash -c 'set -euo pipefail; root=$1; . "$1/tests/cases.sh"
		half() { printf "no end"; false; }; run half' - "$root"
	fakes
	printf '#!/bin/sh\n%s\n' 'printf "  Bail out"; exit 99' >"$work/kexec_test"
	chmod +x "$work/kexec_test"
	sed -i "s,^make_programs\$,&; cp $work/kexec_test \$out/bin/kexec," "$repo/verify/prove"
	expect 2 '^not ok 2 kexec_test' prove
}

# Cells of one kernel run side by side, and beside prove; the same one waits.
cells_at_once()
{
	local machine cell="$repo/verify/cell $tree fixed kasan kexec-file" logs

	fakes
	echo 'sleep 0.3' >"$work/at-qemu"
	for machine in pseries-power9 powernv9 powernv9; do
		$cell $machine >"$work/cell" 2>&1 || touch "$work/failed" &
	done
	expect 0 'as it must be' prove
	wait
	[ ! -e "$work/failed" ] || fail "$(cat "$work/cell")"
	logs=$OUT/logs/$tree/kasan/fixed
	[ -s "$logs/cells/powernv9-kexec-file/powernv9-kexec-file/console" ] || fail "$(find "$logs")"
	[ -s "$logs/pseries-power9-kexec-file/console" ] || fail "$(find "$logs")"
	[ ! -e "$logs/cells/powernv9-kexec-file/image" ] || fail "leaves an image that nobody needs"
}

# What a person has to know says what it takes, leaves and returns.
help()
{
	local command

	for command in apply cell fetch page prove setup status; do
		expect 0 "^$command( |:)" "$root/verify/$command" --help
		expect 0 'Exit status: ' "$root/verify/$command" --help
		! "$root/verify/$command" --help | grep -E 'shellcheck|^set ' || fail "$command"
	done
}

clean()
{
	fakes
	prove >/dev/null
	touch "$OUT/report.html" "$OUT/junit.xml"
	mkdir "$OUT"/{guest-tools,mail,old-qemu}
	make -s -C "$repo" clean
	[ "$(cd "$OUT" && echo *)" = "ccache durations guest-tools old-qemu src" ] || fail "left: $(ls "$OUT")"
	touch "$OUT/precious"
	make -s -C "$repo" distclean
	[ "$(cd "$OUT" && echo *)" = precious ] || fail "left: $(ls "$OUT")"
	rm "$OUT/precious"
	make -s -C "$repo" distclean
	[ ! -e "$OUT" ] || fail "left: $OUT"
}

cases=(good several_trees not_again "again_if qemu other_qemu" "again_if qemu other_machine"
	"again_if config,make,qemu other_config" "again_if config,make,qemu other_source"
	"again_if - other_patch_of_another_tree" "again_if make,qemu other_fixes"
	"again_if config,make,qemu edit_of kmake" "again_if make,qemu edit_of build"
	"again_if qemu edit_of try.sh" "looks_again_if edit_of apply" "looks_again_if edit_of variant"
	"looks_again_if edit_of fixes.conf" "looks_again_if edit_of proof.conf"
	"looks_again_if other_status" not_as_it_must_be stray skipped nobody_notices
	'shows_by 99 as.it.must.be' 'shows_by 1 no.test.notices.in.*,.see' no_compiler other_compiler no_qemu
	qemu_fails no_source build_fails option_lost 'killed_build $$' 'killed_build $PPID $$' "disk_full results 8"
	"disk_full kernels 4" "disk_full build 4" interrupted two_at_a_time one_build_at_a_time goes_on "edit plain"
	"edit git" terminal cells cells_at_once unfinished_line help clean)
run "${@:-${cases[@]}}"
