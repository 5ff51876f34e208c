/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/finding.h"

#include <math.h>

#include "incident/metric.h"
#include "incident/metric_change.h"

const char *finding_kind_word(FindingKind kind)
{
    static const char *const words[FINDING_KIND_COUNT] = {
#define X(name, word) [FINDING_##name] = (word),
        FINDING_KIND_MAP(X)
#undef X
    };
    return words[kind];
}

double finding_effect(const Finding *finding)
{
    if (finding->is_metric)
        return finding->is_compared ? finding->effect : metric_effect(finding);
    return finding->expected > 0 ? finding->seen / finding->expected : NAN;
}

double finding_weight(const Finding *finding)
{
    return finding->is_compared ? change_weight(finding) : finding->surprise;
}
