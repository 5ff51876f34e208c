/* SPDX-License-Identifier: Apache-2.0
 *
 * shares.h - what of the settings the fold is opened with: the same for a server and for a replay
 * of what it took.
 */
#ifndef SERVE_SHARES_H
#define SERVE_SHARES_H
#include <oddball.h>

#include "settings/settings.h"

/* Shares of the memory that is allowed: half for what is learnt, the rest for what is coming. */
#define FOLD_SHARE 2
#define QUEUE_SHARE 8
#define HOT_SHARE 8
#define KEPT_SHARE 16

#define DAY_S 86400.0

static inline odd_options fold_options(const Settings *settings)
{
    return (odd_options){.seed = settings->seed,
                         .memory_bytes_max = settings->memory_bytes / FOLD_SHARE,
                         .findings_per_day = settings->findings_per_day,
                         .series_max = settings->series_max,
                         .model_reference_rows = settings->reference_rows,
                         .model_reference_s = (int64_t)(settings->reference_days * DAY_S),
                         .outcome_wait_s = (int64_t)(settings->outcome_wait_days * DAY_S)};
}

#endif
