# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # trees.sh has what they are about
# For prove and cell: what a kernel is tried with. An edit of this file makes all
# results anew.

# check VMLINUX CONFIG: what the checker says of what the build would have it look
# at, as a line of KTAP; 1 if it found something, 2 if it cannot tell
check()
{
	local said status=0 context=()

	! grep -q '^CONFIG_KCSAN=y' "${BASH_SOURCE[0]%/*}/configs/${2%@*}.config" || context=(-c kexec)
	said=$("$out/bin/realmode_check" "${context[@]}" "$checker/realmode_check.rules" "$1" 2>&1) ||
		status=$?
	[ "$status" -lt 2 ] || { echo "realmode_check: $said" >&2; return 2; }
	[ "$status" = 0 ] || echo -n "not "
	echo "ok 1 vmlinux realmode_check"
	printf '# %s\n' "${said//$'\n'/$'\n'# }"
	return "$status"
}

# kexec_test VMLINUX TESTS MACHINES LOGS
kexec_test()
{
	"$out/bin/kexec/kexec_test" --vmlinux "$1" --test "$2" --machine "$3" --logs "$4" --may-skip \
		"$(sed -nE 's/^may-skip[[:blank:]]+//p' "${BASH_SOURCE[0]%/*}/proof.conf" | paste -sd,)"
}

# boot VARIANT CONFIG TESTS MACHINES: leaves the KTAP file, but for its name
boot()
{
	local code=0 start=$SECONDS kernel=$out/kernels/$name/$2/$1

	{
		printf '%s\n' "KTAP version 1" "# inputs $inputs: $3 on $4" "# kernel $key: $3 on $4"
		sed 's/^/# /' "$kernel/made"
		printf '%s\n' "# $qemu" 1..2
		check "$kernel/vmlinux" "$2" || [ $? = 1 ] || return
		kexec_test "$kernel/vmlinux" "$3" "$4" "$out/logs/$name/$2/$1" 2>&1 |
			awk '{ print "  " $0 }' || code=${PIPESTATUS[0]}
		[ "$code" = 0 ] || echo -n "not "
		echo "ok 2 kexec_test"
		echo "# booted in $((SECONDS - start)) s"
	} >"$results/$2/$1.ktap.new"
	[ "$code" -lt 2 ] && "$out/bin/report" whole "$results/$2/$1.ktap.new"
}
