#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Tests of the driver of the kexec selftest, as KTAP. A fake QEMU plays consoles,
# monitors and ends, so that each line which decides a result decides it both
# ways. The driver is built with the address and undefined-behaviour sanitizers.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
source=$here/../tools/testing/selftests/powerpc/kexec
# shellcheck source-path=SCRIPTDIR source=cases.sh
. "$here/cases.sh"
# shellcheck source-path=SCRIPTDIR/../verify source=lib.sh
. "$here/../verify/lib.sh"
run_driver=("$programs/kexec_test")

if [ -n "${BUILT-}" ]; then
	cp "$BUILT"/* "$programs"	# tests/driver-mutants.sh has made these
else
	make -s -C "$source" OUTPUT="$programs" \
		HOSTCFLAGS="-g -fsanitize=address,undefined -fno-sanitize-recover=all"
fi
rm "$programs"/*.conf
for machine in one two; do
	printf '# comment\n\nabout = fake\nqemu = -machine %s\nappend = console=hvc0\n' $machine \
		>"$programs/$machine.conf"
done
link()
{
	powerpc64le-linux-gnu-gcc -nostdlib -static -Wl,--build-id=none \
		-Wl,-Ttext=0xc000000000000000 -Wl,-e,_stext -Wl,--defsym=.TOC.=0xc000000000028000 \
		"$@" "$here/driver/vmlinux.S"
}
link -o "$programs/vmlinux"

new_work()
{
	export FAKE=$work/fake
}

# fake END LINE...: what QEMU does; NONCE and FACT stand for those of the run.
fake()
{
	mkdir -p "$FAKE"
	echo "$1" >"$FAKE/end"
	printf '%s\r\n' "${@:2}" | sed 's/FACT/KEXEC_TEST NONCE/' >"$FAKE/console"
	echo 'KEXEC_TEST canary faulted' >"$FAKE/canary"
	cp "$here/driver/registers.dead" "$FAKE/registers"
	: >"$FAKE/memory"
}

# Words of the guest's memory, which is zero elsewhere.
# Usage: memory ADDRESS OFFSET WORD ...
memory()
{
	local address=$1 bytes='14 12 10 8 6 4 2 0' byte word

	shift
	[ -z "${big_endian-}" ] || bytes='0 2 4 6 8 10 12 14'
	while (($#)); do
		word=
		for byte in $bytes; do
			word+="\\x${2:byte:2}"
		done
		printf %b "$word" | dd bs=8 conv=notrunc oflag=seek_bytes \
			seek=$((address + $1)) of="$FAKE/memory" status=none
		shift 2
	done
}

driver()
{
	(cd "$work" && timeout --foreground 300 "${run_driver[@]}" --vmlinux "$programs/vmlinux" \
		--qemu "$here/driver/fake-qemu" --logs "$work/logs" --machine one "$@")
}

# What each kernel says first, and init of it; and what init says last
boot() # NUMBER [MMU]
{
	printf '%s\n' 'Linux version 6.12 (a@b) #1' 'KASAN init done' \
		"FACT boot $1" "FACT id $1" 'FACT release 6.12' 'FACT version Linux version 6.12 (a@b) #1' \
		'FACT cpus 1' "FACT mmu ${2:-Radix}"
}

leave() # FACT
{
	case $1 in crash* | await*) echo 'FACT reserved 805306368' ;; esac
	printf '%s\n' 'FACT tainted 0' "FACT $1"
}

# console CASE: the lines of a run of kexec-file, or what is wrong with it
console()
{
	boot 1
	[ "$1" != complaint ] || echo "[ 1.0] WARNING: CPU: 0 PID: 1 at x.c:1"
	[ "$1" != race ] || echo "[ 1.0] BUG: KCSAN: data-race in a / b"
	[ "$1" != selftest ] || echo "[ 1.0] code-patching: test failed at line 1"
	leave switch
	[ "$1" != same ] || { echo "FACT boot 2"; echo "FACT id 1"; }
	[ "$1" != skipped ] || boot 3
	boot 2
	[ "$1" != hash ] || boot 2 Hash
	leave switch
	[ "$1" != half ] || return 0
	boot 3
	[ "$1" = undone ] || leave 'done'
}

fake_console() # END CASE
{
	local lines

	mapfile -t lines < <(console "$2")
	fake "$1" "${lines[@]}"
}

passes()
{
	fake_console stay good
	expect 0 '^ok 2 one kexec-file$' driver --test kexec-file
	expect 0 'pass:1 fail:0 skip:0 error:0' driver --test kexec-file
	[ "$(readelf -h "$work/logs/image" | grep -cE '(Start|Number|index).* section .*: +0( |$)|string table index: +0$')" = 3 ] ||
		fail "$(readelf -h "$work/logs/image")"
	[ "$(driver --test kexec-file | grep -c ^#)" = 1 ] || fail "says more than that"
	expect 0 '^ok 2 one kexec-file$' driver --test kexec-file <<<typed
	# A line may have no end, and firmware says a zero
	fake_console stay race
	sed -i "1s/^/$(printf 'x%.0s' {1..9000})\n/; s/^.* boot 1/\x00&/" "$FAKE/console"
	expect 0 '^ok 2 one kexec-file$' driver --test kexec-file
}

not_ok() # CASE REGEX
{
	fake_console shutdown "$1"
	expect 1 "$2" driver --test kexec-file
	expect 1 '^not ok 2 one kexec-file$' driver --test kexec-file
}

# The first line of the report is the cause, in one of the forms that facts.h names
cause() # STATUS END CASE CAUSE...
{
	local said

	fake_console "$2" "$3"
	[ "$3" != complaint ] || sed -i 's/1.0\] WARN/1.0][   T12] WARN/' "$FAKE/console"
	expect "$1" '^not ok 2' driver --test kexec-file
	said=$(driver --test kexec-file | grep -A1 '^not ok 2' | tail -n 1) || true
	[ "${said//$work/WORK}" = "# ${*:4}" ] || fail "the cause is: $said"
}

# In a run in which all else is right
complains() # LINE
{
	fake_console shutdown good
	sed -i "0,/switch/{/switch/i [ 1.0] ${1//./ }
		}" "$FAKE/console"
	expect 1 "^# fail: boot 1: complaint: ${1//[^a-zA-Z0-9:]/.}$" driver --test kexec-file
}

# init tells it of a kernel in which nothing is wrong: STATUS REGEX SED-SCRIPT
told()
{
	fake_console shutdown good
	sed -i "$3" "$FAKE/console"
	expect "$1" "$2" driver --test kexec-file
}

# The host keeps it from running, or it only takes its time: not the kernel's fault. A
# guest that does nothing is one that hangs.
times_out() # END STATUS REGEX
{
	fake_console "$1" half
	[ "$1" = stopped ] || registers_of kernel
	expect "$2" "$3" driver --timeout 9 --test kexec-file
}

# The first of two is the cause, and what comes behind the end changes nothing
complains_twice()
{
	fake_console stay good
	sed -i '0,/switch/{/switch/i WARNING: one\nWARNING: two
		}' "$FAKE/console"
	echo 'KEXEC_TEST NONCE done' >>"$FAKE/console"
	expect 1 '^# fail: boot 1: complaint: WARNING: one$' driver --test kexec-file
}

# What tainted the kernel was lost
lost_warning()
{
	fake_console shutdown good
	sed -i '0,/tainted 0/s//tainted 512/; 1i ** 12 printk messages dropped **' "$FAKE/console"
	expect 1 '^# fail: boot 1: complaint: the kernel is tainted by 0x200, and nothing said why' \
		driver --test kexec-file
	sed -i 's/tainted 512/tainted 4096/' "$FAKE/console"
	expect 0 '^ok 2' driver --test kexec-file
}

wrong_nonce()
{
	fake_console shutdown good
	sed -i 's/NONCE/0123456789abcdef/' "$FAKE/console"
	expect 1 'boot 0, before "boot 1": the guest powered off' driver --test kexec-file
}

canary_silent()
{
	fake_console stay good
	echo 'KEXEC_TEST canary no-fault' >"$FAKE/canary"
	expect 4 '^ok 1 one canary # SKIP a bad real-mode access does not fault here' \
		driver --test kexec-file
	expect 4 '^ok 2 one kexec-file # SKIP the canary' driver --test kexec-file
}

# What needs no fault passes, but all that does was not tried
canary_blind()
{
	kasan
	echo 'KEXEC_TEST canary no-fault' >"$FAKE/canary"
	expect 4 'pass:1 fail:0 skip:1' driver --test kasan,kexec-file
}

# Neither ok nor SKIP: that tells nothing about the others
canary_complains()
{
	fake_console stay good
	printf '#!/bin/bash\necho Oops: x\nexit 1\n' >"$FAKE/qemu"
	chmod +x "$FAKE/qemu"
	expect 99 '^not ok 2 one kexec-file # ERROR' driver --qemu "$FAKE/qemu" --test kexec-file
}

# What may be skipped is a list
may_skip()
{
	fake stay 'FACT boot 1' 'FACT skip: this kernel lacks CONFIG_X'
	expect 99 '# ERROR not to be skipped: this kernel lacks CONFIG_X' \
		driver --may-skip '' --test kexec-file
	expect 99 '# ERROR not to be skipped' driver --may-skip hostile,two:* --test kexec-file
	expect 4 '# SKIP this kernel lacks' driver --may-skip hostile,o*:kexec-file --test kexec-file
	expect 4 '# SKIP this kernel lacks' driver --may-skip kexec-file --test kexec-file
	expect 99 'no test "kexec-fil"' driver --may-skip kexec-fil --test kexec-file
	fake_console stay good
	expect 0 '^ok 2' driver --may-skip '' --test kexec-file
	echo 'KEXEC_TEST canary no-fault' >"$FAKE/canary"
	expect 99 '^not ok 2 .*# ERROR not to be skipped: the canary of this machine did not fault' \
		driver --may-skip canary --test kexec-file
}

# Each machine has a canary of its own
canary_of_each()
{
	fake_console stay good
	echo 'KEXEC_TEST canary no-fault' >"$FAKE/canary.one"
	expect 4 '^ok 3 one kexec-file # SKIP the canary' driver --machine one,two --test kexec-file
	expect 4 '^ok 4 two kexec-file$' driver --machine one,two --test kexec-file
}

canary_hangs()
{
	fake_console stay good
	: >"$FAKE/canary"
	expect 99 '^# error: the canary says nothing: ' driver --timeout 3 --test kexec-file
}

canary_mute()
{
	fake_console stay good
	printf '#!/bin/bash\nexit 1\n' >"$FAKE/qemu"
	chmod +x "$FAKE/qemu"
	expect 99 '^not ok 1 one canary # ERROR QEMU ended by itself .status 1.' \
		driver --qemu "$FAKE/qemu" --test kexec-file
	expect 99 '^not ok 2 one kexec-file # ERROR' driver --qemu "$FAKE/qemu" --test kexec-file
}

lacks_option()
{
	fake stay 'FACT boot 1' 'FACT skip: this kernel lacks CONFIG_KEXEC_FILE'
	expect 4 '^ok 2 one kexec-file # SKIP this kernel lacks CONFIG_KEXEC_FILE' \
		driver --test kexec-file
}

skips_without_reason()
{
	fake stay 'FACT boot 1' 'FACT skip: '
	expect 99 '^# error: boot 1: a skip without a reason' driver --test kexec-file
}

# vmlinux tells whether that is so
lacks_nothing()
{
	fake stay 'FACT boot 1' 'FACT skip: this kernel lacks CONFIG_STRICT_KERNEL_RWX'
	expect 1 '^# fail: boot 1: finds nothing of CONFIG_STRICT_KERNEL_RWX, which vmlinux has' \
		driver --test kexec-file
	powerpc64le-linux-gnu-objcopy --add-symbol sys_ni_syscall=.text:0x16000,global \
		"$programs/vmlinux" "$work/vmlinux"
	expect 4 '^ok 2 one kexec-file # SKIP' driver --vmlinux "$work/vmlinux" --test kexec-file
}

# What init may lack is what the driver can check
options_are_known()
{
	local option

	while read -r option; do
		grep -q "{ $option, " "$source/host/kernel_config.c" || fail "$option"
	done < <(grep -ohE '"CONFIG_[A-Z0-9_]+"' "$source"/*/*.c)
}

