#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A QEMU that reads zeroes where a machine faults cannot tell, and the selftest has to
# say so: of a kernel that kexecs and of one that does not.  The QEMU is Debian 12's,
# unpacked in $OUT/old-qemu and not installed, and the kernels those that verify/prove linux-6.12.y made.
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

# Leaves QEMU 7.2 in $OUT/old-qemu, and the command qemu there
unpack()
{
	local apt=$programs/apt package

	mkdir "$apt"
	chmod 755 "$apt" "$programs"	# apt's downloads run as the user _apt
	private_apt "$apt"
	: >"$apt/status"		# it is not to know what is installed here
	echo "Dir::State::status \"$apt/status\";" >>"$APT_CONFIG"
	add_suite bookworm || die "the mirror has no Debian 12"
	chown _apt "$apt/archives" 2>/dev/null || true
	(cd "$apt/archives" && apt-get -q download qemu-system-ppc qemu-system-common qemu-system-data >"$apt/said" 2>&1) ||
		die "cannot get Debian 12's QEMU:" "$(tail -n 3 "$apt/said")"
	for package in "$apt"/archives/*.deb; do
		dpkg-deb -x "$package" "$programs/root"
	done
	cat >"$programs/root/qemu" <<-'END'
		#!/bin/sh
		usr=$(dirname "$0")/usr
		QEMU_MODULE_DIR=$(echo "$usr"/lib/*/qemu)
		export QEMU_MODULE_DIR
		exec "$usr/bin/qemu-system-ppc64" -L "$usr/share/qemu" "$@"
	END
	chmod +x "$programs/root/qemu"
	mkdir -p "$OUT"
	rm -rf "$OUT/old-qemu"
	mv "$programs/root" "$OUT/old-qemu"
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

qemu=$OUT/old-qemu/qemu
[ -e "$qemu" ] || unpack
make -s -C "$root/tools/testing/selftests/powerpc/kexec" OUTPUT="$programs" all
[ $# != 0 ] || set -- fixed unfixed
run "$@"
