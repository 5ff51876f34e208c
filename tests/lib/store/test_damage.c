/* SPDX-License-Identifier: Apache-2.0
 *
 * A byte is another one, a file is cut: anywhere in any file, what is whole is read, what is not is
 * told, and the store opens and goes on. */
#include "fixture.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../sanitized.h"
#include "store/store.h"

#define COMMITS 60
#define SEGMENT_BYTES 60000
#define STEP (SANITIZED ? 12288 : 4096)
#define FILES_MAX 64

typedef struct {
    char   name[64];
    char  *bytes;
    size_t size;
} Copied;

typedef struct { /* A directory, byte for byte. */
    Copied files[FILES_MAX];
    size_t count;
} Picture;

static Picture closed, killed; /* Of a store that was closed, and of one that was not. */

static void picture_take(const char *place, Picture *picture)
{
    DIR *names = opendir(place);
    assert_non_null(names);
    const struct dirent *entry;
    while ((entry = readdir(names)) != NULL) {
        char path[2 * PLACE_SIZE];
        snprintf(path, sizeof path, "%s/%s", place, entry->d_name);
        if (entry->d_name[0] == '.' || strcmp(entry->d_name, "reserve") == 0 ||
            strstr(entry->d_name, "-shm") != NULL)
            continue;
        assert_true(picture->count < FILES_MAX);
        Copied *copied = &picture->files[picture->count++];
        snprintf(copied->name, sizeof copied->name, "%.60s", entry->d_name);
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        copied->bytes = malloc(1 << 20);
        copied->size = fread(copied->bytes, 1, 1 << 20, file);
        fclose(file);
    }
    closedir(names);
}

static void picture_put(const char *place, const Picture *picture)
{
    for (size_t i = 0; i < picture->count; i++) {
        char path[2 * PLACE_SIZE];
        snprintf(path, sizeof path, "%s/%s", place, picture->files[i].name);
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(picture->files[i].bytes, 1, picture->files[i].size, file),
                         picture->files[i].size);
        fclose(file);
    }
}

static void picture_free(Picture *picture)
{
    for (size_t i = 0; i < picture->count; i++)
        free(picture->files[i].bytes);
}

static odd_rc take_nothing(void *context, int number, Str bytes)
{
    uint64_t *sum = context;
    *sum += (uint64_t)number + bytes.size;
    return ODD_OK;
}

static int make(void **state)
{
    (void)state;
    char place[PLACE_SIZE];
    place_make(place);
    odd_store_options options = {.segment_bytes_max = SEGMENT_BYTES};
    odd_store *store = store_opened(place, &options);
    unsigned char fresh[16] = "0123456789abcde", key[16];
    assert_int_equal(odd_store_secret(store, fresh, key), ODD_OK);
    for (uint64_t number = 1; number <= COMMITS; number++) {
        odd_rc rc;
        assert_int_equal(store_commit_number(store, number, 5000, &rc), number);
        char text[9000];
        memset(text, (int)('a' + number % 26), sizeof text);
        StorePart part = {.number = 0, .bytes = {.text = text, .size = sizeof text}};
        if (number % 10 == 0)
            assert_int_equal(store_checkpoint(store, number, &part, 1, NULL, 0), ODD_OK);
    }
    picture_take(place, &killed); /* Its logs still hold a part of what was committed. */
    odd_store_close(store);
    picture_take(place, &closed);
    place_remove(place);
    return 0;
}

static int destroy(void **state)
{
    (void)state;
    picture_free(&closed);
    picture_free(&killed);
    return 0;
}

/* All that is read is right; what is missing was told.  Gives how many commits are missing. */
static size_t check_read(odd_store *store, const char *found)
{
    WhatIsThere what = store_read(store, 0);
    for (size_t i = 0; i < what.count; i++) {
        assert_true(i == 0 || what.positions[i] > what.positions[i - 1]);
        if (what.numbers[i] <= COMMITS)
            assert_int_equal(what.positions[i], what.numbers[i]);
    }
    size_t missing = 0;
    for (uint64_t number = 1; number <= COMMITS; number++) {
        bool is_there = false;
        for (size_t i = 0; i < what.count; i++)
            is_there = is_there || what.numbers[i] == number;
        missing += !is_there;
    }
    if (missing > 0 && what.corrupt_count == 0 && found[0] == '\0')
        fail_msg("%zu commits are missing, and nothing was told", missing);
    what_free(&what);
    return missing;
}

/* Each names a file that is there, commits in their order, and says all that in a sentence. */
static void check_told(const odd_store *store, const char *place)
{
    odd_damage damage;
    for (size_t i = 0; odd_store_damage(store, i, &damage); i++) {
        char path[2 * PLACE_SIZE];
        snprintf(path, sizeof path, "%s/%s", place, damage.file);
        assert_int_equal(access(path, F_OK), 0);
        assert_true(damage.last == 0 || damage.first <= damage.last);
        assert_non_null(strstr(damage.sentence, "look at the disk"));
    }
}