# What the second kernel does not have, the first one did not hand over
second_kernel() # WHEN LINE REGEX
{
	local lines

	mapfile -t lines < <(boot 1; leave switch; [ "$1" = early ] || boot 2; echo "${2//./ }")
	fake shutdown "${lines[@]}"
	expect 1 "^# fail: boot 2: $3" driver --test kexec-file
}

# The first one has it from this driver
first_kernel() # LINE REGEX
{
	fake shutdown "${1//./ }"
	expect 99 "ERROR boot 0: $2" driver --test kexec-file
}

guest()
{
	gcc -std=gnu11 -D_GNU_SOURCE -D__SANE_USERSPACE_TYPES__ -g -fsanitize=address,undefined \
		-I"$source/common" -I"$source/guest" -o "$work/guest" "$here/driver/guest.c"
}

# Only that a thing is not there means that
guest_lacks()
{
	guest
	expect 0 ' skip: this kernel lacks CONFIG_X' "$work/guest" skip_without 2	# ENOENT
	expect 0 ' skip: this kernel lacks CONFIG_X' "$work/guest" skip_without 38	# ENOSYS
	expect 0 ' fail: look for what CONFIG_X brings: errno 13' "$work/guest" skip_without 13
	expect 0 ' fail: look for what CONFIG_X brings: errno 5,' "$work/guest" skip_without 5
}

# note NAME TYPE SIZE NIP
note()
{
	perl -e 'my ($name, $type, $size, $nip) = @ARGV;
		my $text = "\0" x $size;
		substr($text, 368, 8) = pack("Q<", $nip) if $size > 375;
		print pack("V3", length($name) + 1, length($text), $type),
			pack("a" . ((length($name) + 4) & ~3), $name), $text' "$@"
}

guest_counts_registers()
{
	guest
	count()
	{
		expect 0 "registers of $1 CPUs" "$work/guest" registers <"$work/notes"
	}
	: >"$work/notes"
	count 0
	{ note CORE 1 504 1234; note VMCOREINFO 0 40 0; note CORE 1 504 99; } >"$work/notes"
	count 2
	{ note CORE 1 504 0; note CORE 1 504 99; note CORE 1 368 0; } >"$work/notes"
	count 1
	truncate -s 800 "$work/notes"
	count 0
	printf '\377%.0s' {1..64} >"$work/notes"
	count 0
}

call_fails()
{
	fake stay 'FACT boot 1' 'FACT fail: kexec_file_load: errno 1, no'
	expect 1 '^# fail: boot 1: kexec_file_load: errno 1, no' driver --test kexec-file
}

qemu_ends()
{
	fake_console "$1" half
	expect 99 "^not ok 2 one kexec-file # ERROR QEMU ended by itself .$2." \
		driver --test kexec-file
}

qemu_missing()
{
	fake_console stay good
	expect 99 '# ERROR cannot run /nowhere: No such file' \
		driver --qemu /nowhere --test kexec-file
}

patching() # TIMES WHICH STATUS REGEX
{
	local lines

	mapfile -t lines < <(boot 1 | sed 's/cpus 1/cpus 2/'; echo "FACT CPU 1 went $1 times"
		echo "FACT breakpoint hit by ${2//./ }"; leave 'done')
	fake shutdown "${lines[@]}"
	expect "$3" "$4" driver --test patching-hotplug
}

patching_needs_no_mapping()
{
	fake stay
	powerpc64le-linux-gnu-objcopy -N mark_rodata_ro "$programs/vmlinux" "$work/vmlinux"
	expect 4 '^ok 2 one patching # SKIP .* without CONFIG_STRICT_KERNEL_RWX' \
		driver --vmlinux "$work/vmlinux" --test patching
}

kasan()
{
	local lines

	mapfile -t lines < <(boot 1; echo 'FACT provoke'
		echo '[ 1.0] BUG: KASAN: slab-use-after-free in lkdtm_READ_AFTER_FREE+0xf4/0x23c'
		echo 'Call Trace:'; echo 'FACT provoked'; echo 'FACT tainted 32'; echo 'FACT done')
	fake stay "${lines[@]}"
	expect 0 '^ok 2 one kasan$' driver --test kasan
	# A plan of one's own may do what the test of it may
	expect 0 '^ok 2 one plan$' driver --plan bad-access
	sed -i 's/tainted 32/tainted 48/' "$FAKE/console"
	expect 1 'tainted by 0x10,' driver --plan bad-access
	sed -i 's/tainted 48/tainted 32/' "$FAKE/console"
}

plan_may_taint()
{
	local lines

	mapfile -t lines < <(boot 1; echo 'FACT tainted 16'; echo 'FACT done')
	fake stay "${lines[@]}"
	expect 0 '^ok 2 one plan$' driver --plan 'ftrace:function; kvm'
	expect 1 'tainted by 0x10,' driver --plan ftrace:function
}

# What comes after the access was not provoked
kasan_complains_again()
{
	kasan
	sed -i '/provoked/a [ 1.0] Call Trace:' "$FAKE/console"
	expect 1 '^# fail: boot 1: complaint: Call Trace:' driver --test kasan
}

kasan_sleeps()
{
	local lines

	mapfile -t lines < <(boot 1; echo 'FACT provoke'; echo 'FACT provoked'; leave 'done')
	fake shutdown "${lines[@]}"
	expect 1 '^# fail: boot 1: no "BUG: KASAN: use-after-free' driver --test kasan
}

kasan_off()
{
	local lines

	mapfile -t lines < <(boot 1 | grep -v 'KASAN init'; echo 'FACT provoke'
		echo 'BUG: KASAN: use-after-free'; echo 'FACT provoked'; leave 'done')
	fake shutdown "${lines[@]}"
	expect 1 '^# fail: boot 1: no "KASAN init done' driver --test kasan
}

# A test passes with these, and not without one of them; MMU is that of all boots
wants() # MMU TEST FACT...
{
	local lines nr without

	mkdir "$work/tools"
	cp "$programs/init" "$work/tools/makedumpfile"
	powerpc64le-linux-gnu-objcopy --add-symbol kvmhv_vcpu_entry_p9=.text:0x16100,global \
		--add-symbol hash__early_init_mmu=.text:0x16200,global "$programs/vmlinux" "$work/vmlinux"
	for without in 0 $(seq 3 $#); do
		mapfile -t lines < <(boot 1 "$1"
			for ((nr = 3; nr <= $#; nr++)); do
				case $((nr == without))${!nr} in
				1*) ;;
				0boot) boot 2 "$1" ;;
				0switch | 0done | 0crash_*) leave "${!nr//_/ }" ;;
				0~*) echo "${!nr//[~_]/ }" ;;
				*) echo "FACT ${!nr//_/ }" ;;
				esac
			done)
		fake shutdown "${lines[@]}"
		expect $((without != 0)) "^(not )?ok 2 one $2$" driver --vmlinux "$work/vmlinux" \
			--tools "$work/tools" --test "$2"
	done
}

payload()
{
	local lines

	mapfile -t lines < <(boot 1; leave switch; boot 2; echo "FACT payload ${1//./ }"; leave 'done')
	fake stay "${lines[@]}"
	expect "$2" "$3" driver --test payload
}

# dump CASE: what is found in the capture kernel, or what is wrong with it
dump()
{
	boot 2
	case $1 in
	foreign) echo 'FACT vmcoreinfo OSRELEASE=6.1' ;;
	longer) echo 'FACT vmcoreinfo OSRELEASE=6.12.1' ;;
	no-info) ;;
	*) echo 'FACT vmcoreinfo OSRELEASE=6.12' ;;
	esac
	if [ "$1" = no-mark ]; then echo 'FACT mark is not there'; else echo 'FACT mark found'; fi
	if [ "$1" = warned ]; then echo 'FACT crashed tainted 512'; else echo 'FACT crashed tainted 0'; fi
	case $1 in
	no-registers) echo 'FACT registers of 0 CPUs' ;;
	*) echo 'FACT registers of 1 CPUs' ;;
	esac
	case $1 in
	short) echo 'FACT vmcore is short' ;;
	half-memory) echo 'FACT vmcore whole 1279 MiB' ;;
	*) echo 'FACT vmcore whole 1280 MiB' ;;
	esac
	if [ "$1" = untold ]; then echo 'FACT done'; else leave 'done'; fi
}

