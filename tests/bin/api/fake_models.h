/* SPDX-License-Identifier: Apache-2.0
 *
 * fake_models.h - for fake_live.c: the model "credit", version "1", with two columns, as rows.
 */
#ifndef FAKE_MODELS_H
#define FAKE_MODELS_H
#include <oddball.h>

#define FAKE_START 1795464942500000000
#define FAKE_MINUTE 60000000000

/* Of ODD_MODELS and the views behind it; empty if another model or version is asked for. */
odd_rows *fake_models(const odd_question *question);

#endif
