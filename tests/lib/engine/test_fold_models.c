/* SPDX-License-Identifier: Apache-2.0 */
#include "model_world.h"

#include "event/table.h"

static void the_first_rows_are_the_reference_and_calm_ones_tell_nothing(void **state)
{
    (void)state;
    World *world = world_made(1);
    odd_fold *fold = opened();
    run(world, fold, 1500, false);
    assert_int_equal(fold_row_count(fold, ODD_MODEL_FEATURES), 0);
    run(world, fold, 8500, true);
    assert_int_equal(figure(fold, "predictions"), 10000);
    assert_int_equal(figure(fold, "reference_rows"), REFERENCE);
    assert_int_equal(figure(fold, "joined"), 8500);
    assert_int_equal(figure(fold, "waiting"), 1500);
    assert_int_equal(fold_row_count(fold, ODD_MODEL_FEATURES), 4);
    assert_int_equal(fold_row_count(fold, ODD_FINDINGS), 0);
    assert_true(fold_row_count(fold, ODD_MODEL_DRIFT) > 4 * 50);
    close_all(world, fold);
}

static void an_input_that_shifts_is_one_finding_with_its_onset(void **state)
{
    (void)state;
    World *world = world_made(2);
    odd_fold *fold = opened();
    run(world, fold, 8000, false);
    world->shift = 0.2;
    run(world, fold, 2000, false);
    odd_time time = found(fold, "drift", "x of credit 1");
    if (time == ODD_TIME_NONE)
        time = found(fold, "drift", "probability of credit 1");
    assert_true(time >= time_of(7500) && time <= time_of(8300));
    assert_int_equal(fold_row_count(fold, ODD_FINDINGS), 1);
    close_all(world, fold);
}

static void an_input_that_is_gone_is_told_as_missing(void **state)
{
    (void)state;
    World *world = world_made(3);
    odd_fold *fold = opened();
    run(world, fold, 4000, false);
    world->has_region = false;
    run(world, fold, 1000, false);
    assert_true(found(fold, "drift", "region of credit 1 is missing more often") != ODD_TIME_NONE);
    close_all(world, fold);
}

static void outcomes_that_turn_are_errors_though_no_input_drifts(void **state)
{
    (void)state;
    World *world = world_made(4);
    odd_fold *fold = opened();
    run(world, fold, 10000, true);
    assert_int_equal(fold_row_count(fold, ODD_FINDINGS), 0);
    world->wrong = 0.25;
    run(world, fold, 4000, true);
    assert_true(found(fold, "errors", "errors of credit 1 are more") != ODD_TIME_NONE);
    assert_int_equal(found(fold, "drift", ""), ODD_TIME_NONE);
    close_all(world, fold);
}

static void realised_quality_lies_by_the_estimate(void **state)
{
    (void)state;
    World *world = world_made(5);
    odd_fold *fold = opened();
    odd_rows *rows;
    size_t compared = 0, held = 0;
    run(world, fold, 14000, true);
    odd_question question = {.view = ODD_MODEL_COURSE, .model = "credit"};
    assert_int_equal(odd_fold_query(fold, &question, &rows), ODD_OK);
    while (odd_next(rows) == ODD_ROW) {
        double realised = odd_double(rows, odd_column(rows, "realised"));
        double lower = odd_double(rows, odd_column(rows, "lower"));
        if (strcmp(odd_text(rows, odd_column(rows, "metric")), "accuracy") != 0 ||
            odd_int(rows, odd_column(rows, "rows")) < 100 || isnan(lower))
            continue;
        compared++;
        held += lower <= realised && realised <= odd_double(rows, odd_column(rows, "upper"));
    }
    odd_rows_close(rows);
    assert_true(compared > 20 && held * 100 >= compared * 80);
    close_all(world, fold);
}

/* The last rows of one commit, before memory is shared out for the model. */
static void rows_said_to_be_the_reference_may_bring_that_of_errors(void **state)
{
    (void)state;
    World *world = world_made(15);
    odd_fold *fold = fold_opened(256 << 20);
    odd_events *events = events_opened(NOW);
    char task[256];
    world->knows_truth = true;
    predict(world, events, 3000, true);
    fold_learn(fold, events, now_of(world));
    world->knows_truth = false;
    run(world, fold, 1000, true);
    text_of(fold, ODD_MODELS, "task", task);
    assert_string_equal(task, "binary");
    world->wrong = 0.25;
    run(world, fold, 4000, true);
    assert_true(found(fold, "errors", "errors of credit 1 are more") != ODD_TIME_NONE);
    assert_int_equal(found(fold, "delay", ""), ODD_TIME_NONE);
    events_close(events);
    close_all(world, fold);
}