panic='Kernel panic - not syncing: sysrq triggered crash'

# fake_crash CASE [LINE...]: a kdump, in which the crashing kernel also says the lines
fake_crash()
{
	local lines

	mapfile -t lines < <(boot 1; leave 'crash 0'; [ "$1" = no-panic ] || echo "$panic"
		printf '%s\n' 'Call Trace:' "${@:2}"; dump "$1" | if [ "$1" = late-panic ]; then sed "1a$panic"; else cat; fi)
	fake shutdown "${lines[@]}"
}

kdump() # CASE STATUS REGEX
{
	fake_crash "$1"
	expect "$2" "$3" driver --test kdump
}

# The crash is what the test is about, but no more than that
crash_complains() # LINE
{
	fake_crash good "[ 1.0] ${1//./ }"
	expect 1 "^# fail: boot 1: complaint: ${1//[^a-zA-Z0-9:]/.}$" driver --test kdump
}

# CPU 1 is up, too, and is to be in the dump
cpu_missing()
{
	fake_crash good
	sed -i '0,/cpus 1/s//cpus 2/; s/crash 0/crash 1/' "$FAKE/console"
	expect 1 '^# fail: boot 2: the dump has the registers of 1 CPUs, not of 2' driver --test kdump-cpu1
	sed -i 's/registers of 1/registers of 2/' "$FAKE/console"
	expect 0 '^ok 2' driver --test kdump-cpu1
}

# What the capture kernel says is a complaint
capture_complains()
{
	fake_crash good
	sed -i '/boot 2/i [ 1.0] WARNING: CPU: 0 PID: 1 at x.c:1' "$FAKE/console"
	expect 1 '^# fail: boot 1: complaint: WARNING: CPU: 0' driver --test kdump
	sed -i /WARNING/d "$FAKE/console"
	expect 0 '^ok 2' driver --test kdump
}

# The answer to the command before comes once more
late_answers()
{
	mkdir "$FAKE"
	touch "$FAKE/late"
	dead
}

panic_before_the_crash()
{
	fake shutdown 'FACT boot 1' 'Kernel panic - not syncing: early'
	expect 1 '^# fail: boot 1: complaint: Kernel panic - not syncing: early' driver --test kdump
}

registers_of() # firmware|edge|realmode|kernel
{
	case $1 in
	firmware) sed -i 's/\<NIP [0-9a-f]*/NIP 000000003004b998/; s/MSR [0-9a-f]*/MSR 9000000000001000/
			s/DAR [0-9a-f]*/DAR 0000000000000000/
			s/^GPR00 [^ ]* [^ ]*/GPR00 0000000000000000 0000000031c139a0/' "$FAKE/registers" ;;
	realmode) registers_of firmware; sed -i 's/NIP [0-9a-f]*/NIP 0000000000013004/' "$FAKE/registers" ;;
	edge) registers_of firmware; sed -i 's/31c139a0/31c13d10/' "$FAKE/registers" ;;
	kernel) sed -i 's/MSR [0-9a-f]*/MSR 8000000000009033/' "$FAKE/registers" ;;
	esac
}

# What is asked for is injected, where it is asked for, and only then
nmi() # WHERE TEST
{
	local lines

	mapfile -t lines < <(boot 1; leave "await-nmi $1")
	fake stay "${lines[@]}"
	dump good | sed 's/FACT/KEXEC_TEST NONCE/' >"$FAKE/console.nmi"
	[ "$1" != in-firmware ] || registers_of firmware
	expect 0 "^ok 2 one $2$" driver --test "$2"
	# Before and behind that it may look for a dead CPU, if the host is slow
	[ "$(grep -oE 'stop|registers|inject-nmi|cont' "$FAKE/asked" | paste -sd' ' |
		sed -E 's/^(registers )*//; s/( registers)*$//')" = \
		'stop registers inject-nmi cont' ] || fail "asked for:" "$(cat "$FAKE/asked")"
	touch "$FAKE/no-nmi"
	expect 99 'ERROR QEMU takes no inject-nmi' driver --test "$2"
	rm "$FAKE/asked" "$FAKE/no-nmi"
	sed -i '/await-nmi/d' "$FAKE/console"
	cat "$FAKE/console.nmi" >>"$FAKE/console"
	expect 1 '^# fail: boot 2: (no "await-nmi|"boot 2", not)|before' driver --test "$2"
	! grep -q inject-nmi "$FAKE/asked" || fail "an NMI nobody asked for"
}

# The kernel crashes by itself
nmi_not_sent() # LINE
{
	local lines

	mapfile -t lines < <(boot 1; leave "await-nmi in-firmware"; echo "${1//./ }"; dump good)
	fake stay "${lines[@]}"
	expect 1 '^# fail: boot 1: the next kernel came before the system reset was sent' \
		driver --test kdump-nmi
	# The line that says so may be lost
	sed -i '9,$s/^Linux version.*/x/' "$FAKE/console"
	expect 1 '^# fail: boot 1: the next kernel came before the system reset was sent' \
		driver --test kdump-nmi
}

# It crashed before it was stopped, and said so
nmi_too_late()
{
	local lines

	mapfile -t lines < <(boot 1; leave "await-nmi in-firmware")
	fake stay "${lines[@]}"
	registers_of firmware
	echo 'Linux version 6.12 (a@b) #1' >"$FAKE/console.stop"
	dump good | sed 's/FACT/KEXEC_TEST NONCE/' >"$FAKE/console.nmi"
	expect 1 '^# fail: boot 1: the next kernel came before the system reset was sent' \
		driver --test kdump-nmi
}

# It does not come to be stopped, or to go on
nmi_unanswered()
{
	local lines

	mapfile -t lines < <(boot 1; leave "await-nmi in-firmware")
	fake stay "${lines[@]}"
	touch "$FAKE/deaf"
	expect 99 "ERROR QEMU's monitor does not answer" driver --test kdump-nmi
}

# The CPU is not there at the first look
nmi_later()
{
	local lines

	mapfile -t lines < <(boot 1; leave "await-nmi in-firmware")
	fake stay "${lines[@]}"
	dump good | sed 's/FACT/KEXEC_TEST NONCE/' >"$FAKE/console.nmi"
	cp "$FAKE/registers" "$FAKE/first"
	registers_of firmware
	mv "$FAKE/registers" "$FAKE/registers.other"
	mv "$FAKE/first" "$FAKE/registers"
	expect 0 '^ok 2 one kdump-nmi$' driver --test kdump-nmi
}

# The CPU is never where the reset is to hit it
nmi_misses() # WHERE REGISTERS MESSAGE
{
	local lines

	mapfile -t lines < <(boot 1; leave "await-nmi $1")
	fake stay "${lines[@]}"
	registers_of "$2"
	expect 99 "ERROR 100 looks at the CPUs, and $3 was in firmware" driver --test kdump-nmi
	! grep -q inject-nmi "$FAKE/asked" || fail "an NMI at the wrong place"
}

# It is made of registers, where the guest says, and the guest goes on
machine_check()
{
	local lines

	mapfile -t lines < <(boot 1; echo 'FACT await-machine-check 100030ec 800')
	fake stay "${lines[@]}"
	printf '%s\n' 'MCE: CPU0: machine check (Warning)  ERAT Multihit DAR: 00 [Recovered]' \
		'MCE: CPU0: machine check (Severe)  UE Load/Store DAR: 01 [Not recovered]' \
		'KEXEC_TEST NONCE child died of signal 7' 'KEXEC_TEST NONCE tainted 16' \
		'KEXEC_TEST NONCE done' >"$FAKE/console.gdb"
	printf '<reg name="%s" regnum="%d"/>' dsisr 100 srr0 200 dar 300 srr1 400 >"$FAKE/registers.xml"
	expect 0 '^ok 2 one machine-check$' driver --test machine-check
	grep -q 'gdbserver chardev:stub' "$FAKE/asked" || fail "there is no stub"
	diff - <(sed 1,/^q.*28,/d "$FAKE/packets") <<-END
		Z1,100030ec,4
		c
		z1,100030ec,4
		p41
		Pc8=ec30001000000000
		P190=33d020000000f092
		P64=0008000000000000
		P41=0100000000000080
		P40=0002000000000000
		c
	END
	sed -i 's/.Recovered/[Not recovered/' "$FAKE/console.gdb"
	expect 1 '^# fail: boot 1: .*ERAT Multihit.*.Not recovered|no "~?ERAT' driver --test machine-check
	sed -i '/ERAT/s/.Not recovered/[Recovered/' "$FAKE/console.gdb"
	fake stay "${lines[@]/100030ec/vmcore_init}"
	rm "$FAKE/packets"
	expect 0 '^ok 2 one machine-check$' driver --test machine-check
	grep -qx "Z1,c000000000015000,4" "$FAKE/packets" || fail "packets:" "$(<"$FAKE/packets")"
	: >"$FAKE/registers.xml"
	expect 99 "ERROR no machine check: .* has no SRR0" driver --test machine-check
	fake stay 'FACT boot 1' 'FACT skip: nobody can'
	expect 4 '^ok 2 one machine-check # SKIP nobody can$' driver --test machine-check
	# Without a DSISR it is none, and no HMI either
	rm -f "$FAKE/packets" "$FAKE/asked"
	fake shutdown "${lines[@]/ 800}"
	expect 1 '^# fail: ' driver --test machine-check
	[ ! -e "$FAKE/packets" ] || fail "raised:" "$(<"$FAKE/packets")"
}

