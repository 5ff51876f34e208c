/* SPDX-License-Identifier: Apache-2.0
 *
 * tls.h - the server's side of TLS 1.2 and 1.3 on sockets that do not block.
 *
 * OWNERSHIP  A connection is freed before or after its server; tls_end, tls_server_close.  The
 *            socket stays the caller's.
 * ERRORS     tls_server_open gives NULL and a sentence with cause and cure.
 */
#ifndef HTTP_TLS_H
#define HTTP_TLS_H
#include <stdbool.h>
#include <stddef.h>

#define TLS_PROBLEM_SIZE 512

typedef struct TlsServer TlsServer;
typedef struct Tls       Tls;

typedef struct {
    const char *certificate, *key; /* Files, PEM.                                              */
    const char *client_ca;         /* Who must have signed the client's; NULL or "": anybody.  */
    const char *protocol;          /* That is spoken inside ("h2"); NULL: whatever it is.      */
} TlsFiles;

/* The texts are borrowed as long as the server lives. */
TlsServer *tls_server_open(const TlsFiles *files, char *problem);
void       tls_server_close(TlsServer *server); /* NULL is a no-op. */

/* Reads the files again if they have changed; new connections use them.  Gives why they can't be
 * used, "" if they can; then the old ones stay. */
const char *tls_server_refresh(TlsServer *server);

Tls *tls_begin(TlsServer *server, int descriptor); /* NULL: no memory. */
void tls_end(Tls *tls);                            /* NULL is a no-op. */

typedef enum { TLS_BYTES, TLS_WAIT_READ, TLS_WAIT_WRITE, TLS_CLOSED } TlsAnswer;

/* Shakes hands first, then gives what came: with 16 KiB of room nothing stays behind unseen. */
TlsAnswer tls_read(Tls *tls, void *to, size_t size, size_t *ret_size);
/* Likewise; what is not taken is given again, from any place. */
TlsAnswer tls_write(Tls *tls, const void *bytes, size_t size, size_t *ret_size);
bool      tls_is_ready(const Tls *tls); /* Hands were shaken. */

#endif
