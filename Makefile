# SPDX-License-Identifier: GPL-2.0
# Every command a person runs. No logic here: see verify/ and tests/.

# One of the sets that mainline's patches are sent in, see series/sets.conf
SET ?=
# A name in verify/trees.conf, or all; KDIR=path is any kernel tree instead.
TREE ?= $(if $(SET),mainline,linux-6.12.y)
# One fix by name, or each: show that without it the tree fails
FIX ?=
# Not the default one: gcc-N, or clang-N with its linker
export OUT CONFIG COMPILER FIX SET

trees := $(if $(filter all,$(TREE)),$(shell verify/trees | cut -f1),$(TREE))
kdir = $(or $(KDIR),$(error KDIR=path of a kernel tree is missing))

.PHONY: help
help:	## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 10

.PHONY: setup
setup:	## install the Debian packages that are missing
	@verify/setup

.PHONY: fetch
fetch: setup ## get the source of TREE (a name, or all) from the Debian mirror
	@for tree in $(trees); do verify/fetch $$tree || exit; done

.PHONY: status
status:	## KDIR=path: which fixes that kernel tree has, lacks or does not need
	@verify/status '$(kdir)'

.PHONY: apply
apply:	## KDIR=path: put the fixes that it lacks into that kernel tree
	@verify/apply '$(kdir)'

.PHONY: mbox
mbox: $(if $(KDIR),setup,fetch) ## SET=name or TREE=name, KDIR=path to put it on: patches as mails in your name
	@verify/mbox $(TREE) $(if $(KDIR),'$(abspath $(KDIR))')

.PHONY: verify
verify: $(if $(KDIR),setup,fetch) ## TREE=name|all or KDIR=path, FIX=name|each, COMPILER=clang-19: build and boot it without and with the fixes
	@verify/prove $(if $(KDIR),'$(abspath $(KDIR))',$(trees))

.PHONY: report
report:	## OUT/report.html and OUT/junit.xml: all that make verify has found
	@verify/page

.PHONY: table
table:	## what was proven, as series/README.md shows it
	@verify/table

.PHONY: test
test: setup ## what CI runs; tests/README.md has the rest
	@tests/run

.PHONY: matrix
matrix: fetch ## compile each patch of TREE in many configurations, looking for new warnings
	@verify/setup gcc-powerpc-linux-gnu clang-19
	@for tree in $(trees); do verify/matrix $$tree || exit; done

.PHONY: clean
clean:	## remove what was built and its results; sources stay
	rm -rf $(addprefix $(or $(OUT),out)/,bin build kernels work logs results mail report.html junit.xml)

.PHONY: distclean
distclean: clean ## remove all that was fetched or made
	rm -rf $(addprefix $(or $(OUT),out)/,apt src ccache durations guest-tools old-qemu)
	! [ -d $(or $(OUT),out) ] || rmdir --ignore-fail-on-non-empty $(or $(OUT),out)
