/* SPDX-License-Identifier: Apache-2.0
 *
 * A process that commits is killed again and again: what it had acknowledged is there. */
#include "fixture.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define CYCLES 20
#define SEGMENT_BYTES 200000

/* Says each number that is durable; ends when it is killed. */
static void commit_for_ever(const char *place, uint64_t number, int pipe_end)
{
    odd_store_options options = {.segment_bytes_max = SEGMENT_BYTES};
    odd_store *store = store_opened(place, &options);
    for (;; number++) {
        odd_rc rc;
        store_commit_number(store, number, number % 7 == 0 ? 20000 : 300, &rc);
        if (rc != ODD_OK || write(pipe_end, &number, sizeof number) != sizeof number)
            _exit(1);
    }
}

/* The last number that the child said before its end. */
static uint64_t run_child(const char *place, uint64_t first, useconds_t us)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[0]);
        commit_for_ever(place, first, ends[1]);
    }
    close(ends[1]);
    uint64_t number, last = first - 1;
    if (read(ends[0], &number, sizeof number) == sizeof number) /* It is at work. */
        last = number;
    usleep(us);
    kill(child, SIGKILL);
    while (read(ends[0], &number, sizeof number) == sizeof number)
        last = number;
    close(ends[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    return last;
}

static void what_a_killed_process_acknowledged_is_there_once(void **state)
{
    (void)state;
    char place[PLACE_SIZE];
    place_make(place);
    uint64_t next = 1, seed = 4711, acknowledged = 0;
    for (int cycle = 0; cycle < CYCLES; cycle++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        acknowledged = run_child(place, next, (useconds_t)(seed >> 33) % 40000);
        odd_store *store =
            store_opened(place, &(odd_store_options){.segment_bytes_max = SEGMENT_BYTES});
        assert_string_equal(odd_store_errmsg(store), "");
        WhatIsThere what = store_read(store, 0);
        assert_int_equal(what.corrupt_count, 0);
        assert_true(what.count == acknowledged || what.count == acknowledged + 1);
        for (size_t i = 0; i < what.count; i++)
            assert_int_equal(what.numbers[i], i + 1);
        next = what.count + 1;
        what_free(&what);
        odd_store_close(store);
    }
    assert_true(acknowledged > CYCLES);
    place_remove(place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_killed_process_acknowledged_is_there_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
