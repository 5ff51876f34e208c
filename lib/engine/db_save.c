/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/db_save.h"

#include <string.h>

static void save_sources(const odd_db *db, ImageOut *out)
{
    uint64_t count = db->source_count;
    image_put(out, &count, sizeof count);
    for (size_t i = 0; i < db->source_count; i++) {
        Source source; /* With what lies between its members, so that bytes are the same. */
        memcpy(&source, &db->sources[i], sizeof source);
        image_put_text(out, (Str){.text = source.name, .size = source.name_size + 1});
        source.name = source.torn = NULL;
        source.torn_size = source.torn_capacity = 0;
        image_put(out, &source, sizeof source);
    }
    image_put(out, db->families, db->source_count * sizeof *db->families);
}

static odd_rc load_source(odd_db *db, ImageIn *in)
{
    Str name = image_get_text(in);
    Source saved;
    memset(&saved, 0, sizeof saved);
    image_get(in, &saved, sizeof saved);
    int number;
    if (in->failed || name.size == 0 || name.text[name.size - 1] != '\0')
        return ODD_CORRUPT;
    odd_rc rc = odd_source(db, name.text, &saved.reading, &number);
    if (rc != ODD_OK)
        return rc;
    Source *source = &db->sources[number];
    saved.name = source->name;
    saved.name_size = source->name_size;
    *source = saved;
    return ODD_OK;
}

static odd_rc load_sources(odd_db *db, ImageIn *in)
{
    uint64_t count = 0;
    image_get(in, &count, sizeof count);
    for (uint64_t i = 0; i < count; i++) {
        odd_rc rc = load_source(db, in);
        if (rc != ODD_OK)
            return rc;
    }
    image_get(in, db->families, db->source_count * sizeof *db->families);
    return in->failed ? ODD_CORRUPT : ODD_OK;
}

static void save_signals(const Signals *s, ImageOut *out)
{
    image_put(out, s->rulers, sizeof s->rulers);
    image_put(out, &s->spared, sizeof s->spared);
    image_put_array(out, s->signals, s->signal_count, s->signal_capacity, sizeof *s->signals);
    image_put_array(out, s->courses, s->course_count, s->course_capacity, sizeof *s->courses);
    image_put_array(out, s->rates, s->rate_count, s->rate_capacity, sizeof *s->rates);
    watch_table_save(&s->watches, out);
    image_put_array(out, s->places, s->place_count, s->place_capacity, sizeof *s->places);
    image_put_array(out, s->text, s->text_size, s->text_capacity, 1);
}

static void load_signals(Signals *s, ImageIn *in)
{
    image_get(in, s->rulers, sizeof s->rulers);
    image_get(in, &s->spared, sizeof s->spared);
    s->signals =
        image_get_array(in, s->mem, &s->signal_count, &s->signal_capacity, sizeof *s->signals);
    s->courses =
        image_get_array(in, s->mem, &s->course_count, &s->course_capacity, sizeof *s->courses);
    s->rates = image_get_array(in, s->mem, &s->rate_count, &s->rate_capacity, sizeof *s->rates);
    watch_table_load(&s->watches, in);
    s->places = image_get_array(in, s->mem, &s->place_count, &s->place_capacity, sizeof *s->places);
    s->text = image_get_array(in, s->mem, &s->text_size, &s->text_capacity, 1);
}

void db_save(const odd_db *db, ImageOut *out)
{
    save_sources(db, out);
    pattern_table_save(db->patterns, out);
    uint64_t merges_seen = db->merges_seen;
    image_put(out, &merges_seen, sizeof merges_seen);
    save_signals(&db->signals, out);
    image_put(out, db->totals, sizeof db->totals);
    image_put(out, db->errors, sizeof db->errors);
    image_put(out, &db->last_judged, sizeof db->last_judged);
    image_put(out, &db->line_count, sizeof db->line_count);
    image_put(out, db->lines, sizeof db->lines);
}

odd_rc db_load(odd_db *db, ImageIn *in)
{
    odd_rc rc = load_sources(db, in);
    if (rc != ODD_OK)
        return rc;
    PatternTable *patterns = pattern_table_load(&db->mem, in);
    if (patterns == NULL)
        return in->failed ? ODD_CORRUPT : ODD_NOMEM;
    pattern_table_close(db->patterns);
    db->patterns = patterns;
    uint64_t merges_seen = 0;
    image_get(in, &merges_seen, sizeof merges_seen);
    db->merges_seen = (size_t)merges_seen;
    load_signals(&db->signals, in);
    image_get(in, db->totals, sizeof db->totals);
    image_get(in, db->errors, sizeof db->errors);
    image_get(in, &db->last_judged, sizeof db->last_judged);
    image_get(in, &db->line_count, sizeof db->line_count);
    image_get(in, db->lines, sizeof db->lines);
    return in->failed ? ODD_CORRUPT : ODD_OK;
}
