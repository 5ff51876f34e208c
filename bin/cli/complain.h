/* SPDX-License-Identifier: Apache-2.0
 *
 * complain.h - sentences for a person, on standard error.
 *
 * They begin with "oddball: ", name the cause and the cure, and are made visible (visible.h):
 * file names and log text may hold anything.
 */
#ifndef CLI_COMPLAIN_H
#define CLI_COMPLAIN_H

void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