/* Gives how many commits were lost. */
static size_t check_damaged(const char *place)
{
    odd_store *store = store_opened(place, &(odd_store_options){.segment_bytes_max = 60000});
    char found[512];
    snprintf(found, sizeof found, "%s", odd_store_errmsg(store));
    check_told(store, place);
    size_t missing = check_read(store, found);
    uint64_t sum = 0, position;
    odd_rc restored = store_restore(store, 0, take_nothing, &sum, &position);
    assert_true(restored == ODD_OK || restored == ODD_DONE);
    if (restored == ODD_OK)
        assert_true(position % 10 == 0 && position <= COMMITS && sum == 9000);
    check_told(store, place);
    odd_rc rc = ODD_CORRUPT;
    StorePart part = {.number = 0, .bytes = STR("all of it")};
    for (int i = 0; i < 2 && rc == ODD_CORRUPT; i++) /* A damaged catalog gives way to a new one. */
        rc = store_checkpoint(store, COMMITS, &part, 1, NULL, 0);
    if (rc != ODD_OK)
        fail_msg("%s", odd_store_catalog_errmsg(store));
    sum = 0;
    assert_int_equal(store_restore(store, 0, take_nothing, &sum, &position), ODD_OK);
    assert_int_equal(sum, part.bytes.size);
    uint64_t number = store_commit_number(store, 1000, 100, &rc);
    if (rc != ODD_OK) /* A damaged file is noticed as it is written: the next one takes it. */
        number = store_commit_number(store, 1000, 100, &rc);
    assert_int_equal(rc, ODD_OK);
    assert_true(number > COMMITS);
    odd_store_close(store);
    store = store_opened(place, NULL);
    WhatIsThere what = store_read(store, number - 1);
    assert_int_equal(what.numbers[what.count - 1], 1000);
    what_free(&what);
    odd_store_close(store);
    return missing;
}

typedef void (*Harm)(Copied *file, size_t at);

static void flip(Copied *file, size_t at)
{
    file->bytes[at] = (char)(file->bytes[at] ^ 0x20);
}

static void cut(Copied *file, size_t at)
{
    file->size = at;
}

static void smear(Copied *file, size_t at)
{
    for (size_t i = at; i < at + 512 && i < file->size; i++)
        file->bytes[i] = (char)(i * 37);
}

/* Every file, at every STEP and a little behind, where headers and cells are. */
static void sweep(const Picture *picture, Harm harm, size_t missing_max)
{
    static const size_t behind[] = {0, 20, 100, 2000};
    for (size_t i = 0; i < picture->count; i++) {
        for (size_t at = 0; at < picture->files[i].size; at += STEP) {
            size_t place_in = at + behind[at / STEP % (sizeof behind / sizeof *behind)];
            if (place_in >= picture->files[i].size)
                place_in = at;
            Picture changed = *picture;
            Copied *file = &changed.files[i];
            file->bytes = malloc(file->size + 1);
            memcpy(file->bytes, picture->files[i].bytes, file->size);
            harm(file, place_in);
            char place[PLACE_SIZE];
            place_make(place);
            picture_put(place, &changed);
            size_t missing = check_damaged(place);
            if (missing > missing_max)
                fail_msg("%s at %zu: %zu commits are lost", file->name, place_in, missing);
            free(file->bytes);
            place_remove(place);
        }
    }
}

/* A file holds 16 commits or so, so no damage may take more than those of one file. */
#define OF_A_FILE (SEGMENT_BYTES / 3000)

static void a_flipped_bit_costs_at_most_its_file(void **state)
{
    (void)state;
    sweep(&closed, flip, OF_A_FILE);
    sweep(&killed, flip, OF_A_FILE);
}

static void a_file_that_is_cut_costs_at_most_itself(void **state)
{
    (void)state;
    sweep(&closed, cut, OF_A_FILE);
    sweep(&killed, cut, OF_A_FILE);
}

static void a_smeared_sector_costs_at_most_its_file(void **state)
{
    (void)state;
    sweep(&closed, smear, OF_A_FILE);
}

/* -- what is told ----------------------------------------------------------------------------- */

/* The store of the picture, with bytes of a file overwritten; the first damage is given. */
static odd_store *harmed(char *place, const char *file, size_t size, odd_damage *ret_damage)
{
    char path[2 * PLACE_SIZE];
    place_make(place);
    picture_put(place, &closed);
    snprintf(path, sizeof path, "%s/%s", place, file);
    FILE *harmed_file = fopen(path, "r+b");
    assert_non_null(harmed_file);
    for (size_t i = 0; i < size; i++)
        fputc('x', harmed_file);
    fclose(harmed_file);
    odd_store *store =
        store_opened(place, &(odd_store_options){.segment_bytes_max = SEGMENT_BYTES});
    memset(ret_damage, 0, sizeof *ret_damage);
    odd_store_damage(store, 0, ret_damage);
    return store;
}

