/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <stdlib.h>

#include "learn/train.h"
#include "made_table.h"

#define BUDGET 3.0 /* A few learners on a small table. */

static Mem     mem;
static Problem problem;

typedef struct {
    Predictor predictor;
    ImageOut  card, bytes;
    bool      beats;
    odd_rc    rc;
} Trained;

static Trained train_from(const char *text, TrainWish wish)
{
    Trained trained = {.card = {.mem = &mem}, .bytes = {.mem = &mem}};
    Frame frame;
    frame_open(&frame, &mem);
    assert_int_equal(frame_put(&frame, str_of(text)), ODD_OK);
    assert_int_equal(frame_end(&frame, &problem), ODD_OK);
    predictor_open(&trained.predictor, &mem);
    problem.text[0] = '\0';
    if (wish.lesson.now == 0)
        wish.lesson.now = ODD_TIME_NONE;
    wish.budget = BUDGET;
    trained.rc =
        train(&mem, &frame, &wish, &trained.predictor, &trained.card, &trained.beats, &problem);
    if (trained.rc == ODD_OK)
        predictor_save(&trained.predictor, &trained.bytes);
    image_put(&trained.card, "", 1);
    frame_close(&frame);
    return trained;
}

static void give_up(Trained *trained)
{
    predictor_close(&trained->predictor);
    image_close(&trained->card);
    image_close(&trained->bytes);
}

static void assert_refused(const char *text, TrainWish wish, odd_rc rc, const char *sentence)
{
    Trained trained = train_from(text, wish);
    assert_int_equal(trained.rc, rc);
    if (strstr(problem.text, sentence) == NULL)
        fail_msg("%s", problem.text);
    give_up(&trained);
}

static const TrainWish sold = {.lesson = {.target = {"sold", 4}, .left_out = {"paid", 4}}};
static const TrainWish paid = {.lesson = {.target = {"paid", 4}, .left_out = {"sold", 4}}};

/* The number behind the first line of the card that begins so. */
static double card_number(const Trained *trained, const char *begin)
{
    const char *at = strstr(trained->card.bytes, begin);
    assert_non_null(at);
    return strtod(at + strlen(begin), NULL);
}

static void classes_are_learnt_better_than_by_a_constant(void **state)
{
    (void)state;
    Trained trained = train_from(table_make(1500, 1), sold);
    if (trained.rc != ODD_OK)
        fail_msg("%s", problem.text);
    assert_true(trained.beats);
    assert_int_equal(predictor_outputs(&trained.predictor), 2);
    assert_true(str_equal(predictor_class(&trained.predictor, 1), STR("yes")));
    assert_true(card_number(&trained, "metric,\"accuracy\",") > 0.8);
    assert_true(card_number(&trained, "metric,\"log loss\",") <
                card_number(&trained, "baseline,\"constant: log loss\","));
    assert_non_null(strstr(trained.card.bytes, "importance,\"pages\""));
    give_up(&trained);
}

static void numbers_are_learnt_to_their_noise(void **state)
{
    (void)state;
    Trained trained = train_from(table_make(1000, 2), paid);
    assert_int_equal(trained.rc, ODD_OK);
    assert_true(trained.beats);
    assert_true(card_number(&trained, "metric,\"rmse\",") < 1.6); /* The noise has 1.15. */
    assert_true(trained.predictor.shift > 1 && trained.predictor.shift < 3.5);
    give_up(&trained);
}

static void a_target_without_reason_beats_no_baseline(void **state)
{
    (void)state;
    static char text[1 << 16];
    Rng rng = rng_seeded(3);
    size_t at = (size_t)snprintf(text, sizeof text, "x,y\n");
    for (int i = 0; i < 800; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, "%.4f,%.4f\n", rng_real(&rng),
                               rng_real(&rng));
    Trained trained = train_from(text, (TrainWish){.lesson = {.target = STR("y")}});
    assert_int_equal(trained.rc, ODD_OK);
    assert_false(trained.beats);
    give_up(&trained);
}

static void the_same_table_gives_the_same_bytes(void **state)
{
    (void)state;
    Trained first = train_from(table_make(600, 4), sold),
            second = train_from(table_make(600, 4), sold);
    assert_int_equal(first.rc, ODD_OK);
    assert_int_equal(first.bytes.size, second.bytes.size);
    assert_memory_equal(first.bytes.bytes, second.bytes.bytes, first.bytes.size);
    assert_string_equal(first.card.bytes, second.card.bytes);
    give_up(&first);
    give_up(&second);
}

/* Rows in another order are the same rows, since their times tell the order. */
static void the_order_is_that_of_time(void **state)
{
    (void)state;
    static char turned[TABLE_BYTES];
    const char *text = table_make(400, 5), *names_end = strchr(text, '\n') + 1;
    size_t at = (size_t)(names_end - text);
    memcpy(turned, text, at);
    for (const char *end = text + strlen(text); end > names_end;) {
        const char *line = end - 1;
        while (line > names_end && line[-1] != '\n')
            line--;
        memcpy(turned + at, line, (size_t)(end - line));
        at += (size_t)(end - line);
        end = line;
    }
    turned[at] = '\0';
    Trained first = train_from(text, paid), second = train_from(turned, paid);
    assert_int_equal(first.rc, ODD_OK);
    assert_true(card_number(&first, "metric,\"rmse\",") ==
                card_number(&second, "metric,\"rmse\","));
    give_up(&first);
    give_up(&second);
}

