/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/overlay.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/glob.h"
#include "base/hash.h"
#include "event/calendar_span.h"
#include "event/target.h"

#define BASELINE_SEED 0x626173656c696e65ULL

/* -- the entries ------------------------------------------------------------------------------- */

static OverlayEntry *entry_of(const Overlay *overlay, const char *id)
{
    for (size_t i = 0; i < overlay->count; i++)
        if (strcmp(overlay->entries[i].verdict.id, id) == 0)
            return &overlay->entries[i];
    return NULL;
}

static void entry_remove(Overlay *overlay, const OverlayEntry *entry)
{
    size_t at = (size_t)(entry - overlay->entries);
    overlay->count--;
    memmove(&overlay->entries[at], &overlay->entries[at + 1],
            (overlay->count - at) * sizeof *overlay->entries);
    memset(&overlay->entries[overlay->count], 0, sizeof *overlay->entries);
}

static odd_rc entry_take(Overlay *overlay, const Verdict *verdict, odd_time heard)
{
    OverlayEntry *entry = entry_of(overlay, verdict->id);
    if (verdict->kind == VERDICT_UNDO) {
        if (entry != NULL)
            entry_remove(overlay, entry);
        return ODD_OK;
    }
    if (entry == NULL && overlay->count == OVERLAY_MAX) {
        overlay->refused++;
        return ODD_OK;
    }
    if (entry == NULL) {
        OverlayEntry *grown = mem_grow(overlay->mem, overlay->entries, &overlay->capacity,
                                       overlay->count + 1, sizeof *grown);
        if (grown == NULL)
            return ODD_NOMEM;
        overlay->entries = grown;
        entry = &grown[overlay->count++];
    }
    memset(entry, 0, sizeof *entry);
    entry->verdict = *verdict;
    entry->made_for = verdict->surprise;
    entry->heard = heard;
    return ODD_OK;
}

bool overlay_holds_back(VerdictKind kind)
{
    return kind == VERDICT_MUTE || kind == VERDICT_WINDOW || kind == VERDICT_EXPECTED ||
           kind == VERDICT_NEW_NORMAL;
}

static void count_kinds(Overlay *overlay)
{
    overlay->real_count = overlay->link_count = overlay->hiding_count = 0;
    for (size_t i = 0; i < overlay->count; i++) {
        uint8_t kind = overlay->entries[i].verdict.kind;
        overlay->real_count += kind == VERDICT_REAL;
        overlay->link_count += kind == VERDICT_LINK || kind == VERDICT_UNLINK;
        overlay->hiding_count += overlay_holds_back((VerdictKind)kind);
    }
}

odd_rc overlay_take(Overlay *overlay, const Verdict *verdict, odd_time heard)
{
    odd_rc rc = entry_take(overlay, verdict, heard);
    count_kinds(overlay);
    return rc;
}

void overlay_clear(Overlay *overlay)
{
    if (overlay->count > 0)
        memset(overlay->entries, 0, overlay->count * sizeof *overlay->entries);
    overlay->count = 0;
    overlay->real_count = overlay->link_count = overlay->hiding_count = 0;
    overlay->refused = 0;
}

void overlay_close(Overlay *overlay)
{
    mem_free(overlay->mem, overlay->entries, overlay->capacity * sizeof *overlay->entries);
    *overlay = (Overlay){.mem = overlay->mem};
}

/* -- who fits ---------------------------------------------------------------------------------- */

static bool fits_text(const char *glob, const char *text)
{
    return glob[0] == '\0' || glob_means(str_of(glob), str_of(text));
}

/* An id, or the text itself with stars. */
static bool fits_signal(const char *wanted, const OverlayFinding *e)
{
    char id[VERDICT_WORD_SIZE];
    snprintf(id, sizeof id, "%016" PRIx64, e->signal);
    return strcmp(wanted, id) == 0 || glob_means(str_of(wanted), str_of(e->text));
}

