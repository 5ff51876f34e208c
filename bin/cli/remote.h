/* SPDX-License-Identifier: Apache-2.0
 *
 * remote.h - a running server, asked by its REST interface.
 *
 * Where it is: --server, else what it wrote into its data folder when it began to listen
 * (DATA/server.json: {"listen":"127.0.0.1:6330"}), else where the settings let it listen.
 *
 * OWNERSHIP  remote_close frees it; trees belong to the caller.
 * ERRORS     A sentence in remote->problem, which names the server and the cure.
 * THREADS    One Remote, one thread.
 */
#ifndef CLI_REMOTE_H
#define CLI_REMOTE_H
#include <stdatomic.h>

#include "cli/options.h"
#include "http/client.h"
#include "http/json_tree.h"

typedef struct {
    char               base[320];       /* "http://127.0.0.1:6330" */
    char               authorization[4200]; /* "Authorization: Bearer ..."; "": none. */
    char               ca_file[1024];   /* "": the system's. */
    const atomic_bool *stop;
    Client            *client;
    int                status;          /* Of the last answer; 0: none. */
    char               problem[1280];
} Remote;

/* false: the settings are wrong; problem says why.  remote_close is due all the same. */
bool remote_open(const Options *options, const atomic_bool *stop, Remote *ret);
bool remote_again(const Remote *other, Remote *ret); /* Another one to the same server. */
void remote_close(Remote *remote);

/* GET of a path, which must answer 200 with JSON.  NULL: problem. */
JsonTree *remote_get(Remote *remote, const char *path);

/* GET of a stream of lines; last_id: of its last event, or "".  As client_stream; the problem is ""
 * if the server ended it. */
int remote_stream(Remote *remote, const char *path, const char *last_id, ClientLine line,
                  void *context);

#endif
