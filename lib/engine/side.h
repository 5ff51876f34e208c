/* SPDX-License-Identifier: Apache-2.0
 *
 * side.h - whether a line is judged, or belongs to the reference that is known to be good.
 */
#ifndef ENGINE_SIDE_H
#define ENGINE_SIDE_H

typedef enum { SIDE_JUDGED = 0, SIDE_REFERENCE = 1, SIDE_COUNT } Side;

#endif
