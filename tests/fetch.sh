#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# verify/setup and verify/fetch with a mirror made of files: what they ask apt
# for, and what they make of its answers.  Needs no network, changes nothing.
# Usage: tests/fetch.sh [CASE...]
# shellcheck disable=SC2317,SC2016 # cases are called by name; other shells' $
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "$0")")")
# shellcheck source-path=SCRIPTDIR source=cases.sh
. "$root/tests/cases.sh"
PATH=$root/verify:$PATH
export OUT=$work/out
tree=$OUT/src/linux-6.12.y
# shellcheck source=/dev/null
codename=$(. /etc/os-release && echo "$VERSION_CODENAME")

# An apt that answers from $work/mirror and $work/madison, and says in
# $work/asked what it was asked for.
fake_apt()
{
	mkdir -p "$work/mirror"
	stand_in apt-get <<-END
		echo "\$*" >>$work/asked
		case \$* in
		*--print-uris*)
			echo "'http://mirror.example/debian/dists/$codename/InRelease' x 0"
			echo "'http://mirror.example/debian-security/dists/$codename-security/InRelease' x 0" ;;
		*update*)
			[ ! -e $work/offline ] || { echo 'E: Could not connect'; exit 100; }
			list=\$* list=\${list#*sourcelist=} list=\${list%% *}
			case \$(<"\$list") in
			*forky*) echo "E: The repository 'x' does not have a Release file." ;;
			*experimental*) echo "E: Release file for x is expired (invalid since 1d)." ;;
			*) exit 0 ;;
			esac
			exit 100 ;;
		*install*) touch $work/installed ;;
		*)	# source or download: the last argument is package=version
			cp $work/mirror/\${!#}/* . 2>/dev/null || {
				[ -e $work/says ] || echo 'E: Failed to fetch http://x 404  Not Found'
				cat $work/says 2>/dev/null
				exit 100
			} ;;
		esac
		exit 0
	END
	stand_in apt-cache <<-END
		cat $work/madison
		exit 0
	END
	touch "$work/asked"
}

# lists SOURCE-OR-BINARY VERSION: the index has it.
lists()
{
	local kind=Packages

	[ "$1" != linux ] || kind=Sources
	echo " $1 | $2 | http://mirror.example/debian sid/main $kind" >>"$work/madison"
}

# holds PACKAGE VERSION KERNEL: the mirror has it, too.
holds()
{
	local to=$work/mirror/$1=$2 linux=$work/linux

	lists "$1" "$2"
	mkdir -p "$to" "$linux/arch"
	printf 'kernelversion:\n\t@echo %s\n' "$3" >"$linux/Makefile"
	if [ "$1" = linux ]; then
		tar -C "$work" -cJf "$to/linux_$3.orig.tar.xz" linux
	else
		mkdir -p "$work/deb/DEBIAN" "$work/deb/usr/src"
		printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: x\nDescription: x\n' \
			"$1" "$2" >"$work/deb/DEBIAN/control"
		tar -C "$work" -cJf "$work/deb/usr/src/$1.tar.xz" linux
		dpkg-deb -b "$work/deb" "$to/$1.deb" >/dev/null
	fi
}

recorded()
{
	[ "$(cat "$tree.version")" = "$1" ] || fail "recorded: $(cat "$tree.version")"
	[ -d "$tree/arch" ] || fail "no source"
	[ -z "$(find "$OUT/src" -name '.*')" ] || fail "left behind: $(ls -a "$OUT/src")"
}

nothing_fetched()
{
	[ -z "$(ls -A "$OUT/src")" ] || fail "left behind: $(ls -A "$OUT/src")"
}

newest_first()
{
	fake_apt
	holds linux-source-6.12 6.12.9-1 6.12.9
	holds linux-source-6.12 6.12.10-1 6.12.10
	holds linux 6.12.8-1 6.12.8
	expect 0 'Linux 6.12.10 with' fetch linux-6.12.y
	recorded '6.12.10 linux-source-6.12 6.12.10-1'
}

release_after_candidates()
{
	fake_apt
	holds linux '7.3~rc7-1~exp1' 7.3.0-rc7
	holds linux 7.3-1 7.3.0
	expect 0 'Linux 7.3.0,' fetch mainline
	tree=$OUT/src/mainline recorded '7.3.0 linux 7.3-1'
}

