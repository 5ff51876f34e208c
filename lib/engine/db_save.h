/* SPDX-License-Identifier: Apache-2.0
 *
 * db_save.h - what an engine learnt line by line, as bytes and back.
 *
 * Saved are sources, families, patterns and signals: what a shard uses.  Sessions, scores, shapes
 * and told findings are not.
 */
#ifndef ENGINE_DB_SAVE_H
#define ENGINE_DB_SAVE_H
#include "base/image.h"
#include "engine/db.h"

void   db_save(const odd_db *db, ImageOut *out);
odd_rc db_load(odd_db *db, ImageIn *in); /* Into one that was just opened. */

#endif