static void assert_says(const odd_damage *damage, const char *words)
{
    if (damage->sentence == NULL || strstr(damage->sentence, words) == NULL)
        fail_msg("\"%s\" is not in: %s", words,
                 damage->sentence != NULL ? damage->sentence : "(nothing)");
}

static void a_file_of_the_journal_is_told_with_its_commits(void **state)
{
    (void)state;
    char place[PLACE_SIZE];
    odd_damage damage;
    odd_store *store = harmed(place, "journal-2.db", 100, &damage);
    assert_string_equal(damage.file, "journal-2.db.damaged");
    WhatIsThere what = store_read(store, 0);
    uint64_t before = 0;
    for (size_t i = 0; i < what.count; i++) {
        if (what.positions[i] != before + 1) {
            assert_int_equal(damage.first, before + 1);
            assert_int_equal(damage.last, what.positions[i] - 1);
        }
        before = what.positions[i];
    }
    assert_int_equal(what.count + damage.last - damage.first + 1, COMMITS);
    what_free(&what);
    char commits[64];
    snprintf(commits, sizeof commits, "commits %" PRIu64 " to %" PRIu64 " are lost", damage.first,
             damage.last);
    assert_says(&damage, "journal-2.db cannot be read (");
    assert_says(&damage, commits);
    assert_says(&damage, "they were learnt");
    assert_false(odd_store_damage(store, 1, &damage));
    odd_store_close(store);
    place_remove(place);
}

/* Its last checkpoint is behind all of it, so the newest file costs nothing that was not learnt. */
static void the_newest_file_is_told_up_to_its_last_commit(void **state)
{
    (void)state;
    char place[PLACE_SIZE], name[64];
    odd_damage damage;
    int newest = 0;
    for (size_t i = 0; i < closed.count; i++) {
        int n;
        if (sscanf(closed.files[i].name, "journal-%d.db", &n) == 1 && n > newest)
            newest = n;
    }
    snprintf(name, sizeof name, "journal-%d.db", newest);
    odd_store *store = harmed(place, name, 100, &damage);
    assert_int_equal(damage.last, COMMITS);
    assert_true(damage.first > 1);
    assert_false(odd_store_damage(store, 1, &damage));
    odd_store_close(store);
    place_remove(place);
}

static void a_catalog_is_told_and_from_where_all_is_learnt_again(void **state)
{
    (void)state;
    char place[PLACE_SIZE];
    odd_damage damage;
    odd_store *store = harmed(place, "catalog.db", 100, &damage);
    assert_string_equal(damage.file, "catalog.db.damaged");
    assert_says(&damage, "all is learnt again from commit 1 on");
    assert_says(&damage, "stay in the lake");
    odd_store_close(store);
    place_remove(place);
}

static void a_damaged_secret_is_told(void **state)
{
    (void)state;
    char place[PLACE_SIZE];
    odd_damage damage;
    odd_store *store = harmed(place, "secret", 5, &damage);
    assert_null(damage.sentence); /* It is not looked at before it is needed. */
    unsigned char fresh[16] = "fedcba987654321", key[16];
    assert_int_equal(odd_store_secret(store, fresh, key), ODD_OK);
    assert_true(odd_store_damage(store, 0, &damage));
    assert_string_equal(damage.file, "secret.damaged");
    assert_says(&damage, "other tokens than before");
    odd_store_close(store);
    place_remove(place);
}

static void without_damage_nothing_is_missing(void **state)
{
    (void)state;
    char place[PLACE_SIZE];
    place_make(place);
    picture_put(place, &closed);
    assert_int_equal(check_damaged(place), 0);
    place_remove(place);
    place_make(place);
    picture_put(place, &killed);
    assert_int_equal(check_damaged(place), 0);
    place_remove(place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_damage_nothing_is_missing),
        cmocka_unit_test(a_flipped_bit_costs_at_most_its_file),
        cmocka_unit_test(a_file_that_is_cut_costs_at_most_itself),
        cmocka_unit_test(a_smeared_sector_costs_at_most_its_file),
        cmocka_unit_test(a_file_of_the_journal_is_told_with_its_commits),
        cmocka_unit_test(the_newest_file_is_told_up_to_its_last_commit),
        cmocka_unit_test(a_catalog_is_told_and_from_where_all_is_learnt_again),
        cmocka_unit_test(a_damaged_secret_is_told),
    };
    return cmocka_run_group_tests(tests, make, destroy);
}