tarball_before_package()
{
	fake_apt
	holds linux-source-6.12 6.12.9-2 6.12.9
	holds linux 6.12.9-1 6.12.9
	expect 0 'is Linux 6.12.9, ' fetch linux-6.12.y
	recorded '6.12.9 linux 6.12.9-1'
}

next_if_gone()
{
	fake_apt
	lists linux 6.12.11-1
	lists linux-source-6.12 6.12.11-1
	holds linux 6.12.8-1 6.12.8
	expect 0 'not on the mirror, trying the next' fetch linux-6.12.y
	recorded '6.12.8 linux 6.12.8-1'
}

all_gone()
{
	fake_apt
	lists linux 6.12.11-1
	expect 1 'no Linux 6.12: it lists 1 packages, none is there' fetch linux-6.12.y
	nothing_fetched
}

not_listed()
{
	fake_apt
	touch "$work/madison"
	expect 1 'lists no Linux 6.12' fetch linux-6.12.y
	nothing_fetched
}

wrong_hash()
{
	fake_apt
	lists linux 6.12.11-1
	holds linux 6.12.8-1 6.12.8
	echo 'E: Failed to fetch http://x  Hash Sum mismatch' >"$work/says"
	expect 1 'Hash Sum mismatch' fetch linux-6.12.y
	nothing_fetched
}

