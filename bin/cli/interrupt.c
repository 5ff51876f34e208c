/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/interrupt.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

static atomic_bool asked;

/* A lock-free store is all that a handler may do.  SA_RESETHAND: the second one ends at once. */
static void on_signal(int number)
{
    (void)number; /* SIGINT and SIGTERM ask for the same. */
    atomic_store(&asked, true);
}

const atomic_bool *interrupt_watch(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    return &asked;
}
