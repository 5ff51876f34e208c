/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/group.h"

#include <stdlib.h>

static int compare_u64(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int by_position(const void *left, const void *right)
{
    const Finding *a = left, *b = right;
    int order = compare_u64(a->first.source, b->first.source);
    if (order == 0)
        order = compare_u64(a->first.row, b->first.row);
    return order != 0 ? order : compare_u64(a->number, b->number);
}

static int by_oddness(const void *left, const void *right)
{
    const Finding *a = left, *b = right;
    if (a->is_told != b->is_told)
        return a->is_told ? -1 : 1;
    if (a->surprise > b->surprise || a->surprise < b->surprise)
        return a->surprise > b->surprise ? -1 : 1;
    int order = compare_u64(a->first.sequence, b->first.sequence);
    return order != 0 ? order : compare_u64(a->number, b->number);
}

static bool stands_alone(const Finding *f)
{
    switch (f->kind) {
    case FINDING_NEW:
    case FINDING_RARE:
    case FINDING_VALUE:
    case FINDING_SEVERITY:
        return false;
    case FINDING_GONE:
    case FINDING_BURST:
    case FINDING_MORE:
    case FINDING_LESS:
    case FINDING_SILENT:
    case FINDING_SESSION:
    case FINDING_KIND_COUNT:
        break;
    }
    return true;
}

static bool joins(const Finding *f, const Finding *group_first, const Finding *before)
{
    return !stands_alone(f) && !stands_alone(before) && f->first.source == before->first.source &&
           f->first.row - before->first.row <= GROUP_GAP_MAX &&
           f->first.row - group_first->first.row < GROUP_LINES_MAX;
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
    qsort(findings, count, sizeof *findings, by_position);
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
