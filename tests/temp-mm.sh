#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# series/temp-mm: makes $OUT/src/temp-mm, a tree that has the bug, out of the
# source of linux-6.12.y, and proves the fix on that, in kernels without a
# sanitizer. What else such kernels need of linux-6.12.y is proven with it.
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "$0")")")
out=${OUT:-$root/out}
src=$out/src/temp-mm
file=arch/powerpc/lib/code-patching.c

"$root/verify/fetch" linux-6.12.y
if [ ! -d "$src" ]; then
	rm -rf "$src.part"
	cp -al "$out/src/linux-6.12.y" "$src.part"
	# sed -i makes a new file: the other tree keeps the old one
	sed -i -f "$root/tests/temp-mm/cached-pte.sed" "$src.part/$file"
	mv -T "$src.part" "$src"
fi
sed 's/$/ with cached-pte.sed/' "$out/src/linux-6.12.y.version" >"$src.version"
CONFIG=debug-vm "$root/verify/prove" --without each temp-mm
