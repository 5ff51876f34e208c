/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/board.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/hash.h"
#include "base/real.h"
#include "base/time.h"

#define DAY_NS ((double)(S_PER_DAY * NS_PER_S))
#define MEMORY_DAYS 7.0                   /* In which beginnings are forgotten to a part in e. */
#define LOOKS_FREE 1000.0
#define DAYS_LEAST (1.0 / 144)            /* What is known of a rate before does not count. */
#define BESIDE_NS (60 * NS_PER_S)         /* What is odd in one source so near is one finding. */
#define BESIDE_METRICS_NS (300 * NS_PER_S) /* And what is odd in series of one machine. */
#define BESIDE_MODELS_NS (3600 * NS_PER_S) /* And columns of one model. */
#define ENDS_NS (S_PER_DAY * NS_PER_S)
#define RESTARTED_NS (900 * NS_PER_S)
#define FINDING_SEED 0x66696e64696e6773ULL

const char *board_state_name(BoardState state)
{
    static const char *const names[STATE_COUNT] = {"new", "ongoing", "resolved"};
    return state < STATE_COUNT ? names[state] : "";
}

/* A burst becomes more, a line rare or grave, a metric swings: the same thing goes on. */
typedef enum {
    SORT_LINE = 0,
    SORT_MORE,
    SORT_LESS, /* Or nothing any more. */
    SORT_VALUE,
    SORT_METRIC,
    SORT_DRIFT,
    SORT_ERRORS,
    SORT_DELAY,
    SORT_QUALITY,
    SORT_ALERT
} Sort;

static Sort sort_of(const Candidate *c)
{
    switch ((FindingKind)c->kind) {
    case FINDING_BURST:
    case FINDING_MORE:
        return SORT_MORE;
    case FINDING_LESS:
    case FINDING_SILENT:
    case FINDING_GAP:
        return SORT_LESS;
    case FINDING_VALUE:
        return SORT_VALUE;
    case FINDING_HIGH:
    case FINDING_LOW:
    case FINDING_LEVEL:
    case FINDING_SPREAD:
    case FINDING_SEASON:
    case FINDING_SHAPE:
    case FINDING_TOGETHER:
        return SORT_METRIC;
    case FINDING_DRIFT:
        return SORT_DRIFT;
    case FINDING_ERRORS:
        return SORT_ERRORS;
    case FINDING_DELAY:
        return SORT_DELAY;
    case FINDING_QUALITY:
        return SORT_QUALITY;
    case FINDING_ALERT:
        return SORT_ALERT;
    default:
        return SORT_LINE;
    }
}

Str board_sentence(const BoardFinding *finding, char *buffer)
{
    size_t size = strlen(finding->first.sentence);
    uint64_t others = finding->neighbours < 1000000 ? finding->neighbours : 1000000;
    memcpy(buffer, finding->first.sentence, size);
    size += sentence_company((FindingKind)finding->first.kind, finding->first.is_metric,
                             (uint32_t)others, buffer + size, BOARD_SENTENCE_SIZE - size);
    return (Str){.text = buffer, .size = size};
}

void board_id(const Candidate *c, char id[ID_SIZE])
{
    uint64_t hash = hash_bytes(c->source, strlen(c->source), FINDING_SEED);
    hash = hash_bytes(c->pattern_text, strlen(c->pattern_text), hash);
    hash = hash_add(hash_add(hash_add(hash, (uint64_t)c->time), c->row), (uint64_t)sort_of(c));
    if (c->baseline != 0)
        hash = hash_add(hash, c->baseline);
    if (c->kind == FINDING_ALERT) /* Its text may be cut. */
        hash = hash_add(hash, c->pattern);
    snprintf(id, ID_SIZE, "%016" PRIx64, hash);
}

static bool is_line(const Candidate *c)
{
    return sort_of(c) == SORT_LINE || sort_of(c) == SORT_VALUE;
}

/* Odd lines of one source side by side, its rates that rise, or fall, together, what of its samples
 * is missing, or series of one machine. */
static bool is_company(const Candidate *a, const Candidate *b)
{
    if (is_line(a) || is_line(b))
        return is_line(a) && is_line(b);
    bool is_one_place = a->place == b->place || sort_of(a) == SORT_LESS;
    return sort_of(a) == sort_of(b) && a->is_metric == b->is_metric && is_one_place;
}

/* What happened so long before or after that it is another thing. */
static bool within(odd_time a, odd_time b, odd_time span)
{
    return (a > b ? time_minus(a, b) : time_minus(b, a)) <= span;
}

