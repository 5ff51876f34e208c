/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <dirent.h>
#include <math.h>
#include <oddball.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../learn/made_table.h"

#define NOW (1790000000LL * NS_PER_S)

static char          folder[64];
static odd_registry *registry;

static int begin(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/odd-registry-XXXXXX");
    return mkdtemp(folder) != NULL && odd_registry_open(folder, &registry) == ODD_OK ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    char command[128];
    odd_registry_close(registry);
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static void put(const char *text)
{
    assert_int_equal(odd_registry_put(registry, text, strlen(text)), ODD_OK);
}

static odd_rc freeze(const char *name, const char *keys, odd_time now,
                     char version[ODD_VERSION_SIZE])
{
    return odd_registry_freeze(
        registry, &(odd_freezing){.name = name, .keys = keys, .source = "made.csv", .now = now},
        version);
}

static void assert_fine(odd_rc rc)
{
    if (rc != ODD_OK)
        fail_msg("%d: %s", (int)rc, odd_registry_errmsg(registry));
}

static void assert_says(const char *sentence)
{
    if (strstr(odd_registry_errmsg(registry), sentence) == NULL)
        fail_msg("%s", odd_registry_errmsg(registry));
}

static void train(const char *name, const char *target, double budget,
                  char version[ODD_VERSION_SIZE])
{
    odd_training training = {.dataset = "visits",
                             .name = name,
                             .target = target,
                             .left_out = "paid",
                             .budget = budget,
                             .now = NOW};
    assert_fine(odd_registry_train(registry, &training, version));
}

/* What the registry says of a version; "": it is not there. */
static const char *state_of(const char *name, const char *version)
{
    static char answer[32];
    odd_rows *rows;
    answer[0] = '\0';
    assert_fine(odd_registry_query(registry, ODD_TRAINED, name, &rows));
    while (odd_next(rows) == ODD_ROW)
        if (strcmp(odd_text(rows, odd_column(rows, "version")), version) == 0)
            snprintf(answer, sizeof answer, "%s", odd_text(rows, odd_column(rows, "state")));
    odd_rows_close(rows);
    return answer;
}

static void the_same_rows_are_the_same_version(void **state)
{
    (void)state;
    char first[ODD_VERSION_SIZE], second[ODD_VERSION_SIZE], third[ODD_VERSION_SIZE];
    put("a,b\n1.0,x\n2,y\n");
    assert_fine(freeze("t", NULL, NOW, first));
    put("a;b\r\n1;x\r\n2.00;y\r\n");
    assert_int_equal(freeze("t", NULL, NOW + 1, second), ODD_EXISTS);
    assert_string_equal(first, second);
    put("a,b\n1,x\n2,z\n");
    assert_fine(freeze("t", NULL, NOW + 2, third));
    assert_string_not_equal(first, third);
    assert_fine(odd_dataset_verify(registry, "t"));
    const char *json;
    assert_fine(odd_dataset_manifest(registry, "t", &json));
    assert_non_null(strstr(json, third)); /* The newest. */
    char parent[64];
    snprintf(parent, sizeof parent, "\"parent\":\"%s\"", first);
    assert_non_null(strstr(json, parent));
}

static int gather(void *context, const void *bytes, size_t size)
{
    strncat(context, bytes, size);
    return 1;
}

static void a_dataset_is_given_back_in_its_canonical_form(void **state)
{
    (void)state;
    char text[256] = "", name[64];
    char version[ODD_VERSION_SIZE];
    put("a,b\n1.0,x\n2,\"y,z\"\n");
    assert_fine(freeze("back", NULL, NOW, version));
    snprintf(name, sizeof name, "back@%.5s", version);
    assert_fine(odd_dataset_csv(registry, name, gather, text));
    assert_string_equal(text, "a,b\n1,x\n2,\"y,z\"\n");
}

static void two_rows_with_the_same_keys_are_refused(void **state)
{
    (void)state;
    char version[ODD_VERSION_SIZE];
    put("id,day\na,1\nb,1\na,1\n");
    assert_int_equal(freeze("keys", "id,day", NOW, version), ODD_RANGE);
    assert_says("rows 1 and 3 have the same id,day");
    put("id,day\na,1\n");
    assert_int_equal(freeze("keys", "id,dya", NOW, version), ODD_NOTFOUND);
    assert_says("the nearest is 'day'");
}

static void a_name_that_could_lead_elsewhere_is_refused(void **state)
{
    (void)state;
    char version[ODD_VERSION_SIZE];
    static const char *const names[] = {"../x", "a/b", "", ".hidden", "a b"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        put("a\n1\n");
        assert_int_equal(freeze(names[i], NULL, NOW, version), ODD_RANGE);
    }
    assert_int_equal(odd_dataset_verify(registry, "../../etc"), ODD_NOTFOUND);
}

static void altered_rows_are_told(void **state)
{
    (void)state;
    char version[ODD_VERSION_SIZE], command[256];
    put("a,b\n1,2\n3,4\n");
    assert_fine(freeze("torn", NULL, NOW, version));
    snprintf(command, sizeof command,
             "cp %s/datasets/t/*/rows.csv.zst %s/datasets/torn/%s/ 2>/dev/null; true", folder,
             folder, version);
    assert_int_equal(system(command), 0);
    assert_int_equal(odd_dataset_verify(registry, "torn"), ODD_CORRUPT);
    snprintf(command, sizeof command, "printf x > %s/datasets/torn/%s/rows.csv.zst", folder,
             version);
    assert_int_equal(system(command), 0);
    assert_int_equal(odd_dataset_verify(registry, "torn"), ODD_CORRUPT);
}

static void a_model_is_trained_promoted_and_taken_back(void **state)
{
    (void)state;
    char version[ODD_VERSION_SIZE], first[ODD_VERSION_SIZE], second[ODD_VERSION_SIZE];
    put(table_make(600, 1));
    assert_fine(freeze("visits", NULL, NOW, version));
    train("sold", "sold", 1, first);
    assert_string_equal(state_of("sold", first), "candidate");
    assert_fine(odd_registry_promote(registry, &(odd_promotion){.model = "sold", .now = NOW}));
    assert_string_equal(state_of("sold", first), "champion");
    train("sold", "sold", 3, second);
    assert_string_not_equal(first, second);
    assert_string_equal(state_of("sold", second), "candidate");
    assert_fine(odd_registry_promote(
        registry, &(odd_promotion){.model = "sold", .now = NOW, .author = "ann"}));
    assert_string_equal(state_of("sold", second), "champion");
    assert_string_equal(state_of("sold", first), "archived");
    assert_fine(odd_registry_back(registry, &(odd_promotion){.model = "sold", .now = NOW}));
    assert_string_equal(state_of("sold", first), "champion");
    assert_int_equal(odd_registry_back(registry, &(odd_promotion){.model = "sold", .now = NOW}),
                     ODD_RANGE);
    odd_rows *rows;
    int lines = 0;
    assert_fine(odd_registry_query(registry, ODD_AUDIT, "sold", &rows));
    for (; odd_next(rows) == ODD_ROW; lines++)
        if (lines == 3)
            assert_string_equal(odd_text(rows, odd_column(rows, "author")), "ann");
    odd_rows_close(rows);
    assert_int_equal(lines, 5);
}

static void training_again_gives_the_same_bytes(void **state)
{
    (void)state;
    assert_fine(odd_registry_retrain(registry, "sold"));
    char command[256];
    snprintf(command, sizeof command,
             "sed -i 's/\"budget\":1/\"budget\":3/' %s/models/sold/*/manifest.json", folder);
    assert_int_equal(system(command), 0);
    assert_int_equal(odd_registry_retrain(registry, "sold"), ODD_CORRUPT);
    snprintf(command, sizeof command,
             "sed -i 's/\"budget\":3/\"budget\":1/' %s/models/sold/*/manifest.json", folder);
    assert_int_equal(system(command), 0);
}

static void what_beats_no_baseline_is_not_promoted(void **state)
{
    (void)state;
    static char text[1 << 15];
    char version[ODD_VERSION_SIZE];
    Rng rng = rng_seeded(9);
    size_t at = (size_t)snprintf(text, sizeof text, "x,y\n");
    for (int i = 0; i < 500; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, "%.4f,%.4f\n", rng_real(&rng),
                               rng_real(&rng));
    put(text);
    assert_fine(freeze("noise", NULL, NOW, version));
    odd_training training = {
        .dataset = "noise", .name = "noise", .target = "y", .budget = 1, .now = NOW};
    assert_fine(odd_registry_train(registry, &training, version));
    assert_int_equal(odd_registry_promote(registry, &(odd_promotion){.model = "noise", .now = NOW}),
                     ODD_RANGE);
    assert_says("does not beat the baselines");
    assert_fine(odd_registry_promote(
        registry, &(odd_promotion){.model = "noise", .now = NOW, .by_force = 1}));
}

static void what_wants_columns_that_are_gone_is_not_promoted(void **state)
{
    (void)state;
    char version[ODD_VERSION_SIZE], model[ODD_VERSION_SIZE];
    put(table_make(700, 1));
    assert_fine(freeze("visits", NULL, NOW + 5, version));
    train("gone", "sold", 1, model);
    put("time,minutes,region,sold,paid\n2026-01-01,1,north,no,2\n");
    assert_fine(freeze("visits", NULL, NOW + 9, version));
    assert_int_equal(odd_registry_promote(registry, &(odd_promotion){.model = "gone", .now = NOW}),
                     ODD_RANGE);
    assert_says("wants the column pages");
}

typedef struct {
    char   bytes[1 << 20];
    size_t size;
} Room;
static int keep(void *context, const void *bytes, size_t size)
{
    Room *room = context;
    assert_true(room->size + size <= sizeof room->bytes);
    memcpy(room->bytes + room->size, bytes, size);
    room->size += size;
    return 1;
}

static void a_model_goes_out_and_comes_in_again(void **state)
{
    (void)state;
    static Room room;
    char version[ODD_VERSION_SIZE];
    odd_predictor *one, *other;
    assert_fine(odd_registry_export(registry, "sold", keep, &room));
    assert_fine(odd_registry_import(registry, "copy", room.bytes, room.size, "ann", NOW, version));
    assert_int_equal(
        odd_registry_import(registry, "copy", room.bytes, room.size, "ann", NOW, version),
        ODD_EXISTS);
    assert_fine(odd_predictor_open(registry, "sold", &one));
    assert_fine(odd_predictor_open(registry, "copy", &other));
    assert_string_equal(odd_predictor_version(one), odd_predictor_version(other));
    double values[ODD_PREDICTOR_VALUES], same[ODD_PREDICTOR_VALUES];
    odd_predictor_cell cells[8];
    assert_true(odd_predictor_columns(one) <= 8);
    for (size_t c = 0; c < odd_predictor_columns(one); c++)
        cells[c] = (odd_predictor_cell){.number = 12, .text = "south", .time = NOW};
    odd_predictor_say(one, cells, values);
    odd_predictor_say(other, cells, same);
    assert_true(values[1] == same[1] && values[1] > 0.5);
    cells[0].number = cells[1].number = INFINITY; /* Missing, as all that is no number. */
    odd_predictor_say(one, cells, values);
    assert_true(values[1] >= 0 && values[1] <= 1);
    odd_predictor_close(one);
    odd_predictor_close(other);
    assert_int_equal(
        odd_registry_import(registry, "bad", room.bytes, room.size / 2, NULL, NOW, version),
        ODD_CORRUPT);
    assert_int_equal(odd_registry_retrain(registry, "copy"), ODD_RANGE);
}

static void a_table_without_what_a_model_wants_is_refused(void **state)
{
    (void)state;
    odd_predictor *predictor;
    odd_rows *rows;
    assert_fine(odd_predictor_open(registry, "sold", &predictor));
    put("time,pags,minutes,region\n2026-01-01,3,4,north\n");
    assert_int_equal(odd_registry_predict(registry, predictor, &rows), ODD_NOTFOUND);
    assert_says("the nearest is 'pags'");
    put("time,pages,minutes,region\n2026-01-01,many,4,north\n");
    assert_int_equal(odd_registry_predict(registry, predictor, &rows), ODD_NOTFOUND);
    assert_says("the column pages holds texts");
    put("time,pages,minutes,region\n2026-01-01,18,4,north\n2026-01-01,,,nowhere\n");
    assert_fine(odd_registry_predict(registry, predictor, &rows));
    assert_int_equal(odd_next(rows), ODD_ROW);
    assert_string_equal(odd_text(rows, odd_column(rows, "prediction")), "yes");
    odd_rows_close(rows);
    odd_predictor_close(predictor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_rows_are_the_same_version),
        cmocka_unit_test(a_dataset_is_given_back_in_its_canonical_form),
        cmocka_unit_test(two_rows_with_the_same_keys_are_refused),
        cmocka_unit_test(a_name_that_could_lead_elsewhere_is_refused),
        cmocka_unit_test(altered_rows_are_told),
        cmocka_unit_test(a_model_is_trained_promoted_and_taken_back),
        cmocka_unit_test(training_again_gives_the_same_bytes),
        cmocka_unit_test(what_beats_no_baseline_is_not_promoted),
        cmocka_unit_test(what_wants_columns_that_are_gone_is_not_promoted),
        cmocka_unit_test(a_model_goes_out_and_comes_in_again),
        cmocka_unit_test(a_table_without_what_a_model_wants_is_refused),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
