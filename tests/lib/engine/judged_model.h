/* SPDX-License-Identifier: Apache-2.0
 *
 * judged_model.h - a model that has seen a reference and a table, both of which it frees.
 */
#ifndef ENGINE_TEST_JUDGED_MODEL_H
#define ENGINE_TEST_JUDGED_MODEL_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* Above: what cmocka needs first. */
#include <cmocka.h>
#include <stdlib.h>

#include <oddball.h>

typedef struct {
    char  *text;
    size_t size;
} DrawnTable;

static inline odd_model *judged_model(const odd_model_options *options, DrawnTable reference,
                                      DrawnTable now)
{
    odd_model *model;
    assert_int_equal(odd_model_open(options, &model), ODD_OK);
    assert_int_equal(odd_model_reference(model, reference.text, reference.size), ODD_OK);
    assert_int_equal(odd_model_put(model, now.text, now.size), ODD_OK);
    assert_int_equal(odd_model_end(model), ODD_OK);
    free(reference.text);
    free(now.text);
    return model;
}

#endif