# The log of a hypervisor goes where RTAS is, r3 says where, and the kernel has a vector
machine_check_by_hypervisor()
{
	local lines

	mapfile -t lines < <(boot 1)
	fake stay "${lines[@]}" 'FACT await-machine-check 100030ec 8000 2fff0030 101f0008'
	printf 'KEXEC_TEST NONCE %s\n' 'tainted 0' 'done' >"$FAKE/console.gdb"
	printf '<reg name="%s" regnum="%d"/>' srr0 200 srr1 400 >"$FAKE/registers.xml"
	expect 1 '^# fail: .*ERAT' driver --test machine-check
	diff - <(sed 1,/^z1/d "$FAKE/packets") <<-END
		p41
		Pc8=ec30001000000000
		P190=33d020000000f092
		Qqemu.PhyMemMode:1
		p3
		M2fff0030,8:1122334455667788
		M2fff0038,8:0674100000000038
		M2fff0040,8:80000e0000000000
		M2fff0048,8:0000000049424d00
		M2fff0050,8:4d43002801004800
		M2fff0058,8:0000000000000000
		M2fff0060,8:0043000000000000
		M2fff0068,8:00000000101f0008
		M2fff0070,8:0000000000000000
		Qqemu.PhyMemMode:0
		P3=3000ff2f00000000
		P41=0100000000000080
		P40=0070010000000000
		c
	END
	rm "$FAKE/packets"
	fake stay "${lines[@]}" 'FACT await-machine-check vmcore_init 800 2fff0030'
	expect 1 '^# fail: .*ERAT' driver --test machine-check
	grep -qx M2fff0060,8:0202000000000000 "$FAKE/packets" || fail "$(<"$FAKE/packets")"
	powerpc64le-linux-gnu-objcopy -N machine_check_fwnmi "$programs/vmlinux" "$work/vmlinux"
	expect 99 "ERROR no machine check: vmlinux has no machine_check_fwnmi" \
		driver --vmlinux "$work/vmlinux" --test machine-check
}

# A guest that wants two: QEMU starts its stub only once
machine_check_twice()
{
	local lines

	mapfile -t lines < <(boot 1; echo 'FACT await-machine-check 100030ec 800 2fff0030')
	fake stay "${lines[@]}"
	echo 'KEXEC_TEST NONCE await-machine-check 100030f0 8000' >"$FAKE/console.gdb"
	printf 'KEXEC_TEST NONCE %s\n' 'tainted 0' 'done' >"$FAKE/console.again"
	printf '<reg name="%s" regnum="%d"/>' dsisr 100 srr0 200 dar 300 srr1 400 >"$FAKE/registers.xml"
	expect 1 '^# fail: .*ERAT' driver --test machine-check
	[ "$(grep -c gdbserver "$FAKE/asked")" = 1 ] || fail "$(<"$FAKE/asked")"
	# The second one is not the first one's
	[ "$(grep -oE 'M2fff0030|P64=.*|P40=.*' "$FAKE/packets" | paste -sd' ')" = \
		'M2fff0030 P40=0070010000000000 P64=0080000000000000 P40=0002000000000000' ] ||
		fail "$(<"$FAKE/packets")"
}

# What QEMU's stub refuses ends the test, and is said
stub_refuses()
{
	local lines packet answer reason

	mapfile -t lines < <(boot 1)
	fake stay "${lines[@]}" 'FACT await-machine-check 100030ec 8000 2fff0030 101f0008'
	printf 'KEXEC_TEST NONCE %s\n' 'tainted 0' 'done' >"$FAKE/console.gdb"
	printf '<reg name="%s" regnum="%d"/>' srr0 200 srr1 400 >"$FAKE/registers.xml"
	while read -r packet answer reason; do
		echo "$packet $answer" >"$FAKE/gdb-says"
		expect 99 "ERROR no machine check: .* does not $reason" driver --test machine-check
	done <<-END
		qXfer*spr* E01 answer
		qXfer*spr* m$(printf 'x%.0s' {1..9000}) answer
		Z1* E01 come to 100030ec
		c W00 come to 100030ec
		z1* E01 answer
		p41 E01 answer
		Pc8=* E01 answer
		P190=* E01 answer
		Qqemu*:1 E01 answer
		p3 E01 answer
		M2fff0048* E01 answer
		Qqemu*:0 E01 answer
		P3=* E01 answer
		P41=* E01 answer
		P40=* E01 answer
	END
	touch "$FAKE/deaf"
	expect 99 'ERROR no machine check: .* does not answer' driver --test machine-check
}

# It has registers of its own
hmi()
{
	local lines

	mapfile -t lines < <(boot 1)
	fake stay "${lines[@]}" 'FACT await-hmi 100030ec'
	printf 'KEXEC_TEST NONCE %s\n' 'hmis 1' 'tainted 0' 'done' >"$FAKE/console.gdb"
	printf '<reg name="%s" regnum="%d"/>' hsrr0 200 srr0 300 hsrr1 400 >"$FAKE/registers.xml"
	expect 0 '^ok 2 one hmi$' driver --test hmi
	diff - <(sed 1,/^z1/d "$FAKE/packets") <<-END
		p41
		Pc8=ec30001000000000
		P190=33d000000000f092
		P41=0100000000000080
		P40=600e000000000000
		c
	END
	sed -i 's/hmis 1/hmis 2/' "$FAKE/console.gdb"
	expect 1 '^# fail: boot 1: "hmis 2", not "hmis 1"' driver --test hmi
	sed -i 's/hsrr0/hsrrx/' "$FAKE/registers.xml"
	expect 99 "ERROR no HMI: .* has no HSRR0" driver --test hmi
}

panic_in_the_timer() # WHY STATUS REGEX
{
	local lines

	mapfile -t lines < <(boot 1; leave 'crash 0'; printf '%s\n' \
		'watchdog: BUG: soft lockup - CPU#0 stuck for 3s!' 'Call Trace:' \
		"Kernel panic - not syncing: ${1//./ }"; dump good)
	fake stay "${lines[@]}"
	expect "$2" "$3" driver --test kdump-irq
}

# Dead in the vectors, with an exception on the stack: that one is the culprit.
# What a frame has where a return address was never saved may point to data.
dead()
{
	local SECONDS=0

	fake_console stay half
	memory 0x1000 0 c000000000001400 32 0000000053474552 304 c0000000000110dc \
		312 8000000000001003 336 c00000000001203c 0x400 c000000000001500 \
		0x410 c000000000013034 0x500 c000000000001600 0x510 c000000000030008 \
		0x610 c000000000014074
	expect 1 'dead, .* in kasan_check_range <- memset <- kexec_copy_flush <- kexec_sequence$' \
		driver --test kexec-file
	[ $SECONDS -lt 20 ] || fail "only after $SECONDS seconds"
}

# Exceptions go on and on, over the frames that tell of the first one
dead_and_overwritten()
{
	fake_console stay half
	memory 0x1000 0 c000000000001400 0x400 c000000000001500 0x410 c000000000013034
	: >"$FAKE/memory.cont"
	expect 1 'dead, .* in kasan_check_range <- memset <- kexec_copy_flush$' \
		driver --test kexec-file
	# It only looked so, went on, and died elsewhere
	memory 0x1000 0 c000000000001400 0x400 c000000000001500 0x410 c000000000014074
	cp "$FAKE/memory" "$FAKE/memory.cont"
	memory 0x1000 0x410 c000000000013034
	echo more >"$FAKE/console.cont"
	expect 1 'dead, .* in kasan_check_range <- memset <- kexec_sequence$' driver --test kexec-file
	# It lived on
	sed -i 's/^NIP c000000000000f04/NIP c0000000000110dc/; s/a80dffffffffb17d/0/' "$FAKE/registers"
	expect 1 'died  c0000000000110dc' driver --timeout 9 --test kexec-file
}

# A back chain that never ends
dead_in_circles()
{
	fake_console stay half
	memory 0x1000 0 c000000000001400 0x400 c000000000001000 0x410 c000000000013034
	expect 1 'dead, .* in kasan_check_range <- memset <- kexec_copy_flush$' \
		driver --test kexec-file
}

# The page tables are gone: a vector goes on where no instruction can be fetched
dead_behind_vectors()
{
	fake_console stay half
	sed -i 's/^NIP c000000000000f04/NIP c00000000000800c/; s/a80dffffffffb17d/c00000003dffffe8/' \
		"$FAKE/registers"
	expect 1 ': dead, taking exceptions only in ' driver --test kexec-file
}

# What is in the vectors names nobody, and the first frame's return address was not saved
dead_in_vectors()
{
	fake_console panic half
	sed -i 's/LR c000000000012040/LR c000000000000e00/; s/SRR0 c0000000000110dc/SRR0 c000000000000300/
		s/CFAR [0-9a-f]*/CFAR c000000000000380/' "$FAKE/registers"
	memory 0x1000 0 c000000000001400 16 c000000000015000 0x410 c000000000013034
	expect 1 'checkstop. in kexec_copy_flush$' driver --test kexec-file
	memory 0x1000 32 0000000053474552 304 c000000000000f00 312 8000000000001003 336 c00000000001203c
	expect 1 'checkstop. in memset <- kexec_copy_flush$' driver --test kexec-file
	# A vector that faults at once leaves only the branch before it
	sed -i 's/CFAR [0-9a-f]*/CFAR c0000000000110dc/' "$FAKE/registers"
	: >"$FAKE/memory"
	expect 1 'checkstop. in kasan_check_range$' driver --test kexec-file
}

# Before that a system reset, which interrupted somebody: not the culprit
dead_after_reset()
{
	fake_console stay half
	memory 0x1000 0 c000000000001400 32 0000000053474552 304 c0000000000110dc \
		312 8000000000001003 336 c00000000001203c 0x400 c000000000001500 \
		0x410 c000000000013034 0x520 0000000053474552 0x630 c000000000010000 \
		0x638 8000000000001003 0x650 c000000000015000 0x670 "$(printf %016x "$1")"
	# Behind a reset nothing belongs to it
	[ "$1" != 0x100 ] || memory 0 0x1500 c000000000001700 0x1710 c000000000014074 \
		0x30000 c000000000030200 0x30200 c000000000030400 0x30210 c000000000014034 \
		0x30400 c00000003f000000
	expect 1 "dead, .* in $2\$" driver --test kexec-file
	expect 1 "$3" driver --test kexec-file
}

