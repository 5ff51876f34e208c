/* SPDX-License-Identifier: Apache-2.0
 *
 * shard_save.c - a shard between two ticks as bytes, and back. */
#include "engine/db_save.h"
#include "engine/shard.h"

typedef struct {
    uint32_t version, unused;
    uint64_t merges_followed, position, candidates_lost, sources_refused;
    uint64_t coarse_before, coarse_seen;
    odd_time watches_swept, coarse_since, coarse_last;
    double   threshold, threshold_metrics;
    uint64_t watches_refused;
} ShardPlain;

static void save_feeds(const Shard *shard, ImageOut *out)
{
    for (size_t i = 0; i < shard->db->source_count; i++) {
        Feed feed; /* With what lies between its members. */
        memcpy(&feed, &shard->feeds[i], sizeof feed);
        const odd_events *waiting = feed.waiting;
        Str sample = {.text = feed.sample, .size = feed.sample_size};
        feed.sample = NULL;
        feed.waiting = NULL;
        image_put(out, &feed, sizeof feed);
        image_put_text(out, sample);
        image_put_text(out, waiting != NULL ? (Str){.text = waiting->bytes, .size = waiting->size}
                                            : STR(""));
    }
}

/* False: no memory. */
static bool load_waiting(Feed *feed, Str bytes)
{
    if (bytes.size == 0)
        return true;
    feed->waiting = events_open(NULL, feed->known);
    EventReader reader = {.bytes = bytes};
    Event event;
    bool good = feed->waiting != NULL;
    while (good && event_next(&reader, &event) == EVENT_READ)
        good = events_copy(feed->waiting, &event);
    return good;
}

static odd_rc load_feed(Shard *shard, ImageIn *in, Feed *ret_feed)
{
    Feed feed;
    memset(&feed, 0, sizeof feed);
    image_get(in, &feed, sizeof feed);
    Str sample = image_get_text(in), waiting = image_get_text(in);
    if (in->failed || sample.size != feed.sample_size || sample.size > feed.sample_capacity)
        return ODD_CORRUPT;
    if (feed.sample_capacity > 0) {
        feed.sample = mem_take(&shard->mem, feed.sample_capacity);
        if (feed.sample == NULL)
            return ODD_NOMEM;
        memcpy(feed.sample, sample.text, sample.size);
    }
    *ret_feed = feed;
    return load_waiting(ret_feed, waiting) ? ODD_OK : ODD_NOMEM;
}

static odd_rc load_feeds(Shard *shard, ImageIn *in)
{
    for (size_t i = 0; i < shard->db->source_count; i++) {
        Feed *grown =
            mem_grow(&shard->mem, shard->feeds, &shard->feed_capacity, i + 1, sizeof *grown);
        if (grown == NULL)
            return ODD_NOMEM;
        shard->feeds = grown;
        odd_rc rc = load_feed(shard, in, &grown[i]);
        if (rc != ODD_OK)
            return rc;
    }
    return ODD_OK;
}

static void save_series(const Shard *shard, ImageOut *out)
{
    block_table_save(&shard->series, out);
    watch_table_save(&shard->watches, out);
    shape_desk_save(&shard->shapes, out);
    shard_normals_save(shard, out);
    names_save(&shard->target_names, out);
    image_put_array(out, shard->targets, shard->target_names.count, shard->target_capacity,
                    sizeof *shard->targets);
    names_save(&shard->metric_source_names, out);
    image_put_array(out, shard->metric_sources, shard->metric_source_names.count,
                    shard->metric_source_capacity, sizeof *shard->metric_sources);
}

static void load_series(Shard *shard, ImageIn *in)
{
    size_t count;
    block_table_load(&shard->series, in);
    watch_table_load(&shard->watches, in);
    shape_desk_load(&shard->shapes, in);
    shard_normals_load(shard, in);
    names_load(&shard->target_names, in);
    shard->targets =
        image_get_array(in, &shard->mem, &count, &shard->target_capacity, sizeof *shard->targets);
    names_load(&shard->metric_source_names, in);
    shard->metric_sources = image_get_array(in, &shard->mem, &count, &shard->metric_source_capacity,
                                            sizeof *shard->metric_sources);
}

static void save_main(const Shard *shard, ImageOut *out)
{
    ShardPlain plain;
    memset(&plain, 0, sizeof plain);
    plain = (ShardPlain){.version = IMAGE_VERSION,
                         .merges_followed = shard->merges_followed,
                         .position = shard->position,
                         .candidates_lost = shard->candidates_lost,
                         .sources_refused = shard->sources_refused,
                         .coarse_before = shard->coarse_before,
                         .coarse_seen = shard->coarse_seen,
                         .coarse_since = shard->coarse_since,
                         .coarse_last = shard->coarse_last,
                         .threshold = shard->threshold,
                         .threshold_metrics = shard->threshold_metrics,
                         .watches_swept = shard->watches_swept,
                         .watches_refused = shard->watches_refused};
    image_put(out, &plain, sizeof plain);
    db_save(shard->db, out);
    save_feeds(shard, out);
    names_save(&shard->sources, out);
    template_book_save(&shard->templates, out);
    image_put_array(out, shard->ids, shard->id_capacity, shard->id_capacity, sizeof *shard->ids);
    save_series(shard, out);
}

