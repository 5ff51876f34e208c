/* SPDX-License-Identifier: Apache-2.0 */
#include "incident/question.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/time.h"
#include "incident/finding.h"
#include "stats/wilson.h"

#define WORTH 2.0         /* In answers of the next: what is known of the like, and of the kind. */
#define BY_COMPANY 0.9    /* How likely it is real beside something real. */
#define CHANGES_LEAST 0.2 /* Days: what changes less is not worth a question. */
#define BY_CHANCE_A_DAY 1
#define CHANCE_SEED 0x6368616e63656f66ULL
#define DAY_NS (S_PER_DAY * NS_PER_S)

bool question_is_by_chance(uint64_t id)
{
    return hash_add(CHANCE_SEED, id) % QUESTION_ONE_IN == 0;
}

/* -- what the answers tell --------------------------------------------------------------------- */

typedef struct {
    double answers, real;
} Known;

/* Of those that are known, where the rest is as likely real as `before`. */
static double known_share(Known known, double before)
{
    return (known.real + WORTH * before) / (known.answers + WORTH);
}

static void known_add(Known *known, const Asked *finding)
{
    known->answers += finding->answer == ANSWER_REAL || finding->answer == ANSWER_EXPECTED;
    known->real += finding->answer == ANSWER_REAL;
}

typedef struct {
    const Asked *findings;
    size_t       count;
    size_t      *order; /* (count), by what they are like, their signals and their places. */
    uint64_t    *real;  /* (real_count), rising: incidents with something real. */
    size_t       real_count;
    double       of_kind[FINDING_KIND_COUNT]; /* How likely it is real. */
} Choice;

