/* SPDX-License-Identifier: Apache-2.0
 *
 * journal_export.c - entries that are whole give the same records in two parts as at once.
 */
#include "decoding.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void decode_part(odd_events *events, const odd_wire *wire, Str part)
{
    odd_decoded decoded;
    odd_rc rc = odd_decode("journal_export", wire, part.text, part.size, events, &decoded);
    assert(rc == ODD_OK || rc == ODD_SYNTAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    Str body = {.text = (const char *)bytes, .size = size};
    odd_wire wire = {.source = "a/b", .subject = "remote"};
    odd_events *at_once = decoding_checked("journal_export", "remote", body);
    odd_events *in_parts = events_open(NULL, 1);
    assert(in_parts != NULL);
    size_t first = odd_decode_whole("journal_export", body.text, size / 2);
    assert(first <= size / 2);
    decode_part(in_parts, &wire, str_part(body, 0, first));
    decode_part(in_parts, &wire, str_part(body, first, size));
    assert(in_parts->size == at_once->size);
    assert(at_once->size == 0 || memcmp(in_parts->bytes, at_once->bytes, at_once->size) == 0);
    events_close(in_parts);
    events_close(at_once);
    return 0;
}
