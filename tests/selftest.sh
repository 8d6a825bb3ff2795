#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# selftest.sh TREE MACHINE LIBC: the whole selftest on a machine, and a kernel
# with all fixes must pass it. The guest's init is built with glibc, or with the
# nolibc of mainline.
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
export OUT=${OUT:-$here/../out}
# shellcheck source-path=SCRIPTDIR source=../verify/trees.sh
. "$here/../verify/trees.sh"

[ $# = 3 ] || die "usage: selftest.sh TREE MACHINE glibc|nolibc"
find_tree mainline
nolibc=$src/tools/include/nolibc/
find_tree "$1"
case $3 in
glibc) nolibc= ;;
nolibc) [ -d "$nolibc" ] || die "no $nolibc: verify/fetch mainline gets it" ;;
*) die "no libc \"$3\"" ;;
esac

"$here/../verify/guest-tools"
"$here/../verify/build" "$1" fixed kasan
make -s -C "$here/../tools/testing/selftests/powerpc/kexec" NOLIBC="$nolibc" OUTPUT="$out/bin/kexec-$3"
# Is it what it says?
grep -qa GLIBC_TUNABLES "$out/bin/kexec-$3/init" || [ "$3" = nolibc ] || die "init is not glibc's"
! grep -qa GLIBC_TUNABLES "$out/bin/kexec-$3/init" || [ "$3" = glibc ] || die "init is glibc's"

mkdir -p "$out/logs/selftest"
"$out/bin/kexec-$3/kexec_test" --vmlinux "$out/kernels/$name/kasan/fixed/vmlinux" \
	--tools "$out/guest-tools" \
	--may-skip 'modules,kvm,pseries-*:hmi,machine-check-kcov,hmi-kcov,kvm-kcov' \
	--machine "$2" --logs "$out/logs/selftest/$1-$2"
echo "$2: the whole selftest in $SECONDS s"
