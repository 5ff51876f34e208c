/* SPDX-License-Identifier: Apache-2.0 */
#include "event/level.h"

#include <strings.h>

#define LEVEL_WORD_BYTES_MAX 16

typedef struct {
    const char *word;
    Level       level;
} LevelWord;

/* The usual ones first: the search stops at the first hit. */
static const LevelWord level_words[] = {
    {"info", LEVEL_INFO},          {"warn", LEVEL_WARN},         {"error", LEVEL_ERROR},
    {"debug", LEVEL_DEBUG},        {"warning", LEVEL_WARN},      {"notice", LEVEL_NOTICE},
    {"fatal", LEVEL_FATAL},        {"trace", LEVEL_TRACE},       {"err", LEVEL_ERROR},
    {"crit", LEVEL_FATAL},         {"critical", LEVEL_FATAL},    {"log", LEVEL_INFO},
    {"severe", LEVEL_ERROR},       {"note", LEVEL_NOTICE},       {"information", LEVEL_INFO},
    {"verbose", LEVEL_DEBUG},      {"alert", LEVEL_FATAL},       {"emerg", LEVEL_FATAL},
    {"emergency", LEVEL_FATAL},    {"panic", LEVEL_FATAL},       {"failure", LEVEL_ERROR},
    {"fine", LEVEL_DEBUG},         {"finer", LEVEL_TRACE},       {"finest", LEVEL_TRACE},
    {"config", LEVEL_DEBUG},       {"dbg", LEVEL_DEBUG},         {"inf", LEVEL_INFO},
    {"wrn", LEVEL_WARN},           {"ftl", LEVEL_FATAL},         {"trc", LEVEL_TRACE},
    {"vrb", LEVEL_DEBUG},          {"informational", LEVEL_INFO}, {"system", LEVEL_INFO},
    {"audit", LEVEL_NOTICE},       {"statement", LEVEL_DEBUG},   {"detail", LEVEL_DEBUG},
    {"hint", LEVEL_DEBUG},
};
#define LEVEL_WORD_COUNT (sizeof level_words / sizeof level_words[0])

static bool is_word_of(Str word, const char *lower)
{
    for (size_t i = 0; i < word.size; i++)
        if (lower[i] == '\0' || (word.text[i] | 32) != lower[i])
            return false;
    return lower[word.size] == '\0';
}

Level level_of_word(Str word)
{
    if (word.size < 3 || word.size > LEVEL_WORD_BYTES_MAX)
        return LEVEL_NONE;
    for (size_t i = 0; i < LEVEL_WORD_COUNT; i++)
        if (is_word_of(word, level_words[i].word))
            return level_words[i].level;
    return LEVEL_NONE;
}

Level level_of_letter(char letter)
{
    switch (letter) {
    case 'T': case 'V': return LEVEL_TRACE;
    case 'D': return LEVEL_DEBUG;
    case 'I': return LEVEL_INFO;
    case 'N': return LEVEL_NOTICE;
    case 'W': return LEVEL_WARN;
    case 'E': return LEVEL_ERROR;
    case 'F': case 'C': case 'A': return LEVEL_FATAL;
    default: return LEVEL_NONE;
    }
}

Level level_of_severity(int severity)
{
    static const Level levels[] = {LEVEL_FATAL, LEVEL_FATAL,  LEVEL_FATAL, LEVEL_ERROR,
                                   LEVEL_WARN,  LEVEL_NOTICE, LEVEL_INFO,  LEVEL_DEBUG};
    return severity >= 0 && severity < 8 ? levels[severity] : LEVEL_NONE;
}

