/* SPDX-License-Identifier: Apache-2.0
 *
 * ask.c - what answers of a person are worth, by how it is chosen what the person is asked.
 *
 *     ask FIRST_SEED LIVES     a row of CSV for each life and way to ask
 *
 * A life is four weeks of a made company.  At the end of each day an operator, who knows the truth,
 * is asked about findings that are shown, as often as the way has it, and says real or expected;
 * that counts from then on.  The last week tells what it was worth.  Asked of the like of a
 * finding, the operator looks at four others of it, and says expected of all if none is real. */
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/dice.h"
#include "sim/judge.h"
#include "sim/stage.h"

#define WEEKS 4
#define THREADS 2
#define EXAMPLES 4
#define KNOWN_MAX 4096
#define RULES_SIZE (1 << 19)
#define TOPIC_ASK 4711

typedef enum { ASK_NOTHING, ASK_RANDOM, ASK_OLDEST, ASK_ODDEST, ASK_QUESTIONS } Way;

typedef struct {
    const char *name;
    Way         way;
    bool        is_alike; /* What is expected is said of the like. */
    int         a_day;
} Plan;

static const Plan plans[] = {
    {"nothing", ASK_NOTHING, false, 0},       {"random, signal", ASK_RANDOM, false, 1},
    {"random, signal", ASK_RANDOM, false, 3}, {"random, like", ASK_RANDOM, true, 1},
    {"random, like", ASK_RANDOM, true, 3},    {"oldest, like", ASK_OLDEST, true, 1},
    {"oldest, like", ASK_OLDEST, true, 3},    {"oddest, like", ASK_ODDEST, true, 1},
    {"oddest, like", ASK_ODDEST, true, 3},    {"oddball ask", ASK_QUESTIONS, true, 1},
    {"oddball ask", ASK_QUESTIONS, true, 3},
};
#define PLAN_COUNT (sizeof plans / sizeof plans[0])

typedef struct {
    char     id[ID_TEXT_SIZE], signal[24], kind[16], source[64];
    char     like_source[64], like_kind[16], like_signal[256];
    bool     is_metric, is_real;
    FaultSort fault;
    int      week, day;    /* In which it was told. */
    double   surprise;
    bool     is_shown;     /* As things stand for the plan at hand. */
} Known;

typedef struct {
    const Plan *plan;
    char       *rules;     /* A JSON array, without its end. */
    size_t      size;
    int         answers;
    bool        is_answered[KNOWN_MAX];
    int         shown, shown_real, real; /* Of the last week. */
    bool        found[FAULT_COUNT], there[FAULT_COUNT];
    int         chance_answers, chance_real; /* As ODD_PRECISION has them, at the end. */
    int         told, told_real;             /* In four weeks, and shown then. */
} Sums;

typedef struct {
    Stage *stage;
    Known *known;
    int    count, week, day;
    Dice   dice;
    Sums   sums[PLAN_COUNT];
} Life;

static void need(bool is_well, const char *what)
{
    if (is_well)
        return;
    fprintf(stderr, "ask: %s\n", what);
    abort();
}

/* -- what is known of findings ----------------------------------------------------------------- */

static void copy(char *to, size_t size, const odd_rows *rows, const char *column)
{
    snprintf(to, size, "%s", odd_text(rows, odd_column(rows, column)));
}

static Known *known_of(Life *life, const char *id)
{
    for (int i = life->count; i-- > 0;)
        if (strcmp(life->known[i].id, id) == 0)
            return &life->known[i];
    return NULL;
}

static const Told *told_of(const Stage *stage, const char *id)
{
    for (int i = stage->tale.finding_count; i-- > 0;)
        if (strcmp(stage->tale.findings[i].id, id) == 0)
            return &stage->tale.findings[i];
    return NULL;
}

static void learn_finding(Life *life, const odd_rows *rows, const char *id)
{
    const Told *told = told_of(life->stage, id);
    if (told == NULL)
        return;
    need(life->count < KNOWN_MAX, "too many findings");
    Known *known = &life->known[life->count++];
    const Fault *fault = judge_finding(&life->stage->play, told);
    *known = (Known){.week = life->week, .day = life->day, .is_real = fault != NULL};
    known->fault = fault != NULL ? fault->sort : FAULT_COUNT;
    known->is_metric = odd_int(rows, odd_column(rows, "metric")) != 0;
    copy(known->id, sizeof known->id, rows, "id");
    copy(known->signal, sizeof known->signal, rows, "signal");
    copy(known->kind, sizeof known->kind, rows, "kind");
    copy(known->source, sizeof known->source, rows, "source");
    copy(known->like_source, sizeof known->like_source, rows, "like_source");
    copy(known->like_kind, sizeof known->like_kind, rows, "like_kind");
    copy(known->like_signal, sizeof known->like_signal, rows, "like_signal");
}

static odd_rows *asked(odd_fold *fold, odd_view view, int count)
{
    odd_rows *rows;
    odd_question question = {.view = view, .row_count_max = count, .earliest_first = 1};
    need(odd_fold_query(fold, &question, &rows) == ODD_OK, "no answer");
    return rows;
}