/* Rows of a table that grows; *ret_last: the last one's cells. */
static size_t rows_of(odd_fold *fold, odd_table table, Cell ret_last[TABLE_COLUMNS_MAX])
{
    const void *bytes;
    size_t size, count = 0;
    assert_int_equal(odd_fold_table(fold, table, &bytes, &size), ODD_OK);
    TableReader reader = {.bytes = {.text = bytes, .size = size}};
    while (table_next(&reader, ret_last) == ODD_ROW)
        count++;
    return count;
}

static void rows_go_to_the_lake_one_by_one(void **state)
{
    (void)state;
    World *world = world_made(16);
    odd_fold *fold = opened();
    Cell cells[TABLE_COLUMNS_MAX];
    run(world, fold, 1000, true);
    assert_int_equal(rows_of(fold, ODD_TABLE_PREDICTIONS, cells), 1000);
    assert_int_equal(cells[0].integer, time_of(999));
    assert_true(str_equal(cells[2].text, STR("credit")) && str_equal(cells[4].text, STR("p999")));
    assert_true(cells[7].text.size > strlen("{\"x\":0.1,\"region\":\"west\"}") &&
                memcmp(cells[7].text.text, "{\"x\":0.", 7) == 0);
    assert_int_equal(rows_of(fold, ODD_TABLE_OUTCOMES, cells), 1000);
    assert_int_equal(cells[0].integer, time_of(999) + 3600 * NS_PER_S);
    assert_true(cells[3].missing && cells[5].text.size == 1);
    assert_int_equal(rows_of(fold, ODD_TABLE_PREDICTIONS, cells), 0);
    close_all(world, fold);
}

/* Between two ticks as many as fit in a megabyte, however they come. */
static void a_flood_of_rows_is_learnt_and_not_written_whole(void **state)
{
    (void)state;
    World *world = world_made(17);
    odd_fold *fold = opened();
    odd_events *events = events_opened(NOW);
    Cell cells[TABLE_COLUMNS_MAX];
    for (int i = 0; i < 20; i++)
        predict(world, events, 1000, false);
    fold_learn(fold, events, now_of(world));
    size_t kept = rows_of(fold, ODD_TABLE_PREDICTIONS, cells);
    assert_true(kept > 8000 && kept < 16000);
    assert_int_equal(figure(fold, "predictions"), 20000);
    assert_int_equal(fold_row_count(fold, ODD_NOTES), 2); /* The skeleton has not all of them. */
    predict(world, events, 100, false);
    fold_learn(fold, events, now_of(world));
    assert_int_equal(rows_of(fold, ODD_TABLE_PREDICTIONS, cells), 100);
    events_close(events);
    close_all(world, fold);
}

static void an_outcome_may_come_before_its_prediction(void **state)
{
    (void)state;
    World *world = world_made(6);
    odd_fold *fold = opened();
    odd_events *first = events_opened(NOW), *second = events_opened(NOW);
    predict(world, second, 300, false);
    tell_outcomes(world, first, 0, 100, "1");
    tell_outcomes(world, first, 100, 200, ""); /* Which names no version. */
    fold_learn(fold, first, NOW + NS_PER_S);
    assert_int_equal(figure(fold, "early"), 200);
    fold_learn(fold, second, NOW + 2 * NS_PER_S);
    assert_int_equal(figure(fold, "joined"), 200);
    assert_int_equal(figure(fold, "early"), 0);
    assert_int_equal(figure(fold, "waiting"), 100);
    events_close(first);
    events_close(second);
    close_all(world, fold);
}

