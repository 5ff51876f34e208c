/* SPDX-License-Identifier: Apache-2.0
 *
 * card.h - a model card as a table: part,name,value,lower,upper,text.
 *
 * OWNERSHIP  Rows are added to an ImageOut of the caller.
 * EXACTNESS  Numbers in as few digits as read back to them; NaN is an empty cell.
 */
#ifndef LEARN_CARD_H
#define LEARN_CARD_H
#include "base/image.h"
#include "learn/measure.h"

#define CARD_NAMES "part,name,value,lower,upper,text\n"

void card_row(ImageOut *card, const char *part, Str name, Measure measure, Str text);
void card_value(ImageOut *card, const char *part, const char *name, double value);
void card_text(ImageOut *card, const char *part, const char *name, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
