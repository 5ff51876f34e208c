/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/metric_answer.h"

#include <stdlib.h>

#include "engine/told.h"
#include "stats/false_discovery.h"

odd_rc metric_answer_add(MetricAnswer *answer, Finding finding)
{
    Finding *grown = mem_grow(&answer->db->mem, answer->list, &answer->capacity, answer->count + 1,
                              sizeof *grown);
    if (grown == NULL)
        return ODD_NOMEM;
    answer->list = grown;
    finding.number = (uint32_t)answer->count;
    grown[answer->count++] = finding;
    return ODD_OK;
}

static int by_surprise(const void *left, const void *right)
{
    const Finding *a = left, *b = right;
    if (a->surprise > b->surprise || a->surprise < b->surprise)
        return a->surprise > b->surprise ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

static odd_rc correct(MetricAnswer *answer)
{
    Mem *mem = &answer->db->mem;
    double *surprises = mem_take(mem, answer->count * sizeof *surprises);
    if (answer->count > 0 && surprises == NULL)
        return ODD_NOMEM;
    for (size_t i = 0; i < answer->count; i++)
        surprises[i] = answer->list[i].surprise;
    false_discovery_adjust(surprises, answer->count, answer->looks);
    for (size_t i = 0; i < answer->count; i++) {
        answer->list[i].surprise = surprises[i];
        answer->list[i].looked_at = (uint64_t)answer->looks;
    }
    mem_free(mem, surprises, answer->count * sizeof *surprises);
    return ODD_OK;
}

odd_rc metric_answer_tell(MetricAnswer *answer, odd_rc rc)
{
    if (rc == ODD_OK && answer->count > 0) {
        qsort(answer->list, answer->count, sizeof *answer->list, by_surprise);
        rc = correct(answer);
    }
    for (size_t i = 0; i < answer->count && rc == ODD_OK; i++)
        rc = told_add(answer->db, answer->list[i]);
    mem_free(&answer->db->mem, answer->list, answer->capacity * sizeof *answer->list);
    return rc;
}
