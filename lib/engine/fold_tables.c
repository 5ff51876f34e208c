/* SPDX-License-Identifier: Apache-2.0
 *
 * fold_tables.c - what the fold knows as tables for the lake: new rows, and whole small tables. */
#include "engine/fold_sources.h"
#include "event/level.h"
#include "event/utf8.h"

#define TEXT_SIZE 4096
#define ROWS_BYTES_KEPT (256u << 10) /* Of a shard, between two times that its rows are taken. */

static bool rows_append(odd_fold *fold, odd_table table, Str bytes)
{
    if (bytes.size == 0)
        return true;
    char *grown = mem_grow(&fold->mem, fold->rows[table], &fold->row_capacity[table],
                           fold->row_bytes[table] + bytes.size, 1);
    if (grown == NULL)
        return false;
    fold->rows[table] = grown;
    memcpy(grown + fold->row_bytes[table], bytes.text, bytes.size);
    fold->row_bytes[table] += bytes.size;
    return true;
}

/* A shard's new rows move to the fold's. */
static bool rows_take(odd_fold *fold, odd_table table, Table *rows)
{
    Str bytes;
    if (table_finish(rows, &bytes) != ODD_OK || !rows_append(fold, table, bytes))
        return false;
    if (rows->capacity > ROWS_BYTES_KEPT) { /* A flood is over some day. */
        Table fresh;
        table_open(&fresh, rows->mem, rows->columns, rows->column_count);
        table_close(rows);
        *rows = fresh;
    }
    table_clear(rows);
    return true;
}

static Table *rows_of(Shard *shard, odd_table table)
{
    switch (table) {
    case ODD_TABLE_LOGS:
        return &shard->logs;
    case ODD_TABLE_RATES:
        return &shard->rates;
    case ODD_TABLE_PREDICTIONS:
        return &shard->predictions;
    case ODD_TABLE_OUTCOMES:
        return &shard->outcomes;
    default:
        return &shard->samples;
    }
}

static odd_rc take_new_rows(odd_fold *fold, odd_table table)
{
    if (table == ODD_TABLE_COMMITS)
        return rows_take(fold, table, &fold->commits) ? ODD_OK : ODD_NOMEM;
    for (int i = 0; i < ODD_SHARD_COUNT; i++) {
        if (!rows_take(fold, table, rows_of(&fold->shards[i], table)))
            return ODD_NOMEM;
    }
    return ODD_OK;
}

static void add_templates(const odd_fold *fold, Table *rows)
{
    for (int i = 0; i < ODD_SHARD_COUNT; i++) {
        Shard *shard = (Shard *)&fold->shards[i]; /* Ids of patterns are cached there. */
        for (size_t k = 0; k < shard->templates.count; k++) {
            const Template *template = &shard->templates.templates[k];
            table_hash(rows, template->hash);
            table_hash(rows, shard_pattern_id(shard, template->signal));
            table_texts_begin(rows, template->gap_count);
            size_t at = 0;
            for (uint32_t gap = 0; gap < template->gap_count; gap++)
                table_texts_add(rows, template_book_gap(&shard->templates, template, &at));
            table_texts_end(rows);
        }
    }
}

/* Names and texts for people: what is no UTF-8 is shown escaped. */
static void add_text(Table *rows, Str text)
{
    char room[UTF8_SHOWN_BYTES * TEXT_SIZE];
    if (text.size > TEXT_SIZE && !utf8_is_valid(text))
        text.size = TEXT_SIZE;
    table_text(rows, utf8_shown(text, room));
}

static void add_level(Table *rows, int level)
{
    if (level == LEVEL_NONE)
        table_missing(rows);
    else
        table_text(rows, str_of(level_name((Level)level)));
}

static void add_patterns(const odd_fold *fold, Table *rows)
{
    char text[TEXT_SIZE];
    for (int i = 0; i < ODD_SHARD_COUNT; i++) {
        Shard *shard = (Shard *)&fold->shards[i];
        const Signals *signals = &shard->db->signals;
        for (uint32_t k = 0; k < signals->signal_count; k++) {
            const Signal *signal = &signals->signals[k];
            uint64_t lines = signal->rows[SIDE_JUDGED];
            if (lines == 0)
                continue;
            table_hash(rows, shard_pattern_id(shard, k));
            add_text(rows, names_text(&shard->sources, signal->last.source));
            add_text(rows, db_pattern_text(shard->db, k, NULL, text, sizeof text));
            table_int(rows, (int64_t)lines);
            table_time(rows, signal_first_time(signal));
            table_time(rows, signal_last_time(signal));
            add_level(rows, signal_level(signal));
        }
    }
}

