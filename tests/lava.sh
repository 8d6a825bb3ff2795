#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# verify/lava: LAVA's own schema takes each job, and each cell is in one of them.
# Usage: tests/lava.sh [CASE...]; "schema" installs LAVA's schema if it is missing.
# shellcheck disable=SC2317 # cases are called by name
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "$0")")")
real=${OUT:-$root/out}
# shellcheck source-path=SCRIPTDIR source=cases.sh
. "$root/tests/cases.sh"
asked=$*
tree=linux-6.12.y
export OUT=$work/out

jobs()
{
	[ -d "$real/src/$tree" ] || skip "no source, make fetch gets it"
	mkdir -p "$OUT/src"
	ln -s "$real/src/$tree" "$OUT/src"
	cp "$real/src/$tree.version" "$OUT/src"
	"$root/verify/lava" https://git.example.org/kexec.git $tree
}

validate()
{
	/usr/bin/python3 -c 'import sys, yaml
from lava_common.schemas import validate
for path in sys.argv[1:]:
    validate(yaml.safe_load(open(path)))' "$@"
}

has_schema()
{
	/usr/bin/python3 -c 'import yaml, lava_common.schemas' 2>/dev/null
}

schema()
{
	has_schema || [ "$asked" != schema ] || "$root/verify/setup" lava-common python3-yaml
	has_schema || skip "no lava_common here; tests/lava.sh schema installs it"
	jobs
	validate "$OUT"/lava/*.yaml
	sed 's/device_type/devicetype/' "$OUT/lava/$tree.kasan.fixed.yaml" >"$work/bad.yaml"
	expect 1 'devicetype|device_type' validate "$work/bad.yaml"
}

all_cells()
{
	jobs
	"$root/verify/prove" --cells $tree each | sed "s,^,verify/cell $tree ," | sort >"$work/cells"
	grep -oh 'verify/cell .*' "$OUT"/lava/* | sort | diff "$work/cells" -
	[ "$(wc -l <"$work/cells")" -gt 30 ] || fail "few cells"
	[ "$(sort -u "$work/cells" | wc -l)" = "$(wc -l <"$work/cells")" ] || fail "a cell twice"
}

[ $# != 0 ] || set -- schema all_cells
run "$@"
