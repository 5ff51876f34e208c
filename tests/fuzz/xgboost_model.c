/* SPDX-License-Identifier: Apache-2.0
 *
 * xgboost_model.c - model files of other people: refused, or walked without leaving their
 * arrays. */
#include <assert.h>
#include <math.h>

#include "learn/xgboost_model.h"

#define SLOTS_MAX 256

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    Mem mem = {.bytes_max = 64u << 20};
    Problem problem;
    Predictor predictor;
    predictor_open(&predictor, &mem);
    Str text = {.text = (const char *)bytes, .size = size};
    if (xgboost_model_read(text, &predictor, &problem) == ODD_OK &&
        predictor.encoder.slot_count <= SLOTS_MAX) {
        float slots[SLOTS_MAX];
        double values[PREDICTOR_CLASSES_MAX];
        for (size_t s = 0; s < predictor.encoder.slot_count; s++)
            slots[s] = s % 2 == 0 ? NAN : (float)s;
        predictor_say(&predictor, slots, values);
        ImageOut out = {.mem = &mem};
        predictor_save(&predictor, &out);
        if (!out.failed) { /* What was read can be kept and read again. */
            Predictor again;
            predictor_open(&again, &mem);
            odd_rc rc =
                predictor_load(&again, (Str){.text = out.bytes, .size = out.size}, &problem);
            assert(rc == ODD_OK || mem.bytes * 2 > mem.bytes_max);
            predictor_close(&again);
        }
        image_close(&out);
    }
    predictor_close(&predictor);
    assert(mem.bytes == 0);
    return 0;
}
