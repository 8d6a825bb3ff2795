# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# For setup, fetch and guest-tools: apt on Debian suites of our own choice,
# without a change to the machine's own configuration.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${BASH_SOURCE[0]%/*}/lib.sh"

# private_apt DIR: from here on apt works with the sources, lists and caches
# of DIR.  Trust is Debian's own keyring: apt accepts an index only if a Debian
# key signed it, and a package only if it has the hash that the index says.
private_apt()
{
	local dir

	dir=$(realpath -m "$1")
	mkdir -p "$dir/lists/partial" "$dir/archives/partial"
	# Where the machine gets Debian from, in whichever format /etc/apt says
	# so.  Only asks for the list of addresses: no network, empty lists.
	machine_uris=$(apt-get update --print-uris -o Dir::State::lists="$dir/none" |
		sed -n "s/^'\([^']*\)'.*/\1/p") || die "cannot read the machine's apt sources"
	cat >"$dir/apt.conf" <<-END
		Dir::Etc::sourcelist "$dir/sources.list";
		Dir::Etc::sourceparts "-";
		Dir::State::lists "$dir/lists";
		Dir::Cache "$dir";
		Acquire::Languages "none";
		APT::Update::Error-Mode "any";
	END
	export APT_CONFIG=$dir/apt.conf LC_ALL=C
}

# add_suite SUITE [ARCHITECTURE]: ask the mirror for a suite.  1: it has none, or
# an old one whose signature has expired.
add_suite()
{
	local dir=${APT_CONFIG%/*} own uri said
	local key=signed-by=/usr/share/keyrings/debian-archive-keyring.gpg

	# The security suites live at another address; not every machine knows it.
	# shellcheck source=/dev/null
	own="($(. /etc/os-release && echo "$VERSION_CODENAME")|stable|oldstable)"
	case $1 in *-security) own+=-security ;; esac
	uri=$(sed -nE "s,/dists/$own/InRelease$,,p;T;q" <<<"$machine_uris")
	if [ -z "$uri" ]; then
		case $1 in *-security) return 1 ;; esac
		die "no Debian mirror in the machine's apt sources"
	fi

	printf 'deb-src [%s] %s %s main\n' "$key" "$uri" "$1" >"$dir/one.list"
	printf 'deb [%s arch=%s] %s %s main\n' "$key" \
		"${2:-$(dpkg --print-architecture)}" "$uri" "$1" >>"$dir/one.list"
	if said=$(apt-get -q update -o Dir::Etc::sourcelist="$dir/one.list" \
			-o APT::Get::List-Cleanup=false 2>&1); then
		cat "$dir/one.list" >>"$dir/sources.list"
	elif grep -qE 'does not have a Release file|is expired' <<<"$said"; then
		return 1
	else
		die "no answer for $1 from $uri: $(grep -m1 '^[EW]:' <<<"$said")"
	fi
}
