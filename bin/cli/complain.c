/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/complain.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/buffer.h"
#include "cli/visible.h"

#define COMPLAINT_BYTES_MAX 4096

void complain(const char *format, ...)
{
    char sentence[COMPLAINT_BYTES_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);

    Buffer out = {0};
    buffer_puts(&out, "oddball: ");
    visible_add(&out, sentence, strlen(sentence));
    buffer_puts(&out, "\n");
    fputs(buffer_text(&out), stderr);
    buffer_free(&out);
}