/* One of the labels that say what a series is of: "host web-3, job node". */
static bool fits_host(const char *glob, const OverlayFinding *e)
{
    char room[TARGET_TEXT_SIZE];
    Str rest = {.text = room, .size = target_text(str_of(e->text), room)};
    if (rest.size == 0 && strcmp(e->kind, "silent") == 0) /* It is what is silent. */
        rest = str_of(e->text);
    while (e->is_metric && rest.size > 0) {
        const char *end = memchr(rest.text, ',', rest.size);
        size_t size = end != NULL ? (size_t)(end - rest.text) : rest.size;
        const char *space = memchr(rest.text, ' ', size);
        size_t from = space != NULL ? (size_t)(space - rest.text) + 1 : 0;
        if (glob_means(str_of(glob), str_part(rest, from, size)))
            return true;
        size_t next = end != NULL ? size + strlen(", ") : rest.size;
        rest = str_part(rest, next < rest.size ? next : rest.size, rest.size);
    }
    return false;
}

static bool holds(Str text, Str part)
{
    for (size_t at = 0; at + part.size <= text.size; at++)
        if (memcmp(text.text + at, part.text, part.size) == 0)
            return true;
    return false;
}

static bool fits_scope(const Verdict *v, const OverlayFinding *e)
{
    bool is_rule = v->signal[0] != '\0' || v->pattern[0] != '\0' || v->source[0] != '\0' ||
                   v->host[0] != '\0' || v->find[0] != '\0' || v->what[0] != '\0';
    return is_rule && fits_text(v->source, e->source) && fits_text(v->what, e->kind) &&
           (v->signal[0] == '\0' || (e->is_metric && fits_signal(v->signal, e))) &&
           (v->pattern[0] == '\0' || (!e->is_metric && fits_signal(v->pattern, e))) &&
           (v->host[0] == '\0' || fits_host(v->host, e)) &&
           (v->find[0] == '\0' || holds(e->sentence, str_of(v->find)) ||
            holds(e->sample, str_of(v->find)));
}

static bool is_said_of(const Verdict *v, const OverlayFinding *e)
{
    return v->finding[0] != '\0' && strcmp(v->finding, e->id) == 0;
}

static bool fits_every(const Verdict *v, odd_time first, odd_time last)
{
    CalendarSpan span;
    ZoneRule zone;
    return v->every[0] == '\0' ||
           (calendar_span_read(str_of(v->every), &span) && zone_rule_read(str_of(v->zone), &zone) &&
            calendar_span_holds(&span, &zone, first, last));
}

bool overlay_fits(const Verdict *v, const OverlayFinding *e)
{
    odd_time begin = v->kind == VERDICT_WINDOW ? e->time : e->last_time;
    bool in_time = (v->from == ODD_TIME_NONE || begin >= v->from) &&
                   (v->until == ODD_TIME_NONE || e->last_time < v->until);
    return is_said_of(v, e) || (in_time && fits_scope(v, e) && fits_every(v, begin, e->last_time));
}

bool overlay_breaks(const Verdict *v, double made_for, double surprise)
{
    return v->kind != VERDICT_WINDOW && v->lasts == LASTS_UNTIL_WORSE && made_for > 0 &&
           surprise >= made_for + OVERLAY_WORSE;
}

/* -- what comes of it -------------------------------------------------------------------------- */

/* What a rule was made for: all of the first finding that it holds back. */
static bool entry_breaks(OverlayEntry *entry, const OverlayFinding *e)
{
    if (entry->verdict.surprise <= 0 && entry->first[0] == '\0' && !e->is_raised)
        snprintf(entry->first, sizeof entry->first, "%s", e->id);
    if (strcmp(entry->first, e->id) == 0 && e->surprise > entry->made_for)
        entry->made_for = e->surprise;
    return overlay_breaks(&entry->verdict, entry->made_for, e->surprise);
}

static void view_hide(OverlayView *view, const OverlayEntry *entry, Shown shown)
{
    if (view->shown >= shown)
        return;
    view->shown = shown;
    view->by = entry->verdict.id;
}