BoardFinding *board_going_on(BoardFinding *findings, size_t count, const Candidate *c)
{
    for (size_t i = count; i-- > 0;) {
        BoardFinding *finding = &findings[i];
        if (finding->first.pattern == c->pattern && finding->first.baseline == c->baseline &&
            sort_of(&finding->first) == sort_of(c) &&
            within(c->time, finding->last_time, GOES_ON_NS) &&
            strcmp(finding->first.source, c->source) == 0)
            return finding;
    }
    return NULL;
}

static bool is_model(const Candidate *c)
{
    return sort_of(c) >= SORT_DRIFT && sort_of(c) <= SORT_QUALITY;
}

Sense board_sense(const Candidate *c)
{
    return is_model(c) ? SENSE_MODELS : c->is_metric ? SENSE_METRICS : SENSE_LINES;
}

/* What befalls a machine reaches its series one after the other, each at its next sample; what
 * begins later than that is told for itself. */
static bool is_soon(const BoardFinding *finding, const Candidate *c)
{
    if (is_model(c)) /* The time of a beginning is an estimate. */
        return within(c->time, finding->first.time, BESIDE_MODELS_NS);
    return c->is_metric ? within(c->time, finding->first.time, BESIDE_METRICS_NS)
                        : within(c->time, finding->last_time, BESIDE_NS);
}

BoardFinding *board_beside(BoardFinding *findings, size_t count, const Candidate *c)
{
    for (size_t i = count; i-- > 0;) {
        BoardFinding *finding = &findings[i];
        if (is_company(&finding->first, c) && is_soon(finding, c) &&
            strcmp(finding->first.source, c->source) == 0)
            return finding;
    }
    return NULL;
}

/* A metric is told as it was at its oddest, but that it stays off says less than how far off it
 * came. */
void board_retell(BoardFinding *finding, const Candidate *c)
{
    if (c->kind != finding->first.kind && c->kind != FINDING_HIGH && c->kind != FINDING_LOW)
        return;
    finding->first.kind = c->kind;
    finding->first.seen = c->seen;
    finding->first.expected = c->expected;
    memcpy(finding->first.sentence, c->sentence, sizeof c->sentence);
    memcpy(finding->first.how_rare, c->how_rare, sizeof c->how_rare);
}

/* Whether it is the gravest so far. */
static bool finding_takes_beside(BoardFinding *finding, const Candidate *c)
{
    if (c->is_metric || is_model(c) || c->sample_size == 0 ||
        (finding->beside_size > 0 && c->level <= finding->beside_level))
        return false;
    size_t size = c->sample_size < sizeof finding->beside ? c->sample_size : sizeof finding->beside;
    memcpy(finding->beside, c->sample, size);
    finding->beside_size = (uint16_t)size;
    finding->beside_level = c->level;
    return true;
}

static void finding_goes_on(Board *board, BoardFinding *finding, const Candidate *c,
                            double surprise, bool beside)
{
    bool is_odder = surprise > finding->surprise;
    uint8_t shown = finding->shown;
    if (!beside &&
        ((c->is_metric && is_odder) || is_model(c))) /* Why a model is off is known later. */
        board_retell(finding, c);
    finding->repeats++;
    finding->neighbours += beside && c->kind != FINDING_TOGETHER;
    bool names_anew = beside && finding_takes_beside(finding, c);
    if (c->last_time > finding->last_time)
        finding->last_time = c->last_time;
    if (is_odder)
        finding->surprise = surprise;
    finding->changed |= finding->state != STATE_ONGOING;
    finding->state = STATE_ONGOING;
    board_look(board, finding);
    board_goes_on(board, finding, is_odder || is_model(c) || names_anew || finding->shown != shown);
}

/* The oldest resolved one goes, or the oldest. */
static void findings_make_room(Board *board)
{
    if (board->finding_count < FINDINGS_MAX)
        return;
    size_t goes = 0;
    for (size_t i = board->finding_count; i-- > 0;)
        if (board->findings[i].state == STATE_RESOLVED)
            goes = i;
    board->finding_count--;
    board->dropped++;
    memmove(&board->findings[goes], &board->findings[goes + 1],
            (board->finding_count - goes) * sizeof *board->findings);
}

odd_rc board_begins(Board *board, const Candidate *c, double surprise)
{
    findings_make_room(board);
    BoardFinding *grown = mem_grow(board->mem, board->findings, &board->finding_capacity,
                                   board->finding_count + 1, sizeof *grown);
    if (grown == NULL)
        return ODD_NOMEM;
    board->findings = grown;
    BoardFinding *made = &grown[board->finding_count++];
    memset(made, 0, sizeof *made);
    made->first = *c;
    made->last_time = c->last_time;
    made->repeats = 1;
    made->surprise = surprise;
    made->changed = 1;
    board_id(c, made->id);
    made->number = board->told;
    board_look(board, made);
    board->told++;
    return board_join(board, made);
}

