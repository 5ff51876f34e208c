/* SPDX-License-Identifier: Apache-2.0
 *
 * ubj.h - Universal Binary JSON, as XGBoost writes it, becomes JSON text.
 *
 * ALGORITHM  ubjson.org, draft 12: one byte tells what comes; arrays of one type with their length.
 * SHAPE      One pass, with a stack of fixed depth.
 * ERRORS     ODD_SYNTAX with a sentence: cut short, nested too deep, a length that cannot be, a
 *            marker that is none.  ODD_NOMEM.
 * EXACTNESS  Numbers are written so that they read back to the same bits.
 */
#ifndef LEARN_UBJ_H
#define LEARN_UBJ_H
#include "base/problem.h"
#include "base/str.h"
#include "event/json_text.h"

#define UBJ_NESTING_MAX 64

odd_rc ubj_to_json(Str bytes, JsonText *json, Problem *problem);

#endif
