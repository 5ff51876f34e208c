/* SPDX-License-Identifier: Apache-2.0
 *
 * mask_named.h - secrets that are called by their name: password, token, secret, api_key,
 * Authorization and their kin, in front of a value.
 *
 * A password is whatever stands behind such a name.  "token" and "secret" are also words of
 * sentences, so that behind them a value counts from 6 bytes on, and if it may be the next word of
 * a sentence ("unexpected token: identifier") only with a digit.
 *
 * BLIND TO   Arrays and objects of JSON as values; names with an ending ("password_hash").
 */
#ifndef EVENT_MASK_NAMED_H
#define EVENT_MASK_NAMED_H
#include "event/mask_place.h"
#include "event/mask_span.h"

/* at: where one of the fragments below stands in the text. */
bool mask_named_at(MaskPlace *place, size_t at, MaskSpan *ret_span);

/* Four bytes of each name, in small letters. */
#define MASK_NAMED_FRAGMENTS                                                                      \
    "sswo", "sswd", "sphr", "ssco", "pwd=", "pwd:", "pwd\"", "pwd'", "pwd ", "pwd\\",             \
        "ass=", "ass\"", "ass'", "ass ", "ass\\", "cret", "oken", "_key", "-key", "ikey", "skey", \
        "ekey", "tkey", "hkey"

/* The same for "authorization" and "bearer", whose value has a scheme before it. */
bool mask_scheme_at(MaskPlace *place, size_t at, MaskSpan *ret_span);
#define MASK_SCHEME_FRAGMENTS "riza", "eare"

#endif
