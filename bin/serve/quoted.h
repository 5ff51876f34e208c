/* SPDX-License-Identifier: Apache-2.0
 *
 * quoted.h - text of any language in a mail, of which servers on its way know ASCII only.
 *
 * SOURCE     Quoted-printable: RFC 2045, 6.7.  Words of headers: RFC 2047, "Q".
 * SHAPE      Lines of at most 76 characters, none of which begins or ends with what is cut off.
 */
#ifndef SERVE_QUOTED_H
#define SERVE_QUOTED_H
#include "http/http.h"

void quoted_text(const char *text, HttpResponse *to);   /* Its lines end with \n. */
void quoted_header(const char *text, HttpResponse *to); /* Behind "Subject: ". */

#endif
