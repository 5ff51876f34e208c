/* SPDX-License-Identifier: Apache-2.0
 *
 * made_up.h - a small night of incidents, told by the fake engine: three findings, a hostile line.
 */
#ifndef MADE_UP_H
#define MADE_UP_H
#include "fake_engine.h"

/* ESC sequences, a bell, a tag, quotes, a bidirectional override, C1, a torn character. */
#define HOSTILE "\x1b[31mred\x07\x1b]0;title\x07 <script>alert(\"1\")</script> \xe2\x80\xae" \
                "txt.exe \xc2\x9b" "2J \xff\xc3( \xe6\x97\xa5\xe6\x9c\xac"

static const FakeTable made_up_findings = {
    .columns = "rank kind signal time last_time surprise sentence how_rare sample source row "
               "last_row repeats seen expected effect rows",
    .cells = (const char *const[]){
        "1", "new", "00000000000000a1", "1795464131000000000", "1795464190500000000", "9.5",
        "A new kind of line, `Out of memory: Killed process <num> (<word>)`, after 12,345 lines "
        "without one.", "once in 3 billion lines",
        "Nov 23 20:02:11 web-3 kernel: Out of memory: Killed process 4711 (java) total-vm:8123456kB, "
        "anon-rss:7123456kB, file-rss:0kB, shmem-rss:0kB", "/var/log/kern.log", "14", "22", "3", "3",
        "0", "3", "14,15,20-22",
        "2", "more", "00000000000000a2", "1795464000000000000", "1795464060000000000", "6.25",
        "nginx on web-3: 502s 40x normal since 20:00:00.", "once in 2 million hours",
        "web-3 nginx: upstream timed out (110) while reading response header", "nginx.log", "120",
        "360", "240", "240", "6", "40", "",
        "3", "value", "00000000000000a3", "", "", "3.1", HOSTILE, "once in 1,000 lines", HOSTILE,
        "evil\n\x1b[2Jname.log", "7", "7", "1", "", "", "", "",
        NULL}};

static const FakeTable made_up_sources = {
    .columns = "source kind rows records bytes timed_rows cut_rows nul_rows invalid_utf8_rows "
               "backward_rows first_time last_time",
    .cells = (const char *const[]){
        "/var/log/kern.log", "syslog", "12345", "12000", "1234567", "12345", "0", "0", "1", "0",
        "1795460000000000000", "1795464190500000000",
        "nginx.log", "header", "655", "655", "65432", "655", "2", "1", "0", "0",
        "1795460100000000000", "1795464100000000000", NULL}};

static const FakeTable made_up_timeline = {
    .columns = "time rows errors",
    .cells = (const char *const[]){"1795460000000000000", "100", "0", "1795460060000000000", "120",
                                   "1", "1795462000000000000", "90", "0", "1795464000000000000",
                                   "340", "200", "1795464180000000000", "50", "10", NULL}};

static const FakeTable made_up_notes = {
    .columns = "topic sentence",
    .cells = (const char *const[]){"cut", "2 lines of nginx.log were longer than 64 kB and were cut.",
                                   "closest", "Closest to odd: `login <name>`, once in 200.", NULL}};

static const FakeTable made_up_patterns = {
    .columns = "signal count pattern",
    .cells = (const char *const[]){"00000000000000a1", "3", "Out of memory: Killed <num>, \"<word>\"",
                                   "00000000000000a2", "240", "upstream timed out", NULL}};

static const FakeTable made_up_reasons = {
    .columns = "name value text",
    .cells = (const char *const[]){"seen", "3", "lines that are odd", "expected", "2.5e-7",
                                   "lines that the history lets expect", "history", "12345",
                                   "lines that this rests on", "neighbours", "", "", "value", "",
                                   "\xe2\x80\xaetxt.exe", NULL}};

static inline void made_up_night(void)
{
    fake_answer(ODD_FINDINGS, &made_up_findings);
    fake_answer(ODD_DIFF, &made_up_findings);
    fake_answer(ODD_SOURCES, &made_up_sources);
    fake_answer(ODD_TIMELINE, &made_up_timeline);
    fake_answer(ODD_NOTES, &made_up_notes);
    fake_answer(ODD_PATTERNS, &made_up_patterns);
    fake_explain(&made_up_reasons);
}

#endif
