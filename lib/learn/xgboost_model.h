/* SPDX-License-Identifier: Apache-2.0
 *
 * xgboost_model.h - a model file of XGBoost (JSON or UBJSON, version 1.6 and later) as a predictor.
 *
 * Nothing in the file is trusted: each index is compared with its array, each node may be reached
 * once, and only what can be walked comes out.  Booster gbtree; objectives of numbers, of two
 * classes and of more.
 *
 * OWNERSHIP  What is made belongs to who opened it.
 * ERRORS     ODD_SYNTAX with a sentence: it cannot be read, leads outside of itself, or wants what
 *            is not served here (dart, gblinear, splits by category).
 * EXACTNESS  Sums of trees are those of XGBoost, bit by bit; what links make of them (exp) may
 *            differ in the last bits of a float.
 */
#ifndef LEARN_XGBOOST_MODEL_H
#define LEARN_XGBOOST_MODEL_H
#include "learn/predictor.h"

#define XGBOOST_BYTES_MAX (512u << 20)

odd_rc xgboost_model_read(Str bytes, Predictor *predictor, Problem *problem);

/* Its trees alone, behind those of the forest, with thresholds and leaves as they stand. */
odd_rc xgboost_trees_read(Str bytes, Forest *forest, Problem *problem);

#endif
