/* SPDX-License-Identifier: Apache-2.0
 *
 * predictor_file.c - a predictor as bytes: magic, format, parts, checksum; little-endian. */
#include <math.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "learn/predictor.h"

#define MAGIC "ODDMODEL"
#define FORMAT 1
#define SUM_SEED 0x6d6f64656c /* "model" */
#define TEXT_BYTES_MAX (1u << 20)
#define WORDS_SEED 0x776f726473

/* -- writing ---------------------------------------------------------------------------------- */

static void put_u64(ImageOut *out, uint64_t value)
{
    char bytes[8];
    bytes_put_u64(bytes, value);
    image_put(out, bytes, sizeof bytes);
}

static void put_u32(ImageOut *out, uint32_t value)
{
    char bytes[4];
    bytes_put_u32(bytes, value);
    image_put(out, bytes, sizeof bytes);
}

static void put_doubles(ImageOut *out, const double *values, size_t n)
{
    char bytes[8];
    for (size_t i = 0; i < n; i++) {
        bytes_put_double(bytes, values[i]);
        image_put(out, bytes, sizeof bytes);
    }
}

static void put_float(ImageOut *out, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_u32(out, bits);
}

static void put_names(ImageOut *out, const Names *names)
{
    put_u64(out, names->count);
    for (uint32_t i = 0; i < names->count; i++)
        image_put_text(out, names_text(names, i));
}

static void put_encoder(ImageOut *out, const Encoder *encoder)
{
    put_names(out, &encoder->names);
    for (size_t c = 0; c < encoder->names.count; c++) {
        put_u32(out, encoder->columns[c].kind);
        put_names(out, &encoder->columns[c].texts);
    }
    put_u64(out, encoder->slot_count);
    for (size_t s = 0; s < encoder->slot_count; s++) {
        const Slot *slot = &encoder->slots[s];
        put_u32(out, slot->column);
        put_u32(out, slot->kind);
        put_u32(out, slot->code);
        put_u32(out, slot->means);
    }
    put_u64(out, encoder->mean_count);
    put_doubles(out, encoder->means, encoder->mean_count);
}

static void put_forest(ImageOut *out, const Forest *forest)
{
    put_u32(out, forest->outputs);
    put_float(out, forest->base);
    put_u64(out, forest->node_count);
    put_u64(out, forest->tree_count);
    for (size_t n = 0; n < forest->node_count; n++) {
        put_u32(out, (uint32_t)forest->nodes[n].left);
        put_u32(out, (uint32_t)forest->nodes[n].right);
        put_u32(out, forest->nodes[n].slot);
        put_float(out, forest->nodes[n].value);
    }
    for (size_t t = 0; t < forest->tree_count; t++) {
        put_u32(out, forest->trees[t].root);
        put_u32(out, forest->trees[t].output);
    }
}

static void put_member(ImageOut *out, const Member *member)
{
    put_u32(out, member->kind);
    put_u32(out, member->link);
    put_doubles(out, &member->weight, 1);
    put_doubles(out, &member->depth, 1);
    if (member->kind == MEMBER_FOREST) {
        put_forest(out, &member->forest);
        return;
    }
    put_u64(out, member->outputs);
    put_u64(out, member->slots);
    put_doubles(out, member->weights, member->outputs * (member->slots + 1));
    put_doubles(out, member->centres, member->slots);
    put_doubles(out, member->scales, member->slots);
}

void predictor_save(const Predictor *predictor, ImageOut *out)
{
    size_t from = out->size;
    image_put(out, MAGIC, 8);
    put_u32(out, FORMAT);
    put_u32(out, predictor->task);
    put_names(out, &predictor->words);
    put_encoder(out, &predictor->encoder);
    put_u64(out, predictor->member_count);
    for (size_t m = 0; m < predictor->member_count; m++)
        put_member(out, &predictor->members[m]);
    put_u32(out, predictor->calibration);
    put_doubles(out, &predictor->slope, 1);
    put_doubles(out, &predictor->shift, 1);
    put_u64(out, predictor->curve_count);
    put_doubles(out, predictor->curve[0], predictor->curve_count);
    put_doubles(out, predictor->curve[1], predictor->curve_count);
    if (!out->failed)
        put_u64(out, hash_bytes(out->bytes + from, out->size - from, SUM_SEED));
}

/* -- reading ---------------------------------------------------------------------------------- */

static uint64_t get_u64(ImageIn *in)
{
    char bytes[8] = {0};
    image_get(in, bytes, sizeof bytes);
    return in->failed ? 0 : bytes_get_u64(bytes);
}

static uint32_t get_u32(ImageIn *in)
{
    char bytes[4] = {0};
    image_get(in, bytes, sizeof bytes);
    return in->failed ? 0 : bytes_get_u32(bytes);
}

