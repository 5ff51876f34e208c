/* SPDX-License-Identifier: Apache-2.0 */
#include "event/alert_repeats.h"

#include <stdatomic.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/time.h"

#define SLOTS 4096
#define SEED 0x616c657274736565ULL
#define MINUTE_BITS 24 /* The rest of a slot is of a hash. */
#define MINUTE_MASK ((UINT64_C(1) << MINUTE_BITS) - 1)

struct odd_alerts {
    Mem              mem;
    _Atomic uint64_t slots[SLOTS]; /* 0: free. */
};

odd_rc odd_alerts_open(odd_alerts **ret_alerts)
{
    Mem mem = {0};
    odd_alerts *alerts = mem_take(&mem, sizeof *alerts);
    if (alerts == NULL)
        return ODD_NOMEM;
    alerts->mem = mem;
    *ret_alerts = alerts;
    return ODD_OK;
}

void odd_alerts_close(odd_alerts *alerts)
{
    if (alerts == NULL)
        return;
    Mem mem = alerts->mem;
    mem_free(&mem, alerts, sizeof *alerts);
}

void odd_alerts_forget(odd_alerts *alerts)
{
    for (size_t i = 0; alerts != NULL && i < SLOTS; i++)
        atomic_store(&alerts->slots[i], 0);
}

bool alert_is_repeat(odd_alerts *alerts, const Alert *alert, odd_time now)
{
    if (alerts == NULL)
        return false;
    uint64_t id = hash_bytes(alert->series, strlen(alert->series), SEED);
    id = hash_add(id, (uint64_t)alert->starts);
    uint64_t said = hash_bytes(alert->summary, strlen(alert->summary), id);
    said = hash_add(said, alert->is_resolved) & ~MINUTE_MASK;
    uint64_t minute = (uint64_t)(now / (60 * NS_PER_S)) & MINUTE_MASK;
    _Atomic uint64_t *slot = &alerts->slots[(id >> 32) % SLOTS];
    uint64_t before = atomic_load(slot);
    if (before != 0 && (before & ~MINUTE_MASK) == said &&
        ((minute - before) & MINUTE_MASK) < ALERT_REPEAT_MINUTES)
        return true;
    atomic_store(slot, said | minute);
    return false;
}