# A capture kernel is not where it was linked, and its TOC says how far from there
dead_elsewhere() # TOC PATTERN
{
	fake_console panic half
	memory 0x1000 0 c000000000001100 0x110 c000000008013034
	sed -i "s/c000000000818000/$1/; s/^NIP c000000000000f04/NIP c0000000080110dc/
		s/LR c000000000012040/LR c000000008012040/" "$FAKE/registers"
	expect 1 "$2" driver --test kexec-file
}

# However often it is looked at, it has had no time
dead_in_no_time()
{
	fake_console stay half
	sed -i 's/TIMEBASE/00000100 0/' "$FAKE/registers"
	expect 1 'the console went silent' driver --timeout 12 --test kexec-file
	# Where it was when it only looked dead is no cause
	echo later >"$FAKE/end"
	expect 1 '"boot 3": the guest powered off or reset itself$' driver --test kexec-file
}

# r1 is nowhere; the kexec stack still tells
dead_without_stack()
{
	fake_console stay half
	sed -i 's/c000000000001000/bfffffffcecc2b70/' "$FAKE/registers"
	# Before the chain is what looks like one
	memory 0x30000 0x10 c000000000038100 0x20 c000000000038200 0x30 c000000000030030 \
		0x40 c0000000000301f8 0x100 c000000000030200 0x200 c000000000030400 \
		0x210 c000000000013034 0x400 c00000003f000000 0x410 c000000000014074
	expect 1 ' in kasan_check_range <- memset <- kexec_copy_flush <- kexec_sequence$' \
		driver --test kexec-file
	: >"$FAKE/memory"
	expect 1 ' in kasan_check_range <- memset$' driver --test kexec-file
}

# The first CPU waits for the second, which died
dead_second()
{
	fake_console stay half
	memory 0x1000 0 c000000000001100 0x110 c000000000013034
	{
		sed 's/^NIP c000000000000f04/NIP c000000000015010/; s/LR c000000000012040/LR c000000000015040/
			s/a80dffffffffb17d/0000000000000000/; s/c000000000001000/0000000000000000/' \
			"$FAKE/registers"
		sed 's/CPU#0/CPU#1/; s/^NIP c000000000000f04/NIP c0000000000110dc/' "$FAKE/registers"
	} >"$FAKE/both"
	mv "$FAKE/both" "$FAKE/registers"
	expect 1 ' in kasan_check_range <- memset <- kexec_copy_flush$' driver --test kexec-file
	# What the autopsy begins with
	driver --test kexec-file >"$work/said" || true
	grep -m1 '^# CPU' "$work/said" | grep -q '^# CPU 1, ' || fail "not first"
	# Neither looks dead, but the second one took an exception
	echo panic >"$FAKE/end"
	sed -i 's/a80dffffffffb17d/0000000000000000/' "$FAKE/registers"
	memory 0x1000 32 0000000053474552 304 c0000000000110dc 312 8000000000001003
	expect 1 'checkstop. in kasan_check_range <- kexec_copy_flush$' driver --test kexec-file
}

# What a CPU does not have is not taken from the next one, nor from what ends like it
registers_of_each()
{
	fake_console panic half
	{
		sed 's/ DAR [0-9a-f]*//; s/ SRR0/ SRR0x 0000000000000bad HSRR0 0000000000000bad SRR0/
			s/c000000000001000/0000000000000000/' "$FAKE/registers"
		sed 's/CPU#0/CPU#1/' "$FAKE/registers"
	} >"$FAKE/both"
	mv "$FAKE/both" "$FAKE/registers"
	expect 1 '^# CPU 0, MMU on, MSR 8000000000001033, DAR 0, r1 0$' driver --test kexec-file
	[ "$(driver --test kexec-file | grep -c '^#   SRR0  c0000000000110dc kasan_check_range.0xdc$')" = 2 ] ||
		fail "another SRR0"
	expect 1 '^#   CFAR  c000000000011fac kasan_check_range.0xfac$' driver --test kexec-file
	[ "$(driver --test kexec-file | grep -cE '^#   (NIP  |LR   |reset) c')" = 4 ] || fail "not all"
	! grep '^#   reset' < <(driver --test kexec-file) || fail "no reset"
	expect 1 '^# CPU 1, .* DAR a80dffffffffb17d, r1 c000000000001000$' driver --test kexec-file
	# Without that many general registers it is none
	sed -i '0,/^GPR28/{/^GPR28/d
		}' "$FAKE/registers"
	expect 1 '^# CPU 0, .* DAR a80dffffffffb17d, r1 c000000000001000$' driver --test kexec-file
}

checkstop()
{
	fake_console panic half
	memory 0x1000 0 c000000000001100 0x110 c000000000013034
	sed -i 's/^NIP c000000000000f04/NIP c0000000000110dc/' "$FAKE/registers"
	expect 1 'checkstop. in kasan_check_range <- memset <- kexec_copy_flush$' \
		driver --test kexec-file
	rm "$FAKE/memory"
	expect 1 'checkstop. in kasan_check_range <- memset$' driver --test kexec-file
	echo none >"$FAKE/registers"
	expect 1 'checkstop.$' driver --test kexec-file
	! grep '^# CPU' < <(driver --test kexec-file) || fail "a CPU"
}

# Interrupts on, or elsewhere: busy, not dead, also if it is each second time only
alive() # SED-SCRIPT [OTHER-TIMES]
{
	fake_console stay half
	sed "${2-$1}" "$FAKE/registers" >"$FAKE/registers.other"
	sed -i "$1" "$FAKE/registers"
	timeout 12 "$programs/kexec_test" --vmlinux "$programs/vmlinux" \
		--qemu "$here/driver/fake-qemu" --logs "$work/logs" --machine one \
		--test kexec-file >"$work/out" && fail "passed"
	! grep -q dead "$work/out" || fail "called dead"
	grep -q "info registers" "$FAKE/asked" || fail "never looked"
}

dropped()
{
	fake_console shutdown skipped
	sed -i '1i ** 12 printk messages dropped **' "$FAKE/console"
	expect 99 'ERROR boot 3: .* but the kernel dropped lines of its log' driver --test kexec-file
}

# Words, and ELFv1's function descriptors
big_endian()
{
	big_endian=1
	fake_console stay half
	link -mbig -Wl,-EB -o "$work/vmlinux"
	memory 0x1000 0 c000000000001400 32 0000000052454753 304 c0000000000110dc \
		312 8000000000001003 336 c00000000001203c 0x400 c000000000001500 \
		0x410 c000000000013034 0x510 c000000000014074
	rm -f "$programs/init-be"
	expect 99 'no .*/init-be: ' driver --vmlinux "$work/vmlinux" --test kexec-file
	cp "$programs/init" "$programs/init-be"
	diff <(readelf -SW "$work/vmlinux" | grep -c PROGBITS) <(readelf -SW "$work/logs/image" 2>&1 | grep -c PROGBITS)
	expect 1 ' in kasan_check_range <- memset <- kexec_copy_flush <- kexec_sequence$' \
		driver --vmlinux "$work/vmlinux" --test kexec-file
	mkdir "$work/tools"
	cp "$programs/init" "$work/tools/kexec"
	expect 99 '# ERROR the guest has no kexec' driver --vmlinux "$work/vmlinux" \
		--tools "$work/tools" --test kexec-load
}

# The log is the evidence: none, no result
log_full()
{
	fake_console stay good
	mkdir -p "$work/logs/one-kexec-file"
	ln -s /dev/full "$work/logs/one-kexec-file/console"
	expect 99 'ERROR cannot write .*: No space left' driver --test kexec-file
	rm -r "$work/logs/one-kexec-file"
	touch "$work/logs/one-kexec-file"
	expect 99 'ERROR cannot write .*/console: Not a directory' driver --test kexec-file
	rm "$work/logs/one-kexec-file"
	mkdir -p "$work/logs/one-kexec-file/qemu"
	expect 99 'ERROR cannot run .*/fake-qemu: Is a directory' driver --test kexec-file
	rm "$work/logs/initramfs"
	mkdir "$work/logs/initramfs"
	expect 99 'cannot write .*/initramfs: Is a directory' driver --test kexec-file
	rm "$work/logs/lock"
	mkdir "$work/logs/lock"
	expect 99 'cannot write .*/lock: Is a directory' driver --test kexec-file
	expect 99 'cannot make /dev/null/x: Not a directory' driver --test kexec-file --logs /dev/null/x
}

disk_full()
{
	fake_console stay good
	mkdir -p "$work/logs"
	ln -s /dev/full "$work/logs/$1"
	mkdir "$work/tools"
	cp "$programs/init" "$work/tools/kexec"
	expect 99 "$1: .*No space left|$1: No space left" driver --tools "$work/tools" --test kexec-file
}

system_map()
{
	fake_console stay good
	cp "$programs/vmlinux" "$work/vmlinux"
	powerpc64le-linux-gnu-nm "$work/vmlinux" >"$work/System.map"
	expect 0 '^ok 2' driver --vmlinux "$work/vmlinux" --test kexec-file
	sed -i 's/14000 T kexec_sequence/14008 T kexec_sequence/' "$work/System.map"
	expect 99 'System.map: of another build .*no kexec_sequence at c000000000014008' \
		driver --vmlinux "$work/vmlinux" --test kexec-file
	sed -i 's/14008 T kexec_sequence/14000 T kexec_sequel/' "$work/System.map"
	expect 99 'System.map: of another build .*no kexec_sequel at c000000000014000' \
		driver --vmlinux "$work/vmlinux" --test kexec-file
}

