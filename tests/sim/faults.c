/* SPDX-License-Identifier: Apache-2.0 */
#include "faults.h"

#include "dice.h"

#define SLOT_MINUTES ((WEEK_MINUTES - FAULTS_CALM) / FAULT_COUNT)
#define BEGINS_WITHIN 360
#define TOPIC_FAULTS 1

const char *fault_words(FaultSort sort)
{
    static const char *const words[FAULT_COUNT] = {
#define X(name, text) text,
        FAULT_MAP(X)
#undef X
    };
    return words[sort];
}

static int one_of(Dice *dice, const int *services, int count)
{
    return services[dice_below(dice, count)];
}

/* Where it is, and how long. */
static void fault_place(Fault *fault, Dice *dice)
{
    static const int apps[] = {CHECKOUT, CATALOG, PAYMENTS, ACCOUNTS};
    static const int leaking[] = {CHECKOUT, CATALOG, PAYMENTS, ACCOUNTS, SHOPPER_STATS};
    static const int writing[] = {ORDERS_DB, CHECKOUT, SHOPPER_STATS};
    static const int called[] = {PAYMENTS, ORDERS_DB, CATALOG, SHOPPER_STATS};
    int lasts = 40 + dice_below(dice, 50);
    switch (fault->sort) {
    case FAULT_DEPLOY:
        fault->service = one_of(dice, apps, 4);
        break;
    case FAULT_LEAK:
        fault->service = one_of(dice, leaking, 5);
        lasts = 240 + dice_below(dice, 90);
        break;
    case FAULT_DISK:
        fault->service = one_of(dice, writing, 3);
        lasts = 150 + dice_below(dice, 120);
        break;
    case FAULT_SLOW:
        fault->service = ORDERS_DB;
        break;
    case FAULT_SILENT:
        fault->service = fault->variant ? -1 : one_of(dice, apps, 4);
        fault->host = dice_below(dice, HOST_COUNT);
        lasts += 30;
        break;
    case FAULT_GUESSING:
        fault->service = fault->variant ? ACCOUNTS : -1;
        fault->host = EDGE_1;
        lasts -= 15;
        break;
    case FAULT_DRIFT:
        fault->service = SHOPPER_STATS;
        lasts = 240 + dice_below(dice, 100);
        break;
    case FAULT_CERTIFICATE:
        fault->service = one_of(dice, called, 4);
        break;
    case FAULT_CLOCK:
        fault->service = -1;
        fault->host = APP_1 + dice_below(dice, HOST_COUNT - 1);
        lasts -= 10;
        break;
    case FAULT_COUNT:
        break;
    }
    if (fault->service >= 0)
        fault->host = (int)company_services[fault->service].host;
    fault->last = fault->first + lasts;
}

void faults_make(uint64_t seed, Fault faults[FAULT_COUNT])
{
    Dice dice = dice_of(seed, 0, TOPIC_FAULTS);
    int order[FAULT_COUNT];
    for (int i = 0; i < FAULT_COUNT; i++) {
        int at = dice_below(&dice, i + 1);
        order[i] = order[at];
        order[at] = i;
    }
    for (int i = 0; i < FAULT_COUNT; i++) {
        faults[i] = (Fault){.sort = (FaultSort)order[i],
                            .first = FAULTS_CALM + i * SLOT_MINUTES,
                            .variant = dice_below(&dice, 2),
                            .size = dice_share(&dice)};
        faults[i].first += dice_below(&dice, BEGINS_WITHIN);
        fault_place(&faults[i], &dice);
    }
}

double fault_part(const Fault *fault, int minute)
{
    return (double)(minute - fault->first) / (double)(fault->last - fault->first);
}
