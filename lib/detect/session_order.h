/* SPDX-License-Identifier: Apache-2.0
 *
 * session_order.h - in which order the steps of a session come, and where one breaks it.
 *
 * Steps of a session run beside each other, so that which of them is next says little.  What counts
 * is a pair of patterns of which nearly all sessions keep the order: A begins before B begins, or A
 * has ended when B ends.  Pairs that run beside each other keep neither, and say nothing.
 *
 * Events with the same time stamp have no order: which of two writers is first in the file then
 * says nothing.  Where there is no time at all, the order of the lines counts.
 *
 * ALGORITHM  For each pair that occurs in a session: in how many sessions with both the first event
 *            of A came first, and in how many the last.  The evidence of a broken order is the
 *            rarity of the other way round (shape_rarity).
 * SHAPE      O(p * p) a session of p patterns, at most ORDER_PARTS_MAX of them: those that the
 *            stream showed first.  28 bytes a pair, at most ORDER_PAIRS_MAX pairs.
 * OWNERSHIP  The model owns its table until order_model_close.
 * ERRORS     Pairs beyond the limit, or for which there is no memory, take no part.
 * EXACTNESS  Sessions may be learnt in any order, as long as the pairs find room.
 *
 * BLIND TO   The order of repeats between the first and the last; steps after moment 65,535 of a
 *            session; what a pattern did before it became part of another.
 */
#ifndef DETECT_SESSION_ORDER_H
#define DETECT_SESSION_ORDER_H
#include "detect/session_shape.h"

#define ORDER_PARTS_MAX 32
#define ORDER_PAIRS_MAX 65536
#define ORDER_NORMAL_SHARE (1.0 / 256) /* Races and skewed clocks turn an order as often. */

typedef struct OrderModel OrderModel;

OrderModel *order_model_open(Mem *mem); /* NULL: no memory. */
void        order_model_close(OrderModel *model); /* NULL is a no-op. */
void        order_learn(OrderModel *model, const Shape *shape);

/* Adds the broken pairs of the shape to its evidence.  learnt: it is among those learnt.
 * begin_cut: its beginning was not seen.  open: (part_count) parts that may have gone on later. */
void order_evidence(const OrderModel *model, const Shape *shape, bool learnt, bool begin_cut,
                    const bool *open, ShapeEvidence *evidence);

#endif
