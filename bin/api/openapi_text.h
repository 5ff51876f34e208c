/* SPDX-License-Identifier: Apache-2.0
 *
 * openapi_text.h - doc/openapi.json in the program; written by tools/embed.py.
 */
#ifndef API_OPENAPI_TEXT_H
#define API_OPENAPI_TEXT_H
#include <stddef.h>

extern const char   openapi_text[];
extern const size_t openapi_size;
extern const char   openapi_etag[]; /* With its quotes. */

#endif
