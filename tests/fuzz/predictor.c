/* SPDX-License-Identifier: Apache-2.0
 *
 * predictor.c - model files of ours, with a checksum that is right: refused, or asked without
 * leaving their arrays. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "learn/predictor.h"

#define BYTES_MAX (1 << 16)
#define SLOTS_MAX 256
#define SUM_SEED 0x6d6f64656c /* As in learn/predictor_file.c. */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static char text[BYTES_MAX];
    Mem mem = {.bytes_max = 64u << 20};
    Problem problem;
    Predictor predictor;
    if (size < 24 || size > BYTES_MAX)
        return 0;
    memcpy(text, bytes, size);
    bytes_put_u64(text + size - 8, hash_bytes(text, size - 8, SUM_SEED));
    predictor_open(&predictor, &mem);
    if (predictor_load(&predictor, (Str){.text = text, .size = size}, &problem) == ODD_OK &&
        predictor.encoder.slot_count <= SLOTS_MAX && predictor.encoder.names.count <= SLOTS_MAX) {
        EncoderCell cells[SLOTS_MAX];
        float slots[SLOTS_MAX];
        double values[PREDICTOR_CLASSES_MAX];
        for (size_t c = 0; c < predictor.encoder.names.count; c++)
            cells[c] = (EncoderCell){.number = c % 2 == 0 ? NAN : (double)c,
                                     .code = c % 3 == 0 ? NAME_NONE : 0};
        for (size_t c = 0; c < predictor.encoder.names.count; c++)
            if (predictor.encoder.columns[c].texts.count == 0)
                cells[c].code = NAME_NONE;
        encoder_row(&predictor.encoder, cells, slots);
        predictor_say(&predictor, slots, values);
    }
    predictor_close(&predictor);
    assert(mem.bytes == 0);
    return 0;
}
