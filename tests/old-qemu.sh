#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A QEMU that reads zeroes where a machine faults cannot tell, and the selftest has to
# say so: of a kernel that kexecs and of one that does not.  The QEMU is Debian 12's,
# unpacked and not installed, and the kernels those that verify/prove linux-6.12.y made.
# Usage: tests/old-qemu.sh [fixed|unfixed]...
# shellcheck disable=SC2317 # cases are called by name
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "$0")")")
export OUT=${OUT:-$root/out}
# shellcheck source-path=SCRIPTDIR source=cases.sh
. "$root/tests/cases.sh"
# shellcheck source-path=SCRIPTDIR source=../verify/apt.sh
. "$root/verify/apt.sh"
tests=kexec-file,hostile,kdump
machines=pseries-power9,powernv9,powernv10

# unpack DIR: QEMU 7.2 as DIR/qemu
unpack()
{
	local package

	mkdir "$1"
	chmod 755 "$1" "$programs"	# apt's downloads run as the user _apt
	private_apt "$1"
	: >"$1/status"			# it is not to know what is installed here
	echo "Dir::State::status \"$1/status\";" >>"$APT_CONFIG"
	add_suite bookworm || die "the mirror has no Debian 12"
	chown _apt "$1/archives" 2>/dev/null || true
	(cd "$1/archives" && apt-get -q download qemu-system-ppc qemu-system-common qemu-system-data >"$1/said" 2>&1) ||
		die "cannot get Debian 12's QEMU:" "$(tail -n 3 "$1/said")"
	for package in "$1"/archives/*.deb; do
		dpkg-deb -x "$package" "$1/root"
	done
	cat >"$1/qemu" <<-END
		#!/bin/sh
		QEMU_MODULE_DIR=$(echo "$1"/root/usr/lib/*/qemu) \\
			exec $1/root/usr/bin/qemu-system-ppc64 -L $1/root/usr/share/qemu "\$@"
	END
	chmod +x "$1/qemu"
}

fixed() { skips_all fixed; }
unfixed() { skips_all unfixed; }

skips_all()
{
	local kernel=$OUT/kernels/linux-6.12.y/kasan/$1/vmlinux

	[ -e "$kernel" ] || skip "no $kernel: verify/build linux-6.12.y $1 kasan makes it"
	"$qemu" --version >"$work/said" 2>&1 || skip "it does not run here: $(tail -n 1 "$work/said")"
	grep -q 'version 7\.2\.' "$work/said" || fail "another QEMU: $(cat "$work/said")"
	expect 4 'pass:0 fail:0 skip:9 error:0' "$programs/kexec_test" --vmlinux "$kernel" --qemu "$qemu" \
		--machine $machines --test $tests --logs "$work/logs"
}

unpack "$programs/debian12"
qemu=$programs/debian12/qemu
make -s -C "$root/tools/testing/selftests/powerpc/kexec" OUTPUT="$programs" all
[ $# != 0 ] || set -- fixed unfixed
run "$@"
