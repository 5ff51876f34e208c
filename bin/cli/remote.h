/* SPDX-License-Identifier: Apache-2.0
 *
 * remote.h - a running server, asked by its REST interface.
 *
 * Where it is, house.h says.
 *
 * OWNERSHIP  remote_close frees it; trees belong to the caller.
 * ERRORS     A sentence in remote->problem, which names the server and the cure.
 * THREADS    One Remote, one thread.
 */
#ifndef CLI_REMOTE_H
#define CLI_REMOTE_H
#include <stdatomic.h>

#include "cli/house.h"
#include "http/client.h"
#include "http/json_tree.h"

typedef struct {
    char               base[512];           /* "http://127.0.0.1:6330" */
    char               authorization[4200]; /* "Authorization: Bearer ..."; "": none. */
    char               ca_file[1024];       /* "": the system's. */
    const atomic_bool *stop;
    Client            *client;
    char               problem[1280];
} Remote;

bool remote_open(const House *house, const atomic_bool *stop, Remote *ret); /* false: no memory. */
bool remote_again(const Remote *other, Remote *ret); /* Another one to the same server. */
void remote_close(Remote *remote);

/* GET of a path, which must answer 200 with JSON.  NULL: problem. */
JsonTree *remote_get(Remote *remote, const char *path);

/* The same of a JSON text that is sent, answered with any status of success.  method: NULL: POST.
 * body: NULL: none. */
JsonTree *remote_send(Remote *remote, const char *method, const char *path, const char *body);

/* POST of bytes of a type, to an address of any length. */
JsonTree *remote_post(Remote *remote, const char *path, const char *type, const char *bytes,
                      size_t size);

/* GET of a stream of lines; last_id: of its last event, or "".  As client_stream; the problem is ""
 * if the server ended it. */
int remote_stream(Remote *remote, const char *path, const char *last_id, ClientLine line,
                  void *context);

#endif
