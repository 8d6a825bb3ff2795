#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Which lines of realmode_check can be broken without tests/realmode.sh noticing?
#
# Changes one line after the other, as mutants.awk says. Each mutant is asked what
# tests/realmode.sh asks the checker; the tests see the answers and the exit status, but
# not how many functions were reached. Prints the mutants that answer as the checker does.
# realmode/README.md judges those. Takes up to half an hour; run by hand.
# Usage: tests/realmode-checker-mutants.sh [FILE.c...]
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
source=$here/../arch/powerpc/tools/realmode_check
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/asked" "$tmp/src" "$tmp/objects"
cp -r "$source" "$tmp/source"
source=$tmp/source

write_wrapper()
{
	cat >"$tmp/wrapper" <<-END
		#!/bin/bash
		[ \$# -gt 1 ] || exec "\$0.real" "\$@"
		own=\$(printf '$tmp/asked/%04d' "\$(ls $tmp/asked | wc -l)")
		mkdir "\$own"
		cp -r "\${@: -2:1}" "\$own/rules" 2>/dev/null
		cp -r "\${@: -1}" "\$own/image" 2>/dev/null
		echo "\${@:1:\$#-2}" >"\$own/options"
		exec "\$0.real" "\$@"
	END
	chmod +x "$tmp/wrapper"
}

# As the tests look at it. One that crashes, or does not end, is asked no more.
answers() # PROGRAM
{
	(
		ulimit -t 2
		for asked in "$tmp"/asked/*; do
			status=0
			# shellcheck disable=SC2086 # options are words
			"$1" ${options[$asked]} "$asked/rules" "$asked/image" 2>&1 || status=$?
			echo "status $status"
			[ "$status" -lt 128 ] || break
		done
	) 2>/dev/null | sed 's/ ([0-9]* functions reached/ (/; s/"reached":[0-9]*//'
}

# What realmode.sh does with execute.c, which has insn.c in it
executes()
{
	powerpc64le-linux-gnu-gcc -static -O1 -w -I"$tmp/src" -I"$source" -fsanitize=bounds \
		-fsanitize-undefined-trap-on-error -o "$tmp/execute" "$here/realmode/execute.c" &&
		(ulimit -t 30; qemu-ppc64le -cpu power10 "$tmp/execute") >/dev/null 2>&1
}

libdw=()
! pkg-config --exists libdw || libdw=(-DHAVE_LIBDW)

compile() # FILE.c
{
	cc -O1 -w "${libdw[@]}" -I"$source" -c -o "$tmp/objects/${1%.c}.o" "$tmp/src/$1" 2>/dev/null
}

link() # PROGRAM
{
	cc -o "$1" "$tmp"/objects/*.o -lelf ${libdw:+-ldw}
}

if [ $# = 0 ]; then
	mapfile -t files < <(cd "$source" && ls -- *.c)
	set -- "${files[@]}"
fi
write_wrapper
echo "# what tests/realmode.sh asks" >&2
OUT=$tmp WRAPPER=$tmp/wrapper "$here/realmode.sh" >"$tmp/ktap" || { grep -v '^ok' "$tmp/ktap" >&2; exit 1; }
for file in "$source"/*.c; do
	cp "$file" "$tmp/src"
	compile "${file##*/}"
done
link "$tmp/checker"
declare -A options
for asked in "$tmp"/asked/*; do
	options[$asked]=$(<"$asked/options")
done
executes
answers "$tmp/checker" >"$tmp/answers"
answers "$tmp/checker" | cmp "$tmp/answers"

number=0 survivors=0
for file; do
	while read -r line change; do
		sed "$line$change" "$source/$file" >"$tmp/src/$file"
		# What does not compile, or is the same code, is no mutant
		compile "$file" || continue
		link "$tmp/mutant"
		! cmp -s "$tmp/mutant" "$tmp/checker" || continue
		number=$((number + 1))
		if answers "$tmp/mutant" | cmp -s "$tmp/answers" &&
		   { [ "$file" != insn.c ] || executes; }; then
			survivors=$((survivors + 1))
			echo "$file:$line: $change: $(sed -n "${line}s/^\t*//p" "$source/$file")"
		fi
	done < <(awk -f "$here/mutants.awk" "$source/$file")
	cp "$source/$file" "$tmp/src"
	compile "$file"
done
echo "# $number mutants, $survivors not noticed"
