#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The class, not the sites: plants an instrumented load, store, memset() and memcpy(), and
# a kasan_check_byte(), in each place where the kernel runs C code with the MMU off. With the
# guard in KASAN's check the kernel does as ever; with the guard switched off, for these
# accesses alone, each place kills it. Builds a kernel of its own, so it takes ten minutes;
# make test does not run it.
# Usage: [TREE=mainline] tests/realmode-plant.sh [CASE...]
# shellcheck disable=SC2317 # cases are called by name
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "$0")")")
export OUT=${OUT:-$root/out}
# shellcheck source-path=SCRIPTDIR source=cases.sh
. "$root/tests/cases.sh"
base=${TREE:-linux-6.12.y}
tree=$base-plant
config=kasan-kvm
kernel=$OUT/kernels/$tree/$config/plant/vmlinux
arch=arch/powerpc

# A bit of the mask for each place. kexec_smp_wait() is for pseries: powernv hands its other
# CPUs back to OPAL before that.
places=(copy cleanup wait machine_check hmi idle secondary kvm)

bit_of()
{
	local i

	for i in "${!places[@]}"; do
		[ "${places[i]}" != "$1" ] || { echo "$i"; return; }
	done
	fail "no place $1"
}

# plant FILE COUNT SED: COUNT lines come in
plant()
{
	local from=$OUT/src/$base/$arch/$1 to=$OUT/src/$tree/$arch/$1

	sed "$3" "$from" >"$work/file"
	[ "$(diff "$from" "$work/file" | grep -c '^[<>]')" = "$2" ] || fail "$1 has changed: $3"
	# Not through the hard link, and not if it is there: make goes by the time
	cmp -s "$work/file" "$to" || cp --remove-destination "$work/file" "$to"
}

call()
{
	echo "a { void realmode_plant(unsigned long place); realmode_plant($(bit_of "$1")); }"
}

make_tree()
{
	local src=$OUT/src/$tree nmi=DEFINE_INTERRUPT_HANDLER_NMI

	copy_source "$base" "$tree"
	cp -u "$root/tests/realmode-plant/realmode_plant.c" "$src/$arch/kernel/"
	plant kernel/Makefile 1 "/^KCOV_INSTRUMENT_prom_init.o/i obj-y += realmode_plant.o"
	plant kexec/core_64.c 1 "/ranges\[KEXEC_SEGMENT_MAX\];/$(call copy)"
	plant mm/book3s64/pgtable.c 1 "/^notrace void mmu_cleanup_all/{n;$(call cleanup)
		}"
	plant kernel/misc_64.S 5 "/^_GLOBAL(kexec_smp_wait)/,/kexec_wait/{/bl\treal_mode/a\\
	mr r31,r3\\
	li r3,$(bit_of wait)\\
	bl realmode_plant\\
	nop\\
	mr r3,r31
		}"
	plant kernel/mce.c 2 "/$nmi(machine_check_early)/,/^}/{/handled = 0;/$(call machine_check)
		}
		/$nmi(hmi_exception_realmode)/,/^}/{/int ret;/$(call hmi)
		}"
	plant platforms/powernv/idle.c 2 "/= isa300_idle_stop_mayloss(/$(call idle)"
	plant kernel/setup_64.c 1 "/^void early_setup_secondary/{n;$(call secondary)
		}"
	plant kvm/book3s_hv_ras.c 1 "/^void kvmppc_realmode_machine_check/,/^}/{/long handled;/$(call kvm)
		}"
	# What tells the work tree that the source is another one
	{ cat "$OUT/src/$base.version"; cat "$0" "$root"/tests/realmode-plant/* | sha256sum; } |
		paste -sd' ' >"$src.version"
}

build()
{
	local check patch

	make_tree
	"$root/verify/variant" "$tree" fixed
	# What mainline has on top of the fixes and is about KASAN
	for patch in "$root/series/$base"/002[2-5]-*.patch; do
		[ ! -e "$patch" ] || patch -s -d "$OUT/work/$tree" -p1 --fuzz=0 <"$patch"
	done
	check=$OUT/work/$tree/mm/kasan/generic.c
	sed -i 's/!kasan_arch_is_ready())$/!(kasan_arch_is_ready() || realmode_unguarded))/
		0,/^static __always_inline/s//extern bool realmode_unguarded;\n\n&/' "$check"
	# The declaration, and the two checks that ask
	[ "$(grep -c realmode_unguarded "$check")" -ge 3 ] || fail "there is no guard in $check"
	flock "$OUT/build/lock" "$root/verify/kmake" "$tree" "$config" vmlinux
	mkdir -p "${kernel%/*}"
	cp "$OUT/build/$tree-$config/vmlinux" "$kernel"
}

# boot PLACE MACHINE TEST [OPTION]: by a driver whose machines have these options of
# the kernel; $said is what it says, $console what the guest does
boot()
{
	local status=0 mask

	[ -e "$kernel" ] || fail "no kernel: tests/realmode-plant.sh build"
	mask=$((1 << $(bit_of "$1")))
	cp -r "$programs" "$work/driver"
	sed -i "s/^append = .*/& realmode_plant=$mask ${4-}/" "$work"/driver/*.conf
	said=$("$work/driver/kexec_test" --vmlinux "$kernel" --machine "$2" --test "$3" \
		--logs "$work/logs") || status=$?
	printf '%s\n' "$said"
	console=$work/logs/$2-$3/console
	return $status
}

# With the guard nothing happens, and it was there
survives()
{
	local bit

	boot "$@"
	grep -q "^ok .*$3\$" <<<"$said"
	bit=$(printf '%#x' $((1 << $(bit_of "$1"))))
	# From the others nothing comes back
	case $1 in
	machine_check | hmi | kvm | idle | secondary) grep -q "planted $bit" "$console" ;;
	esac
	# series/mainline has a patch for that
	case $1,$base in
	machine_check,mainline | hmi,mainline) grep -q "in an NMI $bit" "$console" ;;
	esac
}

dies()
{
	local trace='realmode_plant($|[ +])'

	if boot "$@" realmode_unguarded; then
		fail "nothing noticed"
	fi
	case $1,$2 in
	# A CPU that wakes from idle cannot print: firmware says that it gave up
	idle,*) trace='OPAL: Reboot request(ed due to Platform error|\.\.\.)'
		! grep -qE 'Kernel panic|Oops:|WARNING:' "$console" || fail "it printed why" ;;
	# One machine check in the other, until the first one's calls are not on the stack
	*,pseries*) trace+='|unrecoverable_mce' ;;
	esac
	# In the calls of what died, not in the command line
	{ cat "$console"; echo "$said"; } | tr -d '\r' | grep -E "$trace" ||
		fail "it died of something else"
}

make -s -C "$root/tools/testing/selftests/powerpc/kexec" OUTPUT="$programs" all
cases=(build)
while read -r place machine test; do
	cases+=("survives $place $machine $test" "dies $place $machine $test")
done <<LIST
copy powernv9 kexec-file
copy pseries-power9 kexec-file
cleanup powernv9 kexec-file
cleanup pseries-power9 kexec-file
wait pseries-power9 smp2
machine_check powernv9 machine-check
machine_check pseries-power9 machine-check
hmi powernv9 hmi
kvm powernv9 kvm
idle powernv9 patching-hotplug
secondary powernv9 smp2
LIST
run "${@:-${cases[@]}}"