# Only a test that needs a program gets it, and without it is skipped
tools()
{
	fake_console stay good
	expect 4 '^ok 2 one kexec-load # SKIP the guest has no kexec' driver --test kexec-load
	mkdir "$work/tools"
	expect 99 'nothing in' driver --tools "$work/tools" --test kexec-load
	cp "$here/driver/fake-qemu" "$work/tools/kexec"
	expect 99 '# ERROR the guest has no kexec' driver --tools "$work/tools" --test kexec-load
	expect 4 '^ok 2 one kexec-load # SKIP' driver --tools "$work/tools" --test kexec-load \
		--may-skip kexec-load
	cp "$programs/init" "$work/tools/kexec"
	expect 0 '^ok 2 one kexec-load$' driver --tools "$work/tools" --test kexec-load
	[ "$(cpio -it --quiet <"$work/logs/initramfs-tools" | paste -sd' ')" = \
		'dev dev/console dev/kmsg init bare image tools.cpio' ] || fail "initramfs-tools"
	[ "$(cpio -it --quiet <"$work/logs/tools.cpio" | paste -sd' ')" = 'tools tools/kexec' ] ||
		fail "tools.cpio"
	cpio -it --quiet <"$work/logs/tools.cpio" >/dev/null || fail "no end"
	cpio -i --quiet --to-stdout bare <"$work/logs/initramfs" | cmp - "$programs/bare.bin"
	sed -i '/switch/,$d' "$FAKE/console"
	echo 'KEXEC_TEST NONCE error: /tools/kexec does not run' >>"$FAKE/console"
	expect 99 'ERROR boot 1: /tools/kexec does not run' driver --tools "$work/tools" --test kexec-load
	expect 99 '^not ok 2 one makedumpfile # ERROR' driver --tools "$work/tools" --test makedumpfile
	ln -s nowhere "$work/tools/link"
	expect 99 'cannot read .*/link: No such file' driver --tools "$work/tools" --test kexec-load
	expect 0 '-initrd [^ ]*/initramfs ' driver --tools "$work/tools" --test kexec-file --dry-run
	expect 0 '-initrd [^ ]*/initramfs-tools ' \
		driver --tools "$work/tools" --test kexec-load --dry-run
}

# What a sanitizer does not see: a value that was never set
valgrind_finds_nothing() # CASE...
{
	mkdir "$work/plain"
	make -s -C "$source" OUTPUT="$work/plain" HOSTCFLAGS=-g
	cp "$programs"/*.conf "$work/plain"
	run_driver=(valgrind -q --log-file="$work/valgrind.%p" "$work/plain/kexec_test")
	"$@"
	[ -n "$(ls "$work"/valgrind.*)" ] || fail "valgrind did not run"
	! grep . "$work"/valgrind.* || fail "valgrind found something"
}

other_kernel()
{
	fake_console stay good
	expect 0 '^ok 2' driver --test kexec-file
	sed -i '1s/a@b/c@d/' "$FAKE/console"
	expect 99 'ERROR boot 0: what boots is not vmlinux: Linux version 6.12 .c@d' \
		driver --test kexec-file
	sed -i '1d; s/a@b/c@d/' "$FAKE/console"
	expect 99 'ERROR boot 1: what boots is not vmlinux' driver --test kexec-file
	fake_console stay good
	sed -i '12,$s/a@b/c@d/' "$FAKE/console"
	expect 1 '^# fail: boot 2: what boots is not vmlinux' driver --test kexec-file
}

bad_vmlinux()
{
	local file=$work/vmlinux

	fake_console stay good
	case $1 in
	missing)
		;;
	text)
		echo text >"$file"
		;;
	other)
		powerpc64le-linux-gnu-objcopy -N _stext "$programs/vmlinux" "$file"
		;;
	stripped)
		powerpc64le-linux-gnu-strip -s -o "$file" "$programs/vmlinux"
		;;
	short)
		cp "$programs/vmlinux" "$file"
		truncate -s 70000 "$file"
		;;
	x86)
		cp /bin/true "$file"
		;;
	esac
	expect 99 "vmlinux: $2" driver --vmlinux "$file" --test kexec-file
	[ ! -s "$work/logs/image" ] || fail "went on"
}

bad_option()
{
	expect 99 "$1" driver "${@:2}"
}

bad_machine() # CONTENT MESSAGE
{
	cp "$programs"/* "$work"
	tr , '\n' <<<"$1" >"$work/bad.conf"
	run_driver=("$work/kexec_test")
	expect 99 "bad.conf:$(wc -l <"$work/bad.conf"): $2" driver --list
}

too_many_machines()
{
	local i

	cp "$programs"/* "$work"
	for i in {1..40}; do
		cp "$programs/one.conf" "$work/more$i.conf"
	done
	run_driver=("$work/kexec_test")
	expect 99 'too many machines' driver --list
	rm "$work"/*.conf
	expect 99 'no machine there' driver --list
}

# That of the tree that this is in, or of where that is built; else there is nothing to test
default_vmlinux()
{
	local where command

	mkdir -p "$work/1/2/3/4/5" "$work/built"
	command="cd $work/1/2/3/4/5 && $programs/kexec_test --dry-run"
	expect 4 '^1..0 # SKIP no --vmlinux' eval "$command"
	for where in "" 1/2 built; do
		cp "$programs/vmlinux" "$work/$where"
		expect 0 'qemu-system-ppc64' eval "export KBUILD_OUTPUT=$work/built; $command"
		rm "$work/$where/vmlinux"
	done
	echo text >"$work/vmlinux"
	cp "$programs/vmlinux" "$work/built"
	expect 99 'vmlinux: no ELF file' eval "$command"
	expect 0 'qemu-system-ppc64' eval "export KBUILD_OUTPUT=$work/built; $command"
}

# A result that is not ok comes with the command to repeat it
again()
{
	fake_console shutdown half
	mkdir "$work/tools"
	cp "$programs/init" "$work/tools/kexec"
	cp "$programs/vmlinux" "$work/image"
	expect 1 "^# again: $programs/kexec_test --vmlinux $programs/vmlinux --qemu $here/driver/fake-qemu --logs $work/logs --memory 1024 --timeout 900 --machine one --test kexec-file$" \
		driver --test kexec-file
	expect 1 "^# again: .* --logs $work/logs --image $work/image --tools $work/tools --cpus 3 --memory 2000 --timeout 99 --machine one --test kexec-load$" \
		driver --test kexec-load --image "$work/image" --tools "$work/tools" --cpus 3 \
		--timeout 99 --memory 2000
	driver --test kexec-file >"$work/said" || true
	grep -A1 '^# the console ends with:$' "$work/said" | grep -q '^#   | .' || fail "no end"
	grep -qx "# all of it: $work/logs/one-kexec-file/console" "$work/said" || fail "no log"
	grep -q ' kexec_test.nonce=[0-9a-f]\{16\} ' "$work/said" || fail "no nonce"
	expect 99 '^# again: .* --test kexec-load$' \
		driver --test kexec-load --tools "$work/tools" --qemu /nowhere
}

builds_with_clang()
{
	local clang

	clang=$(newest_clang) || fail "no clang here"
	make -s -C "$source" OUTPUT="$work" HOSTCC="$clang" \
		GUESTCC="$clang --target=powerpc64le-linux-gnu" NOLIBC= "$work/kexec_test" "$work/init"
}

lists()
{
	expect 0 '^Exit status: 0 all ok' driver --help
	expect 99 '^Exit status: 0 all ok' driver --x
	expect 0 '^  one  +fake$' driver --list
	expect 0 '^  kdump-nmi  +2    1  2048  ' driver --list
	expect 0 '^  kexec-file  +3    1  1024  [^;]*$' driver --list
	expect 0 '^  hash  .*; wants CONFIG_PPC_64S_HASH_MMU$' driver --list
	expect 0 '^  kexec-load  +3    1  1024  .*; wants kexec in --tools$' driver --list
	expect 0 '^  smt4  +2    4  4096  ' driver --list --memory 4096
	expect 0 'fake-qemu -nodefaults .* -append .console=hvc0 .*kexec_test.plan=crash:nmi' \
		driver --dry-run
	expect 0 ' -nodefaults -display none -serial stdio -monitor none -action reboot=shutdown,panic=pause -machine one -m 1024 -smp 1,threads=1 -kernel [^ ]*/image -initrd ' \
		driver --dry-run --test kexec-file
	expect 0 'fake-qemu .* -smp 8,threads=1' driver --dry-run --cpus 8 --test kexec-file
	expect 0 'fake-qemu .* -smp 2,threads=1' driver --dry-run --cpus 8 --test smp2
	expect 0 'fake-qemu .* -smp 32,' driver --dry-run --cpus 32 --test kexec-file
	expect 0 'fake-qemu .* -m 512 ' driver --dry-run --memory 512 --test kexec-file --timeout 3
	[ ! -e "$work/logs" ] || fail "wrote logs"
}

# A race is proven by counts
repeats()
{
	fake_console stay good
	expect 0 '^1..4$' driver --test kexec-file --repeat 3
	expect 0 '^ok 4 one kexec-file.3$' driver --test kexec-file --repeat 3
	expect 0 '^# kexec-file on one: 0 of 3 failed$' driver --test kexec-file --repeat 3
	[ "$(driver --test kexec-file --repeat 3 | grep -c failed)" = 1 ] || fail "counts canaries"
	[ -s "$work/logs/one-kexec-file.2/console" ] || fail "no log of its own"
	# Each second run of a test fails
	cp "$here/driver/fake-qemu" "$FAKE/qemu"
	sed -i "/^echo '{\"QMP\"/i mkdir \$FAKE/once 2>/dev/null || { rmdir \$FAKE/once; sed -i 1d \$FAKE/console; }" \
		"$FAKE/qemu"
	sed -i '1i [ 1.0] WARNING: x' "$FAKE/console"
	expect 1 '^# kexec-file on one: 1 of 2 failed$' driver --qemu "$FAKE/qemu" --jobs 1 \
		--test kexec-file --repeat 2
	fake stay 'FACT boot 1' 'FACT skip: nobody can'
	expect 4 '^# kexec-file on one: 0 of 2 failed, 2 were no test .skip:2 error:0.$' \
		driver --test kexec-file --repeat 2
	bad_option wants.a.number --repeat 0
}

one_at_a_time()
{
	fake_console stay good
	# shellcheck disable=SC2016 # for the fake QEMU
	sed '3i for pid in $(cat "$FAKE/pids"); do [[ ! -e /proc/$pid ]] || touch "$FAKE/two"; done
		3i echo $$ >>"$FAKE/pids"' "$here/driver/fake-qemu" >"$FAKE/qemu"
	chmod +x "$FAKE/qemu"
	expect 0 'pass:3' driver --qemu "$FAKE/qemu" --jobs 1 --timeout 900 --test kexec-file --repeat 3
	[ "$(wc -l <"$FAKE/pids")" = 4 ] || fail "$(<"$FAKE/pids")"
	[ ! -e "$FAKE/two" ] || fail "two of them"
}

