/* SPDX-License-Identifier: Apache-2.0
 *
 * shard_baselines.c - what a person called the new normal of a model: another reference of it.
 *
 * It is a whole Served more, learnt from the rows behind the verdict on and judged like the first
 * one, which goes on as if nothing had been said.  So an undo closes it, and that is all. */
#include <assert.h>

#include "base/glob.h"
#include "engine/served.h"
#include "engine/shard.h"

#define BESIDE_OF_ONE 4 /* Of a model and version; the oldest goes, which a newer one holds back. */

/* What its findings are about looks like "age of credit 3". */
static bool is_of(const Verdict *verdict, const Served *served)
{
    char room[SERVED_NAME_BYTES];
    bool is_of_models = verdict->source[0] != '\0' && verdict->signal[0] == '\0' &&
                        verdict->host[0] == '\0' && verdict->find[0] == '\0';
    return is_of_models && glob_means(str_of(verdict->source), served_model(served)) &&
           (verdict->pattern[0] == '\0' ||
            glob_means(str_of(verdict->pattern), served_name(served, STR("x"), " of ", room)));
}

static bool is_same(const Served *a, const Served *b)
{
    return str_equal(served_model(a), served_model(b)) &&
           str_equal(served_version(a), served_version(b));
}

Served *served_beside(const Shard *shard, const Served *served, size_t *at)
{
    while (*at < shard->beside_count) {
        assert(shard->beside != NULL);
        Served *beside = &shard->beside[(*at)++];
        if (is_same(beside, served))
            return beside;
    }
    return NULL;
}

static Served *find_beside(const Shard *shard, const Served *served, uint64_t baseline)
{
    Served *beside;
    for (size_t at = 0; (beside = served_beside(shard, served, &at)) != NULL;)
        if (beside->plain.baseline == baseline)
            return beside;
    return NULL;
}

const Served *served_in_force(const Shard *shard, const Served *served, const Verdict **ret_verdict)
{
    *ret_verdict = NULL;
    for (size_t i = shard->beside_count > 0 ? shard->overlay->count : 0; i-- > 0;) {
        const Verdict *verdict = &shard->overlay->entries[i].verdict;
        const Served *beside = verdict->kind == VERDICT_NEW_NORMAL
                                   ? find_beside(shard, served, overlay_baseline(verdict))
                                   : NULL;
        if (beside != NULL) {
            *ret_verdict = verdict;
            return beside;
        }
    }
    return served;
}

/* -- they come and go ----------------------------------------------------------------------- */

static void close_beside(Shard *shard, Served *beside)
{
    size_t behind = (size_t)(&shard->beside[--shard->beside_count] - beside);
    served_close(beside, &shard->served_mem);
    memmove(beside, beside + 1, behind * sizeof *beside);
    shard->models_changed = true;
    if (shard->beside_count > 0)
        return;
    mem_free(&shard->served_mem, shard->beside, shard->beside_capacity * sizeof *shard->beside);
    shard->beside = NULL;
    shard->beside_capacity = 0;
}

void shard_models_forget(Shard *shard, const Served *served)
{
    Served *beside;
    for (size_t at = 0; (beside = served_beside(shard, served, &at)) != NULL; at = 0)
        close_beside(shard, beside);
}

static void make_room(Shard *shard, const Served *served)
{
    size_t count = 0, at = 0;
    while (served_beside(shard, served, &at) != NULL)
        count++;
    at = 0;
    if (count >= BESIDE_OF_ONE)
        close_beside(shard, served_beside(shard, served, &at));
}

static odd_rc open_beside(Shard *shard, const Served *served, uint64_t baseline)
{
    make_room(shard, served);
    Served *grown = mem_grow(&shard->served_mem, shard->beside, &shard->beside_capacity,
                             shard->beside_count + 1, sizeof *grown);
    if (grown == NULL)
        return ODD_NOMEM;
    shard->beside = grown;
    Served *made = &grown[shard->beside_count];
    odd_rc rc = served_open(made, &shard->served_mem, served_model(served), served_version(served));
    if (rc != ODD_OK)
        return rc;
    shard->beside_count++;
    made->plain.baseline = baseline;
    made->plain.hash = hash_add(served->plain.hash, baseline);
    made->plain.labelled_wanted = served->plain.labelled_wanted;
    made->plain.reference_ns = served->plain.reference_ns;
    shard->models_changed = true;
    return ODD_OK;
}

static void close_undone(Shard *shard)
{
    for (size_t i = shard->beside_count; shard->beside != NULL && i-- > 0;)
        if (!overlay_has_baseline(shard->overlay, shard->beside[i].plain.baseline))
            close_beside(shard, &shard->beside[i]);
}

odd_rc shard_models_hear(Shard *shard, const Verdict *verdicts, size_t count)
{
    odd_rc rc = ODD_OK;
    close_undone(shard);
    for (size_t i = 0; i < count; i++) {
        uint64_t baseline = overlay_baseline(&verdicts[i]);
        bool counts = verdicts[i].kind == VERDICT_NEW_NORMAL &&
                      overlay_has_baseline(shard->overlay, baseline);
        for (size_t k = 0; rc == ODD_OK && counts && k < shard->served_count; k++)
            if (shard->served[k].plain.predictions > 0 && is_of(&verdicts[i], &shard->served[k]) &&
                find_beside(shard, &shard->served[k], baseline) == NULL)
                rc = open_beside(shard, &shard->served[k], baseline);
    }
    return rc;
}
