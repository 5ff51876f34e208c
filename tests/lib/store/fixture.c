/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "event/events.h"

void place_make(char place[PLACE_SIZE])
{
    const char *memory = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(place, PLACE_SIZE, "%s/oddball-store-XXXXXX", memory);
    assert_non_null(mkdtemp(place));
}

static int remove_one(const char *path, const struct stat *known, int kind, struct FTW *where)
{
    (void)known;
    (void)kind;
    (void)where;
    return remove(path);
}

void place_remove(const char *place)
{
    nftw(place, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

odd_store *store_opened(const char *place, const odd_store_options *options)
{
    odd_store *store = NULL;
    char problem[512] = "";
    odd_rc rc = odd_store_open(place, options, &store, problem, sizeof problem);
    if (rc != ODD_OK)
        fail_msg("%s", problem);
    return store;
}

uint64_t store_commit_number(odd_store *store, uint64_t number, size_t size, odd_rc *ret_rc)
{
    odd_events *events;
    assert_int_equal(odd_events_open(NULL, 1000, &events), ODD_OK);
    size_t at = 0;
    char *text = malloc(size + 32);
    int head = snprintf(text, size + 32, "%" PRIu64 " ", number);
    uint64_t random = number;
    for (at = (size_t)head; at < size; at++) { /* What zstd cannot make small. */
        random = random * 6364136223846793005u + 1442695040888963407u;
        text[at] = (char)('!' + (random >> 58));
    }
    for (size_t from = 0; from < at; from += EVENT_LINE_BYTES_MAX) {
        size_t part = at - from < EVENT_LINE_BYTES_MAX ? at - from : EVENT_LINE_BYTES_MAX;
        assert_int_equal(odd_events_record(events, "test", 1, 3, text + from, part, ""), ODD_OK);
    }
    uint64_t position = 0;
    *ret_rc = odd_store_commit(store, &events, 1, NULL, &position);
    free(text);
    odd_events_close(events);
    return *ret_rc == ODD_OK ? position : 0;
}

uint64_t number_in(const odd_events *events)
{
    EventReader reader = {.bytes = {.text = events->bytes, .size = events->size}};
    Event event;
    assert_int_equal(event_next(&reader, &event), EVENT_READ);
    char text[32] = ""; /* Of a tick there is none: 0. */
    if (event.text.size > 0)
        memcpy(text, event.text.text, event.text.size < 31 ? event.text.size : 31);
    return strtoull(text, NULL, 10);
}

WhatIsThere store_read(odd_store *store, uint64_t after)
{
    WhatIsThere what = {0};
    odd_cursor *cursor;
    assert_int_equal(odd_cursor_open(store, after, &cursor), ODD_OK);
    odd_events *events;
    uint64_t position;
    odd_rc rc;
    for (size_t calls = 0; (rc = odd_cursor_next(cursor, &events, &position)) != ODD_DONE;
         calls++) {
        assert_true(calls < 1000000); /* It never loops. */
        if (rc != ODD_OK) {
            assert_true(rc == ODD_CORRUPT || rc == ODD_IO);
            assert_true(odd_cursor_errmsg(cursor)[0] != '\0');
            snprintf(what.sentence, sizeof what.sentence, "%s", odd_cursor_errmsg(cursor));
            what.corrupt_count += rc == ODD_CORRUPT;
            continue;
        }
        size_t size = (what.count + 1) * sizeof *what.numbers;
        what.numbers = realloc(what.numbers, size);
        what.positions = realloc(what.positions, size);
        what.numbers[what.count] = number_in(events);
        what.positions[what.count++] = position;
    }
    odd_cursor_close(cursor);
    return what;
}

void what_free(WhatIsThere *what)
{
    free(what->numbers);
    free(what->positions);
    *what = (WhatIsThere){0};
}