cut_off()
{
	fake_apt
	holds linux 6.12.8-1 6.12.8
	truncate -s 60 "$work"/mirror/linux=6.12.8-1/*
	expect 1 'linux 6.12.8-1 cannot be unpacked' fetch linux-6.12.y
	nothing_fetched
	# What a killed run leaves.
	mkdir -p "$OUT/src/.linux-6.12.y/tree"
	touch "$OUT/src/.linux-6.12.y/tree/junk" "$OUT/src/linux-6.12.y.version"
	rm "$work/madison"
	holds linux 6.12.8-1 6.12.8
	expect 0 'is Linux 6.12.8' fetch linux-6.12.y
	recorded '6.12.8 linux 6.12.8-1'
	[ ! -e "$tree/junk" ] || fail "took over junk"
}

again()
{
	fake_apt
	holds linux 6.12.8-1 6.12.8
	fetch linux-6.12.y
	rm "$work/asked"
	expect 0 'is there: 6.12.8 from linux' fetch linux-6.12.y
	[ ! -e "$work/asked" ] || fail "asked: $(cat "$work/asked")"
}

no_record()
{
	mkdir -p "$tree"
	expect 1 'remove it' fetch linux-6.12.y
}

index_once_a_day()
{
	fake_apt
	holds linux 6.12.8-1 6.12.8
	expect 0 'not on the mirror, or expired: forky.* experimental' fetch linux-6.12.y
	grep -q 'update.*sourcelist' "$work/asked" || fail "no update"
	rm -r "$work/asked" "$tree"
	expect 0 'is Linux' fetch linux-6.12.y
	! grep 'update.*sourcelist' "$work/asked" || fail "updated again"
	rm -r "$work/asked" "$tree"
	touch -d '25 hours ago' "$OUT/apt/updated"
	expect 0 'is Linux' fetch linux-6.12.y
	grep -q 'update.*sourcelist' "$work/asked" || fail "no update on the next day"
}

no_answer()
{
	fake_apt
	holds linux 6.12.8-1 6.12.8
	touch "$work/offline"
	expect 1 'no answer for .* from http://mirror.example/debian: E: Could not connect' \
		fetch linux-6.12.y
	nothing_fetched
	rm "$work/offline"
	expect 0 'is Linux 6.12.8' fetch linux-6.12.y
}

unknown_tree()
{
	expect 1 'one of linux-6.1.y' fetch linux-2.4.y
	expect 1 'one of linux-6.1.y' fetch
}

# The mirror as apt itself reads it from the machine's sources.
sources_format()
{
	mkdir -p "$work/etc/parts" "$work/private"
	cat >"$work/etc/parts/x.$1"
	printf 'Dir::Etc::sourcelist "/dev/null";\nDir::Etc::sourceparts "%s";\n' \
		"$work/etc/parts" >"$work/etc/apt.conf"
	stand_in apt-get <<-END
		case \$* in *print-uris*) ;; *) exit 0 ;; esac
	END
	APT_CONFIG=$work/etc/apt.conf bash -euc '. "$1/verify/apt.sh"
		private_apt "$2"
		add_suite experimental
		add_suite sid-security' - "$root" "$work/private"
	grep -q '^deb-src .* http://one.example/a experimental main$' "$work/private/sources.list" ||
		fail "$(cat "$work/private/sources.list")"
	grep -q '^deb .* http://two.example/b-security sid-security main$' "$work/private/sources.list" ||
		fail "$(cat "$work/private/sources.list")"
}

sources_one_line()
{
	sources_format list <<-END
		deb http://three.example/c nodistro main
		deb [arch=$(dpkg --print-architecture)] http://one.example/a $codename main contrib
		deb http://two.example/b-security $codename-security main
	END
}

sources_deb822()
{
	sources_format sources <<-END
		Types: deb
		URIs: http://one.example/a
		Suites: $codename $codename-updates
		Components: main
		Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

		Types: deb
		URIs: http://two.example/b-security
		Suites: $codename-security
		Components: main
	END
}

# Security suites come from another address, or not at all.
sources_without_security()
{
	fake_apt
	mkdir "$work/private"
	stand_in apt-get <<-END
		case \$* in *print-uris*) echo "'http://m.example/$1/InRelease' x 0" ;; esac
		exit 0
	END
	expect "$2" "$3" bash -euc '. "$1/verify/apt.sh"
		private_apt "$2"
		add_suite sid-security || echo no security
		add_suite sid
		cat "$2/sources.list"' - "$root" "$work/private"
}

sources_none()
{
	sources_without_security dists/nodistro 1 'no Debian mirror'
}

# A machine with all packages but these, and with this QEMU; after apt-get
# install with all of them and QEMU 10.0.2.
machine()
{
	fake_apt
	printf '%s\n' "${@:2}" >"$work/absent"
	stand_in dpkg-query <<-END
		[ -e $work/installed ] || ! grep -qx "\${!#}" $work/absent || exit 1
		echo installed
		exit 0
	END
	stand_in qemu-system-ppc64 <<-END
		[ ! -e $work/installed ] || set -- 10.0.2
		[ -e $work/installed ] || set -- $1
		echo "QEMU emulator version \$1 (Debian)"
		exit 0
	END
}

setup_nothing_to_do()
{
	machine 8.1.0 none
	expect 0 'nothing to install, QEMU is 8.1.0' setup
	[ ! -s "$work/asked" ] || fail "asked: $(cat "$work/asked")"
}

setup_not_root()
{
	machine 8.0.5 bison b4
	stand_in id <<-END
		echo 1000
		exit 0
	END
	expect 1 'missing: bison b4' setup
	expect 1 'missing: qemu-system-ppc 8.1 or later \(here: 8.0.5\)' setup
	expect 1 'apt-get install bison b4' setup
	[ ! -s "$work/asked" ] || fail "asked: $(cat "$work/asked")"
}

setup_installs()
{
	local from='' said

	machine 7.2.22 bison b4
	stand_in id <<-END
		echo 0
		exit 0
	END
	[ "$codename" != bookworm ] || from='-t bookworm-backports '
	said=$(setup)
	grep -q 'missing: bison b4' <<<"$said" || fail "$said"
	grep -q 'done, QEMU is 10.0.2' <<<"$said" || fail "$said"
	grep -q 'install --no-install-recommends bison b4$' "$work/asked" || fail "$(cat "$work/asked")"
	grep -qx -- ".*install --no-install-recommends ${from}qemu-system-ppc" "$work/asked" ||
		fail "$(cat "$work/asked")"
}

setup_in_vain()
{
	machine 7.2.22 none
	stand_in id <<-END
		echo 0
		exit 0
	END
	stand_in qemu-system-ppc64 <<-END
		echo "QEMU emulator version 7.2.22"
		exit 0
	END
	expect 1 'qemu-system-ppc64 is 7.2.22, need 8.1' setup
}

cases=(newest_first release_after_candidates tarball_before_package next_if_gone all_gone
	not_listed wrong_hash cut_off again no_record index_once_a_day no_answer unknown_tree
	sources_one_line sources_deb822 sources_none
	"sources_without_security dists/$codename 0 ^no.security" setup_nothing_to_do setup_not_root setup_installs
	setup_in_vain)
run "${@:-${cases[@]}}"
