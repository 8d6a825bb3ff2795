// SPDX-License-Identifier: GPL-2.0
/* Data for the next kernel's initramfs, and the step there that verifies it */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "init.h"

#define PAYLOAD_BLOCK (64 * 1024)

/* xorshift: cheap, and no two blocks are alike, so a misplaced one is seen */
static void payload_fill(__u64 *block, size_t words, __u64 *state)
{
	size_t i;

	for (i = 0; i < words; i++) {
		*state ^= *state << 13;
		*state ^= *state >> 7;
		*state ^= *state << 17;
		block[i] = *state;
	}
}

static __u64 payload_seed(void)
{
	return strtoull(nonce, NULL, 16) | 1;
}

void add_payload(struct cpio *cpio, unsigned long mib)
{
	static __u64 block[PAYLOAD_BLOCK / 8];
	__u64 state = payload_seed();
	size_t left = mib << 20;

	cpio_begin_file(cpio, "payload", 0400, left);
	for (; left; left -= sizeof(block)) {
		payload_fill(block, PAYLOAD_BLOCK / 8, &state);
		cpio_write(cpio, block, sizeof(block));
	}
}

static void step_verify(const char *argument, const char *rest)
{
	static __u64 want[PAYLOAD_BLOCK / 8], have[PAYLOAD_BLOCK / 8];
	size_t size = strtoul(argument, NULL, 10) << 20, at;
	__u64 state = payload_seed();
	int fd = open("/payload", O_RDONLY);

	if (fd < 0)
		fail_errno("open /payload");
	for (at = 0; at < size; at += sizeof(have)) {
		ssize_t length = read(fd, have, sizeof(have));
		size_t i = 0;

		if (length < 0)
			fail_errno("read /payload");
		payload_fill(want, PAYLOAD_BLOCK / 8, &state);
		while (i < (size_t)length / 8 && have[i] == want[i])
			i++;
		if (i < PAYLOAD_BLOCK / 8) {
			fact("payload damaged at byte %zu of %zu: %016llx, not %016llx",
			     at + i * 8, size, have[i], want[i]);
			power_off();
		}
	}
	close(fd);
	unlink("/payload");
	fact("payload whole %s MiB", argument);
}

STEP("verify", step_verify);