size_t board_step(double surprise)
{
    double step = floor((surprise - ODD_SURPRISE_MIN) * BOARD_STEPS_OF_ONE);
    if (step < 0)
        return 0;
    return step < BOARD_STEPS - 1 ? (size_t)step : BOARD_STEPS - 1;
}

/* The least step that no more than `wanted` beginnings reached. */
static size_t step_for(const double *reached, double wanted)
{
    double sum = 0;
    size_t step = BOARD_STEPS;
    while (step > 0 && sum + reached[step - 1] <= wanted)
        sum += reached[--step];
    return step;
}

static double reached_in_all(const double *reached)
{
    double sum = 0;
    for (size_t i = 0; i < BOARD_STEPS; i++)
        sum += reached[i];
    return sum;
}

double board_reached(const Board *board, Sense sense, double surprise)
{
    double sum = 0;
    for (size_t step = board_step(surprise); step < BOARD_STEPS; step++)
        sum += board->reached[sense][step];
    return sum;
}

/* A sense that needs less than half of the budget leaves the rest of it to the others. */
double board_wanted(const Board *board, Sense sense)
{
    double wanted = board->findings_per_day * (board->days > 1 ? board->days : 1), left = wanted;
    for (int other = 0; other < SENSE_COUNT; other++)
        left -= other != (int)sense ? reached_in_all(board->reached[other]) : 0;
    return left > wanted / 2 ? left : wanted / 2;
}

static void board_set_thresholds(Board *board)
{
    for (int sense = 0; sense < SENSE_COUNT; sense++) {
        size_t step = step_for(board->reached[sense], board_wanted(board, (Sense)sense));
        board->threshold[sense] = ODD_SURPRISE_MIN + (double)step / BOARD_STEPS_OF_ONE;
    }
}

/* A pattern that came with an incident goes with it: that is its end, and no news. */
static bool is_end_of_told(const Board *board, const Candidate *c)
{
    if (c->is_metric || sort_of(c) != SORT_LESS)
        return false;
    for (size_t i = board->finding_count; i-- > 0;) {
        const Candidate *told = &board->findings[i].first;
        if (told->pattern == c->pattern && sort_of(told) != SORT_LESS &&
            within(c->time, board->findings[i].last_time, ENDS_NS) &&
            strcmp(told->source, c->source) == 0)
            return true;
    }
    return false;
}

/* What starts anew has less of everything for a while. */
static bool is_after_restart(const Board *board, const Candidate *c)
{
    bool is_less = c->kind == FINDING_LOW || (c->kind == FINDING_LEVEL && c->seen < c->expected);
    if (!c->is_metric || !is_less ||
        nature_of((FindingKind)c->kind, true, LEVEL_NONE, str_of(c->pattern_text)) !=
            NATURE_RESOURCE)
        return false;
    Who who = who_of(str_of(c->source), str_of(c->pattern_text));
    for (size_t i = board->changes.count; i-- > 0;) {
        const Change *change = &board->changes.changes[i];
        odd_time late = time_minus(c->time, change->time);
        if (late < 0 || late > RESTARTED_NS)
            continue;
        Who changed = change_who(change);
        if (who_shared(&who, &changed) != NULL)
            return true;
    }
    return false;
}

odd_rc board_take(Board *board, const Candidate *c)
{
    Sense sense = board_sense(c);
    BoardFinding *finding = board_going_on(board->findings, board->finding_count, c);
    bool beside = finding == NULL;
    if (beside && c->goes_on)
        return ODD_OK;
    if (beside && is_end_of_told(board, c))
        return ODD_OK;
    if (beside && is_after_restart(board, c))
        return hints_take(&board->hints, c, board->clock);
    if (beside)
        finding = board_beside(board->findings, board->finding_count, c);
    if (finding == NULL) {
        board->reached[sense][board_step(c->surprise)]++;
        board_set_thresholds(board);
    }
    double surprise = c->surprise - (board->threshold[sense] - ODD_SURPRISE_MIN);
    if (surprise < ODD_SURPRISE_MIN && !c->goes_on)
        return hints_take(&board->hints, c, board->clock);
    if (finding == NULL)
        return board_begins(board, c, surprise);
    finding_goes_on(board, finding, c, surprise, beside);
    return ODD_OK;
}

bool board_is_over(const Board *board, const BoardFinding *finding)
{
    return finding->state != STATE_RESOLVED && finding->first.kind != FINDING_ALERT &&
           time_minus(board->clock, finding->last_time) > GOES_ON_NS;
}

