/* SPDX-License-Identifier: Apache-2.0 */
#include "settings/json_word.h"

void json_word(FILE *json, const char *text)
{
    fputc('"', json);
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++)
        if (*c < ' ' || *c == '"' || *c == '\\')
            fprintf(json, "\\u%04x", *c);
        else
            fputc(*c, json);
    fputc('"', json);
}