static void what_comes_twice_counts_once(void **state)
{
    (void)state;
    World *world = world_made(7);
    odd_fold *fold = opened();
    odd_events *events = events_opened(NOW);
    predict(world, events, 300, false);
    world->number = 0;
    predict(world, events, 50, false); /* The same ids. */
    tell_outcomes(world, events, 0, 200, "1");
    tell_outcomes(world, events, 0, 30, "1");
    fold_learn(fold, events, NOW + NS_PER_S);
    assert_int_equal(figure(fold, "predictions"), 350);
    assert_int_equal(figure(fold, "doubled"), 50);
    assert_int_equal(figure(fold, "joined"), 200);
    assert_int_equal(figure(fold, "repeated"), 30);
    events_close(events);
    close_all(world, fold);
}

static void outcomes_of_unknown_predictions_expire_and_are_counted(void **state)
{
    (void)state;
    World *world = world_made(8);
    odd_fold *fold;
    odd_options options = {.outcome_wait_s = 600};
    assert_int_equal(odd_fold_open(&options, &fold), ODD_OK);
    odd_events *events = events_opened(NOW);
    tell_outcomes(world, events, 0, 40, "1");
    predict(world, events, 10, false);
    world->number = 1000;
    predict(world, events, 20, false);
    for (int minute = 0; minute < 90; minute++)
        fold_learn(fold, events, NOW + minute * 60 * NS_PER_S);
    assert_int_equal(figure(fold, "joined"), 10);
    assert_int_equal(figure(fold, "unknown"), 30);
    assert_int_equal(figure(fold, "expired"), 20);
    assert_int_equal(figure(fold, "waiting") + figure(fold, "early"), 0);
    events_close(events);
    close_all(world, fold);
}

static void a_slow_model_has_what_came_in_so_long_as_its_reference(void **state)
{
    (void)state;
    World *world = world_made(14);
    odd_fold *fold;
    odd_options options = {.model_reference_rows = 100000, .model_reference_s = 5000};
    assert_int_equal(odd_fold_open(&options, &fold), ODD_OK);
    run(world, fold, 500, false);
    assert_int_equal(fold_row_count(fold, ODD_MODEL_FEATURES), 0);
    run(world, fold, 500, false);
    assert_int_equal(fold_row_count(fold, ODD_MODEL_FEATURES), 4);
    assert_int_equal(figure(fold, "reference_rows"), 1000);
    close_all(world, fold);
}

static void two_versions_have_a_reference_each(void **state)
{
    (void)state;
    World *world = world_made(9);
    odd_fold *fold = opened();
    run(world, fold, 4000, true);
    world->version = "2";
    world->shift = 0.3; /* Another model may have other inputs. */
    run(world, fold, 4000, true);
    assert_int_equal(fold_row_count(fold, ODD_MODELS), 3); /* And outcomes without a version. */
    assert_int_equal(fold_row_count(fold, ODD_FINDINGS), 0);
    assert_int_equal(figure(fold, "joined"), 8000);
    close_all(world, fold);
}

static void rows_that_are_said_to_be_the_reference_are_it(void **state)
{
    (void)state;
    World *world = world_made(10);
    odd_fold *fold = opened();
    odd_events *events = events_opened(NOW);
    predict(world, events, 600, true);
    fold_learn(fold, events, now_of(world));
    world->shift = 0.4;
    run(world, fold, 1000, false);
    assert_int_equal(figure(fold, "reference_rows"), 600);
    assert_true(found(fold, "drift", "of credit 1") != ODD_TIME_NONE);
    predict(world, events, 600, true); /* What is now, is usual. */
    fold_learn(fold, events, now_of(world));
    run(world, fold, 500, false);
    assert_int_equal(figure(fold, "reference_rows"), 600);
    assert_int_equal(figure(fold, "drifting"), 0);
    events_close(events);
    close_all(world, fold);
}

static void with_little_memory_the_reference_waits_and_nothing_breaks(void **state)
{
    (void)state;
    World *world = world_made(11);
    odd_fold *fold;
    odd_options options = {.memory_bytes_max = 32 << 20};
    assert_int_equal(odd_fold_open(&options, &fold), ODD_OK);
    run(world, fold, 30000, true);
    assert_int_equal(figure(fold, "predictions"), 30000);
    assert_true(odd_fold_bytes(fold) <= 34 << 20);
    assert_int_equal(fold_row_count(fold, ODD_FINDINGS), 0);
    close_all(world, fold);
}

