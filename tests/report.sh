#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# verify/report and verify/page on results made up here.
# Usage: tests/report.sh [CASE...]; "browser" installs Chromium if it is missing.
# shellcheck disable=SC2317,SC2016 # cases are called by name; another shell's $
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "$0")")")
real=${OUT:-$root/out}
# shellcheck source-path=SCRIPTDIR source=cases.sh
. "$root/tests/cases.sh"
export OUT=$work/out
asked=$*
config=$OUT/results/some-tree/kasan

make -s -C "$root/verify" OUT="$programs" CFLAGS="-g -fsanitize=address,undefined \
	-fno-sanitize-recover=all"
export ASAN_OPTIONS=detect_leaks=0
report=$programs/bin/report

# ktap VARIANT CHECK KEXEC: what prove leaves, with these results
ktap()
{
	local console=$OUT/logs/some-tree/kasan/$1/powernv9-kexec-file

	mkdir -p "$console"
	printf 'a <console> & \001\033[0m more\r\n' >"$console/console"
	{
		printf '%s\n' 'KTAP version 1' '# inputs 1234: kexec-file on powernv9' \
			'# kernel 5678: kexec-file on powernv9' '# Linux 6.12.1 linux 6.12.1-1' \
			'# some-gcc <12>' "# kasan kernel, $1, built in 7 s" '# QEMU 10' 1..2 \
			"$2 1 vmlinux realmode_check"
		[ "$2" = ok ] || echo '# kasan: __asan_load8 <- some_function <- kexec_sequence'
		printf '  %s\n' 'KTAP version 1' 1..2 'ok 1 powernv9 canary' "$3 2 powernv9 kexec-file"
		[ "$3" != 'not ok' ] || printf '  # %s\n' \
			'boot 1, before "boot 2": the machine stopped (checkstop) in a <- b <- c <- d' \
			'from <&">' "$(printf '\001\377')"
		printf '  %s\n' '# Totals: pass:1 fail:0 skip:0 error:0'
		echo "$3 2 kexec_test"
		echo '# booted in 9 s'
	} >"$config/$1.ktap"
}

