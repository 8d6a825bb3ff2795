#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Is all code that a kexec really runs with the MMU off in what realmode_check
# reaches?  QEMU logs the blocks that it executes, from kexec_sequence() on.
# Takes up to a minute a machine; run by hand.
# Usage: tests/realmode-trace.sh VMLINUX [MACHINE...], with a kernel that can kexec
# shellcheck disable=SC2317 # cases are called by name
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "$0")")")
out=$(realpath -m "${OUT:-$root/out}")
checker=$root/arch/powerpc/tools/realmode_check
rules=${RULES:-$checker/realmode_check.rules}
# shellcheck source-path=SCRIPTDIR source=cases.sh
. "$root/tests/cases.sh"
export LC_ALL=C

# Stands in for QEMU: has it log from $TRACE_FROM to $TRACE_TO, by way of its stub
# for gdb, which stops the guest just there.
write_qemu()
{
	cat >"$work/qemu" <<-'END'
		#!/bin/bash
		set -euo pipefail
		dir=$(mktemp -d "${0%/*}/run.XXXXXX")
		mkfifo "$dir/gdb.in" "$dir/gdb.out"

		ask() # PACKET ANSWER
		{
			local sum=0 i code said=

			for ((i = 0; i < ${#1}; i++)); do
				printf -v code %d "'${1:i:1}"
				sum=$((sum + code))
			done
			printf '+$%s#%02x' "$1" $((sum & 255)) >&3
			until [[ $said = *"$2"* ]]; do
				read -r -d '#' said <&4
			done
		}
		monitor() # COMMAND
		{
			ask "qRcmd,$(printf %s "$1" | od -An -v -tx1 | tr -d ' \n')" OK
		}
		{
			for fd in /proc/self/fd/*; do
				[ "${fd##*/}" -le 2 ] || eval "exec ${fd##*/}>&-"
			done
			exec 3>"$dir/gdb.in" 4<"$dir/gdb.out"
			ask "Z1,$TRACE_FROM,4" OK
			ask c T05
			monitor 'log exec,nochain'
			ask "z1,$TRACE_FROM,4" OK
			ask "Z1,$TRACE_TO,4" OK
			ask c T05
			monitor 'log none'
			ask "z1,$TRACE_TO,4" OK
			ask c W00
		} >/dev/null 2>&1 &
		exec qemu-system-ppc64 "$@" -D "$dir/trace" \
			-chardev "pipe,id=gdb,path=$dir/gdb" -gdb chardev:gdb
	END
	chmod +x "$work/qemu"
}

# Addresses of blocks that ran with the MMU off, from the first block of
# kexec_sequence() to its last one.  After that the new kernel has the same
# addresses.  The flags of a block are QEMU's hflags: 0x10 is MSR[DR], and
# 0x08000000 the MMU index without MSR[IR].
blocks() # TRACE FIRST END
{
	awk -v first="$2" -v end="$3" '
		/^Trace/ {
			split($4, field, "/")
			pc = field[2]; flags = field[3]
			off = substr(flags, 7, 1) ~ /[02468ace]/ || substr(flags, 2, 1) ~ /[89a-f]/
			if (pc ~ /^00000000[0-2]/)
				pc = "c" substr(pc, 2)
			within = pc >= first && pc < end
			if (within && !began && off) {
				print "the MMU is off before kexec_sequence() begins" >"/dev/stderr"
				exit 1
			}
			began = began || within
			if (began && off)
				waiting[pc]
			if (within) {
				last = off
				for (pc in waiting)
					print pc
				split("", waiting)
			}
		}
		END {
			if (!began || !last)
				print "kexec_sequence() is not in the log, or not to its end" >"/dev/stderr"
			exit !began || !last
		}' "$1" | sort -u
}

traced()
{
	local traces first end

	make -s -C "$root/tools/testing/selftests/powerpc/kexec" OUTPUT="$out/bin/kexec" all
	cc -O2 -o "$work/realmode_check" "$checker"/*.c -lelf
	powerpc64le-linux-gnu-nm -n "$vmlinux" | awk 'NF == 3 && $2 ~ /^[tTwW]$/ { print $1, $3 }' >"$work/symbols"
	first=$(awk '$2 == "kexec_sequence" { print $1 }' "$work/symbols")
	end=$(awk -v first="$first" '$1 > first { print $1; exit }' "$work/symbols")
	# The new kernel is the same one, so it comes by this address.  Not a C function:
	# those are entered behind their address.
	TRACE_TO=$(awk '$2 == "start_here_common" { print $1 }' "$work/symbols")
	export TRACE_FROM=$first TRACE_TO
	write_qemu
	"$out/bin/kexec/kexec_test" --qemu "$work/qemu" --vmlinux "$vmlinux" --machine "$1" \
		--test kexec-file --logs "$work/logs"
	mapfile -t traces < <(find "$work"/run.* -name trace -size +0)
	[ ${#traces[@]} = 1 ] || fail "not one trace but ${#traces[@]}"
	blocks "${traces[0]}" "$first" "$end" >"$work/blocks"

	# Each block's symbol, with its other names
	sed 's/$/ ~/' "$work/blocks" | sort -m "$work/symbols" - | awk '
		$2 == "~" { if (names) print names; next }
		{ names = $1 == addr ? names " " $2 : $2; addr = $1 }' | sort -u >"$work/ran"
	# Before the first and after the last symbol is firmware.
	grep -qw kexec_sequence "$work/ran" || fail "the log makes no sense"
	local status=0
	"$work/realmode_check" -l -c kexec "$rules" "$vmlinux" >"$work/said" || status=$?
	[ $status -le 1 ] || return $status
	sed -n 's/^reached: \([^ ]*\).*/\1/p' "$work/said" | sort -u >"$work/reached"
	grep -vwFf "$work/reached" "$work/ran" >"$work/missed" || true
	echo "# $1: $(wc -l <"$work/ran") functions ran with the MMU off:" \
		"$(cut -d' ' -f1 "$work/ran" | paste -sd' ')" >&3
	[ ! -s "$work/missed" ] || fail "realmode_check does not reach:" "$(<"$work/missed")"
}

[ $# -ge 1 ] || { echo "usage: tests/realmode-trace.sh VMLINUX [MACHINE...]" >&2; exit 2; }
vmlinux=$(realpath -e "$1")
shift
[ $# != 0 ] || set -- pseries-power9 powernv10
exec 3>&1
run "${@/#/traced }"
