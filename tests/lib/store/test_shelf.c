/* SPDX-License-Identifier: Apache-2.0
 *
 * A disk that is full, refuses or loses power while a version is put on the shelf: it is there
 * whole, or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "faulty_files.h"
#include "store/shelf.h"

#define OPERATIONS_MAX 60

static char    folder[64];
static Mem     mem;
static Problem problem;
static Shelf   shelf = {.root = folder, .kind = "datasets"};

static const ShelfFile files[] = {{"rows", {"one and two", 11}}, {"manifest", {"three", 5}}};

static void begin(void)
{
    snprintf(folder, sizeof folder, "/tmp/odd-shelf-XXXXXX");
    assert_non_null(mkdtemp(folder));
    files_watch(folder);
}

static void end(void)
{
    char command[96];
    files_forget();
    snprintf(command, sizeof command, "rm -rf %s", folder);
    assert_int_equal(system(command), 0);
}

static size_t versions(void)
{
    Names names = {.mem = &mem};
    assert_int_equal(shelf_list(&shelf, "n", &names, &problem), ODD_OK);
    size_t count = names.count;
    names_close(&names);
    return count;
}

static void assert_whole(void)
{
    for (size_t i = 0; i < 2; i++) {
        Str bytes;
        assert_int_equal(shelf_get(&shelf, "n", "v1", files[i].name, &bytes, &problem), ODD_OK);
        assert_true(str_equal(bytes, files[i].bytes));
        disk_unmap(bytes);
    }
}

/* At each operation in turn. */
static void try_fault(FilesFault fault, odd_rc wanted)
{
    bool struck = true;
    for (uint64_t at = 1; struck; at++) {
        assert_true(at < OPERATIONS_MAX);
        begin();
        files_set(fault, at);
        odd_rc rc = shelf_put(&shelf, "n", "v1", files, 2, &problem);
        struck = files_has_struck();
        files_set(FILES_WELL, 1);
        if (struck && rc != ODD_OK) {
            assert_true(rc == wanted || rc == ODD_IO);
            /* The last sync may fail behind the naming: then all of it is there already. */
            if (versions() > 0)
                assert_whole();
        }
        if (rc == ODD_OK)
            assert_whole();
        odd_rc again = shelf_put(&shelf, "n", "v1", files, 2, &problem);
        assert_true(again == ODD_OK || again == ODD_EXISTS);
        assert_whole();
        assert_int_equal(versions(), 1);
        end();
    }
}

static void a_full_disk_leaves_nothing_half_written(void **state)
{
    (void)state;
    try_fault(FILES_FULL, ODD_SPACE);
}

static void a_disk_that_refuses_leaves_nothing_half_written(void **state)
{
    (void)state;
    try_fault(FILES_ERROR, ODD_IO);
}

static void a_loss_of_power_leaves_it_whole_or_not_at_all(void **state)
{
    (void)state;
    bool struck = true;
    for (uint64_t at = 1; struck; at++) {
        assert_true(at < OPERATIONS_MAX);
        begin();
        files_set(FILES_DEATH, at);
        odd_rc rc = shelf_put(&shelf, "n", "v1", files, 2, &problem);
        struck = files_has_struck();
        files_set(FILES_WELL, 1);
        files_power_loss(at, false);
        if (rc == ODD_OK)
            assert_int_equal(versions(), 1);
        if (versions() > 0)
            assert_whole();
        end();
    }
}

static void a_log_is_only_added_to(void **state)
{
    (void)state;
    Str log;
    begin();
    assert_int_equal(shelf_put(&shelf, "n", "v1", files, 2, &problem), ODD_OK);
    assert_int_equal(shelf_log_add(&shelf, &mem, "n", STR("one"), &problem), ODD_OK);
    files_set(FILES_FULL, 1);
    assert_int_equal(shelf_log_add(&shelf, &mem, "n", STR("two"), &problem) == ODD_OK, false);
    files_set(FILES_WELL, 1);
    assert_int_equal(shelf_log_add(&shelf, &mem, "n", STR("three"), &problem), ODD_OK);
    assert_int_equal(shelf_log(&shelf, "n", &log, &problem), ODD_OK);
    assert_true(str_equal(log, STR("one\nthree\n")));
    disk_unmap(log);
    assert_int_equal(versions(), 1);
    end();
    assert_int_equal(mem.bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_disk_leaves_nothing_half_written),
        cmocka_unit_test(a_disk_that_refuses_leaves_nothing_half_written),
        cmocka_unit_test(a_loss_of_power_leaves_it_whole_or_not_at_all),
        cmocka_unit_test(a_log_is_only_added_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
