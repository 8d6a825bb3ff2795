# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # variables for those who source this
# For the steps after fetch: where a tree and what is made of it are.

out=$(realpath -m "${OUT:-$(dirname "${BASH_SOURCE[0]}")/../out}")
cross=${CROSS_COMPILE:-powerpc64le-linux-gnu-}

die()
{
	echo "${0##*/}: $*" >&2
	exit 1
}

# Names of the files that patches of any series change, or those named FIX.
touched_files()
{
	sed -n 's,^+++ b/,,p' "${BASH_SOURCE[0]%/*}"/../series/*/[0-9]*-${1:-*}.patch | sort -u
}

# The same of what apply can take: the rest of series/mainline is not for it.
fixed_files()
{
	local here=${BASH_SOURCE[0]%/*} fix

	for fix in $(sed -n 's/^fix //p' "$here/fixes.conf"); do
		touched_files "$fix"
	done | sort -u
}

# find_tree TREE: sets name, which $out/*/ knows it by, src, its unchanged
# source, and version.
find_tree()
{
	local kdir

	case $1 in
	*/*)
		kdir=$(realpath -e "$1") || exit 1
		name=$(basename "$kdir")-$(cksum <<<"$kdir" | cut -d' ' -f1)
		src=$out/src/$name
		copy_tree "$kdir"
		;;
	*)
		name=$1
		src=$out/src/$name
		[ -d "$src" ] || die "no $src: make fetch TREE=$name gets it"
		;;
	esac
	version=$(make -s --no-print-directory -C "$src" kernelversion)
}

# The user's tree is not ours to build in: take what git has in its work tree,
# or all but what makes kbuild call a source tree unclean.  (Not mrproper: that
# needs the directories that Debian leaves out of its tarballs.)
copy_tree()
{
	[ -f "$1/arch/powerpc/Kconfig" ] || die "$1 is not a kernel tree"
	mkdir -p "$src"
	if [ -e "$1/.git" ]; then
		git -C "$1" ls-files -z |
			rsync -a --delete-missing-args --from0 --files-from=- "$1/" "$src/"
	else
		rsync -a --delete --exclude='*.o' --exclude='.*.cmd' --exclude=/.config \
			--exclude=/include/config --exclude=/include/generated \
			--exclude='/arch/*/include/generated' "$1/" "$src/"
	fi || die "cannot copy $1 to $src"
}

# find_config CONFIG: sets fragments, the files that it is made of.
find_config()
{
	local here=${BASH_SOURCE[0]%/*}

	fragments=("$here/configs/base.config"
		"$here/../tools/testing/selftests/powerpc/kexec/config" "$here/configs/$1.config")
	[ -r "${fragments[2]}" ] || die "no config \"$1\": there is no ${fragments[2]}"
	command -v "${cross}gcc" >/dev/null || die "no ${cross}gcc: make setup installs it"
}
