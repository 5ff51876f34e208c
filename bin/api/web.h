/* SPDX-License-Identifier: Apache-2.0
 *
 * web.h - the page that a person opens.
 */
#ifndef API_WEB_H
#define API_WEB_H
#include "http/http.h"

/* The page itself, whatever the path. */
HttpReply web_page(HttpRequest *request, HttpResponse *response);

#endif