/* All that a fold tells of models and findings, as text. */
static char *told(odd_fold *fold)
{
    static const odd_view views[] = {
        ODD_MODELS,      ODD_MODEL_FEATURES,  ODD_MODEL_DRIFT,  ODD_MODEL_COURSE, ODD_MODEL_GROUPS,
        ODD_MODEL_CURVE, ODD_MODEL_QUESTIONS, ODD_MODEL_LABELS, ODD_FINDINGS,     ODD_INCIDENTS};
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    for (size_t v = 0; v < sizeof views / sizeof views[0]; v++) {
        odd_rows *rows;
        odd_question question = {.view = views[v]};
        assert_int_equal(odd_fold_query(fold, &question, &rows), ODD_OK);
        while (odd_next(rows) == ODD_ROW)
            for (int c = 0; c < odd_column_count(rows); c++)
                if (odd_cell_kind(rows, c) == ODD_CELL_REAL)
                    fprintf(file, "%a,", odd_double(rows, c));
                else if (odd_cell_kind(rows, c) == ODD_CELL_TEXT)
                    fprintf(file, "%s,", odd_text(rows, c));
                else
                    fprintf(file, "%lld,", (long long)odd_int(rows, c));
        odd_rows_close(rows);
    }
    fclose(file);
    return text;
}

/* Each event a commit of its own, shards from the last to the first, stepped in between. */
static void learn_in_pieces(odd_fold *fold, const odd_events *events, odd_time known)
{
    EventReader reader = {.bytes = {.text = events->bytes, .size = events->size}};
    Event event;
    uint64_t position = odd_fold_position(fold);
    odd_events *one = events_opened(known);
    while (event_next(&reader, &event) == EVENT_READ) {
        events_clear(one);
        assert_true(events_copy(one, &event));
        assert_int_equal(odd_fold_feed(fold, one, ++position), ODD_OK);
        for (int i = ODD_SHARD_COUNT; i-- > 0;)
            assert_int_equal(odd_fold_step(fold, i), ODD_OK);
    }
    events_clear(one);
    one->known = known;
    assert_true(events_tick(one));
    assert_int_equal(odd_fold_feed(fold, one, ++position), ODD_ROW);
    for (int i = ODD_SHARD_COUNT; i-- > 0;)
        assert_int_equal(odd_fold_step(fold, i), ODD_OK);
    assert_int_equal(odd_fold_merge(fold), ODD_OK);
    events_close(one);
}

/* 16 times 500 predictions of which the last drift and err, with outcomes, as events. */
static void put_part(World *world, odd_events *events, int part)
{
    world->shift = part > 11 ? 0.3 : 0;
    world->wrong = part > 13 ? 0.3 : 0;
    uint64_t from = world->number;
    world->is_segment = true;
    predict(world, events, 500, false);
    tell_outcomes(world, events, from, world->number - (uint64_t)(part % 3) * 100, "1");
}

static odd_events *day_of_events(World *world, int part)
{
    odd_events *events = events_opened(now_of(world));
    put_part(world, events, part);
    return events;
}

static void commits_and_order_of_shards_do_not_matter(void **state)
{
    (void)state;
    World *world = world_made(12);
    odd_fold *whole = opened(), *pieces = opened();
    for (int part = 0; part < 16; part++) {
        odd_events *events = day_of_events(world, part);
        odd_time known = now_of(world);
        learn_in_pieces(pieces, events, known);
        fold_learn(whole, events, known);
        events_close(events);
    }
    char *of_whole = told(whole), *of_pieces = told(pieces);
    assert_true(strlen(of_whole) > 10000);
    assert_string_equal(of_whole, of_pieces);
    assert_int_equal(odd_fold_bytes(whole), odd_fold_bytes(pieces));
    free(of_whole);
    free(of_pieces);
    odd_fold_close(pieces);
    close_all(world, whole);
}

