/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <stdio.h>

#include "base/rng.h"
#include "incident/overlay.h"

#define SEEDS 1000

typedef struct {
    Mem     mem;
    Overlay overlay;
} Fixture;

static void fixture_open(Fixture *f)
{
    *f = (Fixture){0};
    f->overlay.mem = &f->mem;
}

static void fixture_close(Fixture *f)
{
    overlay_close(&f->overlay);
    assert_int_equal(f->mem.bytes, 0);
}

static Verdict said(VerdictKind kind, const char *id)
{
    Verdict v;
    memset(&v, 0, sizeof v);
    v.kind = (uint8_t)kind;
    v.from = v.until = v.made = ODD_TIME_NONE;
    snprintf(v.id, sizeof v.id, "%s", id);
    return v;
}

static void take(Fixture *f, Verdict v)
{
    assert_int_equal(overlay_take(&f->overlay, &v, 0), ODD_OK);
}

static OverlayFinding line(const char *id, double surprise)
{
    return (OverlayFinding){.id = id,
                      .source = "web.log",
                      .text = "device <path> is gone",
                      .kind = "rare",
                      .sentence = STR("`device <path> is gone` comes once in 3,000 lines"),
                      .sample = STR("device /dev/sdq is gone"),
                      .signal = 0x1234,
                      .time = 100,
                      .last_time = 200,
                      .surprise = surprise};
}

static OverlayFinding metric(const char *id)
{
    return (OverlayFinding){.id = id,
                      .source = "node",
                      .text = "load{instance=\"db-1:9100\",job=\"node\"}",
                      .kind = "high",
                      .signal = 0x99,
                      .is_metric = true,
                      .time = 100,
                      .last_time = 200,
                      .surprise = 5};
}

static void all_that_a_rule_names_must_fit(void **state)
{
    (void)state;
    OverlayFinding e = line("f", 4), m = metric("m");
    Verdict v = said(VERDICT_MUTE, "v");
    assert_false(overlay_fits(&v, &e));
    snprintf(v.source, sizeof v.source, "web*");
    assert_true(overlay_fits(&v, &e));
    assert_false(overlay_fits(&v, &m));
    snprintf(v.pattern, sizeof v.pattern, "* is gone");
    assert_true(overlay_fits(&v, &e));
    snprintf(v.pattern, sizeof v.pattern, "0000000000001234");
    assert_true(overlay_fits(&v, &e));
    snprintf(v.find, sizeof v.find, "/dev/sdq");
    assert_true(overlay_fits(&v, &e));
    snprintf(v.what, sizeof v.what, "burst");
    assert_false(overlay_fits(&v, &e));
}

static void a_host_is_what_the_labels_of_a_metric_say(void **state)
{
    (void)state;
    OverlayFinding m = metric("m"), e = line("f", 4);
    Verdict v = said(VERDICT_MUTE, "v");
    snprintf(v.host, sizeof v.host, "db-1:*");
    assert_true(overlay_fits(&v, &m));
    assert_false(overlay_fits(&v, &e));
    snprintf(v.host, sizeof v.host, "db-2*");
    assert_false(overlay_fits(&v, &m));
    snprintf(v.host, sizeof v.host, "node");
    assert_true(overlay_fits(&v, &m));
    snprintf(v.signal, sizeof v.signal, "load*");
    assert_true(overlay_fits(&v, &m));
    snprintf(v.pattern, sizeof v.pattern, "load*");
    assert_false(overlay_fits(&v, &m));
    OverlayFinding silent = metric("s");
    silent.text = "instance db-1:9100, job node";
    silent.kind = "silent";
    Verdict rule = said(VERDICT_MUTE, "r");
    snprintf(rule.host, sizeof rule.host, "db-1:9100");
    assert_true(overlay_fits(&rule, &silent));
}

static void a_window_holds_what_lies_in_it_whole(void **state)
{
    (void)state;
    OverlayFinding e = line("f", 30);
    Fixture f;
    fixture_open(&f);
    Verdict v = said(VERDICT_WINDOW, "w");
    snprintf(v.source, sizeof v.source, "*");
    v.from = 100;
    v.until = 201;
    take(&f, v);
    assert_int_equal(overlay_view(&f.overlay, &e).shown, SHOWN_HIDDEN);
    e.last_time = 201; /* It outlasts the window. */
    assert_int_equal(overlay_view(&f.overlay, &e).shown, SHOWN);
    e.last_time = 200;
    e.time = 99;
    assert_int_equal(overlay_view(&f.overlay, &e).shown, SHOWN);
    fixture_close(&f);
}

static void what_is_far_odder_breaks_through_but_not_for_ever(void **state)
{
    (void)state;
    Fixture f;
    fixture_open(&f);
    Verdict v = said(VERDICT_EXPECTED, "v");
    snprintf(v.source, sizeof v.source, "web.log");
    v.surprise = 4;
    take(&f, v);
    OverlayFinding e = line("f", 5.9), worse = line("g", 6);
    OverlayView view = overlay_view(&f.overlay, &e);
    assert_int_equal(view.shown, SHOWN_EXPECTED);
    assert_string_equal(view.by, "v");
    view = overlay_view(&f.overlay, &worse);
    assert_int_equal(view.shown, SHOWN);
    assert_string_equal(view.broken, "v");
    v.lasts = LASTS_FOREVER;
    take(&f, v); /* The same id: instead. */
    assert_int_equal(f.overlay.count, 1);
    assert_int_equal(overlay_view(&f.overlay, &worse).shown, SHOWN_EXPECTED);
    fixture_close(&f);
}

