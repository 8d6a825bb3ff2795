#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# ci-scripts.sh REPOSITORY [MACHINE [CPU]]: series/ci-scripts goes into a clone of
# linuxppc/ci-scripts, and what it adds there says success for the KASAN kernel of
# linux-6.12.y with all fixes, and failure for the one without.
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
# shellcheck source-path=SCRIPTDIR source=../verify/trees.sh
. "$here/../verify/trees.sh"

[ $# != 0 ] || die "usage: ci-scripts.sh REPOSITORY [MACHINE [CPU]]"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git clone -q "$1" "$work/ci-scripts"
git -C "$work/ci-scripts" -c user.name=test -c user.email=test am -q "$here"/../series/ci-scripts/*.patch
mkdir -p "$work/selftests/powerpc/kexec"
make -s -C "$here/../tools/testing/selftests/powerpc/kexec" OUTPUT="$work/selftests/powerpc/kexec"
tar -czf "$work/selftests.tar.gz" -C "$work" selftests
said() # VARIANT RESULT: of each cell, and there are some
{
	[ "$(grep -oE '^(success|failure|skip):' "$work/$1" | sort -u)" = "$2:" ]
}

for variant in fixed unfixed; do
	"$here/../verify/build" linux-6.12.y $variant kasan
	ln -sf "$out/kernels/linux-6.12.y/kasan/$variant/vmlinux" "$work"
	(cd "$work" && KBUILD_OUTPUT=$work ci-scripts/scripts/test/qemu-kexec "${@:2}") | tee "$work/$variant" || true
done
said fixed success || die "does not say success for a kernel with all fixes"
said unfixed failure || die "does not say failure for a kernel without"
