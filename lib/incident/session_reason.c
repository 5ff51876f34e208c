/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/session_reason.h"

#include "incident/writer.h"

#define QUOTE_BYTES_MAX 80
#define ORDER_BYTES_MAX 60 /* Of two quotations. */

static void write_share(Writer *w, const SessionTrait *trait)
{
    char sessions[NUMBER_SIZE], of[NUMBER_SIZE];
    writer_add(w, " (%s of %s sessions)", number_text(trait->sessions, sessions),
               number_text(trait->of, of));
}

size_t session_reason_write(const SessionTrait *trait, char *buffer, size_t size)
{
    char count[NUMBER_SIZE], usual[NUMBER_SIZE];
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
        writer_add(&w, " %s time%s, usually %s", number_text(trait->count, count),
                   trait->count == 1 ? "" : "s", number_text(trait->usual, usual));
        break;
    case SESSION_TRAIT_ORDER:
        writer_add(&w, trait->at_end ? "ends " : "begins ");
        writer_quote(&w, trait->pattern, ORDER_BYTES_MAX);
        writer_add(&w, " before ");
        writer_quote(&w, trait->other, ORDER_BYTES_MAX);
        writer_add(&w, ", usually after it");
        break;
    }
    write_share(&w, trait);
    return w.used;
}
