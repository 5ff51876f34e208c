/* SPDX-License-Identifier: Apache-2.0
 *
 * test_codecs.c - what every wire format keeps to, asked of all that are in the list. */
#include "packed.h"

#include "base/rng.h"

#define SEED_COUNT 300
#define BYTES_MAX 200

static void every_codec_is_found_by_its_name(void **state)
{
    (void)state;
    assert_true(codecs_count > 0);
    for (size_t i = 0; i < codecs_count; i++)
        assert_ptr_equal(codec_find(codecs[i]->name), codecs[i]);
    assert_null(codec_find("none"));
    odd_decoded decoded;
    assert_int_equal(odd_decode("none", NULL, "", 0, NULL, &decoded), ODD_NOTFOUND);
}

/* Of the letters that formats are made of, or any bytes; packed, or not. */
static Str random_bytes(Rng *rng)
{
    static const char letters[] = "{}[]\":,=<>#\n 0123456789abcemnopst_\\\x0a\x12";
    static char bytes[BYTES_MAX];
    size_t size = rng_below(rng, sizeof bytes + 1);
    bool   any = rng_below(rng, 2) == 0;
    for (size_t i = 0; i < size; i++)
        bytes[i] = any ? (char)rng_next(rng) : letters[rng_below(rng, sizeof letters - 1)];
    return (Str){.text = bytes, .size = size};
}

static void check(const char *codec, Decoding got, int seed)
{
    bool refused = got.rc == ODD_SYNTAX && got.events == 0 && got.decoded.message[0] != '\0';
    if (got.rc != ODD_OK && !refused)
        fail_msg("%s, seed %d: %s, %zu events", codec, seed, odd_strerror(got.rc), got.events);
}

static void every_codec_answers_whatever_the_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < codecs_count; i++) {
        for (int seed = 0; seed < SEED_COUNT; seed++) {
            Rng rng = rng_seeded((uint64_t)seed);
            Str bytes = random_bytes(&rng);
            check(codecs[i]->name, decoding_of(codecs[i]->name, NULL, NULL, bytes), seed);
            check(codecs[i]->name, packed_decoding(codecs[i]->name, bytes), seed);
        }
    }
}

static void no_codec_makes_events_of_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < codecs_count; i++)
        assert_int_equal(decoding_of(codecs[i]->name, NULL, NULL, STR("")).events, 0);
}

static void what_a_codec_refuses_leaves_earlier_events_as_they_were(void **state)
{
    (void)state;
    odd_events *events = events_open(NULL, DECODING_NOW);
    assert_true(events_lines(events, STR("before"), 0, STR("one\n")));
    size_t size = events->size;
    for (size_t i = 0; i < codecs_count; i++) {
        for (int seed = 0; seed < SEED_COUNT; seed++) {
            Rng rng = rng_seeded((uint64_t)seed);
            Str bytes = random_bytes(&rng);
            odd_wire    wire = {.source = "here", .now = DECODING_NOW};
            odd_decoded decoded;
            EventsMark  mark = events_mark(events);
            if (odd_decode(codecs[i]->name, &wire, bytes.text, bytes.size, events, &decoded) ==
                ODD_OK)
                events_back_to(events, mark);
            assert_int_equal(events->size, size);
            assert_int_equal(events->event_count, 1);
        }
    }
    EventReader reader = {.bytes = {.text = events->bytes, .size = events->size}};
    Event       event;
    assert_int_equal(event_next(&reader, &event), EVENT_READ);
    assert_true(str_equal(event.text, STR("one\n")));
    events_close(events);
}

/* As STR, where only constants may stand. */
#define LITERAL(bytes)                                                                             \
    {                                                                                              \
        (bytes), sizeof(bytes) - 1                                                                 \
    }

static const struct {
    const char *codec;
    bool        is_packed;
    Str         bytes;
} samples[] = {
    {"bulk", false,
     LITERAL("{\"create\":{\"_index\":\"a\"}}\n{\"message\":\"text\",\"a\":{\"b\":1}}\n")},
    {"exposition", false, LITERAL("up{a=\"b\"} 1\ndown 2\n")},
    {"journal_export", false, LITERAL("MESSAGE=text\nERRNO=5\nOTHER=field\n\n")},
    {"loki", true,
     LITERAL("\x0a\x1f\x0a\x09{app=\"w\"}\x12\x12\x12\x04text\x1a\x0a\x0a\x02id\x12\x04"
             "abcd")},
    {"loki_json", false,
     LITERAL(
         "{\"streams\":[{\"stream\":{\"a\":\"b\"},\"values\":[[\"5\",\"x\",{\"c\":\"d\"}]]}]}")},
    {"remote_write", true,
     LITERAL("\x0a\x1b\x0a\x0e\x0a\x08__name__\x12\x02up\x12\x09\x09\0\0\0\0\0\0\0\0")},
    {"remote_write_2", true,
     LITERAL("\"\0\"\x08__name__\"\2up*\x0d\x0a\2\1\2\x12\x07\x10\x81\x80\x80\x80\x80\1")},
    {"syslog", false, LITERAL("<34>Oct 11 22:14:15 a su: 1\n")},
};

/* Byte by byte more, until it is enough. */
static void short_memory_is_told_and_leaves_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        Str  bytes = samples[i].is_packed ? packed_of(samples[i].bytes) : samples[i].bytes;
        bool refused = false;
        for (uint64_t more = 0;; more++) {
            odd_events *events = events_open(NULL, DECODING_NOW);
            assert_non_null(events);
            events->mem.bytes_max = events->mem.bytes + 1 + more;
            odd_wire    wire = {.source = "here", .now = DECODING_NOW};
            odd_decoded decoded;
            odd_rc rc =
                odd_decode(samples[i].codec, &wire, bytes.text, bytes.size, events, &decoded);
            size_t event_count = events->event_count;
            events_close(events);
            if (rc == ODD_OK) {
                assert_true(event_count > 0);
                break;
            }
            assert_true(rc == ODD_FULL || rc == ODD_NOMEM);
            assert_int_equal(event_count, 0);
            assert_true(more < 100000);
            refused = true;
        }
        assert_true(refused);
        if (samples[i].is_packed)
            free((char *)bytes.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_codec_is_found_by_its_name),
        cmocka_unit_test(every_codec_answers_whatever_the_bytes),
        cmocka_unit_test(no_codec_makes_events_of_nothing),
        cmocka_unit_test(what_a_codec_refuses_leaves_earlier_events_as_they_were),
        cmocka_unit_test(short_memory_is_told_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