static void findings_resolve(Board *board)
{
    for (size_t i = 0; i < board->finding_count; i++) {
        BoardFinding *finding = &board->findings[i];
        if (board_is_over(board, finding)) {
            finding->state = STATE_RESOLVED;
            finding->changed = 1;
        }
    }
    for (size_t i = 0; i < board->raised_count; i++)
        if (board_is_over(board, &board->raised[i])) {
            board->raised[i].state = STATE_RESOLVED;
            board->raised[i].changed = 1;
        }
}

static double kept_after(double days)
{
    return real_exp(-days / MEMORY_DAYS);
}

double board_kept(odd_time ns)
{
    return kept_after((double)ns / DAY_NS);
}

/* The data's clock: its newest time, and time that passes without data. */
static double clock_step(Board *board, odd_time now, odd_time newest)
{
    odd_time clock = newest != ODD_TIME_NONE && newest < now ? newest : now;
    if (board->clock == 0 || clock <= board->clock) {
        if (board->clock == 0)
            board->clock = clock;
        return 0;
    }
    double days = (double)time_minus(clock, board->clock) / DAY_NS;
    board->clock = clock;
    return days;
}

/* A thousand looks a day have about one false alarm at a surprise of 3, and more of them would have
 * more. */
double board_looks(const Board *board, double series)
{
    double days = board->days > DAYS_LEAST ? board->days : DAYS_LEAST;
    double of_a_day = board->looks / days / LOOKS_FREE;
    return of_a_day > series ? of_a_day : series;
}

void board_tick(Board *board, odd_time now, odd_time newest, double looks)
{
    double days = clock_step(board, now, newest);
    double kept = kept_after(days);
    for (size_t i = 0; i < BOARD_STEPS; i++)
        for (int sense = 0; sense < SENSE_COUNT; sense++)
            board->reached[sense][i] *= kept;
    board->looks = board->looks * kept + looks;
    /* As forgotten as the beginnings: a clock that leaps by years leaves no budget of years. */
    board->days = board->days * kept + MEMORY_DAYS * (1 - kept);
    board_set_thresholds(board);
    findings_resolve(board);
    board_alerts_tick(board, now);
    board_incidents_tick(board);
}

void board_open(Board *board, Mem *mem, double findings_per_day)
{
    *board = (Board){.mem = mem, .findings_per_day = findings_per_day};
    board->overlay.mem = board->parted.mem = board->incidents.mem = board->changes.mem =
        board->hints.mem = mem;
}

void board_close(Board *board)
{
    mem_free(board->mem, board->findings, board->finding_capacity * sizeof *board->findings);
    incidents_close(&board->incidents);
    incidents_close(&board->parted);
    changes_close(&board->changes);
    hints_close(&board->hints);
    mem_free(board->mem, board->raised, board->raised_capacity * sizeof *board->raised);
    board_freed_close(board);
    overlay_close(&board->overlay);
}

typedef struct {
    double   reached[SENSE_COUNT][BOARD_STEPS];
    double   threshold[SENSE_COUNT];
    double   days, looks;
    odd_time clock;
    uint64_t dropped, told;
} BoardPlain;

void board_save(const Board *board, ImageOut *out)
{
    BoardPlain plain = {.days = board->days,
                        .looks = board->looks,
                        .clock = board->clock,
                        .dropped = board->dropped,
                        .told = board->told};
    memcpy(plain.reached, board->reached, sizeof plain.reached);
    memcpy(plain.threshold, board->threshold, sizeof plain.threshold);
    image_put(out, &plain, sizeof plain);
    image_put_array(out, board->findings, board->finding_count, board->finding_capacity,
                    sizeof *board->findings);
    incidents_save(&board->incidents, out);
    changes_save(&board->changes, out);
    hints_save(&board->hints, out);
    overlay_save(&board->overlay, out);
    board_freed_save(board, out);
    image_put_array(out, board->raised, board->raised_count, board->raised_count,
                    sizeof *board->raised);
}

void board_load(Board *board, ImageIn *in)
{
    BoardPlain plain = {0};
    image_get(in, &plain, sizeof plain);
    memcpy(board->reached, plain.reached, sizeof plain.reached);
    board->days = plain.days;
    board->looks = plain.looks;
    memcpy(board->threshold, plain.threshold, sizeof plain.threshold);
    board->clock = plain.clock;
    board->dropped = plain.dropped;
    board->told = plain.told;
    board->findings = image_get_array(in, board->mem, &board->finding_count,
                                      &board->finding_capacity, sizeof *board->findings);
    incidents_load(&board->incidents, in);
    changes_load(&board->changes, in);
    hints_load(&board->hints, in);
    overlay_load(&board->overlay, in);
    board_freed_load(board, in);
    board->raised = image_get_array(in, board->mem, &board->raised_count, &board->raised_capacity,
                                    sizeof *board->raised);
    if (board->overlay.link_count > 0)
        board_tell(board, false);
}