static int by_value(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static void learn_answers(Choice *choice)
{
    Known all = {0}, kinds[FINDING_KIND_COUNT] = {{0}};
    for (size_t i = 0; i < choice->count; i++) {
        const Asked *finding = &choice->findings[i];
        known_add(&all, finding);
        known_add(&kinds[finding->kind], finding);
        if (finding->answer == ANSWER_REAL)
            choice->real[choice->real_count++] = finding->incident;
    }
    qsort(choice->real, choice->real_count, sizeof *choice->real, by_value);
    for (size_t kind = 0; kind < FINDING_KIND_COUNT; kind++)
        choice->of_kind[kind] = known_share(kinds[kind], known_share(all, 0.5));
}

/* -- those that are alike ---------------------------------------------------------------------- */

typedef struct {
    const Asked *finding;
    size_t       at;
} Placed;

static int by_likeness(const void *left, const void *right)
{
    const Placed *a = left, *b = right;
    if (a->finding->like != b->finding->like)
        return a->finding->like < b->finding->like ? -1 : 1;
    if (a->finding->signal != b->finding->signal)
        return a->finding->signal < b->finding->signal ? -1 : 1;
    return (a->at > b->at) - (a->at < b->at);
}

static bool set_order(Choice *choice, Mem *mem)
{
    Placed *placed = mem_take(mem, choice->count * sizeof *placed);
    if (placed == NULL)
        return false;
    for (size_t i = 0; i < choice->count; i++)
        placed[i] = (Placed){&choice->findings[i], i};
    qsort(placed, choice->count, sizeof *placed, by_likeness);
    for (size_t i = 0; i < choice->count; i++)
        choice->order[i] = placed[i].at;
    mem_free(mem, placed, choice->count * sizeof *placed);
    return true;
}

static const Asked *ordered(const Choice *choice, size_t place)
{
    return &choice->findings[choice->order[place]];
}

typedef struct {
    Known    known;
    uint64_t days; /* Bits; the findings are of fewer than 64 days. */
    size_t   open; /* Findings of signals that nobody said anything of, and nobody holds back. */
    size_t   last; /* The latest of them. */
} Group;

static void group_take_signal(const Choice *choice, size_t from, size_t to, Group *group)
{
    bool is_answered = false;
    for (size_t i = from; i < to; i++) {
        const Asked *finding = ordered(choice, i);
        known_add(&group->known, finding);
        is_answered |= finding->answer != ANSWER_NONE;
    }
    for (size_t i = from; i < to && !is_answered; i++) {
        const Asked *finding = ordered(choice, i);
        if (finding->is_held)
            continue;
        size_t at = choice->order[i];
        group->last = group->open == 0 || at > group->last ? at : group->last;
        group->open++;
        group->days |= UINT64_C(1) << (finding->time / DAY_NS & 63);
    }
}

/* From `from` on; *ret_to is behind it. */
static Group group_read(const Choice *choice, size_t from, size_t *ret_to)
{
    Group group = {.open = 0};
    size_t to = from;
    while (to < choice->count && ordered(choice, to)->like == ordered(choice, from)->like) {
        size_t signal = to;
        while (to < choice->count && ordered(choice, to)->like == ordered(choice, from)->like &&
               ordered(choice, to)->signal == ordered(choice, signal)->signal)
            to++;
        group_take_signal(choice, signal, to, &group);
    }
    *ret_to = to;
    return group;
}

static QuestionAsked group_question(const Choice *choice, const Group *group)
{
    const Asked *finding = &choice->findings[group->last];
    double real = known_share(group->known, choice->of_kind[finding->kind]);
    bool has_company = bsearch(&finding->incident, choice->real, choice->real_count,
                               sizeof *choice->real, by_value) != NULL;
    if (has_company && real < BY_COMPANY)
        real = BY_COMPANY;
    return (QuestionAsked){.at = group->last,
                           .like = group->open,
                           .days = (size_t)__builtin_popcountll(group->days),
                           .real = real};
}

/* -- those that are asked ---------------------------------------------------------------------- */

static double changes(const QuestionAsked *question)
{
    return (double)question->days * (1 - question->real);
}

static bool goes_before(const QuestionAsked *a, const QuestionAsked *b)
{
    double left = changes(a), right = changes(b);
    if (a->by_chance != b->by_chance)
        return a->by_chance;
    return left > right || (left >= right && a->at > b->at);
}

/* One more of at most `room`; the least of them goes. */
static size_t put(QuestionAsked *asked, size_t count, size_t room, QuestionAsked question)
{
    if (count == room && (room == 0 || !goes_before(&question, &asked[count - 1])))
        return count;
    size_t at = count < room ? count++ : count - 1;
    for (; at > 0 && goes_before(&question, &asked[at - 1]); at--)
        asked[at] = asked[at - 1];
    asked[at] = question;
    return count;
}

/* The latest one by chance that nobody answered; count: there is none, or one was asked today. */
static size_t one_by_chance(const Asked *findings, size_t count)
{
    size_t at = count, today = 0;
    for (size_t i = 0; i < count; i++) {
        if (!question_is_by_chance(findings[i].id))
            continue;
        today += findings[i].was_today;
        if (findings[i].answer == ANSWER_NONE && !findings[i].is_held)
            at = i;
    }
    return today < BY_CHANCE_A_DAY ? at : count;
}

static size_t choose(Choice *choice, size_t room, QuestionAsked *ret)
{
    size_t count = 0, to;
    size_t chance = one_by_chance(choice->findings, choice->count);
    for (size_t from = 0; from < choice->count; from = to) {
        Group group = group_read(choice, from, &to);
        if (group.open == 0)
            continue;
        QuestionAsked question = group_question(choice, &group);
        bool is_chance = chance < choice->count &&
                         choice->findings[chance].like == choice->findings[group.last].like;
        question.by_chance = is_chance;
        question.at = is_chance ? chance : question.at;
        if (is_chance || changes(&question) >= CHANGES_LEAST)
            count = put(ret, count, room, question);
    }
    return count;
}

size_t questions_choose(const Asked *findings, size_t count, size_t a_day, Mem *mem,
                        QuestionAsked ret[QUESTIONS_A_DAY_MAX])
{
    size_t today = 0, asked = SIZE_MAX;
    for (size_t i = 0; i < count; i++)
        today += findings[i].was_today;
    size_t room = a_day < QUESTIONS_A_DAY_MAX ? a_day : QUESTIONS_A_DAY_MAX;
    if (count == 0 || today >= room)
        return 0;
    Choice choice = {.findings = findings, .count = count};
    choice.order = mem_take(mem, count * sizeof *choice.order);
    choice.real = mem_take(mem, count * sizeof *choice.real);
    if (choice.order != NULL && choice.real != NULL && set_order(&choice, mem)) {
        learn_answers(&choice);
        asked = choose(&choice, room - today, ret);
    }
    mem_free(mem, choice.order, count * sizeof *choice.order);
    mem_free(mem, choice.real, count * sizeof *choice.real);
    return asked;
}

PrecisionEstimate questions_precision(const Asked *findings, size_t count)
{
    Known known = {0};
    for (size_t i = 0; i < count; i++)
        if (question_is_by_chance(findings[i].id))
            known_add(&known, &findings[i]);
    ShareInterval of = wilson_share(known.real, known.answers);
    return (PrecisionEstimate){.answers = (size_t)known.answers,
                               .real = (size_t)known.real,
                               .estimate = of.share,
                               .lower = of.lower,
                               .upper = of.upper};
}