static float get_float(ImageIn *in)
{
    uint32_t bits = get_u32(in);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* A count of things of at least so many bytes, that can be there. */
static size_t get_count(ImageIn *in, size_t bytes)
{
    uint64_t count = get_u64(in);
    if (in->failed || count > (in->bytes.size - in->at) / bytes) {
        in->failed = true;
        return 0;
    }
    return (size_t)count;
}

static void get_doubles(ImageIn *in, double *values, size_t n)
{
    char bytes[8] = {0};
    for (size_t i = 0; i < n && !in->failed; i++) {
        image_get(in, bytes, sizeof bytes);
        values[i] = bytes_get_double(bytes);
        if (!isfinite(values[i]))
            in->failed = true;
    }
}

static void get_names(ImageIn *in, Names *names)
{
    size_t count = get_count(in, 8);
    for (size_t i = 0; i < count && !in->failed; i++) {
        bool is_new = false;
        Str text = image_get_text(in);
        if (!in->failed &&
            (text.size > TEXT_BYTES_MAX || names_add(names, text, &is_new) == NAME_NONE || !is_new))
            in->failed = true;
    }
}

static void get_slots(ImageIn *in, Encoder *encoder)
{
    size_t count = get_count(in, 16);
    if (count > PREDICTOR_SLOTS_MAX)
        in->failed = true;
    if (in->failed || count == 0)
        return;
    encoder->slots =
        mem_grow(encoder->mem, NULL, &encoder->slot_capacity, count, sizeof *encoder->slots);
    if (encoder->slots == NULL) {
        in->failed = true;
        return;
    }
    encoder->slot_count = count;
    for (size_t s = 0; s < count; s++) {
        Slot *slot = &encoder->slots[s];
        slot->column = get_u32(in);
        uint32_t kind = get_u32(in);
        slot->kind = (uint8_t)(kind <= SLOT_WEEKDAY ? kind : SLOT_NUMBER);
        in->failed |= kind > SLOT_WEEKDAY;
        slot->code = get_u32(in);
        slot->means = get_u32(in);
    }
}

/* Slots are of the kind that their columns are, and their means are there. */
static bool slots_are_sound(const Encoder *encoder)
{
    for (size_t s = 0; s < encoder->slot_count; s++) {
        const Slot *slot = &encoder->slots[s];
        if (slot->column >= encoder->names.count)
            return false;
        const EncoderColumn *column = &encoder->columns[slot->column];
        static const FrameKind wanted[] = {FRAME_NUMBER, FRAME_NUMBER, FRAME_TEXT,
                                           FRAME_TEXT,   FRAME_TIME,   FRAME_TIME};
        if (slot->kind != SLOT_MISSING && (FrameKind)column->kind != wanted[slot->kind])
            return false;
        if (slot->kind == SLOT_MEAN && (slot->means > encoder->mean_count ||
                                        column->texts.count > encoder->mean_count - slot->means))
            return false;
    }
    return true;
}

static void get_encoder(ImageIn *in, Encoder *encoder)
{
    encoder->names = (Names){.mem = encoder->mem, .seed = WORDS_SEED};
    get_names(in, &encoder->names);
    size_t count = encoder->names.count;
    if (in->failed || count == 0 || count > FRAME_COLUMNS_MAX) {
        in->failed = true;
        return;
    }
    encoder->columns =
        mem_grow(encoder->mem, NULL, &encoder->column_capacity, count, sizeof *encoder->columns);
    in->failed |= encoder->columns == NULL;
    for (size_t c = 0; !in->failed && c < encoder->column_capacity; c++)
        encoder->columns[c].texts = (Names){.mem = encoder->mem, .seed = WORDS_SEED};
    for (size_t c = 0; !in->failed && c < count; c++) {
        uint32_t kind = get_u32(in);
        in->failed |= kind > FRAME_TIME;
        encoder->columns[c].kind = (uint8_t)(kind & 3);
        get_names(in, &encoder->columns[c].texts);
    }
    get_slots(in, encoder);
    size_t means = get_count(in, 8);
    if (in->failed || means == 0) {
        in->failed |= !slots_are_sound(encoder);
        return;
    }
    encoder->means =
        mem_grow(encoder->mem, NULL, &encoder->mean_capacity, means, sizeof *encoder->means);
    in->failed |= encoder->means == NULL;
    if (in->failed)
        return;
    encoder->mean_count = means;
    get_doubles(in, encoder->means, means);
    in->failed |= !slots_are_sound(encoder);
}

static void get_forest(ImageIn *in, Forest *forest, size_t slots)
{
    forest->outputs = get_u32(in);
    forest->base = get_float(in);
    size_t nodes = get_count(in, 16), trees = get_count(in, 8);
    for (size_t n = 0; n < nodes && !in->failed; n++) {
        ForestNode node = {.left = (int32_t)get_u32(in)};
        node.right = (int32_t)get_u32(in);
        node.slot = get_u32(in);
        node.value = get_float(in);
        in->failed |= forest_add_node(forest, node) == FOREST_NODES_MAX;
    }
    for (size_t t = 0; t < trees && !in->failed; t++) {
        uint32_t root = get_u32(in), output = get_u32(in);
        in->failed |= !forest_add_tree(forest, root, output);
    }
    in->failed |= !forest_is_sound(forest, slots) || forest->outputs > PREDICTOR_CLASSES_MAX;
}

static void get_linear(ImageIn *in, Mem *mem, Member *member, size_t slots)
{
    Member head = *member;
    size_t outputs = get_count(in, 8), own = get_count(in, 8);
    if (in->failed || outputs == 0 || outputs > PREDICTOR_CLASSES_MAX || own != slots ||
        !member_linear(mem, member, outputs, own)) {
        in->failed = true;
        return;
    }
    member->link = head.link;
    member->weight = head.weight;
    get_doubles(in, member->weights, outputs * (own + 1));
    get_doubles(in, member->centres, own);
    get_doubles(in, member->scales, own);
}

/* The outputs of a member are as many as its link makes of it. */
static bool member_fits(const Predictor *predictor, const Member *member)
{
    size_t outputs = member->kind == MEMBER_LINEAR ? member->outputs : member->forest.outputs;
    size_t wanted = predictor_outputs(predictor);
    bool one =
        member->link == LINK_LOGISTIC || member->link == LINK_EXP || member->link == LINK_DEPTH;
    if (member->link == LINK_LOGISTIC && predictor->task == TASK_CLASSES && wanted != 2)
        return false;
    if (member->link == LINK_DEPTH && !(member->depth > 0 && member->forest.tree_count > 0))
        return false;
    if ((member->link == LINK_DEPTH) != (predictor->task == TASK_ANOMALY))
        return false;
    return outputs == (one ? 1 : wanted);
}

static void get_members(ImageIn *in, Predictor *predictor)
{
    size_t count = get_count(in, 16), slots = predictor->encoder.slot_count;
    in->failed |= count == 0 || count > PREDICTOR_MEMBERS_MAX || slots == 0;
    for (size_t m = 0; m < count && !in->failed; m++) {
        Member *member = &predictor->members[m];
        uint32_t kind = get_u32(in), link = get_u32(in);
        member->kind = (uint8_t)(kind & 1);
        member->link = (uint8_t)link;
        get_doubles(in, &member->weight, 1);
        get_doubles(in, &member->depth, 1);
        in->failed |= kind > MEMBER_FOREST || link > LINK_DEPTH;
        predictor->member_count = m + 1;
        if (in->failed)
            return;
        if (kind == MEMBER_FOREST)
            get_forest(in, &member->forest, slots);
        else
            get_linear(in, predictor->mem, member, slots);
        in->failed |= !in->failed && !member_fits(predictor, member);
    }
}

static void get_calibration(ImageIn *in, Predictor *predictor)
{
    uint32_t kind = get_u32(in);
    get_doubles(in, &predictor->slope, 1);
    get_doubles(in, &predictor->shift, 1);
    size_t count = get_count(in, 16);
    in->failed |= kind > CALIBRATION_TEMPERATURE || count > PREDICTOR_CURVE_MAX ||
                  (kind == CALIBRATION_CURVE && count < 2);
    if (in->failed)
        return;
    predictor->calibration = (uint8_t)kind;
    predictor->curve_count = count;
    get_doubles(in, predictor->curve[0], count);
    get_doubles(in, predictor->curve[1], count);
    for (size_t i = 1; i < count; i++)
        in->failed |= !(predictor->curve[0][i] > predictor->curve[0][i - 1]);
}

odd_rc predictor_load(Predictor *predictor, Str bytes, Problem *problem)
{
    if (bytes.size < 24 || memcmp(bytes.text, MAGIC, 8) != 0)
        return problem_say(problem, ODD_CORRUPT, "these are no bytes of a model");
    size_t body = bytes.size - 8;
    if (hash_bytes(bytes.text, body, SUM_SEED) != bytes_get_u64(bytes.text + body))
        return problem_say(problem, ODD_CORRUPT,
                           "the model's bytes fail their checksum: they are cut short or altered");
    ImageIn in = {.bytes = str_part(bytes, 8, body)};
    if (get_u32(&in) > FORMAT)
        return problem_say(problem, ODD_VERSION, "the model was written by a newer oddball");
    uint32_t task = get_u32(&in);
    predictor->task = (uint8_t)task;
    get_names(&in, &predictor->words);
    size_t words = predictor->words.count;
    if (task > TASK_ANOMALY || words == 0 || words > PREDICTOR_CLASSES_MAX + 1 ||
        (task == TASK_CLASSES && words < 3))
        in.failed = true;
    if (!in.failed)
        get_encoder(&in, &predictor->encoder);
    if (!in.failed)
        get_members(&in, predictor);
    if (!in.failed)
        get_calibration(&in, predictor);
    if (!image_at_end(&in))
        return problem_say(problem, ODD_CORRUPT, "the model leads outside of its own bytes");
    return ODD_OK;
}
