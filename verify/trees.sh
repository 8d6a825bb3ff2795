# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # variables for those who source this
# For the steps after fetch: where a tree and what is made of it are.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${BASH_SOURCE[0]%/*}/lib.sh"
out=$(realpath -m "${OUT:-$(dirname "${BASH_SOURCE[0]}")/../out}")
cross=${CROSS_COMPILE:-powerpc64le-linux-gnu-}

checker=${BASH_SOURCE[0]%/*}/../arch/powerpc/tools/realmode_check
selftest=${BASH_SOURCE[0]%/*}/../tools/testing/selftests/powerpc/kexec

# All that is not a kernel, in $out/bin
make_programs()
{
	make -s -C "$selftest" OUTPUT="$out/bin/kexec" all
	make -s -C "${BASH_SOURCE[0]%/*}" OUT="$out"
	cc -O2 -o "$out/bin/realmode_check.$$" "$checker"/*.c -lelf
	mv "$out/bin/realmode_check.$$" "$out/bin/realmode_check"
}

# What the names of all configs end with
suffix=${COMPILER:+@$COMPILER}

# proof_of SERIES: the fixes of proof.conf: config, test and machines, whether that
# "shows" there, is "hidden" by this compiler or shows "elsewhere", and the cause
proof_of()
{
	local gcc=

	[[ $cc = clang-* ]] || gcc=$("$cc" -dumpversion)
	awk -v series="$1" -v gcc="$gcc" -v suffix="$suffix" '
		/^#/ || NF == 0 || $1 == "cause" || $1 == "may-skip" { next }
		{ in_tree = $5 == "all" || index("," $5 ",", "," series ",")
		  by_compiler = $6 == "any" || gcc != "" && gcc + 0 < substr($6, length("gcc<") + 1) + 0
		  print $1, $2 suffix, $3, $4, !by_compiler ? "hidden" : in_tree ? "shows" : "elsewhere", $7
		}' "${BASH_SOURCE[0]%/*}/proof.conf"
}

# regex_of NAME,...: matches any of these causes of proof.conf
regex_of()
{
	local conf=${BASH_SOURCE[0]%/*}/proof.conf name regex all=''

	for name in ${1//,/ }; do
		regex=$(sed -nE "s/^cause[[:blank:]]+${name}[[:blank:]]+//p" "$conf")
		[ -n "$regex" ] || die "no cause \"$name\" in $conf"
		all+="${all:+|}($regex)"
	done
	echo "$all"
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

# name_of TREE: what $out/*/ knows it by
name_of()
{
	local kdir

	case $1 in
	*/*)	kdir=$(realpath -e "$1") || die "no such kernel tree"
		echo "$(basename "$kdir")-$(cksum <<<"$kdir" | cut -d' ' -f1)" ;;
	*)	echo "$1" ;;
	esac
}

# find_tree TREE: sets name, src, its unchanged source, record, which is another
# one whenever src is, and version.
find_tree()
{
	name=$(name_of "$1")
	src=$out/src/$name
	case $1 in
	*/*) copy_tree "$(realpath "$1")" ;;
	*) [ -d "$src" ] || die "no $src: make fetch TREE=$name gets it" ;;
	esac
	record=$(cat "$src.version" 2>/dev/null) ||
		die "$src is not from here, or half of it: it has no $name.version; remove it"
	version=${record%% *}
}

# The user's tree is not ours to build in: take what git has in its work tree,
# or all but what makes kbuild call a source tree unclean.  (Not mrproper: that
# needs the directories that Debian leaves out of its tarballs.)
copy_tree()
{
	[ -f "$1/arch/powerpc/Kconfig" ] || die "$1 is not a kernel tree"
	mkdir -p "$src"
	rm -f "$src.version"	# that comes last: it is what others believe
	progress "copying $1"
	if [ -e "$1/.git" ]; then
		git -C "$1" ls-files -z | sort -z >"$src.files"
		rsync -a --delete-missing-args --from0 --files-from="$src.files" "$1/" "$src/" &&
			find "$src" ! -type d -printf '%P\0' | sort -z | comm -z13 "$src.files" - |
			(cd "$src" && xargs -0r rm)
		rm "$src.files"
	else
		rsync -a --delete --exclude='*.o' --exclude='.*.cmd' --exclude=/.config \
			--exclude=/include/config --exclude=/include/generated \
			--exclude='/arch/*/include/generated' "$1/" "$src/"
	fi || die "cannot copy $1 to $src"
	echo "$(make -s --no-print-directory -C "$src" kernelversion) $1" \
		"$(find "$src" ! -type d -printf '%P %s %T@\n' | sort | sha256sum | cut -c1-16)" >"$src.version"
}

# find_config CONFIG[@COMPILER]: sets base, a target of kconfig, fragments, the files
# that go on top of it, cc and make_args, which choose the compiler, and compiler, its
# name and version. COMPILER is gcc-N or clang-N.
find_config()
{
	local here=${BASH_SOURCE[0]%/*} own

	own=$here/configs/${1%@*}.config
	[ -r "$own" ] || die "no config \"$1\": there is no $own"
	fragments=("$selftest/config" "$own")
	base=$(sed -n 's/^# on top of \([^ ]*_defconfig\)$/\1/p' "$own")
	[ -n "$base" ] || fragments=("$here/configs/base.config" "${fragments[@]}")
	base=${base:-allnoconfig}
	make_args=("CROSS_COMPILE=$cross")
	case $1 in
	*@gcc-[0-9]*) cc=$cross${1#*@} ;;
	*@clang-[0-9]*)
		cc=${1#*@}
		make_args+=("LLVM=${cc#clang}") ;;
	*@*) die "no compiler \"${1#*@}\": gcc-N or clang-N" ;;
	*) cc=${cross}gcc ;;
	esac
	command -v "$cc" >/dev/null || die "no $cc: make setup${COMPILER:+ COMPILER=$COMPILER} installs it"
	make_args+=("CC=ccache $cc")
	compiler=$("$cc" --version | head -n 1)
}

# wait_for NAME WHAT: hold $out/build/NAME until the end, say so if somebody else does
wait_for()
{
	local fd

	mkdir -p "$out/build"
	exec {fd}>"$out/build/$1"
	flock -n "$fd" || { progress "${0##*/}: waiting for $2"; flock "$fd"; }
}

# $out/work/NAME is one variant at a time
lock_tree()
{
	wait_for "$name.lock" "another build of $name"
}

# One kernel build at a time, of whatever tree: it has a job for each CPU.
lock_builds()
{
	wait_for lock "another kernel build"
}

# A full disk makes others fail, who say something else, or nothing.
check_disk()
{
	head -c 262144 /dev/zero 2>/dev/null >"$1/.space" || die "cannot write in $1: is the disk full?"
	rm "$1/.space"
}
