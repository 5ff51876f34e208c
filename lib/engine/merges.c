/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>

#include "engine/db.h"

void db_follow_merges(odd_db *db)
{
    for (size_t count = pattern_merge_count(db->patterns); db->merges_seen < count;
         db->merges_seen++) {
        PatternMerge merge = pattern_merge(db->patterns, db->merges_seen);
        if (merge.from < db->signals.signal_count && signals_at(&db->signals, merge.into) != NULL)
            signals_merge(&db->signals, merge.from, merge.into);
        if (db->sessions.feed != NULL)
            session_feed_merge(db->sessions.feed, merge.from, merge.into);
    }
}

void odd_settle(odd_db *db)
{
    pattern_settle(db->patterns);
    db_follow_merges(db);
}

const char *odd_signal(const odd_db *db, int64_t reference)
{
    if (reference < 0 || (uint64_t)reference >= pattern_count(db->patterns))
        return "";
    odd_db *writable = (odd_db *)db; /* The text lives in the handle until the next call. */
    snprintf(writable->signal_text, sizeof writable->signal_text, "%016" PRIx64,
             pattern_id(db->patterns, (PatternRef)reference));
    return db->signal_text;
}

Str db_pattern_text(const odd_db *db, PatternRef reference, const char *wildcard, char *buffer,
                    size_t size)
{
    size_t wanted = pattern_text(db->patterns, reference, wildcard, buffer, size);
    return (Str){.text = buffer, .size = wanted < size ? wanted : size};
}