Level level_of_number(Str digits)
{
    if (digits.size == 0 || digits.size > 2)
        return LEVEL_NONE;
    int number = 0;
    for (size_t i = 0; i < digits.size; i++) {
        if (digits.text[i] < '0' || digits.text[i] > '9')
            return LEVEL_NONE;
        number = number * 10 + (digits.text[i] - '0');
    }
    if (number < 8)
        return level_of_severity(number);
    static const Level tens[] = {LEVEL_TRACE, LEVEL_DEBUG, LEVEL_INFO,
                                 LEVEL_WARN,  LEVEL_ERROR, LEVEL_FATAL};
    return number >= 10 && number < 70 ? tens[number / 10 - 1] : LEVEL_NONE;
}

static bool starts_with(Str s, const char *start)
{
    size_t size = strlen(start);
    return s.size >= size && memcmp(s.text, start, size) == 0;
}

static Level level_of_phrase(Str message)
{
    if (starts_with(message, "Traceback (most recent call last)") ||
        starts_with(message, "Exception in thread "))
        return LEVEL_ERROR;
    if (starts_with(message, "panic: ") || starts_with(message, "Kernel panic"))
        return LEVEL_FATAL;
    return LEVEL_NONE;
}

Level level_of_start(Str message)
{
    size_t open = message.size > 0 && (message.text[0] == '[' || message.text[0] == '<');
    size_t size = open;
    while (size < message.size && size < LEVEL_WORD_BYTES_MAX &&
           (unsigned char)((message.text[size] | 32) - 'a') < 26)
        size++;
    if (size - open < 3 || size == message.size)
        return LEVEL_NONE;
    /* A word alone is a level only if it shouts or if its punctuation says so: "Error reading x"
     * may be anything, "ERROR reading x" and "error: reading x" are not. */
    char after = message.text[size];
    bool marked = after == ':' || (open && (after == ']' || after == '>'));
    bool shouts = after == ' ' && (message.text[1] & 32) == 0 && (message.text[2] & 32) == 0;
    if (!marked && !shouts && after != ' ')
        return LEVEL_NONE;
    if (marked || shouts) {
        Level level = level_of_word(str_part(message, open, size));
        if (level != LEVEL_NONE)
            return level;
    }
    return level_of_phrase(message);
}

static bool is_letter(char c)
{
    return (unsigned char)((c | 32) - 'a') < 26;
}

static bool ends_with(Str word, Str ending)
{
    return word.size > ending.size &&
           str_equal(str_part(word, word.size - ending.size, word.size), ending);
}

static Level level_of_trouble(Str word)
{
    static const char *const words[] = {"error",   "failed",  "failure", "fatal",    "panic",
                                        "exception", "denied",  "refused", "segfault", "corrupt",
                                        "corrupted", "deadlock", "aborted", "crashed",  "killed",
                                        "cannot",  "unable",  "unreachable", "critical", "emergency"};
    if (ends_with(word, STR("Exception")) || ends_with(word, STR("Error")))
        return LEVEL_WARN;
    bool shouts = true;
    for (size_t i = 0; i < word.size; i++)
        shouts = shouts && (word.text[i] & 32) == 0;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strlen(words[i]) == word.size && strncasecmp(words[i], word.text, word.size) == 0)
            return shouts ? LEVEL_ERROR : LEVEL_WARN;
    return LEVEL_NONE;
}

Level level_of_words(Str message)
{
    Level gravest = LEVEL_NONE;
    for (size_t at = 0; at < message.size;) {
        size_t end = at;
        while (end < message.size && is_letter(message.text[end]))
            end++;
        Level level = end > at ? level_of_trouble(str_part(message, at, end)) : LEVEL_NONE;
        gravest = level > gravest ? level : gravest;
        at = end + 1;
    }
    return gravest;
}

const char *level_name(Level level)
{
    static const char *const names[LEVEL_COUNT] = {
        [LEVEL_NONE] = "",         [LEVEL_TRACE] = "trace", [LEVEL_DEBUG] = "debug",
        [LEVEL_INFO] = "info",     [LEVEL_NOTICE] = "notice", [LEVEL_WARN] = "warning",
        [LEVEL_ERROR] = "error",   [LEVEL_FATAL] = "fatal",
    };
    return names[level];
}