# It waits for somebody, who knows no time-out, and ends when QEMU does
debugs()
{
	local status=0

	fake_console shutdown good
	expect 0 "^# QEMU waits for: gdb-multiarch .*/vmlinux -ex 'target remote $work/logs/gdb'$" \
		driver --gdb --test kexec-file
	expect 0 '^ok 1 one kexec-file$' driver --gdb --test kexec-file
	[ "$(driver --gdb --test kexec-file | grep -c KTAP)" = 1 ] || fail "says all twice"
	expect 0 "-S -gdb unix:$work/logs/gdb,server=on,wait=off " driver --gdb --test kexec-file --dry-run
	fake_console stay half
	timeout 6 "$programs/kexec_test" --vmlinux "$programs/vmlinux" --qemu "$here/driver/fake-qemu" \
		--logs "$work/logs" --machine one --test kexec-file --gdb --timeout 3 || status=$?
	[ $status = 124 ] || fail "did not wait: $status"
	bad_option wants.one --gdb
	bad_option needs.QEMU.s.stub --gdb --test machine-check
	bad_option needs.QEMU.s.stub --gdb --test hmi
}

# Somebody ends the guest by "kill" in gdb: that says nothing about the kernel, unless
# it had complained
gdb_kills()
{
	fake_console gdb-kill half
	expect 99 '^not ok 1 one kexec-file # ERROR killed by gdb$' driver --gdb --test kexec-file
	fake_console gdb-kill complaint
	expect 1 '^# fail: boot 1: complaint: WARNING:' driver --gdb --test kexec-file
	fake_console gdb-kill good
	expect 0 '^ok 1 one kexec-file$' driver --gdb --test kexec-file
	fake_console shutdown half
	expect 1 '^# fail: boot 2, before "boot 3": the guest powered off' driver --gdb --test kexec-file
}

# QEMU has the terminal
shells()
{
	mkdir "$work/tools"
	cp "$programs/init" "$work/tools/kexec"
	expect 99 'no busybox for this guest' driver --shell
	expect 99 'no busybox for this guest' driver --shell --tools "$work/tools"
	cp "$programs/init" "$work/tools/busybox"
	expect 0 '-serial mon:stdio .*-initrd [^ ]*/initramfs-tools .*kexec_test.plan=shell$' \
		driver --shell --tools "$work/tools"
	expect 0 '^typed$' driver --shell --tools "$work/tools" <<<typed
	! grep -qE -- '-chardev|^# QEMU waits' < <(driver --shell --tools "$work/tools") || fail "judges"
	expect 0 '^# QEMU waits for: gdb' driver --shell --gdb --tools "$work/tools"
	expect 99 'cannot run /nowhere: No such' driver --shell --qemu /nowhere --tools "$work/tools"
	expect 99 'wants one' "${run_driver[@]}" --vmlinux "$programs/vmlinux" --logs "$work/logs" --shell
	expect 99 'exclude each other' driver --shell --plan shell
}

own_plan() # PLAN WHAT-IT-IS LAST STATUS REGEX
{
	local lines

	mapfile -t lines < <(boot 1; leave switch; boot 2; leave "$3")
	fake shutdown "${lines[@]}"
	expect 0 "kexec_test.plan=$2'$" driver --plan "${1//./ }" --dry-run
	expect "$4" "$5" driver --plan "${1//./ }"
}

# It crashes as our own test does
own_crash()
{
	local lines

	fake_crash good
	expect 0 '^ok 2 one plan$' driver --plan crash:sysrq
	expect 0 '-m 2048 .*crashkernel=768M' driver --plan crash:sysrq --dry-run
	fake_crash good 'WARNING: x'
	expect 1 "^# again: .* --plan 'crash:sysrq'$" driver --plan crash:sysrq
	expect 0 '-smp 2,' driver --plan crash:cpu1 --dry-run
	expect 0 '-smp 2,' driver --plan 'kexec-file; patch:1' --dry-run
	expect 0 '-smp 2,' driver --plan 'hotplug:1' --dry-run
	expect 0 '-smp 2,' driver --plan 'modules:1' --dry-run
	expect 0 '-m 2048 .*crashkernel=768M' driver --plan 'crash:nmi' --dry-run
	expect 0 '-smp 3,' driver --plan kexec-file --cpus 3 --dry-run
	# The second kernel is the first one's work, also where nothing says that it was left
	mapfile -t lines < <(boot 1; boot 2; echo 'FACT skip: nobody can')
	fake shutdown "${lines[@]}"
	expect 1 '^# fail: boot 2: nobody can' driver --plan kexec-file
	bad_option too.long --plan "$(printf 'patch;%.0s' {1..60})"
	bad_option exclude --plan x --test kexec-file
}

# On a terminal one line says what runs, and the next one takes its place
progress_is_shown()
{
	fake_console stay good
	printf '%s ' cd "$work" \&\& "$programs/kexec_test" --vmlinux "$programs/vmlinux" --qemu \
		"$here/driver/fake-qemu" --logs "$work/logs" --machine one --test kexec-file >"$work/command"
	script -qec "$(<"$work/command")" /dev/null </dev/null >"$work/said"
	grep -q $'\r\033\\[K1 of 2 done, one kexec-file\r\033' "$work/said" || fail "$(cat -v "$work/said")"
	sed 's/.*\r\x1b\[K//; s/\r$//' "$work/said" | diff - <(driver --test kexec-file)
	! driver --test kexec-file 2>&1 | grep 'of 2 done' || fail "no terminal"
}

# begin: a run in the background, which is $pid and waits for the guest. As a shell does
# with such, it is told to ignore SIGINT; and it is started with it blocked.
begin()
{
	fake_console stopped half	# which ends by nothing but SIGKILL
	registers_of kernel
	cp "$here/driver/fake-qemu" "$FAKE/qemu"
	(trap '' INT TERM && cd "$work" &&
		exec env --block-signal=INT,TERM "$programs/kexec_test" --vmlinux "$programs/vmlinux" \
		--qemu "$FAKE/qemu" --logs "$work/logs" --machine one --test kexec-file \
		>"$FAKE/said") &
	pid=$!
	for _ in {1..100}; do
		! grep -qs 'boot 2' "$work/logs/one-kexec-file/console" || break
		sleep 0.1
	done
	grep -q 'boot 2' "$work/logs/one-kexec-file/console" || fail "does not run"
	pgrep -f "$FAKE/qemu" >/dev/null || fail "no QEMU"
}

# Nothing is left running, and nothing written elsewhere
interrupted() # SIGNAL STATUS
{
	local pid status=0

	begin
	kill -"$1" "$pid"
	wait "$pid" || status=$?
	[ $status = "$2" ] || fail "ended with $status"
	sleep 0.5
	! pkill -KILL -f "/bash $FAKE/qemu -nodefaults" || fail "QEMU is left"
	[ "$(ls "$work")" = $'fake\nlog\nlogs' ] || fail "wrote elsewhere: $(ls "$work")"
	# Its lock is gone, too
	fake_console stay good
	expect 0 '^ok 2' driver --test kexec-file
}

# Nothing came of the test, and that is said
child_dies()
{
	local pid status=0

	begin
	pkill -KILL -P "$pid"
	wait "$pid" || status=$?
	[ $status = 99 ] || fail "ended with $status"
	grep -A1 '^not ok 2' "$FAKE/said" | grep -qx '# error: the process that ran this test died' ||
		fail "$(<"$FAKE/said")"
}

# The second run leaves alone what the first one's guests boot
two_runs()
{
	local pid

	begin
	stat -c '%i %Y %s' "$work"/logs/{image,initramfs} >"$work/before"
	expect 99 "another run writes to $work/logs" driver --test kexec-file
	stat -c '%i %Y %s' "$work"/logs/{image,initramfs} | diff "$work/before" -
	kill "$pid"
}

# The results are what it is run for
no_room_for_results()
{
	fake_console stay good
	expect 99 'cannot write the results' eval 'driver --test kexec-file >/dev/full'
	expect 99 'cannot write the results' eval 'driver --test kexec-file | true'
}

cut_image()
{
	fake_console stay good
	head -c 70000 "$programs/vmlinux" >"$work/image"
	expect 99 'image: is cut off' driver --image "$work/image" --test kexec-file
	echo text >"$work/image"
	expect 99 'image: no ELF file' driver --image "$work/image" --test kexec-file
	powerpc64le-linux-gnu-as -o "$work/image" /dev/null
	expect 99 'image: nothing in it is to be loaded' driver --image "$work/image" --test kexec-file
	cp "$programs/vmlinux" "$work/image"
	expect 0 '^ok 2' driver --image "$work/image" --test kexec-file
	[ ! -e "$work/logs/image" ] || fail "made another one"
}

# The readers of consoles, registers and the monitor survive nonsense
fuzz()
{
	"$here/driver-fuzz.sh" 10
}

# It finds what there is to find
fuzz_finds()
{
	cp -r "$here" "$here/../verify" "$work"
	mkdir -p "$work/tools/testing/selftests/powerpc"
	cp -r "$source" "$work/tools/testing/selftests/powerpc"
	cd "$work"
	sed -i 's/snprintf(fact, sizeof(fact), "%s", \(.*\));/strcpy(fact, \1);/' \
		tools/testing/selftests/powerpc/kexec/host/facts.c
	! cmp -s tools/testing/selftests/powerpc/kexec/host/facts.c "$source/host/facts.c" ||
		fail "nothing changed"
	expect 1 'AddressSanitizer: stack-buffer-overflow' tests/driver-fuzz.sh 30
}

