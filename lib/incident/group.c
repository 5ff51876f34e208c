/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/group.h"

#include <stdlib.h>

static int compare_u64(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* What can be told together: lines side by side, rates that change together, sessions that are odd
 * in the same way. */
typedef enum { SORT_LINE, SORT_UP, SORT_DOWN, SORT_SESSION, SORT_METRIC, SORT_ALONE } Sort;

static Sort sort_of(const Finding *f)
{
    if (f->is_compared)
        return SORT_ALONE;
    switch (f->kind) {
    case FINDING_NEW:
    case FINDING_RARE:
    case FINDING_VALUE:
    case FINDING_SEVERITY:
        return SORT_LINE;
    case FINDING_BURST:
    case FINDING_MORE:
        return SORT_UP;
    case FINDING_LESS:
    case FINDING_SILENT:
        return SORT_DOWN;
    case FINDING_SESSION:
        return SORT_SESSION;
    case FINDING_HIGH:
    case FINDING_LOW:
    case FINDING_LEVEL:
    case FINDING_SPREAD:
    case FINDING_SEASON:
    case FINDING_SHAPE:
    case FINDING_GAP:
        return f->moment > 0 ? SORT_METRIC : SORT_ALONE;
    case FINDING_GONE:
    case FINDING_TOGETHER:
    case FINDING_DRIFT:
    case FINDING_ERRORS:
    case FINDING_QUALITY:
    case FINDING_DELAY:
    case FINDING_ALERT:
    case FINDING_KIND_COUNT:
        break;
    }
    return SORT_ALONE;
}

static int by_company(const void *left, const void *right)
{
    const Finding *a = left, *b = right;
    Sort sort = sort_of(a);
    int order = compare_u64(sort, sort_of(b));
    if (order == 0 && sort == SORT_SESSION)
        order = compare_u64(a->signal, b->signal);
    if (order == 0 && sort == SORT_SESSION)
        order = compare_u64((uint64_t)a->trait, (uint64_t)b->trait);
    if (order == 0)
        order = compare_u64(a->first.source, b->first.source);
    if (order == 0 && sort == SORT_METRIC)
        order = compare_u64(a->moment, b->moment);
    if (order == 0)
        order = compare_u64(a->first.row, b->first.row);
    return order != 0 ? order : compare_u64(a->number, b->number);
}

static int by_oddness(const void *left, const void *right)
{
    const Finding *a = left, *b = right;
    if (a->is_told != b->is_told)
        return a->is_told ? -1 : 1;
    double weight = finding_weight(a), other = finding_weight(b);
    if (weight > other || weight < other)
        return weight > other ? -1 : 1;
    if (a->surprise > b->surprise || a->surprise < b->surprise)
        return a->surprise > b->surprise ? -1 : 1;
    int order = compare_u64(a->first.sequence, b->first.sequence);
    return order != 0 ? order : compare_u64(a->number, b->number);
}

static bool joins(const Finding *f, const Finding *group_first, const Finding *before)
{
    Sort sort = sort_of(f);
    if (sort != sort_of(before))
        return false;
    switch (sort) {
    case SORT_LINE:
        return f->first.source == before->first.source &&
               f->first.row - before->first.row <= GROUP_GAP_MAX &&
               f->first.row - group_first->first.row < GROUP_LINES_MAX;
    case SORT_UP:
    case SORT_DOWN:
        return f->first.source == before->first.source && f->first.row == before->first.row;
    case SORT_SESSION:
        return f->signal == before->signal && f->trait == before->trait;
    case SORT_METRIC:
        return f->first.source == before->first.source &&
               f->moment - before->moment <= GROUP_GAP_MAX;
    case SORT_ALONE:
        break;
    }
    return false;
}

/* [from, to) is one group: its oddest is told and answers for the others. */
static void group_close(Finding *findings, size_t from, size_t to, uint32_t number)
{
    size_t oddest = from;
    for (size_t i = from; i < to; i++) {
        findings[i].group = number;
        findings[i].is_told = false;
        findings[i].neighbours = 0;
        if (findings[i].surprise > findings[oddest].surprise)
            oddest = i;
    }
    findings[oddest].is_told = true;
    findings[oddest].neighbours = (uint32_t)(to - from - 1);
}

size_t findings_group(Finding *findings, size_t count)
{
    if (count == 0)
        return 0;
    qsort(findings, count, sizeof *findings, by_company);
    uint32_t groups = 0;
    size_t from = 0;
    for (size_t i = 1; i <= count; i++) {
        if (i < count && joins(&findings[i], &findings[from], &findings[i - 1]))
            continue;
        group_close(findings, from, i, groups++);
        from = i;
    }
    qsort(findings, count, sizeof *findings, by_oddness);
    return groups;
}
