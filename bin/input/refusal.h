/* SPDX-License-Identifier: Apache-2.0
 *
 * refusal.h - what the system refused, in a sentence with cause and cure.
 *
 * SHAPE      "cannot read /var/log/secure: permission denied; run as a member of group adm (sudo
 *            usermod -aG adm $USER, then log in again) or with sudo"
 */
#ifndef INPUT_REFUSAL_H
#define INPUT_REFUSAL_H
#include <stddef.h>

#define REFUSAL_SIZE 512

/* "permission denied; run ..." for an errno met when opening or reading `path`.  buffer holds
 * REFUSAL_SIZE bytes.  Returns buffer. */
char *refusal_text(const char *path, int error, char *buffer);

#endif