/* What there is to tell of six models, and all bytes of them. */
static void learn_on(int threads, Mem *mem, ImageOut *ret)
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f"};
    World *worlds[sizeof names / sizeof names[0]];
    odd_fold *fold = opened();
    odd_events *events = events_opened(NOW);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        worlds[i] = world_made(20 + i);
        worlds[i]->model = names[i];
    }
    for (int part = 0; part < 16; part++) {
        events_clear(events);
        events->known = now_of(worlds[0]);
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
            put_part(worlds[i], events, part);
        assert_true(events_tick(events));
        assert_int_equal(odd_fold_feed(fold, events, odd_fold_position(fold) + 1), ODD_ROW);
        fold_step_all(fold, threads);
        assert_int_equal(odd_fold_merge(fold), ODD_OK);
    }
    char *text = told(fold);
    *ret = (ImageOut){.mem = mem};
    image_put_text(ret, str_of(text));
    size_t shards = 0;
    for (int i = 0; i < ODD_SHARD_COUNT; i++) {
        shards += fold->shards[i].served_count > 0;
        shard_models_save(&fold->shards[i], ret);
    }
    assert_true(shards > 2 && !ret->failed);
    free(text);
    events_close(events);
    for (size_t i = 1; i < sizeof names / sizeof names[0]; i++)
        test_free(worlds[i]);
    close_all(worlds[0], fold);
}

static void models_are_the_same_on_any_number_of_threads(void **state)
{
    (void)state;
    Mem mem = {0};
    ImageOut one, many;
    learn_on(1, &mem, &one);
    for (int threads = 2; threads <= 8; threads *= 2) {
        learn_on(threads, &mem, &many);
        assert_int_equal(one.size, many.size);
        assert_memory_equal(one.bytes, many.bytes, one.size);
        image_close(&many);
    }
    image_close(&one);
    assert_int_equal(mem.bytes, 0);
}

/* The shard of the model as bytes and back, after each part: in learning, and when it is judged. */
static void a_model_comes_back_from_bytes_at_any_moment_and_goes_on(void **state)
{
    (void)state;
    World *world = world_made(13);
    odd_fold *whole = opened(), *again = opened();
    Mem mem = {0};
    for (int part = 0; part < 16; part++) {
        odd_events *events = day_of_events(world, part), *copy = events_opened(now_of(world));
        assert_true(events_append(copy, events));
        odd_time known = now_of(world);
        fold_learn(whole, events, known);
        fold_learn(again, copy, known);
        for (int i = 0; i < ODD_SHARD_COUNT; i++) {
            Shard *shard = &again->shards[i];
            ImageOut out = {.mem = &mem};
            shard_models_save(shard, &out);
            shard_models_close(shard);
            shard->served = NULL;
            shard->served_count = shard->served_capacity = 0;
            assert_true(shard_models_open(shard));
            ImageIn in = {.bytes = {.text = out.bytes, .size = out.size}};
            assert_int_equal(shard_models_load(shard, &in), ODD_OK);
            assert_true(image_at_end(&in));
            image_close(&out);
        }
        fold_tell_shards(again);
        assert_int_equal(odd_fold_bytes(whole), odd_fold_bytes(again));
        events_close(events);
        events_close(copy);
    }
    char *of_whole = told(whole), *of_again = told(again);
    assert_string_equal(of_whole, of_again);
    free(of_whole);
    free(of_again);
    odd_fold_close(again);
    close_all(world, whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_rows_are_the_reference_and_calm_ones_tell_nothing),
        cmocka_unit_test(an_input_that_shifts_is_one_finding_with_its_onset),
        cmocka_unit_test(an_input_that_is_gone_is_told_as_missing),
        cmocka_unit_test(outcomes_that_turn_are_errors_though_no_input_drifts),
        cmocka_unit_test(realised_quality_lies_by_the_estimate),
        cmocka_unit_test(rows_said_to_be_the_reference_may_bring_that_of_errors),
        cmocka_unit_test(rows_go_to_the_lake_one_by_one),
        cmocka_unit_test(a_flood_of_rows_is_learnt_and_not_written_whole),
        cmocka_unit_test(an_outcome_may_come_before_its_prediction),
        cmocka_unit_test(what_comes_twice_counts_once),
        cmocka_unit_test(outcomes_of_unknown_predictions_expire_and_are_counted),
        cmocka_unit_test(a_slow_model_has_what_came_in_so_long_as_its_reference),
        cmocka_unit_test(two_versions_have_a_reference_each),
        cmocka_unit_test(rows_that_are_said_to_be_the_reference_are_it),
        cmocka_unit_test(commits_and_order_of_shards_do_not_matter),
        cmocka_unit_test(models_are_the_same_on_any_number_of_threads),
        cmocka_unit_test(a_model_comes_back_from_bytes_at_any_moment_and_goes_on),
        cmocka_unit_test(with_little_memory_the_reference_waits_and_nothing_breaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
