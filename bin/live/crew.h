/* SPDX-License-Identifier: Apache-2.0
 *
 * crew.h - a few threads that do numbered pieces of work together.
 *
 * THREADS    crew_run is called by one thread at a time, works with the others, and returns when
 *            all pieces are done.
 * ERRORS     crew_open: NULL where no thread could be started.
 */
#ifndef LIVE_CREW_H
#define LIVE_CREW_H

typedef struct Crew Crew;

Crew *crew_open(int threads); /* The caller's among them: 1 starts none. */
void  crew_close(Crew *crew); /* NULL is a no-op. */

/* Calls work(context, i) once for each i from 0 to count - 1, on any of the threads. */
void crew_run(Crew *crew, int count, void (*work)(void *context, int number), void *context);

#endif
