/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/changes.h"

#include "incident/writer.h"

odd_rc changes_take(Changes *changes, const Change *change)
{
    for (size_t i = changes->count; i-- > 0;)
        if (strcmp(changes->changes[i].id, change->id) == 0)
            return ODD_OK;
    if (changes->count == CHANGES_MAX)
        memmove(&changes->changes[0], &changes->changes[1],
                --changes->count * sizeof *changes->changes);
    Change *grown = mem_grow(changes->mem, changes->changes, &changes->capacity, changes->count + 1,
                             sizeof *grown);
    if (grown == NULL)
        return ODD_NOMEM;
    changes->changes = grown;
    grown[changes->count++] = *change;
    return ODD_OK;
}

void changes_close(Changes *changes)
{
    mem_free(changes->mem, changes->changes, changes->capacity * sizeof *changes->changes);
}

void changes_save(const Changes *changes, ImageOut *out)
{
    image_put_array(out, changes->changes, changes->count, changes->capacity,
                    sizeof *changes->changes);
}

void changes_load(Changes *changes, ImageIn *in)
{
    changes->changes = image_get_array(in, changes->mem, &changes->count, &changes->capacity,
                                       sizeof *changes->changes);
}

/* Of one that was seen, where; whoever sends changes is nobody that they are about. */
Who change_who(const Change *change)
{
    Who who = who_of(str_of(change->service), STR(""));
    Who host = who_of(str_of(change->host), STR(""));
    Who source = change->is_seen ? who_of(str_of(change->source), STR("")) : (Who){.count = 0};
    who_add(&who, &host);
    who_add(&who, &source);
    return who;
}

size_t change_words(const Change *change, char buffer[CHANGE_WORDS_SIZE])
{
    Writer w = writer_make(buffer, CHANGE_WORDS_SIZE);
    const char *whose = change->service[0] != '\0' ? change->service
                        : change->host[0] != '\0'  ? change->host
                        : change->is_seen          ? change->source
                                                   : "";
    writer_add(&w, "%s", change->what);
    if (whose[0] != '\0')
        writer_add(&w, " of %s", whose);
    if (change->version[0] != '\0')
        writer_add(&w, " %s", change->version);
    if (change->title[0] != '\0') {
        writer_add(&w, " ");
        writer_quote(&w, str_of(change->title), 120);
    }
    return w.used;
}
