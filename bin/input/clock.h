/* SPDX-License-Identifier: Apache-2.0
 *
 * clock.h - the program's clock and this machine's zone; the library knows neither.
 */
#ifndef INPUT_CLOCK_H
#define INPUT_CLOCK_H
#include <oddball.h>

odd_time clock_now(void);                   /* ns since 1970-01-01 UTC.                  */
double   clock_seconds(void);             /* Since some moment; it never goes back.    */
int32_t  clock_local_zone(odd_time time); /* Seconds east of UTC of this machine, then. */

#endif
