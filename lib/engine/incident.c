/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/incident.h"

#include "base/time.h"

#define TOGETHER_NS (120 * NS_PER_S)
#define NEW_NS (600 * NS_PER_S)
#define ESCALATES_NS (900 * NS_PER_S) /* So long it is told to escalate. */
#define GROWS_BY 2.0                  /* Surprise. */
#define GROWS_TIMES 2                 /* Findings ... */
#define GROWS_LEAST 4                 /* ... and not below. */
#define SIGNALS_WEIGHT 0.7

const char *incident_state_word(IncidentState state)
{
    static const char *const words[INCIDENT_STATE_COUNT] = {
#define X(name, word) word,
        INCIDENT_STATE_MAP(X)
#undef X
    };
    return state < INCIDENT_STATE_COUNT ? words[state] : "";
}

const char *check_words(CheckSort sort)
{
    static const char *const words[CHECK_COUNT] = {
#define X(name, text) text,
        CHECK_MAP(X)
#undef X
    };
    return sort < CHECK_COUNT ? words[sort] : "";
}

BoardIncident *incidents_find(const Incidents *incidents, const char *id)
{
    for (size_t i = incidents->count; i-- > 0;)
        if (strcmp(incidents->incidents[i].id, id) == 0)
            return &incidents->incidents[i];
    return NULL;
}

BoardIncident *incidents_add(Incidents *incidents)
{
    if (incidents->count == INCIDENTS_MAX)
        memmove(&incidents->incidents[0], &incidents->incidents[1],
                --incidents->count * sizeof *incidents->incidents);
    BoardIncident *grown = mem_grow(incidents->mem, incidents->incidents, &incidents->capacity,
                                    incidents->count + 1, sizeof *grown);
    if (grown == NULL)
        return NULL;
    incidents->incidents = grown;
    BoardIncident *made = &grown[incidents->count++];
    memset(made, 0, sizeof *made);
    made->grew = ODD_TIME_NONE;
    return made;
}

static bool holds(const uint64_t *set, uint32_t count, uint64_t one)
{
    for (uint32_t i = 0; i < count; i++)
        if (set[i] == one)
            return true;
    return false;
}

bool incident_has_key(const BoardIncident *incident, uint64_t key)
{
    return holds(incident->keys, incident->key_count, key);
}

bool incident_has_place(const BoardIncident *incident, uint64_t place)
{
    return holds(incident->places, incident->place_count, place);
}

void incident_note(BoardIncident *incident, uint64_t key, uint64_t place)
{
    if (incident->key_count < INCIDENT_KEYS && !incident_has_key(incident, key))
        incident->keys[incident->key_count++] = key;
    if (incident->place_count < INCIDENT_PLACES && !incident_has_place(incident, place))
        incident->places[incident->place_count++] = place;
}

static bool is_at_once(const BoardIncident *a, const BoardIncident *b)
{
    odd_time apart = time_minus(a->time, b->time);
    return apart <= TOGETHER_NS && apart >= -TOGETHER_NS;
}

/* In it, or in another that began at once. */
static bool had_company(const Incidents *incidents, const BoardIncident *incident, uint64_t place)
{
    for (size_t i = 0; i < incidents->count; i++)
        if (is_at_once(&incidents->incidents[i], incident) &&
            incident_has_place(&incidents->incidents[i], place))
            return true;
    return false;
}

unsigned incidents_together(const Incidents *incidents, uint64_t a, uint64_t b)
{
    unsigned together = 0;
    for (size_t i = 0; i < incidents->count; i++) {
        const BoardIncident *incident = &incidents->incidents[i];
        together += incident->state == INCIDENT_RESOLVED && incident_has_place(incident, a) &&
                    had_company(incidents, incident, b);
    }
    return together;
}

const BoardIncident *incidents_like(const Incidents *incidents, uint64_t key, uint64_t *ret_times)
{
    const BoardIncident *last = NULL;
    *ret_times = 0;
    for (size_t i = incidents->count; i-- > 0;) {
        const BoardIncident *incident = &incidents->incidents[i];
        if (incident->state != INCIDENT_RESOLVED || !incident_has_key(incident, key))
            continue;
        last = last != NULL ? last : incident;
        (*ret_times)++;
    }
    return last;
}

/* Jaccard's: what both have of what one of them has. */
static double overlap(const uint64_t *a, uint32_t a_count, const uint64_t *b, uint32_t b_count)
{
    uint32_t both = 0;
    for (uint32_t i = 0; i < a_count; i++)
        both += holds(b, b_count, a[i]);
    return a_count + b_count > both ? (double)both / (double)(a_count + b_count - both) : 0;
}

double incident_likeness(const BoardIncident *a, const BoardIncident *b)
{
    return SIGNALS_WEIGHT * overlap(a->keys, a->key_count, b->keys, b->key_count) +
           (1 - SIGNALS_WEIGHT) * overlap(a->places, a->place_count, b->places, b->place_count);
}

static bool grows(const BoardIncident *incident)
{
    return incident->surprise >= incident->marked_surprise + GROWS_BY ||
           (incident->findings >= GROWS_LEAST &&
            incident->findings >= incident->marked_findings * GROWS_TIMES);
}

void incident_age(BoardIncident *incident, odd_time clock, odd_time over_after)
{
    bool is_young = time_minus(clock, incident->time) <= NEW_NS;
    if (time_minus(clock, incident->last_time) > over_after) {
        incident->state = INCIDENT_RESOLVED;
        return;
    }
    /* What comes in the first minutes, or before it was looked at first, is what it began with. */
    bool is_first = is_young || incident->marked_findings == 0;
    if (is_first || grows(incident)) {
        incident->grew = is_first ? incident->grew : clock;
        incident->marked_surprise = incident->surprise;
        incident->marked_findings = incident->findings;
    }
    bool escalates =
        incident->grew != ODD_TIME_NONE && time_minus(clock, incident->grew) <= ESCALATES_NS;
    incident->state = (uint8_t)(escalates                    ? INCIDENT_ESCALATING
                                : incident->again[0] != '\0' ? INCIDENT_REGRESSED
                                : is_young                   ? INCIDENT_NEW
                                                             : INCIDENT_ONGOING);
}

void incidents_close(Incidents *incidents)
{
    mem_free(incidents->mem, incidents->incidents,
             incidents->capacity * sizeof *incidents->incidents);
}

void incidents_save(const Incidents *incidents, ImageOut *out)
{
    image_put_array(out, incidents->incidents, incidents->count, incidents->capacity,
                    sizeof *incidents->incidents);
}

void incidents_load(Incidents *incidents, ImageIn *in)
{
    incidents->incidents = image_get_array(in, incidents->mem, &incidents->count,
                                           &incidents->capacity, sizeof *incidents->incidents);
}
