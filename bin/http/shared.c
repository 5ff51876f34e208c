/* SPDX-License-Identifier: Apache-2.0 */
#include "http/shared.h"

#include <stdlib.h>

void shared_hold(Shared *shared)
{
    atomic_fetch_add(&shared->references, 1);
}

void shared_release(Shared *shared)
{
    if (atomic_fetch_sub(&shared->references, 1) > 1)
        return;
    crowd_end(&shared->crowd);
    lockout_end(&shared->lockout);
    free(shared);
}
