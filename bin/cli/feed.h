/* SPDX-License-Identifier: Apache-2.0
 *
 * feed.h - every new finding of a running server, once, as it comes.
 *
 * It listens to the server's events (server-sent), goes on where a lost connection ended, and where
 * there are no events, asks for the newest findings from time to time.
 *
 * SHAPE      Ids of the last FEED_IDS_MAX findings are remembered, as hashes.
 * ERRORS     Between attempts `trouble` is told a sentence, once for each outage.
 */
#ifndef CLI_FEED_H
#define CLI_FEED_H
#include "cli/remote.h"

#define FEED_IDS_MAX 4096

typedef struct {
    /* One finding; false: enough. */
    bool (*finding)(void *context, const JsonTree *finding);
    void (*trouble)(void *context, const char *sentence); /* NULL of a trouble that is over. */
    void *context;
} FeedReader;

/* Runs until *stop, or the reader has enough.  false: the server could not be asked even once;
 * remote->problem says why. */
bool feed_run(Remote *remote, const FeedReader *reader);

#endif
