/* SPDX-License-Identifier: Apache-2.0 */
#include "event/sheet_words.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
}

bool word_is(Str text, const char *word)
{
    if (strlen(word) != text.size)
        return false;
    for (size_t i = 0; i < text.size; i++)
        if (lower(text.text[i]) != word[i])
            return false;
    return true;
}

static bool is_among(Str text, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++)
        if (word_is(text, words[i]))
            return true;
    return false;
}

bool is_name_of_time(Str name)
{
    static const char *const words[] = {
        "time",       "timestamp", "date",     "datetime",  "date_time", "ts",          "t",
        "epoch",      "unix",      "unixtime", "unix_time", "unix_ts",   "unix_timestamp", "_time",
        "@timestamp", "ds",        "when",     "time_s",    "time_ms",   "epoch_ms",    "epoch_s",
        "timestamp_ms", "timestamp_ns", "time_ns", "day", "hour", "created_at", "start", "utc",
        "timestamps", "time_stamp", NULL};
    return is_among(name, words);
}

bool is_name_of_index(Str name)
{
    static const char *const words[] = {"index", "idx",  "i",          "#",    "row", "rows",
                                        "id",    "no",   "n",          "nr",   "step", "tick",
                                        "seq",   "line", "unnamed: 0", "number", "sample", NULL};
    return is_among(name, words);
}

bool is_name_of_series(Str name)
{
    static const char *const words[] = {"series",      "metric",   "metric_name", "name",
                                        "signal",      "__name__", "measurement", "variable",
                                        "unique_id",   "item_id",  "field",       "sensor",
                                        "series_name", "kpi",      "counter",     NULL};
    return is_among(name, words);
}

bool is_name_of_value(Str name)
{
    static const char *const words[] = {"value", "val", "values", "y", "v", "reading", NULL};
    return is_among(name, words);
}

bool is_name_of_log(Str name)
{
    static const char *const words[] = {
        "message", "msg",    "log",     "text",     "level",   "severity", "loglevel", "log_level",
        "event",   "content", "logger", "thread",   "line",    "url",      "uri",      "path",
        "request", "referer", "referrer", "user_agent", "useragent", "query", "exception",
        "stacktrace", "error", "details", "description", "eventtemplate", "ip", "client_ip", NULL};
    return is_among(name, words);
}
