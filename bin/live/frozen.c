/* SPDX-License-Identifier: Apache-2.0 */
#include "live/frozen.h"

#include <unistd.h>

/* -- small tables ------------------------------------------------------------------------------ */

static bool is_whole(int table)
{
    return table >= ODD_TABLE_GROWING;
}

odd_rc whole_open(odd_fold *fold, int whole[ODD_TABLE_COUNT])
{
    odd_rc rc = ODD_OK;
    for (int table = 0; table < ODD_TABLE_COUNT; table++) {
        const void *bytes;
        size_t size;
        whole[table] = -1;
        if (rc != ODD_OK || !is_whole(table))
            continue;
        rc = odd_fold_table(fold, (odd_table)table, &bytes, &size);
        if (rc == ODD_OK)
            whole[table] = hot_whole("oddball-table", bytes, size);
        if (rc == ODD_OK && whole[table] < 0)
            rc = ODD_NOMEM;
    }
    if (rc != ODD_OK)
        whole_close(whole);
    return rc;
}

void whole_close(const int whole[ODD_TABLE_COUNT])
{
    for (int table = 0; table < ODD_TABLE_COUNT; table++)
        if (is_whole(table) && whole[table] >= 0)
            close(whole[table]);
}

/* -- what is frozen ---------------------------------------------------------------------------- */

odd_rc frozen_take(Frozen *frozen, odd_fold *fold, HotRows *hot)
{
    Frozen taken = {.there = true, .position = odd_fold_position(fold)};
    odd_rc rc = odd_snapshot_take(fold, &taken.snapshot);
    if (rc != ODD_OK)
        return rc;
    rc = whole_open(fold, taken.whole);
    if (rc != ODD_OK) {
        odd_snapshot_close(taken.snapshot);
        return rc;
    }
    taken.rows = *hot;
    *hot = hot_rows_none();
    *frozen = taken;
    return ODD_OK;
}

void frozen_close(Frozen *frozen)
{
    if (!frozen->there)
        return;
    odd_snapshot_close(frozen->snapshot);
    whole_close(frozen->whole);
    hot_rows_clear(&frozen->rows);
    *frozen = (Frozen){.there = false};
}

bool frozen_give_back(Frozen *frozen, HotRows *hot)
{
    bool good = hot_rows_join(&frozen->rows, hot);
    frozen_close(frozen);
    return good;
}
