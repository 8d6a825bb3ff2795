#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Tests of arch/powerpc/tools/realmode_check, as KTAP.
#
# Each realmode/*.S is linked to a small image and checked, in every byte order
# and ABI; realmode/fixture.h says how it tells what is expected. Then follow the
# errors. The speed is compared with objdump's on the vmlinux that is the argument,
# or on one that verify/build has left.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR/../verify source=lib.sh
. "$here/../verify/lib.sh"
source=$here/../arch/powerpc/tools/realmode_check
rules=$source/realmode_check.rules
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
checker=$tmp/realmode_check
vmlinux=${1:-$(find "${OUT:-$here/../out}/kernels/" -name vmlinux -path '*/fixed/*' 2>/dev/null | sort | head -n 1 || true)}

count=0
failed=0

result() # STATUS NAME
{
	count=$((count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $count $2"
	else
		echo "not ok $count $2"
		failed=$((failed + 1))
	fi
}

skip() # NAME REASON
{
	count=$((count + 1))
	echo "ok $count $1 # SKIP $2"
}

# Values of the "#KEY: value" lines of a fixture
tagged() # KEY FILE
{
	sed -n "s/^#$1: *//p" "$2"
}

write_rules() # FIXTURE
{
	grep -q '^#rules: context' "$1" || echo 'context all'
	tagged rules "$1"
}

link() # OUTPUT COMPILER...
{
	local output=$1
	shift
	"$@" -nostdlib -Wl,--no-dynamic-linker -Wl,--build-id=none -Wl,-z,max-page-size=4096 \
		-Wl,-T,"${layout:-$here/realmode/fixture.lds}" -o "$output"
}

# What the checker says, without the summaries and what depends on the layout
run() # ARGUMENT...
{
	local status=0
	"$checker" "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
	grep -v '^[a-z]*: \(ok\|fail\|skip\)' "$tmp/out" |
		sed -e 's/\[0x[0-9a-f]*\]/[...]/g' -e 's/[0-9a-f]*\.plt_branch[^ ]*/[...]/g' |
		sort >"$tmp/paths" || true
	return $status
}

# Overwrite a part of a file with what is on stdin
overwrite() # FILE OFFSET
{
	dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# Overwrite a section with zeros
wipe() # SECTION FILE
{
	local offset size
	read -r offset size < <(LC_ALL=C readelf -SW "$2" |
		sed -n "s/.* $1 *[A-Z]* *[0-9a-f]* \([0-9a-f]*\) \([0-9a-f]*\) .*/\1 \2/p")
	head -c $((0x$size)) /dev/zero | overwrite "$2" $((0x$offset))
}

# JSON says the same as the text, and a graph has all findings but those of ftrace
other_formats()
{
	"$checker" --ftrace --list "$tmp/rules" "$tmp/image" >"$tmp/text" || [ $? = 1 ] || return
	"$checker" --json --list "$tmp/rules" "$tmp/image" >"$tmp/json" || [ $? = 1 ] || return
	"$checker" --dot "$tmp/rules" "$tmp/image" >"$tmp/dot" || [ $? = 1 ] || return
	python3 - "$tmp/json" >"$tmp/from-json" <<-'END' || return
		import json, sys
		for context in json.load(open(sys.argv[1])):
		    print(context["context"] + ": " + context["result"])
		    for finding in context["findings"]:
		        print(finding["kind"] + ": " + " <- ".join([finding["calls"]] + finding["path"]))
		    for branch in context["unresolved"]:
		        print("unresolved: " + " <- ".join([branch["at"]] + branch["path"]))
		    for function in context["functions"]:
		        print("reached: " + function)
	END
	sed 's/^\(reached: [^ ]*\) .*/\1/; s/^\([a-z]*: \(ok\|fail\|skip\)\)\>.*/\1/' "$tmp/text" | sort |
		diff - <(sort "$tmp/from-json") >&2 || return
	[ "$(grep -c color=red "$tmp/dot")" = \
		"$(grep -cvE '^(reached|unresolved|ftrace|[a-z]*: (ok|fail|skip))' "$tmp/text")" ]
}

fixture() # NAME FILE COMPILER...
{
	local name=$1 file=$2 status=0 options
	shift 2
	link "$tmp/image" "$@" "$file"
	# Some linkers leave what a relocation fills in at zero
	case $name in
	*relocatable) wipe .opd "$tmp/image" ;;
	esac
	write_rules "$file" >"$tmp/rules"
	{ cat "$tmp/rules"; printf '\0'; cat "$tmp/image"; } >"$tmp/seeds/${name// /}"
	options=$(tagged options "$file")
	# shellcheck disable=SC2086 # options are words
	run $options "$tmp/rules" "$tmp/image" || status=$?
	case $name in
	*little-endian*) other_formats || status=$? ;;
	esac
	tagged expect "$file" | sort >"$tmp/expected"
	if diff -u "$tmp/expected" "$tmp/paths" >"$tmp/diff" && [ ! -s "$tmp/err" ] &&
	   [ "$status" = "$(tagged status "$file")" ]; then
		result 0 "$name"
	else
		echo "# exit status $status, expected $(tagged status "$file")"
		sed 's/^/# /' "$tmp/diff" "$tmp/err"
		result 1 "$name"
	fi
}

# The checker must refuse, say why in one line, and print nothing else
refuses() # NAME MESSAGE ARGUMENT...
{
	local name=$1 message=$2 status=0
	shift 2
	"$checker" "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
	if [ "$status" = 2 ] && [ "$(wc -l <"$tmp/err")" = 1 ] && [ ! -s "$tmp/out" ] &&
	   grep -q '^realmode_check: error: ' "$tmp/err" && grep -qF -- "$message" "$tmp/err"; then
		result 0 "refuses $name"
	else
		echo "# exit status $status, expected 2 and: $message"
		sed 's/^/# /' "$tmp/err"
		result 1 "refuses $name"
	fi
}

# Overwrite bytes of a copy of the good image
damage() # OFFSET BYTES
{
	cp "$tmp/good" "$tmp/bad"
	printf '%b' "$2" | overwrite "$tmp/bad" "$1"
}

# The file offset of a field of a section's header
header_field() # SECTION OFFSET
{
	local start number
	start=$(LC_ALL=C readelf -h "$tmp/good" | sed -n 's/.*Start of section headers: *\([0-9]*\).*/\1/p')
	number=$(LC_ALL=C readelf -SW "$tmp/good" | sed -n "s/^ *\[ *\([0-9]*\)\] $1 .*/\1/p")
	echo $((start + number * 64 + $2))
}

# Is there instrumentation in $tmp/image, and a line that matches?
finds() # REGEX CHECKER...
{
	local status=0
	"${@:2}" "$tmp/rules" "$tmp/image" >"$tmp/out" || status=$?
	[ "$status" = 1 ] && grep -q -- "$1" "$tmp/out"
}

bad_rules() # MESSAGE RULE...
{
	local message=$1
	shift
	printf '%s\n' "$@" >"$tmp/rules"
	refuses "rules: ${*: -1}" "rules:$#: $message" "$tmp/rules" "$tmp/good"
}

# A rule that makes no difference is told of, and does not fail a build
unused() # RULE
{
	local status=0 from to
	read -r _ from to _ <<<"$1"
	printf '%s\n' 'context all' 'root start # reason' "$1" >"$tmp/rules"
	"$checker" "$tmp/rules" "$tmp/clean" >"$tmp/out" 2>"$tmp/err" || status=$?
	grep -qF "rules:3: nothing goes from $from to $to here" "$tmp/err" || status=1
	"$checker" --quiet "$tmp/rules" "$tmp/clean" >"$tmp/out" 2>&1 || status=$?
	[ ! -s "$tmp/out" ] || status=1
	result $status "unused: $1"
}

# Which of the checks in realmode/guard.c, as this compiler makes them, are findings?
guard() # NAME LINKER COMPILER...
{
	local name=$1 linker=$2 status=0
	shift 2
	# shellcheck disable=SC2086 # the linker is words
	{
		"$@" -Wall -Wextra -Werror -ffreestanding -fno-pie -c -o "$tmp/guard.o" \
			"$here/realmode/guard.c" &&
			link "$tmp/image" $linker -no-pie -I "$here/realmode" "$tmp/guard.o" "$tmp/callers.S"
	} || status=1
	printf 'context all\nroot start # begins here\n' >"$tmp/rules"
	run "$tmp/rules" "$tmp/image" || [ $? = 1 ] || status=1
	grep bad <<<"$hooks" | sed 's/.*/kasan: & <- calls_& <- start/' | sort >"$tmp/expected"
	# Between code with and without a TOC the linker has stubs
	sed 's/[0-9a-f]*\.long_branch[^ ]* <- //' "$tmp/paths" |
		diff -u "$tmp/expected" - >"$tmp/diff" || status=1
	sed 's/^/# /' "$tmp/diff"
	result $status "$name"
}

# Each check has a caller, as a function is reported once
write_callers()
{
	local hook
	echo '#include "fixture.h"'
	for hook in $hooks; do
		printf '%s\n' "FUNC(calls_$hook)" "CALL($hook)" blr "END(calls_$hook)"
	done
	echo 'FUNC(start)'
	# shellcheck disable=SC2086 # names
	printf 'CALL(calls_%s)\n' $hooks
	printf '%s\n' blr 'END(start)' 'FUNC(kasan_report)' 'std 3, 0(3)' blr 'END(kasan_report)' \
		'FUNC(__memset)' 'stb 4, 0(3)' blr 'END(__memset)'
}

echo 'KTAP version 1'
# shellcheck disable=SC2086 # flags are words
compile() # OUTPUT ARGUMENT...
{
	"${HOSTCC:-cc}" ${HOSTCFLAGS:--O2 -Wall -Wextra -Werror} -o "$1" "$source"/*.c "${@:2}" -lelf
}
compile "$tmp/without-libdw"
if pkg-config --exists libdw; then
	compile "$checker" -DHAVE_LIBDW -ldw
else
	cp "$tmp/without-libdw" "$checker"
fi
# realmode-checker-mutants.sh wants to know what is asked here
if [ -n "${WRAPPER-}" ]; then
	mv "$checker" "$checker.real"
	cp "$WRAPPER" "$checker"
fi

status=0
{ clang=$(newest_clang) && HOSTCC=$clang compile "$tmp/by-clang"; } || status=1
result $status 'builds with clang'

mkdir "$tmp/seeds"
for file in "$here"/realmode/*.S; do
	name=$(basename "$file" .S)
	fixture "$name, little-endian ELFv2" "$file" powerpc64le-linux-gnu-gcc -no-pie
	fixture "$name, big-endian ELFv1" "$file" powerpc64-linux-gnu-gcc -mabi=elfv1 -no-pie
	fixture "$name, big-endian ELFv1, relocatable" "$file" \
		powerpc64-linux-gnu-gcc -mabi=elfv1 -pie
	fixture "$name, big-endian ELFv2" "$file" powerpc64-linux-gnu-gcc -mabi=elfv2 -no-pie
done
# With .toc in front of the .got of this linker, as in the kernel
sed 's/\*(\.got \.toc)/*(.toc) *(.got)/' "$here/realmode/fixture.lds" >"$tmp/lld.lds"
layout=$tmp/lld.lds fixture "toc, by ld.lld" "$here/realmode/toc.S" \
	"$(newest_clang)" --target=powerpc64le-linux-gnu -fuse-ld=lld -no-pie

hooks=$(sed -n 's/^void \*\?\(__asan_[a-z_]*\)(.*/\1/p' "$here/realmode/guard.c"; echo memset)
write_callers >"$tmp/callers.S"
for flags in '-O2 -mcpu=power8' '-O2 -mcpu=power10' '-Os -mcpu=power8' '-O3 -mcpu=power9 -DJUMP_LABEL'; do
	# shellcheck disable=SC2086 # flags are words
	{
		guard "guards by gcc $flags" powerpc64le-linux-gnu-gcc \
			powerpc64le-linux-gnu-gcc -ffixed-r13 $flags
		guard "guards by gcc $flags, big-endian ELFv1" 'powerpc64-linux-gnu-gcc -mabi=elfv1' \
			powerpc64-linux-gnu-gcc -mabi=elfv1 -ffixed-r13 $flags
		guard "guards by clang $flags" powerpc64le-linux-gnu-gcc \
			"$(newest_clang)" --target=powerpc64le-linux-gnu $flags
	}
done

link "$tmp/good" powerpc64le-linux-gnu-gcc -no-pie "$here/realmode/feature.S"
link "$tmp/clean" powerpc64le-linux-gnu-gcc -no-pie "$here/realmode/clean.S"
printf 'context all\nroot start # begins here\n' >"$tmp/good.rules"

bad_rules 'there is no rule' 'context all' 'route start # reason'
bad_rules 'a rule needs a' 'context all' 'root start'
bad_rules 'a root must be in a context' 'root start # reason'
bad_rules 'expected' 'context all' 'root start body # reason'
bad_rules 'expected' 'context all' 'cut start # reason'
bad_rules 'expected' 'context all' 'root start if # reason'
bad_rules 'expected' 'context all' 'root start if a b c d # reason'
bad_rules 'a root cannot depend on its own name' 'context all' 'root start if start # reason'
bad_rules 'a root cannot depend on its own name' 'context all' 'root x if !start x # reason'
bad_rules "$tmp/good has no renamed" 'context all' 'root start # reason' \
	'root renamed if start # reason'
bad_rules 'expected' 'context all' 'call start label via # reason'
bad_rules 'expected' 'context all' 'call start label via a b # reason'
bad_rules 'expected' 'context all' 'cut start label via a # reason'
bad_rules 'too many words' 'context all' 'root start if a b c d e f g h # reason'
bad_rules 'only in a cut' 'context all' 'call start * # reason'
bad_rules 'only in a cut' 'context all' 'root * # reason'
bad_rules 'only in a cut' 'context all' 'call start label via * # reason'
bad_rules 'a cut needs a name' 'context all' 'cut * * # reason'
bad_rules "'start.cold' is no name" 'context all' 'root start.cold # reason'
bad_rules "'' is no name" 'context all' 'root start if ! # reason'
bad_rules 'expected' 'context a b'
bad_rules 'there is a context all already' 'context all' 'context all'
bad_rules "$tmp/good has no nothing" 'context all' 'root nothing # reason'
bad_rules "$tmp/good has no renamed" 'context all' 'root start # reason' \
	'call start renamed if body # reason'
bad_rules '__start___ftr_fixup is not code' 'context all' 'root start # reason' \
	'call start __start___ftr_fixup # reason'
bad_rules '__start___ftr_fixup is not code' 'context all' 'root start # reason' \
	'root __start___ftr_fixup # reason'
unused 'cut body label # reason'
unused 'call body start # reason'
unused 'call start start via nothing # reason'
unused 'cut body nothing # reason'
unused 'cut * nothing # reason'
# What is not looked at may be of use
printf '%s\n' 'cut body nothing # reason' 'context all' 'root start # reason' 'context other' \
	'root start # reason' 'cut body nothing # reason' >"$tmp/rules"
status=0
"$checker" -c all "$tmp/rules" "$tmp/clean" >"$tmp/out" 2>"$tmp/err" || status=$?
[ ! -s "$tmp/err" ] || status=1
result $status 'unused, of another context'
# What this kernel does not have, or what is not looked at, may have no names here
printf '%s\n' 'context all' 'root start # begins here' 'context other' 'root x if y # none' \
	'cut x y # x is not there' >"$tmp/rules"
status=0
"$checker" "$tmp/rules" "$tmp/good" >"$tmp/out" || status=$?
[ $status = 1 ] && grep -q '^other: skip: ' "$tmp/out" && status=0
result $status 'a context without a root'
printf '%s\n' 'context all' 'root start # begins here' 'context other' 'root x # not there' >"$tmp/rules"
status=0
"$checker" -c all "$tmp/rules" "$tmp/good" >"$tmp/out" || status=$?
[ $status = 1 ] && status=0
result $status 'a context that is not looked at'
refuses 'a context that is looked at' 'has no x' "$tmp/rules" "$tmp/good"
echo '# empty' >"$tmp/rules"
refuses 'rules without a context' 'no context' "$tmp/rules" "$tmp/good"
refuses 'a context that is not there' 'has no context other' -c other "$tmp/good.rules" "$tmp/good"
refuses 'rules that are not there' 'No such file' "$tmp/none" "$tmp/good"
refuses 'rules that are a directory' 'Is a directory' "$tmp" "$tmp/good"
refuses 'an image that is not there' 'No such file' "$tmp/good.rules" "$tmp/none"
refuses 'an image that is a directory' "$tmp" "$tmp/good.rules" "$tmp"
refuses 'an empty image' 'not an ELF file' "$tmp/good.rules" /dev/null
refuses 'a text file' 'not an ELF file' "$tmp/good.rules" "$rules"
refuses 'a program for this machine' 'not for 64-bit PowerPC' "$tmp/good.rules" "$tmp/without-libdw"
powerpc64-linux-gnu-gcc -m32 -nostdlib -static -Wl,-e,0 -x assembler -o "$tmp/ppc32" /dev/null
refuses 'a 32-bit PowerPC image' 'not for 64-bit PowerPC' "$tmp/good.rules" "$tmp/ppc32"
powerpc64le-linux-gnu-gcc -c -o "$tmp/good.o" "$here/realmode/clean.S"
refuses 'an object file' 'not a linked kernel' "$tmp/good.rules" "$tmp/good.o"
powerpc64le-linux-gnu-strip -s -o "$tmp/bad" "$tmp/good"
refuses 'a stripped image' 'no symbol table' "$tmp/good.rules" "$tmp/bad"
head -c 5000 "$tmp/good" >"$tmp/bad"
refuses 'a truncated image' "$tmp/bad: " "$tmp/good.rules" "$tmp/bad"
# sh_addr, sh_size of a section; e_shstrndx
damage "$(header_field .text 16)" '\x00'
refuses 'sections that overlap' 'sections .head.text and .text overlap' "$tmp/good.rules" "$tmp/bad"
damage "$(header_field .text 16)" '\x05'
refuses 'code that is not aligned' 'is not aligned' "$tmp/good.rules" "$tmp/bad"
damage "$(header_field .text 38)" '\x7f'
refuses 'a section larger than the file' 'is not in the file' "$tmp/good.rules" "$tmp/bad"
damage "$(header_field .text 16)" '\xfc\xff\xff\xff\xff\xff\xff\xff'
refuses 'a section at the end of the address space' 'beyond the address space' \
	"$tmp/good.rules" "$tmp/bad"
damage "$(header_field .text 9)" '\x00'
damage "$(header_field .symtab 56)" '\x07'
refuses 'symbols of another size' 'bad symbol table' "$tmp/good.rules" "$tmp/bad"
table=$(LC_ALL=C readelf -SW "$tmp/good" | sed -n 's/.* __ftr_fixup *PROGBITS *[0-9a-f]* \([0-9a-f]*\).*/\1/p')
for table_name in ftr_fixup mmu_ftr_fixup fw_ftr_fixup ex_table jump_table; do
	powerpc64le-linux-gnu-objcopy --redefine-sym "__start___$table_name=renamed" \
		--redefine-sym "__stop___$table_name=renamed_end" "$tmp/good" "$tmp/bad"
	refuses "an image without __$table_name" "has no __start___$table_name" "$tmp/good.rules" "$tmp/bad"
done
damage $((0x$table + 24)) '\x00\x00\x00\x00\x00\x00\x00\x00'
refuses 'a feature section that makes no sense' 'bad entry at' "$tmp/good.rules" "$tmp/bad"
# From the table: where the first section starts and ends, and its alternative
bad_feature() # WHAT START END ALT-START ALT-END
{
	cp "$tmp/good" "$tmp/bad"
	perl -e 'print pack "q<*", @ARGV' -- "${@:2}" | overwrite "$tmp/bad" $((0x$table + 16))
	refuses "a feature section $1" 'bad entry at' "$tmp/good.rules" "$tmp/bad"
}
read -r start end alt alt_end < <(od -An -td8 -w32 -j $((0x$table + 16)) -N 32 "$tmp/good")
text_end=$(LC_ALL=C readelf -SW "$tmp/good" |
	awk '$2 == ".text" || $3 == ".text" { sub(/.* PROGBITS */, ""); print "0x" $1 " + 0x" $3 - 0xc000000020000000 }')
bad_feature 'that is no code' 0 0 "$alt" "$alt"
bad_feature 'with half an instruction' "$start" $((end + 2)) "$alt" "$alt_end"
bad_feature 'that is too long' "$start" $((start + 0x20000)) "$alt" "$alt_end"
bad_feature 'that ends before it starts' "$start" $((start - 4)) "$alt" "$alt"
bad_feature 'with an alternative that is longer' "$start" "$end" "$alt" $((alt + end - start + 4))
bad_feature 'with an alternative that ends before it starts' "$start" "$end" "$alt" $((alt - 4))
bad_feature 'with an alternative that is no code' "$start" "$end" 0 4
bad_feature 'with an alternative that ends elsewhere' "$start" "$end" $((text_end - 4)) $((text_end + 4))
bad_table() # WHAT START STOP
{
	powerpc64le-linux-gnu-objcopy -N __start___ftr_fixup -N __stop___ftr_fixup \
		--add-symbol "__start___ftr_fixup=__ftr_fixup:$2,global" \
		--add-symbol "__stop___ftr_fixup=__ftr_fixup:$3,global" "$tmp/good" "$tmp/bad"
	refuses "a table $1" 'there is no table from __start___ftr_fixup to' "$tmp/good.rules" "$tmp/bad"
}
bad_table 'with half an entry' 0 5
bad_table 'that ends before it starts' 64 0
bad_table 'that is longer than its section' 0 $((48 * 1000))
bad_table 'that is in no section' 0x100000 0x100030
link "$tmp/tables" powerpc64le-linux-gnu-gcc -no-pie "$here/realmode/tables.S"
for field in 0 4; do
	cp "$tmp/tables" "$tmp/bad"
	table=$(LC_ALL=C readelf -SW "$tmp/bad" | sed -n 's/.* __jump_table *PROGBITS *[0-9a-f]* \([0-9a-f]*\).*/\1/p')
	printf '\0\0\0\0' | overwrite "$tmp/bad" $((0x$table + field))
	refuses "a jump label with a bad word at $field" 'bad entry at' "$tmp/good.rules" "$tmp/bad"
done
damage "$(header_field .text 8)" '\x02'
printf '\x02' | overwrite "$tmp/bad" "$(header_field .head.text 8)"
refuses 'an image without code' 'no code' "$tmp/good.rules" "$tmp/bad"

status=0
"$checker" "$tmp/good.rules" "$tmp/tables" >"$tmp/out" || status=$?
[ $status = 1 ] && grep -q ' (5 functions reached, 1 of them with an ftrace entry)$' "$tmp/out" && status=0
result $status 'counts what it reaches'

status=0
"$checker" --help >"$tmp/out" 2>"$tmp/err" || status=1
grep -q ^usage: "$tmp/out" && [ ! -s "$tmp/err" ] || status=1
result $status '--help'
for arguments in '' "$tmp/good.rules" "$tmp/good.rules $tmp/good $tmp/good" "--x $tmp/good.rules $tmp/good"; do
	status=0
	# shellcheck disable=SC2086 # words
	"$checker" $arguments >"$tmp/out" 2>"$tmp/err" || status=$?
	[ $status = 2 ] && grep -q ^usage: "$tmp/err" && [ ! -s "$tmp/out" ] && status=0
	result $status "wants two arguments: ${arguments//$tmp\/}"
done

for compiler in powerpc64le-linux-gnu-gcc "powerpc64-linux-gnu-gcc -mabi=elfv1"; do
	name="names source lines, $compiler"
	if ! pkg-config --exists libdw; then
		skip "$name" 'no libdw here'
		continue
	fi
	# shellcheck disable=SC2086 # words
	link "$tmp/image" $compiler -g -no-pie "$here/realmode/mem.S"
	printf 'context all\nroot start # begins here\n' >"$tmp/rules"
	line=$(grep -n 'CALL(memcpy)' "$here/realmode/mem.S" | cut -d: -f1)
	status=0
	where="(.*/mem\.S:$line)"
	finds "^kasan: memcpy <- copies <- start $where$" "$checker" || status=1
	finds "\"line\":\"${where:1:-1}\"" "$checker" --json || status=1
	finds '^kasan: memcpy <- copies <- start$' "$tmp/without-libdw" || status=1
	result $status "$name"
done

write_rules "$here/realmode/clean.S" >"$tmp/rules"
status=0
said=$("$checker" --quiet "$tmp/rules" "$tmp/clean") && [ -z "$said" ] || status=1
said=$("$checker" --quiet "$tmp/good.rules" "$tmp/good") && status=1
grep -q '^all: fail: [1-9]' <<<"$said" || status=1
result $status '--quiet only speaks of findings'

# What the checker makes of an instruction is what comes of it
name='executes as a CPU does'
if command -v qemu-ppc64le >/dev/null; then
	status=0
	powerpc64le-linux-gnu-gcc -static -O2 -Wall -Wextra -Werror -Wno-unused-parameter -I"$source" \
		-fsanitize=bounds -fsanitize-undefined-trap-on-error \
		-o "$tmp/execute" "$here/realmode/execute.c" && {
		qemu-ppc64le -cpu power10 "$tmp/execute" >"$tmp/out" || status=1
		sed 's/^/# /' "$tmp/out"
	} || status=1
	result $status "$name"
else
	skip "$name" 'no qemu-ppc64le here'
fi

# Inputs that a fuzzer has found (realmode-fuzz.sh), and the images from above
status=0
"${HOSTCC:-cc}" -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined -DREPLAY \
	-o "$tmp/replay" "$here/realmode/fuzz.c" -lelf
"$tmp/replay" "$here"/realmode/corpus/* "$tmp/seeds"/* 2>"$tmp/err" || status=$?
sed 's/^/# /' "$tmp/err"
result $status "survives $(find "$here/realmode/corpus" "$tmp/seeds" -type f | wc -l) strange inputs"

status=0
"$checker" "$tmp/good.rules" "$tmp/good" >/dev/full 2>"$tmp/err" || status=$?
[ "$status" = 2 ] && grep -q 'cannot write the result: No space left' "$tmp/err" && status=0
result $status 'says so when the disk is full'

for format in --json --dot; do
	case $format in
	--json) parser=(python3 -m json.tool) ;;
	--dot) parser=(dot -Tsvg) ;;
	esac
	if ! command -v "${parser[0]}" >/dev/null; then
		skip "$format is well-formed" "no ${parser[0]} here"
		continue
	fi
	status=0
	"$checker" $format "$tmp/good.rules" "$tmp/good" >"$tmp/out" || status=$?
	[ "$status" = 1 ] && "${parser[@]}" <"$tmp/out" >/dev/null && status=0
	result $status "$format is well-formed"
done

if [ -n "$vmlinux" ]; then
	objdump=$(TIMEFORMAT=%R; { time powerpc64le-linux-gnu-objdump -d "$vmlinux" >/dev/null; } 2>&1)
	own=$(TIMEFORMAT=%R; { time "$checker" "$rules" "$vmlinux" >/dev/null || [ $? = 1 ]; } 2>&1)
	echo "# objdump -d takes $objdump s, realmode_check $own s"
	status=0
	awk "BEGIN { exit !($own * 10 <= $objdump) }" || status=1
	result $status 'takes a tenth of the time that objdump -d takes'
else
	skip 'takes a tenth of the time that objdump -d takes' 'no vmlinux'
fi

echo "1..$count"
[ "$failed" = 0 ]
