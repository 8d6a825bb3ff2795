# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For all scripts here: what they say.

# What a command takes, leaves and returns stands at its top.
if [ "${1-}" = --help ]; then
	sed -n '3,/^[^#]/{/^# shellcheck/d;s/^# \?//p}' "$0"
	exit 0
fi

# die LINE...
die()
{
	[ ! -t 2 ] || printf '\r\033[K' >&2
	printf '%s\n' "${0##*/}: $1" "${@:2}" >&2
	exit 1
}

# progress TEXT: a line that the next one replaces on a terminal, and a line like
# any other elsewhere.
progress()
{
	if [ -t 1 ]; then
		printf '\r\033[K%.*s' "$(($(tput cols 2>/dev/null || echo 80) - 1))" "$1"
	elif [ -n "$1" ]; then
		echo "$1"
	fi
}

# step KIND TEXT COMMAND...: run a command, after saying so, and how long the
# last ones of the kind took.
step()
{
	local kept=$out/durations/$1 usual start=$SECONDS

	usual=$(tail -n 5 "$kept" 2>/dev/null | sort -n | awk '{ s[NR] = $0 }
		END { if (NR) print ", usually " s[int((NR + 1) / 2)] " s" }')
	progress "$2$usual"
	"${@:3}" || return
	mkdir -p "${kept%/*}"
	echo $((SECONDS - start)) >>"$kept"
}

# The name of the newest clang here: "clang" may be an older one, or not be there
newest_clang()
{
	compgen -c clang- | grep -x 'clang-[0-9]*' | sort -V | tail -n 1
}
