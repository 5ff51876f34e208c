/* SPDX-License-Identifier: Apache-2.0
 *
 * tls_peer.h - whether the certificate of a client was made by the authority that we trust.
 *
 * libmicrohttpd asks a client for its certificate, but leaves it to us to look at it.
 *
 * ALGORITHM  GnuTLS: chain, dates, purpose.
 */
#ifndef HTTP_TLS_PEER_H
#define HTTP_TLS_PEER_H
#include <stdbool.h>

bool tls_peer_is_known(void *session); /* Of GnuTLS.  False also for a client without one. */

#endif
