/* SPDX-License-Identifier: Apache-2.0 */
#include "event/framing.h"

odd_framing *framing_open(void)
{
    Mem mem = {0};
    odd_framing *framing = mem_take(&mem, sizeof *framing);
    if (framing != NULL)
        framing->mem = mem;
    return framing;
}

void framing_close(odd_framing *framing)
{
    if (framing == NULL)
        return;
    mem_free(&framing->mem, framing->held, framing->capacity);
    Mem mem = framing->mem;
    mem_free(&mem, framing, sizeof *framing);
}

static void hold(odd_framing *framing, Str bytes)
{
    size_t room = FRAMING_BYTES_MAX - framing->size;
    size_t kept = bytes.size < room ? bytes.size : room;
    char *grown =
        mem_grow(&framing->mem, framing->held, &framing->capacity, framing->size + kept + 1, 1);
    if (grown != NULL) {
        framing->held = grown;
        memcpy(grown + framing->size, bytes.text, kept);
        framing->size += kept;
    }
    framing->is_cut |= grown == NULL || kept < bytes.size;
}

/* The message ends with `last`; what came of it before is held. */
static Str finish(odd_framing *framing, Str last)
{
    Str message = last;
    if (framing->size > 0) {
        if (last.size > 0)
            hold(framing, last);
        message = (Str){.text = framing->held, .size = framing->size};
    } else if (last.size > FRAMING_BYTES_MAX) {
        message.size = FRAMING_BYTES_MAX;
        framing->is_cut = true;
    }
    framing->counts.messages++;
    framing->counts.cut += framing->is_cut;
    framing->is_given = true;
    framing->state = FRAMING_START;
    return message;
}

static Str take(Str *bytes, size_t size)
{
    Str taken = str_part(*bytes, 0, size);
    *bytes = str_part(*bytes, size, bytes->size);
    return taken;
}

static bool is_between(char ch)
{
    return ch == '\n' || ch == '\r' || ch == '\0';
}

static void start(odd_framing *framing, Str *bytes)
{
    char ch = bytes->text[0];
    if (is_between(ch)) {
        take(bytes, 1);
        return;
    }
    bool digit = ch >= '1' && ch <= '9';
    framing->counts.miscounted += framing->was_counted && !digit && ch != '<';
    framing->was_counted = false;
    framing->left = 0;
    framing->state = digit ? FRAMING_COUNT : FRAMING_LINE;
}

/* The digits are held, since they may turn out to be text. */
static void count(odd_framing *framing, Str *bytes)
{
    char ch = bytes->text[0];
    if (ch >= '0' && ch <= '9') {
        if (framing->left <= FRAMING_COUNT_MAX)
            framing->left = framing->left * 10 + (size_t)(ch - '0');
        hold(framing, take(bytes, 1));
    } else if (ch == ' ') {
        hold(framing, take(bytes, 1));
        framing->state = FRAMING_BLANK;
    } else {
        framing->state = FRAMING_LINE;
    }
}

static void blank(odd_framing *framing, const Str *bytes)
{
    bool is_message = bytes->text[0] == '<';
    bool is_count = is_message && framing->left <= FRAMING_COUNT_MAX;
    framing->counts.miscounted += is_message && !is_count;
    framing->state = is_count ? FRAMING_OCTETS : FRAMING_LINE;
    if (!is_count)
        return;
    framing->counts.counted++;
    framing->was_counted = true;
    framing->size = 0;
    framing->is_cut = false;
}

static bool octets(odd_framing *framing, Str *bytes, Str *ret_message)
{
    if (bytes->size < framing->left) {
        framing->left -= bytes->size;
        hold(framing, take(bytes, bytes->size));
        return false;
    }
    Str message = finish(framing, take(bytes, framing->left));
    while (message.size > 0 && is_between(message.text[message.size - 1]))
        message.size--; /* Senders that count and end their lines besides. */
    *ret_message = message;
    return true;
}

static bool line(odd_framing *framing, Str *bytes, Str *ret_message)
{
    size_t size = bytes->size;
    const char *end = memchr(bytes->text, '\n', size);
    if (end != NULL)
        size = (size_t)(end - bytes->text);
    const char *nul = size > 0 ? memchr(bytes->text, '\0', size) : NULL;
    if (nul != NULL)
        size = (size_t)(nul - bytes->text);
    if (size == bytes->size) {
        hold(framing, take(bytes, size));
        return false;
    }
    *ret_message = finish(framing, take(bytes, size));
    take(bytes, 1);
    return true;
}

static void forget_given(odd_framing *framing)
{
    if (!framing->is_given)
        return;
    framing->is_given = false;
    framing->is_cut = false;
    framing->size = 0;
}

bool framing_next(odd_framing *framing, Str *bytes, Str *ret_message)
{
    forget_given(framing);
    while (bytes->size > 0) {
        switch (framing->state) {
        case FRAMING_START:
            start(framing, bytes);
            break;
        case FRAMING_COUNT:
            count(framing, bytes);
            break;
        case FRAMING_BLANK:
            blank(framing, bytes);
            break;
        case FRAMING_OCTETS:
            if (octets(framing, bytes, ret_message))
                return true;
            break;
        case FRAMING_LINE:
            if (line(framing, bytes, ret_message))
                return true;
            break;
        }
    }
    return false;
}

bool framing_end(odd_framing *framing, Str *ret_message)
{
    forget_given(framing);
    framing->state = FRAMING_START;
    if (framing->size == 0)
        return false;
    *ret_message = finish(framing, (Str){0});
    return true;
}
