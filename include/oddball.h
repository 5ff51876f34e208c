/* SPDX-License-Identifier: Apache-2.0
 *
 * oddball.h - learn what is normal in IT operations, report what is odd.
 *
 * This file is the whole public API.  A name that is not here is private and may change.  The
 * library opens no socket, starts no thread, and reads neither clock nor environment: bytes and
 * time come in from the program.
 *
 *     odd_db *db;
 *     if (odd_open(NULL, &db) != ODD_OK) return 1;
 *     int source;
 *     odd_source(db, "app.log", NULL, &source);
 *     odd_put(db, source, bytes, size);                 // as often as there are bytes
 *     odd_end(db, source);
 *     odd_rows *rows;
 *     odd_query(db, &(odd_question){.view = ODD_FINDINGS}, &rows);
 *     while (odd_next(rows) == ODD_ROW) puts(odd_text(rows, odd_column(rows, "sentence")));
 *     odd_rows_close(rows);
 *     odd_close(db);
 *
 * ERRORS     Functions that can fail return an odd_rc; the out-parameter comes last and is written
 *            only on ODD_OK.  odd_errmsg() has the story.  Bad data is no error: it is counted
 *            (view ODD_SOURCES) and the rest goes on.
 * OWNERSHIP  open/close, prepare/free: who makes it, unmakes it.  Arguments are borrowed for the
 *            call.  A returned string belongs to its handle and lives until the next call on it.
 * THREADS    One handle, one thread at a time; handles share nothing.  The exception is
 *            odd_prepare, which only reads its odd_db: any number of threads may prepare batches
 *            at once, and while another thread commits.
 * UNITS      odd_time is nanoseconds since 1970-01-01 UTC.  A surprise is -log10 of a calibrated
 *            probability: 3 is once in a thousand.
 * REPEATABLE Same bytes, options and seed: same rows out of every view, whatever the number of
 *            threads that prepared, the split into calls, the compiler and the processor.
 */
#ifndef ODDBALL_H
#define ODDBALL_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif
#ifndef ODD_API
#define ODD_API __attribute__((visibility("default")))
#endif

typedef struct odd_db    odd_db;    /* An engine: what was learnt, and from what.    */
typedef struct odd_batch odd_batch; /* Lines of one source, lexed, not yet learnt.   */
typedef struct odd_rows  odd_rows;  /* A cursor over the answer to a question.       */
typedef int64_t          odd_time;  /* ns since the Unix epoch, UTC.                 */
#define ODD_TIME_NONE INT64_MIN     /* No time is known.                             */

/* X(code, name, message): the enum, odd_strerror and the manual come from here. */
#define ODD_RC_MAP(X)                                            \
    X(0, OK, "ok")                                               \
    X(1, NOMEM, "out of memory")                                 \
    X(2, RANGE, "a value is outside its documented range")       \
    X(3, FULL, "a configured limit is reached")                  \
    X(4, NOTFOUND, "no such source, view or column")             \
    X(5, MISUSE, "the API was called in a way it forbids")       \
    X(100, ROW, "odd_next: a row is ready")                      \
    X(101, DONE, "odd_next: no more rows")
typedef enum {
#define X(code, name, message) ODD_##name = code,
    ODD_RC_MAP(X)
#undef X
} odd_rc;

typedef enum { ODD_SESSIONS_NONE = 0, ODD_SESSIONS_ODD, ODD_SESSIONS_ALL } odd_sessions;

typedef struct {                 /* Zero is the default in every field.                      */
    uint64_t    seed;            /* Of the keyed hashes.                                     */
    uint64_t    memory_bytes_max; /* Of what is learnt, at least 32 MiB; 0: 512 MiB.  Near it,
                                     patterns become coarser and less is kept of each.       */
    double      findings_per_day; /* ODD_FINDINGS gives at most so many for each day that the input
                                     covers, one day at least; 0: 10.                         */
    const char *session_key;     /* Name or shape of the session key; NULL: found by itself. */
    int         scores;          /* Not 0: keep a row of ODD_SCORES for every line.          */
    odd_sessions sessions;       /* Whether lines are sorted into sessions, and which are kept. */
} odd_options;

typedef struct {                 /* How to read one source.  Zero is the default.            */
    odd_time now;                /* When its last line was written, about: gives the year to
                                    stamps without one; 0: 1970-01-01, so years are 1970.    */
    int32_t  zone_s;             /* Seconds east of UTC for stamps without a zone.           */
    int      reference;          /* Not 0: known good, what the others are compared with.    */
} odd_reading;

/* -- the library ------------------------------------------------------------------------- */
ODD_API const char *odd_version(void);
ODD_API const char *odd_strerror(odd_rc rc); /* Static, never NULL. */

/* -- open, close -------------------------------------------------------------------------- */
ODD_API odd_rc      odd_open(const odd_options *options, odd_db **db); /* NULL: all defaults. */
ODD_API void        odd_close(odd_db *db);                            /* NULL is a no-op.   */
ODD_API const char *odd_errmsg(const odd_db *db);

/* -- feed: the simple way ------------------------------------------------------------------ */

/* Registers a source by name (a file's path, say); the same name gives the same number. */
ODD_API odd_rc odd_source(odd_db *db, const char *name, const odd_reading *reading, int *source);

