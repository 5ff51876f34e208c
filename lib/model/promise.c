/* SPDX-License-Identifier: Apache-2.0 */
#include "model/promise.h"

#include "model/cause.h"

#define FORGIVEN 0.25 /* Of what is explained. */

void promise_learn(Promise *promise, double error, double guess, double doubt, bool goes_on)
{
    PromiseSums *now = &promise->now;
    if (now->rows >= PROMISE_ROWS && !goes_on) {
        promise->before = *now;
        *now = (PromiseSums){.rows = 0};
    }
    now->rows++;
    now->errors += error;
    now->guess += guess;
    now->variance += doubt * doubt;
}

bool promise_is_broken(const Promise *promise, double doubt, double usual, bool of_numbers)
{
    const PromiseSums *a = &promise->before, *b = &promise->now;
    /* When the window is young, what came before it counts as well. */
    double with = b->rows < PROMISE_ROWS ? 1 : 0, rows = b->rows + with * a->rows;
    if (rows < PROMISE_ROWS_MIN)
        return false;
    double errors = (b->errors + with * a->errors) / rows;
    double guess = (b->guess + with * a->guess) / rows;
    double variance = (b->variance + with * a->variance) / (rows * rows);
    return errors - guess > FORGIVEN * (guess - usual) &&
           cause_is_beyond(errors, guess, variance + doubt, of_numbers);
}