cases=(
	passes
	'not_ok undone the.guest.powered.off'
	'not_ok complaint WARNING:'
	'not_ok selftest code-patching:.test.failed'
	'not_ok same same.kernel'
	'not_ok skipped boot.3.*not.*boot.2'
	'not_ok half before."boot.3"'
	'cause 1 shutdown half fail: boot 2, before "boot 3": the guest powered off or reset itself'
	'cause 1 shutdown complaint fail: boot 1: complaint: WARNING: CPU: 0 PID: 1 at x.c:1'
	'cause 1 shutdown same fail: boot 2: the same kernel as the boot before'
	'cause 1 shutdown skipped fail: boot 3: "boot 3", not "boot 2"'
	'cause 99 terminated half error: QEMU ended by itself (status 0), see WORK/logs/one-kexec-file/qemu'
	'complains Kernel.panic.-.not.syncing:.x' 'complains CPU.0.Hard.LOCKUP'
	'complains watchdog:.CPU.1.detected.hard.LOCKUP.on.other.CPUs.0'
	'complains MCE:.CPU0:.machine.check.(Severe)..UE.Load/Store.[Not.recovered]'
	'complains Call.Trace:' 'complains BUG:.KASAN:.x' 'complains Oops:.Kernel.access' 'complains UBSAN:.x'
	'complains Unable.to.handle.kernel' 'complains rcu:.INFO:.rcu_sched.detected.stalls'
	'complains Processor.1.is.stuck.' complains_twice
	'complains kernel.BUG.at.x.c:1!' 'complains Machine.check.in.kernel.mode.'
	'complains opal:.Unrecoverable.Machine.Check.exception' 'complains INFO:.trying.to.register.non-static.key.'
	'complains init:.page.allocation.failure:.order:0' 'complains feature-fixups:.test.failed.at.line.1'
	'complains Bad.kernel.stack.pointer.0.at.1' 'complains Failed.to.execute./init.(error.-2)'
	'complains INFO:.task.init:1.blocked.for.more' lost_warning
	'told 1 2.CPUs.came.up,.not.1 s/\(cpus.\)1/\12/' 'told 1 the.MMU.is."Hash",.not."Radix" s/Radix/Hash/'
	'told 1 nothing.says."version" /FACT.version/d;/NONCE.version/d' 'told 1 nothing.says."cpus" /cpus/d'
	'told 1 nothing.says."mmu" /mmu/d' 'told 1 nothing.says."tainted" /tainted/d'
	'told 1 nothing.says."id" /NONCE.id/d' 'told 1 boot.1:.KASAN.is.not.awake /KASAN.init/d'
	'told 1 boot.2:.KASAN.is.not.awake 10,99s/KASAN.init.*//'
	'times_out mute 1 ^#.fail:.boot.2,.before."boot.3":.the.console.went.silent$'
	'times_out mute 1 ^#.QEMU.does.not.answer:.no.registers$'
	'times_out chatty 1 ^#.fail:.boot.2,.before."boot.3":.time.is.up'
	'times_out starved 99 ERROR.the.host.is.too.busy'
	'times_out stopped 99 ERROR.the.host.is.too.busy' 'times_out slow 99 ERROR.time.is.up,.but'
	'times_out stay 1 ^#.fail:.boot.2,.before."boot.3":.the.console.went.silent'
	wrong_nonce canary_silent canary_blind canary_complains canary_of_each canary_hangs canary_mute
	may_skip lacks_option lacks_nothing skips_without_reason options_are_known call_fails
	'second_kernel late FACT.skip:.this.kernel.lacks.CONFIG_X this.kernel.lacks.CONFIG_X'
	'second_kernel early FACT.skip:.this.kernel.lacks.CONFIG_X this.kernel.lacks.CONFIG_X'
	'second_kernel late FACT.skip:.nobody.can nobody.can'
	'second_kernel late FACT.error:.read./init read./init'
	'second_kernel early Initramfs.unpacking.failed:.x Initramfs'
	'first_kernel Initramfs.unpacking.failed:.x Initramfs'
	'first_kernel FACT.error:.read./bare read./bare' guest_lacks guest_counts_registers
	'qemu_ends exit status.3' 'qemu_ends kill signal.9' 'qemu_ends terminated status.0' qemu_missing
	kasan plan_may_taint kasan_complains_again kasan_sleeps kasan_off
	'patching 8 each.call 0 ^ok.2' 'patching 8 9.of.16 1 "breakpoint.hit.by.9.of.16'
	'patching 7 each.call 1 "CPU.1.went.7.times' patching_needs_no_mapping
	'wants Radix hostile task_at_1 switch arrived_whole' 'wants Hash hash switch boot done'
	'wants Radix ftrace tracing switch boot done' 'wants Radix fgraph tracing switch boot done'
	'wants Radix kvm guest_runs ~Guest_NIP guest_took_a_machine_check done'
	'wants Radix makedumpfile crash_0 ~Kernel_panic_-_not_syncing:_sysrq_triggered_crash boot vmcoreinfo_OSRELEASE=6.12 mark_found crashed_tainted_0 registers_of_1_CPUs vmcore_whole_1280_MiB filtered_KDUMP done'
	'payload whole.32.MiB 0 ^ok.2' 'payload damaged.at.1 1 payload.damaged'
	'payload whole.3.MiB 1 payload.whole.3'
	'kdump good 0 ^ok.2' 'kdump no-mark 1 mark.is.not.there' 'kdump short 1 vmcore.is.short' 'kdump untold 1 boot.2:.nothing.says."tainted"'
	'kdump half-memory 1 the.dump.is.of.1279.MiB,.and.768.are.reserved,.of.2048'
	'kdump warned 1 that.crashed.is.tainted.by.0x200'
	'kdump no-panic 1 no.*sysrq.triggered.crash' 'kdump late-panic 1 sysrq.triggered.crash'
	'kdump foreign 1 of.a.kernel."6.1",.not."6.12"' 'kdump longer 1 of.a.kernel."6.12.1"'
	'kdump no-info 1 no."vmcoreinfo' 'kdump no-registers 1 registers.of.0.CPUs,.not.of.1'
	'crash_complains BUG:.KASAN:.in.default_machine_crash_shutdown'
	'crash_complains WARNING:.CPU:.0.PID:.1.at.x.c:1'
	'crash_complains ERROR:.1.cpu(s).not.responding'
	'crash_complains Kernel.panic.-.not.syncing:.of.its.own' cpu_missing
	panic_before_the_crash capture_complains late_answers
	'nmi in-firmware kdump-nmi' 'nmi elsewhere kdump-nmi' 'nmi elsewhere kdump-nmi-idle'
	'nmi_not_sent Kernel.panic.-.not.syncing:.x' 'nmi_not_sent x' nmi_unanswered nmi_too_late nmi_later
	'nmi_misses in-firmware kernel none' 'nmi_misses elsewhere firmware one'
	'nmi_misses in-firmware edge none' 'nmi_misses in-firmware realmode none' 'nmi_misses elsewhere edge one'
	machine_check machine_check_by_hypervisor machine_check_twice stub_refuses hmi 'valgrind_finds_nothing machine_check'
	'panic_in_the_timer softlockup:.hung.tasks 0 ^ok.2'
	'panic_in_the_timer sysrq 1 no.*softlockup'
	dead dead_and_overwritten dead_in_circles dead_behind_vectors dead_in_vectors dead_in_no_time dead_without_stack dead_second
	checkstop registers_of_each
	'dead_elsewhere c000000008028000 checkstop..in.kasan_check_range.<-.memset.<-.kexec_copy_flush$'
	'dead_elsewhere c000000008028010 died..c0000000080110dc.$'
	'dead_after_reset 0x100 kasan_check_range.<-.memset.<-.kexec_copy_flush reset.*kasan_report'
	'dead_after_reset 0x200 kasan_report.<-.vmcore_init 2.exception'
	'alive s/1033/9033/' 'alive s/1033/9033/ s/x//'
	'alive s/c000000000000f04/c000000000000100/;s/a80dffffffffb17d/0/'
	'alive s/c000000000000f04/c00000000000900c/;s/a80dffffffffb17d/c00000003dffffe8/'
	other_kernel dropped log_full
	'disk_full image' 'disk_full initramfs' 'disk_full initramfs-tools' 'disk_full tools.cpio' system_map tools
	big_endian
	'valgrind_finds_nothing passes' 'valgrind_finds_nothing dead'
	'valgrind_finds_nothing nmi in-firmware kdump-nmi'
	'bad_vmlinux missing No.such.file' 'bad_vmlinux text no.ELF'
	'bad_vmlinux stripped no.symbols' 'bad_vmlinux other no.symbol._stext'
	'bad_vmlinux short no' 'bad_vmlinux x86 a.kernel.of.another'
	'bad_option no.test."x" --test x' 'bad_option no.machine --machine x'
	'bad_option wants.a.number --cpus 0' 'bad_option wants.a.number --memory x'
	'bad_option wants.a.number --cpus 33' 'bad_option wants.a.number --cpus 4x'
	'bad_option wants.a.number --timeout 2' 'bad_option wants.a.number --jobs='
	'bad_option what.is."x" x' 'bad_option unrecognized --x'
	'bad_machine about=y,about=z the.key.is.there.twice' 'bad_machine about=y,qemu=z about,.qemu'
	'bad_machine about=y,append=z about,.qemu' 'bad_machine qemu=y,append=z about,.qemu'
	too_many_machines default_vmlinux again
	'bad_machine x not' 'bad_machine x=y the.key' 'bad_machine about=y about,.qemu'
	repeats one_at_a_time debugs gdb_kills shells own_crash progress_is_shown
	'own_plan kexec-file kexec-file done 0 ^ok.2.one.plan$'
	'own_plan kexec-file:1;.verify:1;; kexec-file:1,verify:1 done 0 ^ok.2'
	'own_plan kexec-file kexec-file switch 1 ^#.fail:.boot.2,.before."done"'
	'own_plan hostile hostile done 1 before."arrived.whole"'
	'own_plan kexec-file,hostile kexec-file,hostile done 1 before."arrived.whole"'
	builds_with_clang lists fuzz fuzz_finds
	'interrupted INT 130' 'interrupted TERM 143' 'interrupted KILL 137' child_dies two_runs
	no_room_for_results cut_image
)
[ "${1-}" != --cases ] || { printf '%s\n' "${cases[@]}"; exit; }
# Some of them, if they are given by name
(($#)) || set -- "${cases[@]}"
run_at_once 8 "$@"
