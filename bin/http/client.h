/* SPDX-License-Identifier: Apache-2.0
 *
 * client.h - asks another HTTP server, or gives a mail server a message: bounded in time and size,
 * and stopped when one likes.
 *
 * The connection is kept from one request to the next.  Certificates of https are checked; there
 * are no redirects and no proxies; gzip is accepted, and what is unpacked is what is counted.  Mail
 * is encrypted where the server can; with a name and a password in its address, only then sent.
 *
 * OWNERSHIP  All of a request is borrowed for the call.  client_answer_free frees an answer's body.
 * ERRORS     status is 0 and `problem` a sentence, without the path and the password of the
 *            address, which may be secrets.  An answer of any status is an answer.
 * THREADS    A client belongs to one thread at a time; many clients may work at once.
 */
#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "http/reach.h"

#define CLIENT_ANSWER_BYTES (16u << 20)
#define CLIENT_CONNECT_S 5.0
#define CLIENT_TOTAL_S 30.0

typedef struct Client Client;

typedef struct {
    const char        *url;          /* http or https; of mail: smtp or smtps.                   */
    const char *const *headers;      /* "Name: value"                                            */
    size_t             header_count;
    const char        *method;       /* NULL: POST with a body, GET without one.                 */
    const void        *body;         /* NULL: none.                                              */
    size_t             body_size;
    const char        *mail_from;    /* NULL: no mail.  Else body is a message (RFC 5322), ...   */
    const char        *mail_to;      /* ... to these addresses, with commas between them.        */
    const char        *ca_file;      /* Of the server's certificate; NULL: the system's.         */
    double             connect_s;    /* 0: CLIENT_CONNECT_S                                      */
    double             total_s;      /* 0: CLIENT_TOTAL_S                                        */
    double             idle_s;       /* Without a byte; 0: no limit but total_s.                 */
    size_t             answer_bytes; /* At most, or of a line.  0: CLIENT_ANSWER_BYTES           */
    Reach              reach;
    const atomic_bool *stop;         /* True ends it within half a second; NULL: none.           */
} ClientRequest;

typedef struct {
    int    status;        /* 200 ... (of mail 250); 0: no whole answer.                          */
    int    head_status;   /* Likewise, but also if only its head came.                           */
    char  *body;          /* Terminated; never NULL after client_ask.                            */
    size_t size;
    char   type[96];      /* Content-Type as it was sent, "" if it was not.                      */
    double retry_after_s; /* Retry-After; 0: none.                                               */
    bool   hopeless;      /* No answer, and none to be expected from trying again as it is.      */
    bool   stopped;       /* By *stop.                                                           */
    char   problem[320];  /* A sentence; "" if there is an answer.                               */
} ClientAnswer;

Client *client_open(void); /* NULL: no memory. */
void    client_close(Client *client);

/* status != 0: the answer. */
int  client_ask(Client *client, const ClientRequest *request, ClientAnswer *answer);
void client_answer_free(ClientAnswer *answer);

/* GET; a body of status 200 comes line by line, without its line end, as it arrives, until the
 * server ends it, *stop, or `line` says false; total_s 0 is no limit then.  status is as above,
 * and `problem` says why it ended, if it was not by its own end.  Another status: as client_ask. */
typedef bool (*ClientLine)(void *context, const char *line, size_t size);
int client_stream(Client *client, const ClientRequest *request, ClientLine line, void *context,
                  ClientAnswer *answer);

/* "https://host:port" of an address, for people; its host.  size of `to` is size; false: it is no
 * address of http, https, smtp or smtps. */
bool client_origin(const char *url, char *to, size_t size);
bool client_host(const char *url, char *to, size_t size);
bool client_is_mail(const char *url); /* It begins as smtp or smtps does. */

#endif
