/* SPDX-License-Identifier: Apache-2.0
 *
 * framing.h - whole messages of syslog out of the bytes of a TCP connection.
 *
 * ALGORITHM  RFC 6587, message by message: octet counting ("17 <34>...") where a number from 1, a
 *            blank and '<' stand at its beginning, else up to the next LF or NUL.  Line ends
 *            between messages are skipped.
 * SHAPE      A state machine, fed bytes split anywhere.  A message that came whole is not copied.
 * OWNERSHIP  A message is valid until the next call, and as long as the bytes that were given.
 * ERRORS     None.  A number above FRAMING_COUNT_MAX is a lie, and part of a line.  Of longer
 *            messages FRAMING_BYTES_MAX bytes are kept, or fewer where memory is short: `cut`.
 */
#ifndef EVENT_FRAMING_H
#define EVENT_FRAMING_H
#include <oddball.h>
#include <stdbool.h>

#include "base/mem.h"
#include "base/str.h"

#define FRAMING_BYTES_MAX 65536
#define FRAMING_COUNT_MAX (1u << 20) /* What a sender may announce, and we skip the rest of. */

typedef enum {
    FRAMING_START = 0, /* Between messages.                                  */
    FRAMING_COUNT,     /* In digits, which may be a count.                   */
    FRAMING_BLANK,     /* Behind digits and a blank.                         */
    FRAMING_OCTETS,    /* In a message of which `left` bytes are still away. */
    FRAMING_LINE,
} FramingState;

struct odd_framing {
    Mem mem;
    FramingState state;
    bool is_given;    /* What is held was handed out.               */
    bool is_cut;      /* Of the message that is held.               */
    bool was_counted; /* The message before came with its length.   */
    size_t left;
    char *held; /* What came of the message in earlier calls. */
    size_t size, capacity;
    odd_framing_counts counts;
};

odd_framing *framing_open(void); /* NULL: no memory. */
void framing_close(odd_framing *framing);

/* The next message.  *bytes goes on behind what was used: all of it when the answer is false. */
bool framing_next(odd_framing *framing, Str *bytes, Str *ret_message);

/* The stream ended, or has been silent for long: what is held, if anything, is a message. */
bool framing_end(odd_framing *framing, Str *ret_message);

#endif
