/* SPDX-License-Identifier: Apache-2.0
 *
 * target.h - what a metric series is of: the labels that name a machine, a pod or a service.
 *
 * EXACTNESS  The order of the labels is that of the series, so one target has one text.
 */
#ifndef EVENT_TARGET_H
#define EVENT_TARGET_H
#include "base/str.h"

#define TARGET_TEXT_SIZE 256

bool target_is_label(Str name); /* It names what a series is of. */

/* "instance 10.0.0.7:9100, job node", or "" where no label says it; cut where it is too long.
 * Gives the size of the text. */
size_t target_text(Str series, char buffer[TARGET_TEXT_SIZE]);

#endif