bool overlay_is_real(const Overlay *overlay, const OverlayFinding *e)
{
    for (size_t i = 0; overlay->real_count > 0 && i < overlay->count; i++)
        if (overlay->entries[i].verdict.kind == VERDICT_REAL &&
            overlay_fits(&overlay->entries[i].verdict, e))
            return true;
    return false;
}

uint64_t overlay_baseline(const Verdict *verdict)
{
    return hash_bytes(verdict->id, strlen(verdict->id), BASELINE_SEED) | 1;
}

bool overlay_has_baseline(const Overlay *overlay, uint64_t baseline)
{
    for (size_t i = 0; i < overlay->count; i++)
        if (overlay->entries[i].verdict.kind == VERDICT_NEW_NORMAL &&
            overlay_baseline(&overlay->entries[i].verdict) == baseline)
            return true;
    return false;
}

/* Somebody called its like real when entry i was said already. */
static bool is_real_since(const Overlay *overlay, size_t i, const OverlayFinding *e)
{
    while (++i < overlay->count)
        if (overlay->entries[i].verdict.kind == VERDICT_REAL &&
            overlay_fits(&overlay->entries[i].verdict, e))
            return true;
    return false;
}

/* The last new normal is the one that its series or model is judged by. */
static void view_baselines(Overlay *overlay, const OverlayFinding *e, OverlayView *view)
{
    bool is_before = e->baseline == 0;
    for (size_t i = 0; i < overlay->count; i++) {
        OverlayEntry *entry = &overlay->entries[i];
        if (entry->verdict.kind != VERDICT_NEW_NORMAL)
            continue;
        bool is_own = e->baseline == overlay_baseline(&entry->verdict);
        bool is_odd_before = is_before && !is_own && overlay_fits(&entry->verdict, e);
        bool breaks = is_odd_before && !e->is_model && entry_breaks(entry, e);
        if (breaks)
            view->broken = entry->verdict.id;
        else if (is_odd_before && !is_real_since(overlay, i, e))
            view_hide(view, entry, SHOWN_EXPECTED);
        is_before |= is_own;
    }
}

OverlayView overlay_view(Overlay *overlay, const OverlayFinding *e)
{
    OverlayView view = {.shown = SHOWN, .by = "", .broken = ""};
    bool is_real = overlay_is_real(overlay, e);
    for (size_t i = 0; i < overlay->count; i++) {
        const Verdict *v = &overlay->entries[i].verdict;
        bool is_of_incidents = v->kind == VERDICT_LINK || v->kind == VERDICT_UNLINK;
        if (is_said_of(v, e) && !is_of_incidents)
            view.said |= 1u << v->kind;
    }
    for (size_t i = 0; i < overlay->count; i++) {
        OverlayEntry *entry = &overlay->entries[i];
        bool mutes = entry->verdict.kind == VERDICT_MUTE || entry->verdict.kind == VERDICT_WINDOW;
        bool expects = entry->verdict.kind == VERDICT_EXPECTED;
        if ((!mutes && !expects) || !overlay_fits(&entry->verdict, e))
            continue;
        bool breaks = entry_breaks(entry, e); /* Real or not: what it was made for is its own. */
        if (breaks)
            view.broken = entry->verdict.id;
        else if (mutes || !is_real)
            view_hide(&view, entry, mutes ? SHOWN_HIDDEN : SHOWN_EXPECTED);
    }
    view_baselines(overlay, e, &view);
    return view;
}

/* -- saving ------------------------------------------------------------------------------------ */

void overlay_save(const Overlay *overlay, ImageOut *out)
{
    image_put(out, &overlay->refused, sizeof overlay->refused);
    /* An entry that was undone leaves no trace, its room neither. */
    image_put_array(out, overlay->entries, overlay->count, overlay->count,
                    sizeof *overlay->entries);
}

void overlay_load(Overlay *overlay, ImageIn *in)
{
    image_get(in, &overlay->refused, sizeof overlay->refused);
    overlay->entries = image_get_array(in, overlay->mem, &overlay->count, &overlay->capacity,
                                       sizeof *overlay->entries);
    count_kinds(overlay);
}
