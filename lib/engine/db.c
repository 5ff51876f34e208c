/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/db.h"

#include "base/time.h"
#include "engine/told.h"

#define JUMP_NS_MAX (30 * S_PER_DAY * NS_PER_S)

const char *odd_version(void)
{
    return ODDBALL_VERSION;
}

const char *odd_strerror(odd_rc rc)
{
    switch (rc) {
#define X(code, name, message) \
    case ODD_##name:           \
        return message;
        ODD_RC_MAP(X)
#undef X
    }
    return "unknown code";
}

const char *odd_errmsg(const odd_db *db)
{
    return db->problem.text[0] != '\0' ? db->problem.text : "no error";
}

/* A pattern takes about 120 bytes itself and twice as much for what is remembered of it, and that
 * must not run out before the patterns become coarse: an eighth is theirs, a quarter the sessions',
 * the rest the signals'. */
static odd_rc db_make(odd_db *db)
{
    uint64_t bytes = db->options.memory_bytes_max;
    db->signals_mem.bytes_max = bytes / 8 * 5;
    db->sessions_mem.bytes_max = bytes / 4;
    db->sources_by_name.seed = db->sources_by_family.seed = db->options.seed;
    db->sources_by_family.by_family = true;
    signals_open(&db->signals, &db->signals_mem);
    db->shapes.mem = &db->signals_mem;
    db->book = (SeriesBook){.mem = &db->signals_mem,
                            .keys = {.mem = &db->signals_mem},
                            .draws = db->options.lines != 0,
                            .kept_mem = {.bytes_max = bytes / 4}};
    db->signals.rulers[RULER_TIME] = timeline_make(NS_PER_S, JUMP_NS_MAX);
    db->signals.rulers[RULER_ORDER] = timeline_make(1, INT64_MAX);
    if (sessions_open(&db->sessions, &db->sessions_mem, &db->options) != ODD_OK)
        return ODD_NOMEM;
    db->patterns = pattern_table_open(&db->mem, db->options.seed, bytes / 8);
    return db->patterns != NULL ? ODD_OK : ODD_NOMEM;
}

odd_rc odd_open(const odd_options *options, odd_db **ret_db)
{
    if (options != NULL && options->memory_bytes_max != 0 &&
        options->memory_bytes_max < MEMORY_BYTES_MIN)
        return ODD_RANGE;
    Mem mem = {0};
    odd_db *db = mem_take(&mem, sizeof *db);
    if (db == NULL)
        return ODD_NOMEM;
    db->mem = mem;
    if (options != NULL)
        db->options = *options;
    if (db->options.memory_bytes_max == 0)
        db->options.memory_bytes_max = MEMORY_BYTES_DEFAULT;
    if (db->options.findings_per_day <= 0)
        db->options.findings_per_day = FINDINGS_PER_DAY_DEFAULT;
    odd_rc rc = db_make(db);
    if (rc != ODD_OK) {
        odd_close(db);
        return rc;
    }
    *ret_db = db;
    return ODD_OK;
}

void odd_close(odd_db *db)
{
    if (db == NULL)
        return;
    for (size_t i = 0; i < db->source_count; i++) {
        mem_free(&db->mem, db->sources[i].name, db->sources[i].name_size + 1);
        mem_free(&db->mem, db->sources[i].torn, db->sources[i].torn_capacity);
    }
    mem_free(&db->mem, db->sources, db->source_capacity * sizeof *db->sources);
    mem_free(&db->mem, db->families, db->family_capacity * sizeof *db->families);
    source_index_close(&db->sources_by_name, &db->mem);
    source_index_close(&db->sources_by_family, &db->mem);
    if (db->patterns != NULL)
        pattern_table_close(db->patterns);
    sessions_close(&db->sessions);
    signals_close(&db->signals);
    shapes_close(&db->shapes);
    mem_free(&db->mem, db->book.scores, db->book.score_capacity * sizeof *db->book.scores);
    series_book_close(&db->book);
    told_clear(db);
    mem_free(&db->mem, db->scores, db->score_capacity * sizeof *db->scores);
    Mem mem = db->mem;
    mem_free(&mem, db, sizeof *db);
}