static odd_rc load_main(Shard *shard, ImageIn *in)
{
    ShardPlain plain = {0};
    image_get(in, &plain, sizeof plain);
    if (!in->failed && plain.version != IMAGE_VERSION)
        return ODD_VERSION;
    shard->merges_followed = (size_t)plain.merges_followed;
    shard->position = plain.position;
    shard->candidates_lost = plain.candidates_lost;
    shard->sources_refused = plain.sources_refused;
    shard->coarse_before = plain.coarse_before;
    shard->coarse_seen = plain.coarse_seen;
    shard->coarse_since = plain.coarse_since;
    shard->coarse_last = plain.coarse_last;
    shard->threshold = plain.threshold;
    shard->threshold_metrics = plain.threshold_metrics;
    shard->watches_swept = plain.watches_swept;
    shard->watches_refused = plain.watches_refused != 0;
    odd_rc rc = db_load(shard->db, in);
    if (rc == ODD_OK)
        rc = load_feeds(shard, in);
    if (rc != ODD_OK)
        return rc;
    size_t count;
    names_load(&shard->sources, in);
    template_book_load(&shard->templates, in);
    shard->ids = image_get_array(in, &shard->mem, &count, &shard->id_capacity, sizeof *shard->ids);
    load_series(shard, in);
    return image_at_end(in) ? ODD_OK : ODD_CORRUPT;
}

/* -- parts ------------------------------------------------------------------------------------- */

enum { PART_MAIN, PART_NAMES, PART_MODELS, PARTS_OTHER };

/* Their parts come in turn. */
#define TABLES 4

static BlockTable *table_of(const Shard *shard, size_t part)
{
    const BlockTable *const tables[TABLES] = {&shard->series, &shard->watches.blocks,
                                              &shard->shapes.blocks,
                                              &shard->db->signals.watches.blocks};
    return (BlockTable *)tables[(part - PARTS_OTHER) % TABLES];
}

static size_t part_of_table(size_t part)
{
    return (part - PARTS_OTHER) / TABLES;
}

size_t shard_parts(const Shard *shard)
{
    size_t most = 0;
    for (size_t i = 0; i < TABLES; i++) {
        size_t parts = block_table_parts(table_of(shard, PARTS_OTHER + i));
        most = parts > most ? parts : most;
    }
    return PARTS_OTHER + TABLES * most;
}

bool shard_part_is_there(const Shard *shard, size_t part)
{
    return part < PARTS_OTHER || part_of_table(part) < block_table_parts(table_of(shard, part));
}

bool shard_part_changed(const Shard *shard, size_t part)
{
    if (part == PART_MAIN)
        return shard->changed;
    if (part == PART_NAMES)
        return shard->names_changed;
    if (part == PART_MODELS)
        return shard->models_changed;
    return table_of(shard, part)->changed[part_of_table(part)] != 0;
}

void shard_part_mark(Shard *shard, size_t part, bool changed)
{
    if (part == PART_MAIN)
        shard->changed = changed;
    else if (part == PART_NAMES)
        shard->names_changed = changed;
    else if (part == PART_MODELS)
        shard->models_changed = changed;
    else
        table_of(shard, part)->changed[part_of_table(part)] = changed;
}

void shard_save(const Shard *shard, size_t part, ImageOut *out)
{
    if (part == PART_MAIN)
        save_main(shard, out);
    else if (part == PART_NAMES)
        names_save(&shard->series_names, out);
    else if (part == PART_MODELS)
        shard_models_save(shard, out);
    else
        block_table_save_part(table_of(shard, part), part_of_table(part), out);
}

odd_rc shard_load(Shard *shard, size_t part, ImageIn *in)
{
    if (part == PART_MAIN)
        return load_main(shard, in);
    odd_rc rc = part == PART_MODELS ? shard_models_load(shard, in) : ODD_OK;
    if (rc != ODD_OK)
        return rc;
    if (part == PART_NAMES)
        names_load(&shard->series_names, in);
    else if (part == PART_MODELS)
        shard->models_changed = false;
    else if (shard_part_is_there(shard, part))
        block_table_load_part(table_of(shard, part), part_of_table(part), in);
    else
        return ODD_CORRUPT;
    if (!image_at_end(in))
        return ODD_CORRUPT;
    shard_part_mark(shard, part, false);
    return ODD_OK;
}

bool shard_is_whole(const Shard *shard)
{
    for (size_t part = PARTS_OTHER; part < shard_parts(shard); part++)
        if (shard_part_is_there(shard, part) && shard_part_changed(shard, part))
            return false;
    return shard->series_names.count == shard->series.count;
}
