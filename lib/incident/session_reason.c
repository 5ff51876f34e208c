/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/session_reason.h"

#include "incident/writer.h"

#define QUOTE_BYTES_MAX 80

static void write_share(Writer *w, const SessionTrait *trait)
{
    writer_add(w, " (%u of %u sessions)", trait->sessions, trait->of);
}

size_t session_reason_write(const SessionTrait *trait, char *buffer, size_t size)
{
    Writer w = writer_make(buffer, size);
    switch (trait->kind) {
    case SESSION_TRAIT_RARE:
        writer_add(&w, "has ");
        writer_quote(&w, trait->pattern, QUOTE_BYTES_MAX);
        break;
    case SESSION_TRAIT_MISSING:
        writer_add(&w, "ends without ");
        writer_quote(&w, trait->pattern, QUOTE_BYTES_MAX);
        break;
    case SESSION_TRAIT_COUNT:
        writer_add(&w, "has ");
        writer_quote(&w, trait->pattern, QUOTE_BYTES_MAX);
        writer_add(&w, " %u time%s, usually %u", trait->count, trait->count == 1 ? "" : "s",
                   trait->usual);
        break;
    }
    write_share(&w, trait);
    return w.used;
}