static void a_rule_was_made_for_what_it_holds_back_first(void **state)
{
    (void)state;
    Fixture f;
    fixture_open(&f);
    Verdict v = said(VERDICT_MUTE, "v");
    snprintf(v.source, sizeof v.source, "web.log");
    take(&f, v);
    OverlayFinding first = line("f", 3), grown = line("f", 7), other = line("g", 8),
                   worse = line("h", 9);
    assert_int_equal(overlay_view(&f.overlay, &first).shown, SHOWN_HIDDEN);
    assert_int_equal(overlay_view(&f.overlay, &grown).shown, SHOWN_HIDDEN);
    assert_int_equal(overlay_view(&f.overlay, &other).shown, SHOWN_HIDDEN);
    assert_int_equal(overlay_view(&f.overlay, &worse).shown, SHOWN);
    fixture_close(&f);
}

static void real_beats_expected_and_both_are_shown_but_mutes_stay(void **state)
{
    (void)state;
    Fixture f;
    fixture_open(&f);
    OverlayFinding e = line("f", 4);
    Verdict expected = said(VERDICT_EXPECTED, "e"), real = said(VERDICT_REAL, "r"),
            mute = said(VERDICT_MUTE, "m");
    snprintf(expected.finding, sizeof expected.finding, "f");
    snprintf(real.finding, sizeof real.finding, "f");
    snprintf(mute.source, sizeof mute.source, "*");
    take(&f, expected);
    take(&f, real);
    OverlayView view = overlay_view(&f.overlay, &e);
    assert_int_equal(view.shown, SHOWN);
    assert_int_equal(view.said, 1u << VERDICT_EXPECTED | 1u << VERDICT_REAL);
    take(&f, mute);
    view = overlay_view(&f.overlay, &e);
    assert_int_equal(view.shown, SHOWN_HIDDEN);
    assert_string_equal(view.by, "m");
    fixture_close(&f);
}

static void further_ones_than_there_is_room_for_are_counted(void **state)
{
    (void)state;
    Fixture f;
    char id[16];
    fixture_open(&f);
    for (int i = 0; i < OVERLAY_MAX + 3; i++) {
        snprintf(id, sizeof id, "v%d", i);
        take(&f, said(VERDICT_MUTE, id));
    }
    assert_int_equal(f.overlay.count, OVERLAY_MAX);
    assert_int_equal(f.overlay.refused, 3);
    fixture_close(&f);
}

static Verdict random_verdict(Rng *rng)
{
    static const char *const ids[] = {"a", "b", "c", "d"};
    static const char *const sources[] = {"web.log", "*", "db.log", ""};
    static const char *const findings[] = {"f0", "f1", "", ""};
    Verdict v = said((VerdictKind)(rng_next(rng) % VERDICT_UNDO), ids[rng_next(rng) % 4]);
    snprintf(v.source, sizeof v.source, "%s", sources[rng_next(rng) % 4]);
    snprintf(v.finding, sizeof v.finding, "%s", findings[rng_next(rng) % 4]);
    return v;
}

static void look_at_all(Overlay *overlay, Rng rng, ImageOut *out)
{
    static const char *const ids[] = {"f0", "f1", "f2", "f3", "f4"};
    for (int i = 0; i < 5; i++) {
        OverlayFinding e = line(ids[i], 3 + (double)(rng_next(&rng) % 8));
        OverlayView view = overlay_view(overlay, &e);
        image_put(out, &view.shown, sizeof view.shown);
        image_put(out, &view.said, sizeof view.said);
        image_put_text(out, str_of(view.by));
        image_put_text(out, str_of(view.broken));
    }
}

/* With one said and undone amid others, or never said: all is the same afterwards, to the byte. */
static void an_undo_leaves_no_trace(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        Mem mem = {0};
        ImageOut outs[2] = {{.mem = &mem}, {.mem = &mem}};
        for (int with = 0; with < 2; with++) {
            Fixture f;
            fixture_open(&f);
            Rng rng = rng_seeded(seed), late = rng_seeded(~seed);
            ImageOut ignored = {.mem = &mem};
            Verdict undone = random_verdict(&late), undo = said(VERDICT_UNDO, "x");
            snprintf(undone.id, sizeof undone.id, "x");
            for (int i = 0; i < 4; i++) {
                if (with == 1 && i == 1)
                    take(&f, undone);
                take(&f, random_verdict(&rng));
                look_at_all(&f.overlay, rng, &ignored);
            }
            if (with == 1)
                take(&f, undo);
            look_at_all(&f.overlay, rng, &outs[with]);
            overlay_save(&f.overlay, &outs[with]);
            image_close(&ignored);
            fixture_close(&f);
        }
        assert_int_equal(outs[0].size, outs[1].size);
        assert_memory_equal(outs[0].bytes, outs[1].bytes, outs[0].size);
        image_close(&outs[0]);
        image_close(&outs[1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_a_rule_names_must_fit),
        cmocka_unit_test(a_host_is_what_the_labels_of_a_metric_say),
        cmocka_unit_test(a_window_holds_what_lies_in_it_whole),
        cmocka_unit_test(what_is_far_odder_breaks_through_but_not_for_ever),
        cmocka_unit_test(a_rule_was_made_for_what_it_holds_back_first),
        cmocka_unit_test(real_beats_expected_and_both_are_shown_but_mutes_stay),
        cmocka_unit_test(further_ones_than_there_is_room_for_are_counted),
        cmocka_unit_test(an_undo_leaves_no_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
