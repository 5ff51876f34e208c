/* SPDX-License-Identifier: Apache-2.0
 *
 * fake_features.h - features made up: `paid` of each user, `load` that nobody knows.
 */
#ifndef FAKE_FEATURES_H
#define FAKE_FEATURES_H
#include <oddball.h>

odd_rows *fake_features(void);

#endif
