/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

int terminal_width(int descriptor, int asked)
{
    struct winsize size;
    if (asked > 0)
        return asked;
    if (!isatty(descriptor) || ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return TERMINAL_WIDTH_USUAL;
    if (size.ws_col > TERMINAL_WIDTH_MAX)
        return TERMINAL_WIDTH_MAX;
    return size.ws_col < 40 ? 40 : size.ws_col;
}

bool terminal_is_screen(int descriptor)
{
    const char *term = getenv("TERM");
    return isatty(descriptor) && term && term[0] && strcmp(term, "dumb") != 0;
}

bool terminal_color(int descriptor, Color color)
{
    if (color != COLOR_AUTO)
        return color == COLOR_ALWAYS;
    const char *none = getenv("NO_COLOR");
    if (none && none[0])
        return false;
    return terminal_is_screen(descriptor);
}

bool terminal_unicode(void)
{
    const char *locale = getenv("LC_ALL");
    if (!locale || !locale[0])
        locale = getenv("LC_CTYPE");
    if (!locale || !locale[0])
        locale = getenv("LANG");
    if (!locale)
        return false;
    return strcasestr(locale, "utf-8") || strcasestr(locale, "utf8");
}
