/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <math.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "learn/train.h"
#include "made_table.h"

static Mem      mem;
static Problem  problem;
static ImageOut bytes;

static int make(void **state)
{
    (void)state;
    Frame frame;
    Predictor predictor;
    ImageOut card = {.mem = &mem};
    bool beats;
    LessonWish lesson = {
        .target = STR("sold"), .left_out = STR("paid"), .now = ODD_TIME_NONE};
    TrainWish wish = {.lesson = lesson,
                      .budget = 1};
    bytes = (ImageOut){.mem = &mem};
    frame_open(&frame, &mem);
    predictor_open(&predictor, &mem);
    frame_put(&frame, str_of(table_make(300, 1)));
    bool good = frame_end(&frame, &problem) == ODD_OK &&
                train(&mem, &frame, &wish, &predictor, &card, &beats, &problem) == ODD_OK;
    predictor_save(&predictor, &bytes);
    predictor_close(&predictor);
    frame_close(&frame);
    image_close(&card);
    return good && !bytes.failed ? 0 : -1;
}

static odd_rc load(Str text)
{
    Predictor predictor;
    predictor_open(&predictor, &mem);
    odd_rc rc = predictor_load(&predictor, text, &problem);
    predictor_close(&predictor);
    return rc;
}

static void a_model_that_is_read_is_the_one_that_was_written(void **state)
{
    (void)state;
    Predictor predictor;
    ImageOut again = {.mem = &mem};
    predictor_open(&predictor, &mem);
    assert_int_equal(predictor_load(&predictor, (Str){bytes.bytes, bytes.size}, &problem), ODD_OK);
    predictor_save(&predictor, &again);
    assert_int_equal(again.size, bytes.size);
    assert_memory_equal(again.bytes, bytes.bytes, bytes.size);
    image_close(&again);
    predictor_close(&predictor);
}

static void a_model_that_is_cut_short_is_refused(void **state)
{
    (void)state;
    for (size_t size = 0; size < bytes.size; size += size < 400 ? 1 : 97)
        assert_int_equal(load((Str){bytes.bytes, size}), ODD_CORRUPT);
}

/* Also where the checksum is right: whoever wrote it knew how to make one. */
static void altered_bytes_are_refused_or_can_be_walked(void **state)
{
    (void)state;
    Rng rng = rng_seeded(2);
    char *other = mem_take(&mem, bytes.size);
    assert_non_null(other);
    for (int run = 0; run < 3000; run++) {
        memcpy(other, bytes.bytes, bytes.size);
        size_t at = 12 + (size_t)rng_below(&rng, bytes.size - 20);
        other[at] = (char)rng_below(&rng, 256);
        if (run % 3 == 0)
            bytes_put_u32(other + (at < bytes.size - 12 ? at : 12), (uint32_t)rng_next(&rng));
        size_t body = bytes.size - 8;
        bytes_put_u64(other + body, hash_bytes(other, body, 0x6d6f64656c));
        Predictor predictor;
        predictor_open(&predictor, &mem);
        if (predictor_load(&predictor, (Str){other, bytes.size}, &problem) == ODD_OK) {
            float slots[64];
            double values[PREDICTOR_CLASSES_MAX];
            assert_true(predictor.encoder.slot_count <= 64);
            for (size_t s = 0; s < predictor.encoder.slot_count; s++)
                slots[s] = s % 3 == 0 ? NAN : (float)s;
            predictor_say(&predictor, slots, values);
        }
        predictor_close(&predictor);
    }
    mem_free(&mem, other, bytes.size);
}

static void a_newer_format_is_told_as_such(void **state)
{
    (void)state;
    char *other = mem_take(&mem, bytes.size);
    assert_non_null(other);
    memcpy(other, bytes.bytes, bytes.size);
    bytes_put_u32(other + 8, 99);
    bytes_put_u64(other + bytes.size - 8, hash_bytes(other, bytes.size - 8, 0x6d6f64656c));
    assert_int_equal(load((Str){other, bytes.size}), ODD_VERSION);
    mem_free(&mem, other, bytes.size);
}

/* Several trees at a time and one by one give the same sums, whatever is missing. */
static void trees_walked_together_are_trees_walked_alone(void **state)
{
    (void)state;
    Forest forest = {.mem = &mem, .outputs = 2, .base = 0.25f};
    Rng rng = rng_seeded(4);
    for (uint32_t t = 0; t < 21; t++) {
        uint32_t root = forest_add_node(&forest, (ForestNode){.slot = t % 4, .value = 0.5f});
        uint32_t left = forest_add_node(
            &forest, (ForestNode){.slot = ((t + 1) % 4) | FOREST_MISSING_LEFT, .value = 0.3f});
        for (int leaf = 0; leaf < 3; leaf++)
            forest_add_node(&forest,
                            (ForestNode){.left = -1, .right = -1, .value = (float)rng_real(&rng)});
        forest.nodes[root].left = (int32_t)left;
        forest.nodes[root].right = (int32_t)left + 1;
        forest.nodes[left].left = (int32_t)left + 2;
        forest.nodes[left].right = (int32_t)left + 3;
        assert_true(forest_add_tree(&forest, root, t % 2));
    }
    assert_true(forest_is_sound(&forest, 4));
    assert_false(forest_is_sound(&forest, 3));
    for (int run = 0; run < 1000; run++) {
        float row[4], all[2], alone[2] = {0.25f, 0.25f};
        for (int s = 0; s < 4; s++)
            row[s] = rng_below(&rng, 4) == 0 ? NAN : (float)rng_real(&rng);
        forest_sum(&forest, row, SIZE_MAX, all);
        for (size_t t = 0; t < 21; t++)
            forest_add(&forest, row, t, t + 1, alone);
        assert_memory_equal(all, alone, sizeof all);
    }
    forest_close(&forest);
}

static void nothing_is_left_in_memory(void **state)
{
    (void)state;
    image_close(&bytes);
    assert_int_equal(mem.bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_model_that_is_read_is_the_one_that_was_written),
        cmocka_unit_test(a_model_that_is_cut_short_is_refused),
        cmocka_unit_test(altered_bytes_are_refused_or_can_be_walked),
        cmocka_unit_test(a_newer_format_is_told_as_such),
        cmocka_unit_test(trees_walked_together_are_trees_walked_alone),
        cmocka_unit_test(nothing_is_left_in_memory),
    };
    return cmocka_run_group_tests(tests, make, NULL);
}
