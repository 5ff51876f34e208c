/* SPDX-License-Identifier: Apache-2.0 */
#include "http/tls_peer.h"

#include <gnutls/gnutls.h>

bool tls_peer_is_known(void *session)
{
    unsigned fault = 0;
    return session != NULL && gnutls_certificate_verify_peers2(session, &fault) == 0 && fault == 0;
}
