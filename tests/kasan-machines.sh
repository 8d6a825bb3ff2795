# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # for those who source this
# QEMU's machines for kasan-cost.sh and kasan-kunit.sh, which boot kernels by hand
declare -A machine=(
	[pseries]="-cpu power9 -machine pseries,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off"
	[powernv]="-cpu power9 -machine powernv9 -device ipmi-bmc-sim,id=bmc0 -device isa-ipmi-bt,bmc=bmc0,irq=10"
)