/* Learns bytes of a source, in order, split anywhere; a line torn at the end waits for its rest.
 * Lines of several sources put in turn are learnt in the order of the calls. */
ODD_API odd_rc odd_put(odd_db *db, int source, const void *bytes, size_t size);

/* No more bytes: a last line without a line end is learnt. */
ODD_API odd_rc odd_end(odd_db *db, int source);

/* -- feed: the parallel way ----------------------------------------------------------------
 * First odd_sample once with the beginning of the source, from which its layout (header, time,
 * JSON or not ...) is learnt; then prepare whole lines on any thread; then commit in order. */

ODD_API odd_rc odd_sample(odd_db *db, int source, const void *bytes, size_t size);

/* bytes: whole lines, at most 256 MiB, `row` the number of the first (from 1).  They are copied.
 * As db is only read, odd_errmsg knows nothing of a failure: ODD_RANGE, ODD_MISUSE (odd_sample was
 * not called) or ODD_NOMEM. */
ODD_API odd_rc odd_prepare(const odd_db *db, int source, uint64_t row, const void *bytes,
                           size_t size, odd_batch **batch);
ODD_API odd_time odd_batch_time(const odd_batch *batch); /* Of its next record to commit. */
ODD_API uint64_t odd_batch_rows(const odd_batch *batch); /* Rows in it, committed or not. */
ODD_API void     odd_batch_free(odd_batch *batch);       /* NULL is a no-op.              */

/* Learns records of all heads (the next batch of each source) merged by time, until one is used
 * up: its index comes back.  A record without time goes right behind its predecessor. */
ODD_API odd_rc odd_commit(odd_db *db, odd_batch *const *heads, size_t head_count, size_t *used_up);

/* -- ask ------------------------------------------------------------------------------------ */
typedef enum {
    ODD_FINDINGS = 1, /* What is odd, oddest first: rank, kind, signal, time, last_time, surprise,
                         sentence, how_rare, sample, source, row, last_row, repeats, seen, expected,
                         effect, pattern, rows ("14,15,20-22"), level.  Kinds: rare severity burst
                         more less silent value session.                                        */
    ODD_DIFF,         /* Sources against the reference ones, same columns; kinds: new gone more less
                         value.                                                                 */
    ODD_PATTERNS,     /* signal, count (rows), pattern, records, first_row, last_row,
                         reference_count                                                        */
    ODD_SCORES,       /* Of the lines committed since the last such query: source_number, row,
                         time, reference (for odd_signal), surprise, reason.                      */
    ODD_SESSIONS,     /* session, first_row, last_row, events, surprise, reason, key.  Asking for
                         sessions or findings ends the open ones: later lines belong to none.     */
    ODD_SOURCES,      /* source, kind, rows, records, bytes, timed_rows, cut_rows, nul_rows,
                         invalid_utf8_rows, backward_rows, first_time, last_time                  */
    ODD_TIMELINE,     /* Rows per time bucket: time, rows, errors (level error or worse)          */
    ODD_NOTES         /* What a person should know of this run: topic, sentence                   */
} odd_view;

typedef struct {              /* Zero is the default in every field but view.                  */
    odd_view    view;
    odd_time    since, until; /* Findings and diff: only what happened in [since, until); 0: no
                                 limit.                                                        */
    int         row_count_max; /* 0: 20 for findings and diff, no limit for patterns and sessions;
                                 the other views come whole.                                   */
    const char *wildcard;     /* What stands for a variable in a pattern's text; NULL: <type>. */
} odd_question;

ODD_API odd_rc      odd_query(odd_db *db, const odd_question *question, odd_rows **rows);
ODD_API odd_rc      odd_next(odd_rows *rows); /* ODD_ROW or ODD_DONE.                          */
ODD_API int         odd_column_count(const odd_rows *rows);
ODD_API const char *odd_column_name(const odd_rows *rows, int column);
ODD_API int         odd_column(const odd_rows *rows, const char *name); /* -1: no such column. */
ODD_API int64_t     odd_int(const odd_rows *rows, int column);          /* Times too.          */
ODD_API double      odd_double(const odd_rows *rows, int column);       /* Missing is NaN.     */
ODD_API const char *odd_text(const odd_rows *rows, int column);         /* "" if missing.      */
ODD_API size_t      odd_text_size(const odd_rows *rows, int column);    /* It may hold NULs.   */
ODD_API void        odd_rows_close(odd_rows *rows);

/* The numbers behind a finding (by its rank in the last ODD_FINDINGS or ODD_DIFF answer): name,
 * value, text, of which one is missing.  seen; expected; history (lines or sessions that this rests
 * on); looked_at (signals that were compared, which the surprise is corrected for); place, value,
 * session (as the kind has them); neighbours (other findings told by this one); pattern_... (of its
 * pattern as a whole); then all that was looked at: lines, good_lines, patterns, rates, places,
 * sessions. */
ODD_API odd_rc odd_explain(odd_db *db, int rank, odd_rows **rows);

/* The input is at its end, or a good moment: merges of patterns that need the whole picture are
 * made now.  Every view but ODD_SCORES does it by itself; odd_signal wants it done. */
ODD_API void odd_settle(odd_db *db);

/* The id of a signal after all merges so far: 16 hexadecimal digits, the hash of its content. */
ODD_API const char *odd_signal(const odd_db *db, int64_t reference);

#ifdef __cplusplus
}
#endif
#endif
