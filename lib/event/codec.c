/* SPDX-License-Identifier: Apache-2.0 */
#include "event/codec.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void decoded_refuse(odd_decoded *decoded, uint64_t count, const char *format, ...)
{
    decoded->rejected += count;
    if (decoded->message[0] != '\0')
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(decoded->message, sizeof decoded->message, format, arguments);
    va_end(arguments);
}

odd_rc decoded_fail(odd_decoded *decoded, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(decoded->message, sizeof decoded->message, format, arguments);
    va_end(arguments);
    return ODD_SYNTAX;
}

const Codec *codec_find(const char *name)
{
    for (size_t i = 0; i < codecs_count; i++)
        if (strcmp(codecs[i]->name, name) == 0)
            return codecs[i];
    return NULL;
}
