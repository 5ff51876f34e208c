/* SPDX-License-Identifier: Apache-2.0
 *
 * predictors.h - trained models that are asked: loaded once, and again when the registry changed.
 *
 * Another process may train and promote meanwhile: a model's log is looked at before each answer.
 *
 * OWNERSHIP  What predictors_take gives is to be given back; it stays as it is until then.
 * THREADS    Any.
 */
#ifndef API_PREDICTORS_H
#define API_PREDICTORS_H
#include <oddball.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct Predictors Predictors;

typedef struct {
    odd_predictor *champion;  /* Or, where none was promoted, the newest.        */
    odd_predictor *candidate; /* Asked beside it, in shadow; NULL: there is none. */
} Served;

Predictors *predictors_open(const char *data); /* NULL: no memory. */
void        predictors_close(Predictors *predictors); /* NULL is a no-op. */

/* NULL: there is none, and a sentence in `problem`; *ret_rc says why.  *ret_is_new: it was loaded
 * just now. */
Served *predictors_take(Predictors *predictors, const char *name, bool *ret_is_new, odd_rc *ret_rc,
                        char *problem, size_t size);
void predictors_give(Predictors *predictors, Served *served);

#endif
