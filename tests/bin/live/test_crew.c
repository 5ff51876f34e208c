/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <stdatomic.h>

#include "live/crew.h"

#define PIECES_MAX 100

typedef struct {
    atomic_int done[PIECES_MAX];
} Work;

static void do_piece(void *context, int number)
{
    Work *work = context;
    atomic_fetch_add(&work->done[number], 1);
}

/* Round after round: who finishes early takes no piece of the next round for one of this. */
static void each_piece_is_done_once_and_all_are_done_at_the_end(void **state)
{
    (void)state;
    for (int threads = 0; threads <= 8; threads++) {
        Crew *crew = crew_open(threads);
        assert_non_null(crew);
        for (int round = 0; round < 500; round++) {
            Work work = {0};
            int count = round % (PIECES_MAX + 1);
            crew_run(crew, count, do_piece, &work);
            for (int i = 0; i < PIECES_MAX; i++)
                assert_int_equal(atomic_load(&work.done[i]), i < count);
        }
        crew_close(crew);
    }
}

static void a_crew_that_never_worked_can_go(void **state)
{
    (void)state;
    crew_close(crew_open(4));
    crew_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_piece_is_done_once_and_all_are_done_at_the_end),
        cmocka_unit_test(a_crew_that_never_worked_can_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
