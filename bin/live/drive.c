/* SPDX-License-Identifier: Apache-2.0 */
#include "live/drive.h"

#define STEP_BYTES_MAX (4u << 20) /* So much is fed before the shards step, tick or not. */

static void step_one(void *context, int shard)
{
    Drive *drive = context;
    odd_fold_step(drive->fold, shard); /* A failure is told by the merge. */
}

static odd_rc step_all(Drive *drive)
{
    crew_run(drive->crew, ODD_SHARD_COUNT, step_one, drive);
    drive->fed_bytes = 0;
    if (drive->features_lock != NULL)
        pthread_mutex_lock(drive->features_lock);
    odd_rc rc = odd_fold_apply(drive->fold);
    if (drive->features_lock != NULL)
        pthread_mutex_unlock(drive->features_lock);
    return rc;
}

odd_rc drive_settle(Drive *drive, bool *ret_stepped)
{
    *ret_stepped = drive->fed_bytes > 0;
    return *ret_stepped ? step_all(drive) : ODD_OK;
}

odd_rc drive_feed(Drive *drive, const odd_events *events, uint64_t position, bool *ret_stepped)
{
    *ret_stepped = false;
    odd_rc rc = odd_fold_feed(drive->fold, events, position);
    if (rc != ODD_OK && rc != ODD_ROW)
        return rc;
    drive->fed_bytes += odd_events_count(events).encoded_bytes;
    if (rc == ODD_OK && drive->fed_bytes <= STEP_BYTES_MAX)
        return ODD_OK;
    *ret_stepped = true;
    odd_rc applied = step_all(drive);
    if (applied != ODD_OK || rc == ODD_OK)
        return applied;
    rc = odd_fold_merge(drive->fold);
    return rc == ODD_OK ? ODD_ROW : rc;
}