static void a_class_that_a_part_lacks_is_told(void **state)
{
    (void)state;
    static char text[1 << 16];
    Rng rng = rng_seeded(6);
    size_t at = (size_t)snprintf(text, sizeof text, "x,y\n");
    for (int i = 0; i < 600; i++) {
        double x = rng_real(&rng);
        at += (size_t)snprintf(text + at, sizeof text - at, "%.4f,%s\n", x,
                               i >= 560 && x > 0.5 ? "late"
                               : x > 0.5           ? "high"
                                                   : "low");
    }
    Trained trained = train_from(text, (TrainWish){.lesson = {.target = STR("y")}});
    assert_int_equal(trained.rc, ODD_OK);
    assert_int_equal(predictor_outputs(&trained.predictor), 3);
    assert_non_null(strstr(trained.card.bytes, "class late is in none of the rows to fit"));
    give_up(&trained);
}

static void a_row_unlike_the_others_is_a_surprise(void **state)
{
    (void)state;
    Trained trained =
        train_from(table_make(1500, 7),
                   (TrainWish){.lesson = {.task = STR("anomaly"), .left_out = STR("time")}});
    double usual[PREDICTOR_CLASSES_MAX], odd[PREDICTOR_CLASSES_MAX];
    float slots[64];
    if (trained.rc != ODD_OK)
        fail_msg("%s", problem.text);
    EncoderCell cells[5] = {
        {.number = 10}, {.number = 5}, {.code = 0}, {.code = 0}, {.number = 30}};
    encoder_row(&trained.predictor.encoder, cells, slots);
    predictor_say(&trained.predictor, slots, usual);
    cells[0].number = 500;
    cells[1].number = -80;
    cells[4].number = -900;
    encoder_row(&trained.predictor.encoder, cells, slots);
    predictor_say(&trained.predictor, slots, odd);
    assert_true(odd[0] > usual[0]);
    if (!(odd[1] > 1.5 && usual[1] < 1))
        fail_msg("%g %g, of %g %g", odd[1], usual[1], odd[0], usual[0]);
    give_up(&trained);
}

static void rows_of_the_future_are_left_out(void **state)
{
    (void)state;
    TrainWish wish = paid;
    wish.lesson.now = 1767225600LL * NS_PER_S + 300LL * 3600 * NS_PER_S;
    Trained trained = train_from(table_make(400, 8), wish);
    assert_int_equal(trained.rc, ODD_OK);
    assert_non_null(strstr(trained.card.bytes, "data,\"rows of the future, left out\",99,"));
    give_up(&trained);
}

static void what_cannot_be_learnt_is_told(void **state)
{
    (void)state;
    TrainWish wish = sold;
    wish.lesson.target = STR("sould");
    assert_refused(table_make(200, 9), wish, ODD_NOTFOUND, "the nearest is 'sold'");
    wish = sold;
    wish.lesson.left_out = STR("paid,regoin");
    assert_refused(table_make(200, 9), wish, ODD_NOTFOUND, "the nearest is 'region'");
    TrainWish plain = {.lesson = {.target = STR("y")}};
    assert_refused("x,y\n1,2\n", plain, ODD_RANGE, "never changes");
    assert_refused("x,y\n1,\n2,\n", plain, ODD_RANGE, "is empty");
    assert_refused(table_make(20, 9), sold, ODD_RANGE, "too few");
    wish = sold;
    wish.lesson.gap_rows = 100;
    assert_refused(table_make(200, 9), wish, ODD_RANGE, "a gap of 100 rows");
    wish = sold;
    wish.lesson.task = STR("regression");
    assert_refused(table_make(200, 9), wish, ODD_RANGE, "holds texts");
}

static void a_target_that_changes_too_late_is_refused(void **state)
{
    (void)state;
    static char text[1 << 14];
    size_t at = (size_t)snprintf(text, sizeof text, "x,y\n");
    for (int i = 0; i < 200; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, "%d,%s\n", i, i < 150 ? "a" : "b");
    assert_refused(text, (TrainWish){.lesson = {.target = STR("y")}}, ODD_RANGE,
                   "never changes in the first 110 rows");
}

static void nothing_is_left_in_memory(void **state)
{
    (void)state;
    assert_int_equal(mem.bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(classes_are_learnt_better_than_by_a_constant),
        cmocka_unit_test(numbers_are_learnt_to_their_noise),
        cmocka_unit_test(a_target_without_reason_beats_no_baseline),
        cmocka_unit_test(the_same_table_gives_the_same_bytes),
        cmocka_unit_test(the_order_is_that_of_time),
        cmocka_unit_test(a_class_that_a_part_lacks_is_told),
        cmocka_unit_test(a_row_unlike_the_others_is_a_surprise),
        cmocka_unit_test(rows_of_the_future_are_left_out),
        cmocka_unit_test(what_cannot_be_learnt_is_told),
        cmocka_unit_test(a_target_that_changes_too_late_is_refused),
        cmocka_unit_test(nothing_is_left_in_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