static void look(Life *life)
{
    odd_rows *rows = asked(life->stage->fold, ODD_FINDINGS, 0);
    while (odd_next(rows) == ODD_ROW) {
        const char *id = odd_text(rows, odd_column(rows, "id"));
        const char *state = odd_text(rows, odd_column(rows, "state"));
        Known *known = known_of(life, id);
        if (known == NULL) {
            learn_finding(life, rows, id);
            known = known_of(life, id);
        }
        if (known == NULL)
            continue;
        known->surprise = odd_double(rows, odd_column(rows, "surprise"));
        known->is_shown = strcmp(state, "expected") != 0 && strcmp(state, "hidden") != 0;
    }
    odd_rows_close(rows);
}

/* -- saying ------------------------------------------------------------------------------------ */

static void put(Sums *sums, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(Sums *sums, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(sums->rules + sums->size, RULES_SIZE - sums->size, format, arguments);
    va_end(arguments);
    need(size >= 0 && (size_t)size < RULES_SIZE - sums->size, "too many rules");
    sums->size += (size_t)size;
}

static void put_named(Sums *sums, const char *name, const char *text)
{
    if (text[0] != '\0')
        put(sums, ",\"%s\":\"%s\"", name, text);
}

/* What is said so far is in force, and nothing else. */
static void put_in_force(Life *life, const Sums *sums)
{
    char *json = malloc(sums->size + 3);
    odd_events *events = NULL;
    odd_decoded decoded = {0};
    odd_wire wire = {.source = ""};
    const Play *play = &life->stage->play;
    wire.now = play_time(play, play->minute);
    need(json != NULL && odd_events_open(NULL, wire.now, &events) == ODD_OK, "no memory");
    int size = sprintf(json, "[%.*s]", (int)sums->size, sums->rules);
    odd_rc rc = odd_decode("verdict", &wire, json, (size_t)size, events, &decoded);
    need(rc == ODD_OK, decoded.message);
    need(odd_fold_rules(life->stage->fold, events) == ODD_OK, "no rules");
    odd_events_close(events);
    free(json);
    look(life);
}

static bool is_like(const Known *a, const Known *b)
{
    return strcmp(a->like_source, b->like_source) == 0 && strcmp(a->like_kind, b->like_kind) == 0 &&
           strcmp(a->like_signal, b->like_signal) == 0;
}

/* One of the last ones of other signals that are like it. */
static bool has_real_example(const Life *life, const Known *one)
{
    int seen = 0;
    for (int i = life->count; i-- > 0 && seen < EXAMPLES;) {
        const Known *other = &life->known[i];
        if (!other->is_shown || !is_like(one, other) || strcmp(one->signal, other->signal) == 0)
            continue;
        if (other->is_real)
            return true;
        seen++;
    }
    return false;
}

/* As bin/api/scope.c does it for a finding whose signal is meant. */
static bool has_direction(const char *kind)
{
    static const char *const kinds[] = {"less", "silent", "high", "low", "gap", "spread", "season",
                                        "shape"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kind, kinds[i]) == 0)
            return true;
    return false;
}

static void answer(Life *life, Sums *sums, const Known *known)
{
    const Play *play = &life->stage->play;
    bool is_alike = !known->is_real && sums->plan->is_alike && !has_real_example(life, known);
    const char *signal = known->is_metric ? "signal" : "pattern";
    put(sums, "%s{\"verdict\":\"%s\",\"id\":\"v%d\",\"finding\":\"%s\",\"surprise\":%.17g",
        sums->answers > 0 ? "," : "", known->is_real ? "real" : "expected", sums->answers,
        known->id, known->surprise);
    put(sums, ",\"made\":%lld", (long long)play_time(play, play->minute));
    put_named(sums, "source", is_alike ? known->like_source : known->source);
    put_named(sums, signal, is_alike ? known->like_signal : known->signal);
    if (is_alike || (!known->is_real && has_direction(known->kind)))
        put_named(sums, "kind", known->kind);
    put(sums, "}");
    sums->is_answered[known - life->known] = true;
    sums->answers++;
}

/* -- asking ------------------------------------------------------------------------------------ */

/* NULL: nothing is open. */
static const Known *chosen(Life *life, const Sums *sums)
{
    const Known *best = NULL;
    int open = 0;
    for (int i = 0; i < life->count; i++) {
        const Known *known = &life->known[i];
        if (!known->is_shown || sums->is_answered[i])
            continue;
        open++;
        if (best == NULL || (sums->plan->way == ASK_RANDOM && dice_below(&life->dice, open) == 0) ||
            (sums->plan->way == ASK_ODDEST && known->surprise > best->surprise))
            best = known;
    }
    return best;
}

static void ask_questions(Life *life, Sums *sums)
{
    odd_rows *rows = asked(life->stage->fold, ODD_QUESTIONS, sums->plan->a_day);
    while (odd_next(rows) == ODD_ROW) {
        const Known *known = known_of(life, odd_text(rows, odd_column(rows, "id")));
        need(known != NULL, "a question about nothing");
        answer(life, sums, known);
    }
    odd_rows_close(rows);
}