results()
{
	mkdir -p "$config" "$OUT/bin"
	cp "$programs"/bin/* "$OUT/bin"
	echo 1234 >"$OUT/results/some-tree/inputs"
	ktap unfixed 'not ok' 'not ok'
	ktap fixed ok ok
	ktap without-some-fix ok 'not ok'
	tr ' ' '\t' >"$config/wanted" <<-'END'
		unfixed realmode_check vmlinux FAIL found ^kasan:.*<-.kexec_sequence$
		unfixed kexec-file powernv9 FAIL a,z (^boot.1.*.in.a.<-)|(in.z.<-)
		fixed realmode_check vmlinux ok
		fixed kexec-file powernv9 ok
		without-some-fix kexec-file powernv9 FAIL a ^boot.1.*.in.a.<-
	END
}

table()
{
	results
	expect 0 '^some-tree +kasan +kexec-file +powernv9 +FAIL +ok +a <- b <- c$' "$report" table "$OUT"
	expect 0 ' realmode_check +vmlinux +FAIL +ok +__asan_load8 <- some_function <- kexec_seq' \
		"$report" table "$OUT" some-tree
	expect 0 ' kexec-file +powernv9 +FAIL +some-fix +a <- b <- c$' "$report" table "$OUT"
	expect 0 '^$' "$report" wrong "$OUT"
	expect 2 'no results' "$report" table "$OUT" other-tree
}

wrong()
{
	results
	ktap fixed ok 'not ok'
	expect 1 'some-tree kasan fixed: kexec-file on powernv9 is FAIL, must be ok' "$report" wrong "$OUT"
	expect 1 'FAIL +FAIL +a <- b <- c \(is FAIL, must be ok\)$' "$report" table "$OUT"
	# The failures come first, each with what it says and the command that repeats it.
	"$report" table "$OUT" >"$work/said" || true
	head -n 4 "$work/said" | diff - <(cat <<-'END'
		some-tree kasan fixed: kexec-file on powernv9 is FAIL, must be ok
		    boot 1, before "boot 2": the machine stopped (checkstop) in a <- b <- c <- d
		    again: verify/cell some-tree fixed kasan kexec-file powernv9

	END
	)
	printf '%s\n' 1234 ../linux >"$OUT/results/some-tree/inputs"
	ktap unfixed 'not ok' ok
	expect 1 'again: verify/cell ../linux unfixed kasan kexec-file powernv9 FAIL a,z$' \
		"$report" wrong "$OUT"
	results
	ktap fixed ok ok
	sed -i 's/^  ok 2 powernv9 kexec-file/& # SKIP not here/' "$config/fixed.ktap"
	expect 1 'is skip, must be ok' "$report" wrong "$OUT"
}

# died VARIANT LINE: what kexec-file on powernv9 says there is this
died()
{
	sed -i "/^  not ok 2/{n;s|.*|  # $2|}" "$config/$1.ktap"
}

# A failure of another cause proves nothing; a "fail: " before it is a matter of style.
stray()
{
	local what='some-tree kasan without-some-fix: kexec-file on powernv9 fails, but not of this: a$'

	results
	died without-some-fix 'fail: boot 1, before "boot 2": the machine stopped in a <- b'
	expect 0 '^$' "$report" wrong "$OUT"
	expect 0 'FAIL +some-fix +a <- b$' "$report" table "$OUT"
	died unfixed 'boot 1, before "boot 2": dead in z <- b'
	expect 0 '^$' "$report" wrong "$OUT"
	died without-some-fix 'boot 1: WARNING: mm/a.c:1 at a+0x1'
	! "$report" rows "$OUT" | grep -P 'without-some-fix\t.*\tFAIL' || fail "rows say FAIL"
	expect 1 "$what" "$report" wrong "$OUT"
	expect 1 'stray +some-fix .*WARNING.* \(fails, but not of this: a\)' "$report" table "$OUT"
	expect 0 'failure message="fails, but not of this: a"' "$report" junit "$OUT"
	expect 0 'fail wrong">.*>fails, but not of this: a<' "$report" html "$OUT"
	# Only the first line counts, but each of the checker's.
	sed -i '/WARNING/a\  # boot 1, before "boot 2": dead in a <- b' "$config/without-some-fix.ktap"
	expect 1 "$what" "$report" wrong "$OUT"
	results
	sed -i '/^# kasan:/i# kasan: x <- y' "$config/unfixed.ktap"
	expect 0 '^$' "$report" wrong "$OUT"
	sed -i 's/^# kasan:.*kexec_sequence/# kasan: x <- z/' "$config/unfixed.ktap"
	expect 1 'unfixed: realmode_check on vmlinux fails, but not of this: found' "$report" wrong "$OUT"
}

# Of one KTAP file, for verify/cell
cause()
{
	results
	expect 0 '^$' "$report" cause "$config/unfixed.ktap" powernv9 kexec-file 'in a <- '
	expect 1 '^$' "$report" cause "$config/unfixed.ktap" powernv9 kexec-file 'in b <- '
	expect 1 '^$' "$report" cause "$config/fixed.ktap" powernv9 kexec-file '.*'
	expect 1 '^$' "$report" cause "$config/unfixed.ktap" powernv10 kexec-file '.*'
	expect 2 '[Uu]nmatched' "$report" cause "$config/unfixed.ktap" powernv9 kexec-file '('
}

# What a prove that knew no causes has left is not taken for anything.
old()
{
	results
	cut -f1-4 "$config/wanted" >"$work/wanted"
	cp "$work/wanted" "$config/wanted"
	expect 2 'no results' "$report" wrong "$OUT"
}

blind()
{
	results
	ktap without-some-fix ok ok
	expect 1 'NO TEST NOTICES that some-tree kasan lacks some-fix' "$report" wrong "$OUT"
	expect 1 'NO TEST NOTICES that some-tree kasan lacks some-fix' "$report" table "$OUT"
}

# A result that was wanted but is not in the file is not as it must be.
missing()
{
	results
	printf '%s\t%s\t%s\t%s\n' fixed hostile powernv9 ok >>"$config/wanted"
	expect 1 'hostile on powernv9 is -, must be ok' "$report" wrong "$OUT"
}

# However a file is cut off, it does not count.
cut_off()
{
	local lines n

	results
	cp "$config/unfixed.ktap" "$work/whole"
	expect 0 '' "$report" whole "$work/whole"
	lines=$(wc -l <"$work/whole")
	for n in $(seq 0 $((lines - 2))); do
		head -n "$n" "$work/whole" >"$work/cut"
		expect 1 '' "$report" whole "$work/cut"
	done
	for n in $(seq 8 $((lines - 1))); do
		sed "${n}{/^ *#/!d}" "$work/whole" >"$work/cut"
		cmp -s "$work/cut" "$work/whole" || [ "$n" = 10 ] || [ "$n" = 11 ] ||
			expect 1 '' "$report" whole "$work/cut"
	done
	sed '/# Totals/d' "$work/whole" >"$work/cut"
	expect 1 '' "$report" whole "$work/cut"
	head -n 14 "$work/whole" >"$config/unfixed.ktap"
	expect 0 ' kexec-file +powernv9 +- +ok' "$report" table "$OUT"
}

# What was made of another source or with another QEMU is not shown.
stale()
{
	results
	sed -i s/1234/4321/ "$config/without-some-fix.ktap"
	! "$report" table "$OUT" | grep some-fix || fail "shows what is old"
	echo 99 >"$OUT/results/some-tree/inputs"
	expect 2 'no results' "$report" table "$OUT"
}

disk_full()
{
	results
	expect 2 'cannot write: No space' bash -c '"$0" html "$1" >/dev/full' "$report" "$OUT"
}

counts()
{
	xmllint --xpath "string(//testsuite[@name='some-tree.kasan.$1']/@$2)" "$work/junit.xml"
}

junit()
{
	command -v xmllint >/dev/null || skip "no xmllint, make setup installs it"
	results
	"$report" junit "$OUT" >"$work/junit.xml"
	xmllint --noout --schema "$root/tests/report/junit.xsd" "$work/junit.xml"
	[ "$(counts unfixed tests) $(counts unfixed failures)" = "2 0" ] || fail "unfixed"
	ktap fixed ok 'not ok'
	printf '%s\t%s\t%s\t%s\n' fixed hostile powernv9 ok >>"$config/wanted"
	"$report" junit "$OUT" >"$work/junit.xml"
	xmllint --noout --schema "$root/tests/report/junit.xsd" "$work/junit.xml"
	[ "$(counts fixed tests) $(counts fixed failures) $(counts fixed errors)" = "3 1 1" ] ||
		fail "fixed: $(counts fixed tests) $(counts fixed failures) $(counts fixed errors)"
	xmllint --xpath '//failure/../system-out/text()' "$work/junit.xml" | grep -q 'in a &lt;- b'
}

# KTAP by the kernel's own parser
kunit()
{
	local parser=$work/tools/testing/kunit src

	src=$(find "$real/src" -maxdepth 1 -name 'linux-7*' 2>/dev/null | tail -n 1)
	[ -n "$src" ] || skip "no source, make fetch TREE=linux-7.2.y gets it"
	mkdir -p "$work/tools/testing"
	cp -r "$src/tools/testing/kunit" "$parser"
	results
	expect 0 'passed: 3$' python3 "$parser/kunit.py" parse "$config/fixed.ktap"
	expect 1 'passed: 1, failed: 2$' python3 "$parser/kunit.py" parse "$config/unfixed.ktap"
}

page()
{
	results
	"$root/verify/page" >/dev/null
	! grep -nE '(src|href)="?[^#"]|url\(|@import' "$OUT/report.html" || fail "refers to something outside"
	grep -q 'a &lt;console&gt; &amp; ??\[0m more' "$OUT/report.html" || fail "no console"
	touch -d '+1 minute' "$OUT/logs/some-tree/kasan/unfixed/powernv9-kexec-file/console"
	"$root/verify/page" >/dev/null
	[ "$(grep -c 'a &lt;console' "$OUT/report.html")" = 2 ] || fail "the console of another run"
	[ -s "$OUT/junit.xml" ] || fail "no junit.xml"
}

chromium()
{
	command chromium --headless --no-sandbox --disable-gpu --user-data-dir="$work/profile" "$@" \
		2>"$work/chromium"
}

browser()
{
	local link=some-tree.kasan.unfixed.powernv9.kexec-file

	type -P chromium >/dev/null || [ "$asked" != browser ] || "$root/verify/setup" chromium
	type -P chromium >/dev/null || skip "no Chromium; tests/report.sh browser installs it"
	results
	"$root/verify/page" >/dev/null
	chromium --dump-dom "file://$OUT/report.html#$link" >"$work/dom"
	grep -q "<details id=\"$link\" open" "$work/dom" || fail "the link unfolds nothing"
	! grep -q "<details id=\"${link/unfixed/fixed}\" open" "$work/dom" || fail "unfolds all"
	chromium --window-size=1200,800 --screenshot="$work/shot.png" "file://$OUT/report.html"
	[ "$(od -An -tx1 -j16 -N8 "$work/shot.png")" = " 00 00 04 b0 00 00 03 20" ] || fail "no picture: $(cat "$work/chromium")"
	# A blank page is a much smaller file.
	[ "$(stat -c %s "$work/shot.png")" -gt 20000 ] || fail "the page is blank"
}

cases=(table wrong stray cause old blind missing cut_off stale disk_full junit kunit page browser)
run "${@:-${cases[@]}}"