static void add_findings(const BoardFinding *findings, size_t count, Table *rows)
{
    char sentence[BOARD_SENTENCE_SIZE];
    for (size_t i = 0; i < count; i++) {
        const BoardFinding *finding = &findings[i];
        const Candidate *first = &finding->first;
        table_text(rows, str_of(finding->id));
        table_time(rows, first->time);
        table_time(rows, finding->last_time);
        table_real(rows, finding->surprise);
        table_text(rows, str_of(finding_kind_word((FindingKind)first->kind)));
        add_text(rows, str_of(first->source));
        table_hash(rows, first->pattern);
        add_text(rows, board_sentence(finding, sentence));
        table_text(rows, str_of(board_finding_state(finding)));
        add_text(rows, str_of(first->how_rare));
        add_text(rows, (Str){.text = first->sample, .size = first->sample_size});
        table_real(rows, first->seen);
        table_real(rows, first->expected);
        table_text(rows, str_of(board_incident_of(finding)));
    }
}

static void add_incidents_of(const Board *board, const Incidents *incidents, Table *rows)
{
    for (size_t i = 0; i < incidents->count; i++) {
        BoardIncident incident = board_incident_shown(board, &incidents->incidents[i]);
        table_text(rows, str_of(incident.id));
        table_time(rows, incident.time);
        table_time(rows, incident.last_time);
        table_real(rows, incident.view.surprise);
        add_text(rows, str_of(incident.view.sentence));
        table_text(rows, str_of(board_incident_state(&incident)));
        table_int(rows, (int64_t)incident.findings);
    }
}

static void add_incidents(const odd_fold *fold, Table *rows)
{
    add_incidents_of(&fold->board, &fold->board.incidents, rows);
    add_incidents_of(&fold->board, &fold->board.parted, rows);
}

static odd_rc add_sources(const odd_fold *fold, Table *rows)
{
    FoldSources list;
    if (!fold_sources_open(fold, &list))
        return ODD_NOMEM;
    for (size_t i = 0; i < list.count; i++) {
        const FoldSource *source = &list.sources[i];
        add_text(rows, source->name);
        table_text(rows, str_of(source->kind));
        table_int(rows, (int64_t)source->rows);
        table_int(rows, (int64_t)source->records);
        table_int(rows, (int64_t)source->samples);
        table_int(rows, (int64_t)source->bytes);
        table_time(rows, source->first_time);
        table_time(rows, source->last_time);
        table_time(rows, source->known);
        table_int(rows, (int64_t)source->late);
        table_int(rows, (int64_t)source->cut);
    }
    fold_sources_close(&list);
    return ODD_OK;
}

static odd_rc add_whole(const odd_fold *fold, odd_table table, Table *rows)
{
    switch (table) {
    case ODD_TABLE_TEMPLATES:
        add_templates(fold, rows);
        return ODD_OK;
    case ODD_TABLE_PATTERNS:
        add_patterns(fold, rows);
        return ODD_OK;
    case ODD_TABLE_FINDINGS:
        add_findings(fold->board.findings, fold->board.finding_count, rows);
        add_findings(fold->board.raised, fold->board.raised_count, rows);
        add_findings(fold->board.freed, fold->board.freed_count, rows);
        return ODD_OK;
    case ODD_TABLE_INCIDENTS:
        add_incidents(fold, rows);
        return ODD_OK;
    case ODD_TABLE_SOURCES:
        return add_sources(fold, rows);
    case ODD_TABLE_LOGS:
    case ODD_TABLE_SAMPLES:
    case ODD_TABLE_COMMITS:
    case ODD_TABLE_RATES:
    case ODD_TABLE_PREDICTIONS:
    case ODD_TABLE_OUTCOMES:
    case ODD_TABLE_COUNT:
        break;
    }
    return ODD_NOTFOUND;
}

static odd_rc take_whole(odd_fold *fold, odd_table table)
{
    Table rows;
    Mem mem = {0};
    table_open(&rows, &mem, table_shapes[table].columns, table_shapes[table].column_count);
    odd_rc rc = add_whole(fold, table, &rows);
    if (rc == ODD_OK && !rows_take(fold, table, &rows))
        rc = ODD_NOMEM;
    table_close(&rows);
    return rc;
}

odd_rc odd_fold_table(odd_fold *fold, odd_table table, const void **ret_bytes, size_t *ret_size)
{
    if ((unsigned)table >= ODD_TABLE_COUNT)
        return problem_say(&fold->problem, ODD_NOTFOUND, "there is no table number %d", (int)table);
    fold->row_bytes[table] = 0;
    odd_rc rc = table < ODD_TABLE_GROWING ? take_new_rows(fold, table) : take_whole(fold, table);
    if (rc != ODD_OK)
        return problem_say(&fold->problem, rc, "no memory left for the rows of %s",
                           table_shapes[table].name);
    *ret_bytes = fold->rows[table] != NULL ? fold->rows[table] : "";
    *ret_size = fold->row_bytes[table];
    return ODD_OK;
}