static void ask(Life *life, Sums *sums)
{
    if (sums->plan->way == ASK_QUESTIONS) {
        ask_questions(life, sums);
        return;
    }
    for (int i = 0; i < sums->plan->a_day; i++) {
        const Known *known = chosen(life, sums);
        if (known == NULL)
            return;
        answer(life, sums, known);
        put_in_force(life, sums);
    }
}

/* -- a life ------------------------------------------------------------------------------------ */

static void count_day(const Life *life, Sums *sums)
{
    for (int i = life->count; i-- > 0;) {
        const Known *known = &life->known[i];
        if (known->week != life->week || known->day != life->day)
            break;
        sums->told += known->is_shown;
        sums->told_real += known->is_shown && known->is_real;
        if (life->week < WEEKS - 1)
            continue;
        sums->shown += known->is_shown;
        sums->shown_real += known->is_shown && known->is_real;
        sums->real += known->is_real;
        if (known->is_real) {
            sums->there[known->fault] = true;
            sums->found[known->fault] |= known->is_shown;
        }
    }
}

static void count_chance(Life *life, Sums *sums)
{
    odd_rows *rows = asked(life->stage->fold, ODD_PRECISION, 0);
    need(odd_next(rows) == ODD_ROW, "no precision");
    sums->chance_answers = (int)odd_int(rows, odd_column(rows, "answers"));
    sums->chance_real = (int)odd_int(rows, odd_column(rows, "real"));
    odd_rows_close(rows);
}

static void live_day(Life *life)
{
    stage_play(life->stage, (life->day + 1) * DAY_MINUTES, 1);
    stage_ask(life->stage);
    for (size_t i = 0; i < PLAN_COUNT; i++) {
        Sums *sums = &life->sums[i];
        put_in_force(life, sums);
        count_day(life, sums);
        ask(life, sums);
        if (life->week == WEEKS - 1 && life->day == WEEK_MINUTES / DAY_MINUTES - 1) {
            put_in_force(life, sums);
            count_chance(life, sums);
        }
    }
    Sums nothing = {.rules = life->sums[0].rules};
    put_in_force(life, &nothing);
}

static void live(Life *life, uint64_t first_seed, int number)
{
    uint64_t seed = first_seed + (uint64_t)(number * WEEKS);
    life->dice = dice_of(seed, 0, TOPIC_ASK);
    life->known = calloc(KNOWN_MAX, sizeof *life->known);
    need(life->known != NULL, "no memory");
    for (size_t i = 0; i < PLAN_COUNT; i++) {
        life->sums[i].plan = &plans[i];
        life->sums[i].rules = calloc(1, RULES_SIZE);
        need(life->sums[i].rules != NULL, "no memory");
    }
    life->stage = stage_open(seed);
    for (life->week = 0; life->week < WEEKS; life->week++) {
        if (life->week > 0)
            play_next_week(&life->stage->play, seed + (uint64_t)life->week);
        for (life->day = 0; life->day < WEEK_MINUTES / DAY_MINUTES; life->day++)
            live_day(life);
    }
    stage_close(life->stage);
    free(life->known);
    for (size_t i = 0; i < PLAN_COUNT; i++)
        free(life->sums[i].rules);
}

static void print_life(const Life *life, int number)
{
    for (size_t i = 0; i < PLAN_COUNT; i++) {
        const Sums *sums = &life->sums[i];
        int found = 0, there = 0;
        for (int f = 0; f < FAULT_COUNT; f++) {
            found += sums->found[f];
            there += sums->there[f];
        }
        printf("%d,\"%s\",%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d\n", number, sums->plan->name,
               sums->plan->a_day, sums->answers, sums->shown, sums->shown_real, sums->real, found,
               there, sums->chance_answers, sums->chance_real, sums->told, sums->told_real);
    }
}

typedef struct {
    uint64_t first_seed;
    int      lives, first;
    Life    *all;
} Part;

static void *live_part(void *context)
{
    const Part *part = context;
    for (int i = part->first; i < part->lives; i += THREADS)
        live(&part->all[i], part->first_seed, i);
    return NULL;
}

int main(int argc, char **argv)
{
    int lives = argc == 3 ? atoi(argv[2]) : 0;
    if (lives < 1) {
        fprintf(stderr, "usage: ask FIRST_SEED LIVES\n");
        return 1;
    }
    Life *all = calloc((size_t)lives, sizeof *all);
    pthread_t ids[THREADS];
    Part parts[THREADS];
    need(all != NULL, "no memory");
    for (int i = 0; i < THREADS; i++) {
        parts[i] = (Part){strtoull(argv[1], NULL, 10), lives, i, all};
        need(pthread_create(&ids[i], NULL, live_part, &parts[i]) == 0, "no thread");
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(ids[i], NULL);
    printf("life,way,a_day,answers,shown,shown_real,real,found,faults,chance_answers,");
    printf("chance_real,told,told_real\n");
    for (int i = 0; i < lives; i++)
        print_life(&all[i], i);
    free(all);
    return 0;
}
