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
typedef struct odd_events odd_events; /* Events on their way in, encoded.            */
typedef struct odd_masks odd_masks; /* What of a text is not to be stored.           */
typedef struct odd_framing odd_framing; /* Where messages end in a stream of syslog. */
typedef struct odd_store odd_store; /* A directory: journal, catalog, snapshots.     */
typedef struct odd_cursor odd_cursor; /* A place in a journal, reading on.           */
typedef struct odd_fold  odd_fold;  /* What was learnt of all events so far.         */
typedef struct odd_snapshot odd_snapshot; /* All that a fold knew at a position. */
typedef struct odd_lake  odd_lake;  /* History as Parquet files, asked with SQL.     */
typedef struct odd_parquet odd_parquet; /* What reads files of the Parquet format.    */
typedef struct odd_series odd_series; /* What is usual of one metric series.         */
typedef struct odd_model odd_model;   /* A model in production, against a reference. */
typedef struct odd_registry odd_registry; /* A folder of datasets and trained models. */
typedef struct odd_predictor odd_predictor; /* A trained model, ready to be asked. */
typedef int64_t          odd_time;  /* ns since the Unix epoch, UTC.                 */
#define ODD_TIME_NONE INT64_MIN     /* No time is known.                             */

/* X(code, name, message): the enum, odd_strerror and the manual come from here. */
#define ODD_RC_MAP(X)                                            \
    X(0, OK, "ok")                                               \
    X(1, NOMEM, "out of memory")                                 \
    X(2, RANGE, "a value is outside its documented range")       \
    X(3, FULL, "a configured limit is reached")                  \
    X(4, NOTFOUND, "no such source, view, column or codec")      \
    X(5, MISUSE, "the API was called in a way it forbids")       \
    X(6, IO, "the operating system refused a read or a write")   \
    X(7, CORRUPT, "stored bytes fail their checksum")            \
    X(8, EXISTS, "it is there already")                          \
    X(9, BUSY, "another process holds the directory")            \
    X(10, VERSION, "written by a newer oddball")                 \
    X(11, SYNTAX, "the bytes or the query cannot be read")       \
    X(12, SPACE, "the disk is full")                             \
    X(13, LATE, "it took longer than it may")                    \
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
    int         lines;           /* Not 0: keep the lines of metric series, for odd_line.    */
    odd_sessions sessions;       /* Whether lines are sorted into sessions, and which are kept. */
    uint64_t    series_max;      /* Of a fold: series of one source; 0: 1,000,000.           */
    uint64_t    model_reference_rows; /* Of a fold: first predictions of a model that later ones are
                                    compared with, at most 200,000; 0: 10,000.               */
    int64_t     model_reference_s; /* Of a fold: or those of so long, if they are 500; 0: 7 days. */
    int         facts;           /* Of a fold, not 0: odd_fold_facts gives facts, series are not
                                    watched, and features have no values.                    */
    int64_t     outcome_wait_s;  /* Of a fold: how long a prediction waits for its outcome, and the
                                    other way round; 0: 30 days.                             */
} odd_options;

typedef enum {
    ODD_KIND_ANY = 0, /* To be told by its beginning.                        */
    ODD_KIND_LOG,     /* Lines of a log, even if they look like a table.     */
    ODD_KIND_SERIES   /* A table of metric series: CSV, in wide or long form. */
} odd_kind;

typedef struct {                 /* How to read one source.  Zero is the default.            */
    odd_time now;                /* When its last line was written, about: gives the year to
                                    stamps without one; 0: 1970-01-01, so years are 1970.    */
    int32_t  zone_s;             /* Seconds east of UTC for stamps without a zone.           */
    int      reference;          /* Not 0: known good, what the others are compared with.    */
    odd_kind kind;               /* What it holds, if that is known.                         */
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
    ODD_NOTES,        /* What a person should know of this run: topic, sentence                   */
    ODD_INCIDENTS,    /* Of a fold: id, time, last_time, surprise, sentence, state (new ongoing
                         escalating regressed resolved joined, or hidden, expected), findings,
                         hidden (of those), cause (id of a finding, a hint or a change, or who is
                         named; "": none is one), again (id of the incident before that it is like,
                         or, if it is joined, that it is a part of), times (so many there were) */
    ODD_SAMPLES,      /* Of the numbers of series committed since the last such query:
                         source_number, row, time, series, value, expected, lower, upper, surprise,
                         alarm, reason, together (all numbers of the row), share (of that)       */
    ODD_SERIES,       /* series, source, samples, first_time, last_time, last_value              */
    ODD_VERDICTS,     /* Of a fold, what people and rules say: id, verdict, finding, signal,
                         pattern, source, host, text, kind, from, until, lasts, made, surprise,
                         reason, author, about, hidden (findings that it holds back), real (of
                         those that it fits, marked so), broken (that were too odd for it)     */
    ODD_MODELS,       /* Of a fold: model, version, state ("learning" "watched"), task, predictions,
                         reference_rows, features, drifting, outcomes, joined, waiting, early,
                         repeated, doubled, without_id, expired, unknown, sampled_out, unlearnt,
                         delay_s, first_time, last_time, known, verdict (none, pipeline, concept,
                         harmful covariate, harmless covariate; "" while it learns), reason  */
    ODD_MODEL_FEATURES, /* Of a fold, by column: model, version, feature, role, kind, state
                         ("steady" "drifting" "negligible"), surprise, rows, effect, harm (errors
                         that its drift alone adds; missing: not known), harmful, since, together
                         (the column by which it is told)                                    */
    ODD_MODEL_DRIFT,  /* Of a fold, by column and step of time: model, version, feature, time,
                         step_s, rows, effect, lower, upper, shift, missing                  */
    ODD_CHANGES,      /* Of a fold: id, time, what, service, host, version, title, author, link,
                         source, seen (in data: nobody sent it)                                */
    ODD_MODEL_COURSE, /* Of a fold, by step of time: model, version, metric, time, step_s, rows,
                         labelled, estimate, lower, upper, realised, realised_lower,
                         realised_upper, trust                                               */
    ODD_MODEL_GROUPS, /* Of a fold, by group of rows: model, version, segment, metric ("errors",
                         "mae"), rows and labelled (of late), estimate, lower, upper, realised,
                         realised_lower, realised_upper, reference, all (rows, of late),
                         all_reference, state ("steady" "worse" "better")                   */
    ODD_MODEL_CURVE,  /* Of a fold, what probabilities are worth: model, version, probability,
                         rows (outcomes since), reference (share that came true), realised,
                         realised_lower, realised_upper                                      */
    ODD_MODEL_QUESTIONS, /* Of a fold, row_count_max predictions of each version (0: 100; 500 at
                         most) whose outcome tells most: model, version, id, time, probability
                         (with which it was drawn), reason ("unsure" "any")                  */
    ODD_FEATURES,     /* Of a fold: name, version, from, entity, aggregate, window_s, step_s, unit,
                         owner, description                                                  */
    ODD_MODEL_LABELS, /* Of a fold, what the outcomes of such tell of all rows: model, version,
                         metric, labels, rows, from, until, estimate, lower, upper, plain    */
    ODD_QUESTIONS,    /* Of a fold, findings that a person should be asked about, what changes most
                         first, row_count_max a day (0: 3; 20 at most) less those that were answered
                         today: id, time, surprise, kind, source, signal, sentence, incident, reason
                         ("most", or "chance": of these alone the precision is told), like (findings
                         that are like it and open), days (that they are of), real (how likely it
                         is, by the answers), examples (a line each, id and sentence: what
                         else is like it)                                                       */
    ODD_PRECISION     /* Of a fold, how many of the findings of 30 days are real, by the answers to
                         questions by chance: answers, real, estimate, lower, upper (95 percent) */
} odd_view;

typedef struct {              /* Zero is the default in every field but view.                  */
    odd_view    view;
    odd_time    since, until; /* Findings and diff: only what happened in [since, until); 0: no
                                 limit.                                                        */
    int         row_count_max; /* 0: 20 for findings and diff, no limit for patterns and sessions;
                                 the other views come whole.                                   */
    int         earliest_first; /* Of a fold's findings: else the latest come first.           */
    int         changed;      /* Of a fold's findings: only those that are new, or in another state,
                                 since the last such question.                                 */
    const char *wildcard;     /* What stands for a variable in a pattern's text; NULL: <type>. */
    const char *model, *version; /* Of models: only these; NULL: all.                          */
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
typedef enum {
    ODD_CELL_MISSING = 0,
    ODD_CELL_BOOL,
    ODD_CELL_INT,
    ODD_CELL_REAL,
    ODD_CELL_TEXT
} odd_cell;
ODD_API odd_cell    odd_cell_kind(const odd_rows *rows, int column);    /* Of the current row. */
ODD_API void        odd_rows_close(odd_rows *rows);

/* The numbers behind a finding (by its rank in the last ODD_FINDINGS or ODD_DIFF answer): name,
 * value, text, of which one is missing.  seen; expected; history (lines or sessions that this rests
 * on); looked_at (signals that were compared, which the surprise is corrected for); place, value,
 * session (as the kind has them); neighbours (other findings told by this one); pattern_... (of its
 * pattern as a whole); then all that was looked at: lines, good_lines, patterns, rates, places,
 * sessions. */
ODD_API odd_rc odd_explain(odd_db *db, int rank, odd_rows **rows);

/* The line of the metric series that a finding is about (of a log there is none): good (1: of the
 * good run; those come first), time, row, low, high (of the samples that a point stands for),
 * expected, lower, upper (NaN: nothing was).  close: not 0: the finding and what is round it, else
 * the whole series.  At most points_max points, each.  Of scans only if odd_options asked for
 * lines; where memory is short, coarser ones. */
ODD_API odd_rc odd_line(odd_db *db, int rank, int close, int points_max, odd_rows **rows);

/* The input is at its end, or a good moment: merges of patterns that need the whole picture are
 * made now.  Every view but ODD_SCORES does it by itself; odd_signal wants it done. */
ODD_API void odd_settle(odd_db *db);

/* The id of a signal after all merges so far: 16 hexadecimal digits, the hash of its content. */
ODD_API const char *odd_signal(const odd_db *db, int64_t reference);

/* -- one metric series --------------------------------------------------------------------------
 * For a program that watches a number of its own:
 *
 *     odd_series *latency;
 *     odd_series_open(NULL, &latency);
 *     odd_judgement j;
 *     odd_series_put(latency, now, milliseconds, &j);         // each sample, in order of time
 *     if (j.alarm >= 3) complain("latency", milliseconds, j.expected, j.reason);
 *
 * A sample is judged by those before it alone, then learnt; an odd one teaches little. */

typedef struct {
    double      surprise;               /* Of this sample, by all evidence at it.               */
    double      alarm;                  /* That something new begins here: once an episode.     */
    double      expected, lower, upper; /* Of the value; beyond the bounds the surprise of the
                                           value alone is 3 or more.  NaN: not known yet.       */
    double      effect;                 /* How far it is from expected, in usual deviations.    */
    const char *reason;                 /* Static, a word or two: "high", "level", "gap" ...    */
} odd_judgement;

ODD_API odd_rc odd_series_open(const odd_options *options, odd_series **series);
ODD_API void   odd_series_close(odd_series *series); /* NULL is a no-op. */

/* Judges the sample as odd_series_put would, and learns nothing.  time: ODD_TIME_NONE for all
 * samples of a series that has but an order.  A value that is no finite number is missing: it is
 * judged as 0 surprise.  A time before the last one is judged and learnt as if it came right
 * after it. */
ODD_API void odd_series_score(const odd_series *series, odd_time time, double value,
                              odd_judgement *judgement);
ODD_API void odd_series_put(odd_series *series, odd_time time, double value,
                            odd_judgement *judgement); /* NULL: not asked for. */

/* What was learnt, as bytes that another process or version of this machine's kind can go on from;
 * they belong to the handle until the next call on it. */
ODD_API odd_rc odd_series_snapshot(odd_series *series, const void **bytes, size_t *size);
/* ODD_CORRUPT, ODD_VERSION: the series stays as it was. */
ODD_API odd_rc odd_series_restore(odd_series *series, const void *bytes, size_t size);

/* -- a model in production ------------------------------------------------------------------------
 * Tables of predictions: a line of names, then a row for each prediction, in text (CSV).  First the
 * reference (rows from when the model was well), then the rows to judge, in their order.  Columns
 * are told by their usual names (timestamp, id, y_pred ...) or by options; others are inputs. */

typedef struct {              /* Zero is the default in every field.                          */
    const char *time, *id, *prediction, *probability, *outcome; /* Names of columns.          */
    const char *segments, *left_out; /* Names, separated by commas.                           */
    odd_time    now;          /* As in odd_reading. */
    int32_t     zone_s;
    double      run_length;   /* Rows between two false alarms, at least; 0: 1,000,000.       */
    double      tolerance;    /* A drift of so many standard deviations is negligible; 0: 0.04. */
    uint64_t    memory_bytes_max; /* 0: 512 MiB.                                              */
    int         scores;       /* Not 0: keep rows of ODD_MODEL_SCORES.                        */
    uint64_t    chunk_rows;   /* Of each estimate of quality, at least 50; 0: 2,000.          */
    int         asks;         /* Not 0: keep of each row what odd_model_ask needs.            */
} odd_model_options;

typedef enum {
    ODD_MODEL_SCORES = 1,     /* Since the last time: row, time, signal, surprise, effect, alarm. */
    ODD_MODEL_QUALITY,        /* Since then (after odd_model_end the same again): metric,
                                 first_row, last_row, estimate, lower, upper (of 95 %),
                                 realised, trust.                                             */
    ODD_MODEL_BLOCKS,         /* Since then, of blocks of time: signal, time, first_row, last_row,
                                 usual (what it is compared with), surprise, effect, alarm.   */
    ODD_MODEL_ANSWERED,       /* After answers, one row: metric, labels, estimate, lower, upper (of
                                 95 %), plain (labels without choosing that say as much as one). */
    ODD_MODEL_SEGMENTS,       /* After odd_model_end, a row for each group of options.segments:
                                 segment, rows, reference_rows, loss (share of errors, or mean
                                 error), lower, upper, known (or estimated), reference_loss, all. */
    ODD_MODEL_SHAPES,         /* Of each column its distribution: signal, label (a bar's least
                                 number, or a category), reference, now (shares of rows).     */
    ODD_MODEL_DRIFTS,         /* And how far off it was: signal, first_row, time, effect.     */
    ODD_MODEL_CALIBRATION,    /* What probabilities were worth: probability, reference, now
                                 (shares that came true), rows (now, with outcomes).          */
    ODD_MODEL_VERDICT,        /* After odd_model_end, one row: verdict (none, pipeline, concept,
                                 harmful covariate, harmless covariate), sentence.            */
    ODD_MODEL_FINDINGS        /* After odd_model_end, worst first: kind, signal, state, surprise,
                                 effect, lower, upper, what, cause, harm, harmful, first_row,
                                 last_row, time, together, seen, expected, sentence, unit (of
                                 harm: points of accuracy, or % of the mean error).           */
} odd_model_view;

/* Not 0: the first of these lines names columns that only predictions have. */
ODD_API int    odd_model_recognise(const void *bytes, size_t size);
ODD_API odd_rc odd_model_open(const odd_model_options *options, odd_model **model);
ODD_API void   odd_model_close(odd_model *model); /* NULL is a no-op. */
ODD_API const char *odd_model_errmsg(const odd_model *model);
/* Whole lines, any number of them.  ODD_SYNTAX: this is no such table. */
ODD_API odd_rc odd_model_reference(odd_model *model, const void *bytes, size_t size);
/* The reference is whole with the first call. */
ODD_API odd_rc odd_model_put(odd_model *model, const void *bytes, size_t size);
/* No more rows: the last chunk ends. */
ODD_API odd_rc odd_model_end(odd_model *model);
ODD_API odd_rc odd_model_query(odd_model *model, odd_model_view view, odd_rows **rows);
/* The rows whose labels tell most of the model's quality, about `count`: row, probability (with
 * which it was drawn; keep it for the answer), reason.  With options.asks, after odd_model_end. */
ODD_API odd_rc odd_model_ask(odd_model *model, uint64_t count, uint64_t seed, odd_rows **rows);
/* What came true of a row that was asked about, once; an empty outcome counts as no answer. */
ODD_API odd_rc odd_model_answer(odd_model *model, uint64_t row, double probability,
                                const char *outcome, size_t size);

/* ==== Months of events: decode, store, fold, ask ===========================================
 *
 *     bytes --odd_decode--> odd_events --odd_store_commit--> journal --odd_fold_feed--> findings
 *                                                                 \--> tables --> odd_lake
 *
 * The way from the journal to the findings is the same for what comes now, for a restart and for a
 * replay: odd_fold knows no other input than events in the order of the journal. */

/* -- events: from the wire, or put together by hand ------------------------------------------
 * One odd_events, one thread; masks are shared by all.  Text beyond limits is cut and counted. */

typedef struct {              /* One rule for what is not to be stored.                       */
    const char *name;         /* Of the token that stands for it: <name:4f1c2a90>.            */
    const char *expression;   /* POSIX extended regular expression, without back-references.
                                 With a group, only the group is replaced.                    */
} odd_mask;

/* What a secret is. */
typedef enum {
    ODD_MASK_PASSWORD = 0,
    ODD_MASK_TOKEN, /* What opens a door: bearer tokens, keys of an API. */
    ODD_MASK_KEY,   /* A private key.    */
    ODD_MASK_CARD,
    ODD_MASK_EMAIL,
    ODD_MASK_RULE, /* What a rule says. */
    ODD_MASK_KIND_COUNT
} odd_mask_kind;
ODD_API const char *odd_mask_kind_name(odd_mask_kind kind); /* "password" ... "rule"; static. */

/* Without `defaults` only the rules count.  key: 16 bytes, secret, the same at every start.
 * ODD_SYNTAX: `problem` (of problem_size bytes) says which rule and why. */
ODD_API odd_rc odd_masks_open(const odd_mask *rules, size_t rule_count, int defaults,
                              const unsigned char key[16], char *problem, size_t problem_size,
                              odd_masks **masks);
ODD_API void   odd_masks_close(odd_masks *masks); /* NULL is a no-op. */

ODD_API odd_rc odd_events_open(const odd_masks *masks, odd_time known, odd_events **events);
ODD_API void   odd_events_close(odd_events *events);
ODD_API void   odd_events_clear(odd_events *events, odd_time known); /* To be filled again.    */

/* Levels: 0 not said, 1 trace, 2 debug, 3 info, 4 notice, 5 warning, 6 error, 7 fatal.  Times may
 * be ODD_TIME_NONE.  attributes: a JSON object, or "".  Of all: ODD_NOMEM, ODD_FULL, ODD_RANGE. */
ODD_API odd_rc odd_events_lines(odd_events *events, const char *source, int32_t zone_s,
                                const void *lines, size_t size);
ODD_API odd_rc odd_events_record(odd_events *events, const char *source, odd_time time, int level,
                                 const void *text, size_t size, const char *attributes);
ODD_API odd_rc odd_events_sample(odd_events *events, const char *source, const char *series,
                                 odd_time time, double value);
ODD_API odd_rc odd_events_change(odd_events *events, const char *source, odd_time time,
                                 const char *json);

/* Predictions of a model that this program serves, or outcomes of such, as many rows at once as it
 * has gathered: columns of numbers (NaN: missing), of texts (NULL: missing), or of times.  Without
 * a time they are of when they came; without an id no outcome can find them.  One column at most of
 * each role but FEATURE and SEGMENT.  ODD_RANGE: a column, or a name, is not as it should be. */
typedef enum {
    ODD_ROLE_FEATURE = 0,
    ODD_ROLE_TIME,
    ODD_ROLE_ID,
    ODD_ROLE_PREDICTION,      /* What the model said.                          */
    ODD_ROLE_PROBABILITY,     /* How likely it held the positive outcome.      */
    ODD_ROLE_OUTCOME,         /* What came true.                               */
    ODD_ROLE_SEGMENT          /* A feature that tells groups of rows apart.    */
} odd_role;
typedef struct {              /* One of the three arrays, of row_count elements.              */
    odd_role           role;
    const char        *name;
    const double      *numbers;
    const char *const *texts;
    const odd_time    *times; /* Of ODD_ROLE_TIME alone.                                      */
} odd_model_column;
typedef struct {
    const char *model, *version; /* version: NULL for "".                                     */
    int         are_outcomes, are_reference; /* Reference: from when the model was well.       */
    const odd_model_column *columns;
    size_t      column_count, row_count;
} odd_model_rows;
ODD_API odd_rc odd_events_rows(odd_events *events, const odd_model_rows *rows);

ODD_API odd_rc odd_events_tick(odd_events *events); /* Time passed; the last event of a commit. */
/* Where the reader of a source stands: durable with the events of the same commit. */
ODD_API odd_rc odd_events_position(odd_events *events, const char *source, const char *position);
/* The name of the request: of two commits with the same name the second one is ODD_EXISTS. */
ODD_API odd_rc odd_events_key(odd_events *events, const char *key);

/* All of another one behind what is there: the run of both. */
ODD_API odd_rc odd_events_append(odd_events *events, const odd_events *more);

typedef struct {
    uint64_t events, lines, records, samples, changes, alerts;
    uint64_t predictions, outcomes, posted;
    uint64_t cut, masked;
    uint64_t masked_of[ODD_MASK_KIND_COUNT]; /* Of `masked`.                                  */
    uint64_t bytes;           /* Of texts and samples, as they came.                          */
    uint64_t encoded_bytes;
} odd_event_counts;
ODD_API odd_event_counts odd_events_count(const odd_events *events);
ODD_API odd_time odd_events_known(const odd_events *events); /* When its first event came. */

/* Which alerts came just now: a repeat that says nothing new becomes an event once in 5 minutes.
 * Any number of threads may decode with it at once.  odd_alerts_forget: what was decoded with it
 * was not stored. */
typedef struct odd_alerts odd_alerts;
ODD_API odd_rc odd_alerts_open(odd_alerts **ret_alerts);
ODD_API void odd_alerts_close(odd_alerts *alerts);
ODD_API void odd_alerts_forget(odd_alerts *alerts);

typedef struct {              /* What a codec is told beside the bytes.                       */
    const char *source;       /* Names what the bytes themselves do not; not NULL.            */
    const char *subject;      /* What the address said: an index, a format; NULL: nothing.    */
    odd_time    now;          /* When the bytes came.                                         */
    int32_t     zone_s;       /* Of stamps without one.                                       */
    odd_alerts *alerts;       /* NULL: each repeat of an alert is an event too.               */
    const odd_model_options *table; /* What columns of a table of predictions are called; NULL: as
                                       usual. */
} odd_wire;
typedef struct {
    uint64_t accepted, rejected; /* Records, lines or samples.                                */
    char     message[240];    /* Why the first of them was rejected, or the whole.            */
    const char *items;        /* Formats that answer item by item: 'i' index, 'c' create, 'u'
                                 update, 'd' delete, capital: rejected.  Belongs to `events`. */
    size_t   item_count;
    uint64_t histograms;      /* Of accepted: native histograms, for remote write's answer.   */
} odd_decoded;

/* Codecs: otlp_logs, otlp_metrics, otlp_traces, otlp_logs_json, otlp_metrics_json,
 * otlp_traces_json, remote_write, remote_write_2, loki, loki_json, bulk, journal_export,
 * exposition, syslog, change, alert, posted (an object, or an array of them; source: its name),
 * verdict (an object, or an array of them; lib/event/verdict.h), predictions, predictions_json,
 * outcomes_json.  ODD_SYNTAX: nothing was added, ret->message says why. */
ODD_API odd_rc odd_decode(const char *codec, const odd_wire *wire, const void *bytes, size_t size,
                          odd_events *events, odd_decoded *ret);

/* journal_export comes in bodies without end: how many of the bytes are whole entries, which can be
 * decoded before the rest is there.  0: not one yet, or the format wants the whole body. */
ODD_API size_t odd_decode_whole(const char *codec, const void *bytes, size_t size);

/* What OTLP answers, in protobuf or (json not 0) in JSON; both give the bytes written.  signal: 'l'
 * logs, 'm' metrics, 't' traces.  An answer of 0 bytes is whole: all was accepted.  A status is
 * google.rpc.Status, its code one of gRPC's: 3 bad data, 8 too much, 14 later. */
#define ODD_OTLP_ANSWER_BYTES 2048
ODD_API size_t odd_otlp_answer(char signal, int json, const odd_decoded *decoded,
                               char buffer[ODD_OTLP_ANSWER_BYTES]);
ODD_API size_t odd_otlp_status(int json, int code, const char *message,
                               char buffer[ODD_OTLP_ANSWER_BYTES]);

/* -- framing: messages of syslog out of a TCP connection, RFC 6587 ------------------------------
 * One for each connection.  Both framings, told apart at each message; no length is trusted. */

typedef struct {
    uint64_t messages;
    uint64_t counted;         /* Of them, with their length before them.                      */
    uint64_t cut;             /* Of them, longer than 64 KiB.                                 */
    uint64_t miscounted;      /* Lengths that cannot be true.                                 */
} odd_framing_counts;

ODD_API odd_rc odd_framing_open(odd_framing **framing);
ODD_API void   odd_framing_close(odd_framing *framing); /* NULL is a no-op. */
/* ODD_ROW: a message, without its line end; it is valid until the next call, and as long as the
 * bytes.  *bytes and *size go on behind it: call again.  ODD_DONE: all bytes are used. */
ODD_API odd_rc odd_framing_next(odd_framing *framing, const char **bytes, size_t *size,
                                const char **message, size_t *message_size);
/* The connection ended, or is silent for long.  ODD_ROW: what came of a last message. */
ODD_API odd_rc odd_framing_end(odd_framing *framing, const char **message, size_t *message_size);
ODD_API odd_framing_counts odd_framing_count(const odd_framing *framing);

/* -- the store --------------------------------------------------------------------------------
 * One process a directory.  One thread at a time commits; one at a time checkpoints, restores,
 * forgets or replaces files of the lake: these two may run at the same time.  Cursors are their own
 * handles and may be read on other threads meanwhile; odd_store_position may be asked on any. */

typedef struct {              /* Zero is the default in every field.                          */
    uint64_t segment_bytes_max; /* Of a journal file; 0: 256 MiB.                              */
    const char *vfs;          /* SQLite's name of a file layer; NULL: its default.            */
    int      read_only;       /* Beside a process that writes; nothing can be committed.      */
} odd_store_options;

ODD_API odd_rc odd_store_open(const char *path, const odd_store_options *options, odd_store **store,
                              char *problem, size_t problem_size);
ODD_API void        odd_store_close(odd_store *store); /* NULL is a no-op.  Cursors first. */
/* After odd_store_open: what was found damaged first, or "". */
ODD_API const char *odd_store_errmsg(const odd_store *store);

typedef struct {
    const char *file;         /* As it is called now, in the directory; "": none.             */
    uint64_t    first, last;  /* Commits that cannot be read any more; 0: none, or not known. */
    const char *sentence;     /* What it is, what it costs, what helps.                       */
} odd_damage;
/* What odd_store_open, odd_store_secret and odd_restore found damaged, from number 0 on; 0: there
 * is no more.  Its texts live until the next of them, or the end of the store. */
ODD_API int odd_store_damage(const odd_store *store, size_t number, odd_damage *damage);

/* The same of checkpoints, of the lake's files and of what is forgotten. */
ODD_API const char *odd_store_catalog_errmsg(const odd_store *store);

/* What another process that finds the directory in use (ODD_BUSY) is told: an address, say. */
ODD_API odd_rc odd_store_holder(odd_store *store, const char *note);

/* 16 bytes that stay the same for ever: `fresh`, random ones, at the first call. */
ODD_API odd_rc odd_store_secret(odd_store *store, const unsigned char fresh[16],
                                unsigned char key[16]);

/* The seed for odd_options, the same for ever: `fresh`, a random one, at the first call on a new
 * directory, so that nobody can choose names whose hashes collide.  ODD_NOTFOUND: the directory is
 * older than that. */
ODD_API odd_rc odd_store_seed(odd_store *store, uint64_t fresh, uint64_t *seed);

/* Durable when it returns ODD_OK: then, and only then, the sender may be told so.  A commit is one
 * row of the journal; its number comes back.  results[i] is ODD_OK, or ODD_EXISTS where the key of
 * events[i] is known and its events are left out.  Otherwise nothing is stored (ODD_SPACE, ODD_IO:
 * try again later; the damaged file is left behind and the next one begun). */
ODD_API odd_rc   odd_store_commit(odd_store *store, odd_events *const *events, size_t count,
                                  odd_rc *results, uint64_t *position);
ODD_API uint64_t odd_store_position(const odd_store *store); /* Of the last commit; 0: none.   */

/* Where the reader of a source stood in the last commit; "": not known.  Valid until the next call
 * on the store. */
ODD_API const char *odd_store_reader(odd_store *store, const char *source);

ODD_API odd_rc odd_cursor_open(odd_store *store, uint64_t after, odd_cursor **cursor);
ODD_API void   odd_cursor_close(odd_cursor *cursor);
/* The next commit: its events, valid until the next call.  ODD_DONE: no more by now.  ODD_CORRUPT:
 * a damaged one was passed over, and odd_cursor_errmsg says which. */
ODD_API odd_rc odd_cursor_next(odd_cursor *cursor, odd_events **events, uint64_t *position);
ODD_API const char *odd_cursor_errmsg(const odd_cursor *cursor);

/* -- the fold ------------------------------------------------------------------------------------
 * 64 shards.  Feed commits in their order, from one thread; then step each shard, on any threads,
 * a shard on one at a time; behind a tick, when all have stepped, merge, before feeding on.  What
 * comes out is the same for any number of threads and any split into commits. */

#define ODD_SHARD_COUNT 64

ODD_API odd_rc      odd_fold_open(const odd_options *options, odd_fold **fold);
ODD_API void        odd_fold_close(odd_fold *fold); /* NULL is a no-op. */
ODD_API const char *odd_fold_errmsg(const odd_fold *fold);

/* The bytes are copied.  ODD_ROW: the events ended with a tick, so step and merge now. */
ODD_API odd_rc   odd_fold_feed(odd_fold *fold, const odd_events *events, uint64_t position);
ODD_API odd_rc   odd_fold_step(odd_fold *fold, int shard);
ODD_API odd_rc   odd_fold_merge(odd_fold *fold);
/* The verdicts and rules of these events (codec verdict) count from now on, instead of all that
 * were said so far and of all that are fed later.  Again behind odd_restore. */
ODD_API odd_rc   odd_fold_rules(odd_fold *fold, const odd_events *events);
/* "new", "gone" ...: the kinds of findings, which such a rule may name; static.  NULL: number is
 * beyond the last of them. */
ODD_API const char *odd_finding_kind(size_t number);
/* What each of them alone would do to the findings that there are, `since` then (0: all): id,
 * verdict, looked_at (findings), fits, hidden, real (of those that fit, marked so), broken (too odd
 * to be hidden).  Nothing changes. */
ODD_API odd_rc   odd_fold_try(odd_fold *fold, const odd_events *events, odd_time since,
                            odd_rows **rows);
/* What a finding rests on: name, value, text: seen, expected, surprise, threshold (that such a one
 * has to reach today), repeats, neighbours; then a row for each verdict or rule that fits it, with
 * its id as the text: hides, broken (it was too odd for that one), or says.  ODD_NOTFOUND. */
ODD_API odd_rc   odd_fold_explain(odd_fold *fold, const char *finding, odd_rows **rows);
/* All that belongs to an incident: part, role, state, rank, id, time, surprise, sentence, why,
 * signals.  Parts: finding (role: cause failure impact, none if it is held back; rank 1 is the
 * first suspect; why it belongs to the others), hint (odd before it, and not told), named (who is
 * named by several findings, and has none), change (deploys and the like in its time), checked
 * (signals of the same machines and services; state: innocent, or odd as well), like (incidents
 * before it).  ODD_NOTFOUND. */
ODD_API odd_rc   odd_fold_incident(odd_fold *fold, const char *incident, odd_rows **rows);
ODD_API uint64_t odd_fold_position(const odd_fold *fold); /* Of the last merge.               */

/* A moment in a usual spelling ("2026-11-28T10:00:00Z", "2026-11-28 10:00", ns, us, ms or s since
 * 1970), the whole text.  ODD_SYNTAX: it is none. */
ODD_API odd_rc odd_time_read(const char *text, size_t size, odd_time now, int32_t zone_s,
                             odd_time *ret_time);

/* -- features ---------------------------------------------------------------------------------
 * Values that a model can use, of an entity (a host, a user ...) at a time, kept up event by event
 * (doc/features.md).  Definitions are events too, so that a replay repeats every value.  What was
 * fed and stepped can be read after odd_fold_apply; what is read may be read on any thread as long
 * as nobody applies. */

/* Of what is wrong with the definition `number` (from 0; SIZE_MAX: with all of them). */
typedef void (*odd_feature_tell)(void *context, size_t number, const char *name,
                                 const char *sentence);
/* json: {"features":[...]} (lib/feature/definition.h): all that there are from the next tick on.
 * retention_ns: windows may not reach further back; 0: no limit.  ODD_SYNTAX: each mistake was
 * told, if tell is not NULL, and nothing was added. */
ODD_API odd_rc odd_events_features(odd_events *events, const char *json, size_t size,
                                   int64_t retention_ns, odd_feature_tell tell, void *context);
/* Facts of all shards become values; behind a tick, when all have stepped, definitions count.  A
 * merge does it too. */
ODD_API odd_rc odd_fold_apply(odd_fold *fold);
/* The definitions of these events count from now on, and none that is fed. */
ODD_API odd_rc odd_fold_features(odd_fold *fold, const odd_events *events);

typedef struct {
    double   value;           /* NaN: missing.                                                */
    int      was_missing;     /* It is imputed, or still missing.                             */
    odd_time time;            /* Of the newest fact in it; ODD_TIME_NONE: there is none.      */
} odd_feature_value;
/* Its number, until definitions change; -1: there is none.  And the nearest name, or NULL. */
ODD_API int         odd_feature_find(const odd_fold *fold, const char *name);
ODD_API const char *odd_feature_name(const odd_fold *fold, int number); /* NULL: there is none. */
ODD_API const char *odd_feature_near(const odd_fold *fold, const char *name);
/* Who has values, by a number from 0 on that stays; NULL: there are no more.  Valid until the next
 * odd_fold_apply; *ret_size: of the text, which is not terminated. */
ODD_API const char *odd_feature_entity(const odd_fold *fold, size_t number, size_t *ret_size);
/* as_of: not before the newest event came (ODD_RANGE); ODD_TIME_NONE: then.  ODD_NOTFOUND: there is
 * no feature of such a number. */
ODD_API odd_rc odd_feature_get(const odd_fold *fold, const char *entity, const int *numbers,
                               size_t count, odd_time as_of, odd_feature_value *ret);
typedef struct {
    uint64_t features, entities, facts;
    uint64_t late;            /* Facts that no window reaches any more.                       */
    uint64_t refused;         /* Facts of entities beyond the memory.                         */
    uint64_t bad;             /* Values that are no finite number, since the start.           */
    uint64_t bytes;
    uint64_t set;             /* Which definitions; 0: there are none.                        */
    uint64_t position;        /* Of the last commit that is in the values.                    */
    odd_time now;             /* When its newest event came.                                  */
} odd_feature_counts;
ODD_API odd_feature_counts odd_feature_count(const odd_fold *fold);
/* Of a fold with options.facts: facts that were found since the last call, as bytes for odd_join;
 * they do not become values.  Valid until the next odd_fold_apply. */
ODD_API void odd_fold_facts(odd_fold *fold, const void **bytes, size_t *size);

/* Point in time: values of features as a label could know them, by one way past labels and facts in
 * order of time.  by_event: what had happened by then, whenever it came; else what had come.  Facts
 * beyond memory go to files without a name in `folder`.  ODD_NOTFOUND: no features. */
typedef struct odd_join odd_join;
ODD_API odd_rc      odd_join_open(const odd_events *features, int by_event, const char *folder,
                             uint64_t memory_bytes_max, odd_join **join);
ODD_API void        odd_join_close(odd_join *join); /* NULL is a no-op. */
ODD_API const char *odd_join_errmsg(const odd_join *join);
/* The field that entities of a kind are named by ("": all together); a feature; NULL: no more. */
ODD_API const char *odd_join_kind(const odd_join *join, size_t number);
ODD_API const char *odd_join_feature(const odd_join *join, size_t number);
/* The number of the kind whose entities a feature is of. */
ODD_API size_t odd_join_feature_kind(const odd_join *join, size_t number);
/* entities: one for each kind.  All labels come before the first facts. */
ODD_API odd_rc odd_join_label(odd_join *join, odd_time time, const char *const *entities);
ODD_API odd_rc odd_join_facts(odd_join *join, const void *bytes, size_t size);
/* Labels in order of their times, `row` as they came from 0 on; values of all features.  emit: 0
 * ends it with ODD_MISUSE.  ODD_EXISTS: two labels are the same. */
typedef int (*odd_join_emit)(void *context, size_t row, odd_time time,
                             const odd_feature_value *values);
ODD_API odd_rc odd_join_run(odd_join *join, odd_join_emit emit, void *context);
ODD_API uint64_t odd_fold_bytes(const odd_fold *fold);    /* Of what is learnt.               */
ODD_API uint64_t odd_fold_findings(const odd_fold *fold); /* Ever made, by now.               */
/* Not while a shard steps.  ODD_FINDINGS _INCIDENTS _PATTERNS _SOURCES _SERIES _NOTES _MODELS
 * _MODEL_FEATURES _MODEL_DRIFT _MODEL_COURSE. */
ODD_API odd_rc odd_fold_query(odd_fold *fold, const odd_question *question, odd_rows **rows);

/* Rows for the lake, as chunks of tables (lib/event/table.h, doc/lake.md).  The first
 * ODD_TABLE_GROWING of them give what is new since the last call; the others are whole. */
typedef enum {
    ODD_TABLE_LOGS = 0,
    ODD_TABLE_SAMPLES,
    ODD_TABLE_COMMITS,
    ODD_TABLE_RATES,
    ODD_TABLE_PREDICTIONS,
    ODD_TABLE_OUTCOMES,
    ODD_TABLE_TEMPLATES,
    ODD_TABLE_PATTERNS,
    ODD_TABLE_FINDINGS,
    ODD_TABLE_INCIDENTS,
    ODD_TABLE_SOURCES,
    ODD_TABLE_COUNT,
    ODD_TABLE_GROWING = ODD_TABLE_TEMPLATES
} odd_table;
ODD_API odd_rc odd_fold_table(odd_fold *fold, odd_table table, const void **bytes, size_t *size);

/* All that the fold knows, and which files of the lake hold what is older, in one transaction;
 * from then on the journal up to the fold's position is not needed for a restart. */
ODD_API odd_rc odd_checkpoint(odd_fold *fold, odd_store *store, const char *const *lake_files,
                              size_t lake_file_count);
/* The same in two steps, so that the fold can learn on while files of the lake are written: first
 * all that it knows now, as bytes; one at a time.  Then that is recorded, on any thread, with the
 * story of a failure in odd_store_catalog_errmsg.  Closed, not while a shard steps and before the
 * fold; what was not recorded is part of the next one. */
ODD_API odd_rc odd_snapshot_take(odd_fold *fold, odd_snapshot **snapshot);
ODD_API odd_rc odd_snapshot_record(odd_snapshot *snapshot, odd_store *store,
                                   const char *const *lake_files, size_t lake_file_count);
ODD_API void   odd_snapshot_close(odd_snapshot *snapshot); /* NULL is a no-op. */
/* An empty fold becomes the newest one that is whole, at or before a position (0: any); feed it
 * what is behind odd_fold_position.  ODD_DONE: there is none; its position is then the one
 * before the first commit that the journal still has. */
ODD_API odd_rc odd_restore(odd_fold *fold, odd_store *store, uint64_t at_most);
/* Files of the journal that are behind a checkpoint go, but for the newest bytes_kept of them. */
ODD_API odd_rc odd_store_forget(odd_store *store, uint64_t bytes_kept);
/* Files of the lake that do not count any more, and those that do instead, in one transaction. */
ODD_API odd_rc odd_store_lake_replace(odd_store *store, const char *const *removed,
                                      size_t removed_count, const char *const *added,
                                      size_t added_count);

/* -- the lake -------------------------------------------------------------------------------------
 * For a process of its own, which may be ended at any time.  Loads DuckDB.  One process at a time
 * writes, tidies or goes back; any number of them ask. */

typedef struct {              /* Zero is the default in every field but path and library.     */
    const char *path;         /* Folder of the lake; it need not be there yet.                */
    const char *library;      /* libduckdb.so                                                 */
    uint64_t    memory_bytes_max; /* 0: 256 MiB.                                              */
    int         threads;      /* 0: 1.                                                        */
    uint64_t    row_count_max; /* Of an answer; 0: 10,000.                                    */
    int         position_given; /* Not 0: files with commits behind `position` are not seen, for
                                 their rows are among the hot ones.  ODD_BUSY: such a file holds
                                 older ones too; ask again with newer hot rows.                */
    uint64_t    position;
} odd_lake_options;

ODD_API odd_rc      odd_lake_open(const odd_lake_options *options, odd_lake **lake, char *problem,
                             size_t problem_size);
ODD_API void        odd_lake_close(odd_lake *lake);
/* The story of a failure; after ODD_OK and ODD_FULL what of the lake could not be read, or "". */
ODD_API const char *odd_lake_errmsg(const odd_lake *lake);
/* Rows that are not in the lake yet: bytes of that table, in a file that is mapped; a chunk at its
 * end that is not whole yet is passed over.  Those of tables that grow may come in two files. */
ODD_API odd_rc odd_lake_hot(odd_lake *lake, odd_table table, const char *file);
/* Hot rows of tables that grow, of commits up to `position`, become Parquet files, one for each day
 * and kind, synced; their names, relative to the lake, come back one a line.  When it fails, none
 * of them is in the lake. */
ODD_API odd_rc odd_lake_write(odd_lake *lake, uint64_t position, const char **files);
/* Before anything else of a start: files behind the position of the newest checkpoint go, since
 * their rows are in the journal still. */
ODD_API odd_rc odd_lake_back_to(odd_lake *lake, uint64_t position);
/* Small files of a day become one, but for those behind the position of the newest checkpoint; days
 * that ended before `oldest` go (0: none), and the oldest beyond bytes_max (0: no limit).  Every
 * file is compared with its checksum: a damaged one is set aside. */
ODD_API odd_rc odd_lake_tidy(odd_lake *lake, uint64_t position, odd_time now, odd_time oldest,
                             uint64_t bytes_max, const char **sentences);
/* One statement, read only, over the views logs samples patterns findings incidents sources.
 * ODD_FULL: there is an answer, but its rows are cut at row_count_max. */
ODD_API odd_rc odd_lake_query(odd_lake *lake, const char *sql, odd_rows **rows);
/* The exact lines of a source, in order, through `write` (false ends it).  Times: ODD_TIME_NONE for
 * no limit.  ODD_NOTFOUND: the lake has no line of it at any time. */
ODD_API odd_rc odd_lake_cat(odd_lake *lake, const char *source, odd_time since, odd_time until,
                            int (*write)(void *context, const char *line, size_t size),
                            void *context);

/* Commits behind `after`, up to a tick at `last` or soon behind it, for a replay: the events that
 * the fold was fed with, without attributes of records, keys and positions of readers.  Not ODD_OK
 * from `take` ends it and comes back; events are valid until it returns. */
typedef struct {
    uint64_t commits, torn;   /* Torn: not read to their end.                                 */
    uint64_t lines_missing, samples_missing; /* Their files are gone, or damaged.              */
} odd_lake_replayed;
typedef odd_rc (*odd_lake_take)(void *context, const odd_events *events, uint64_t position);
ODD_API odd_rc odd_lake_replay(odd_lake *lake, uint64_t after, uint64_t last, odd_lake_take take,
                               void *context, odd_lake_replayed *counts);
/* The first and the last commit that is there; 0: none is. */
ODD_API odd_rc odd_lake_span(odd_lake *lake, uint64_t *first, uint64_t *last);

/* -- Parquet --------------------------------------------------------------------------------------
 * A table in a Parquet file as CSV, for a process of its own: loads DuckDB (library:
 * libduckdb.so), and reads bytes of others.  memory_bytes_max: 0: 512 MiB. */

ODD_API odd_rc      odd_parquet_open(const char *library, uint64_t memory_bytes_max,
                                     odd_parquet **parquet, char *problem, size_t problem_size);
ODD_API void        odd_parquet_close(odd_parquet *parquet); /* NULL is a no-op. */
ODD_API const char *odd_parquet_errmsg(const odd_parquet *parquet);
typedef struct {
    const char *name, *type; /* "DOUBLE", "VARCHAR", "TIMESTAMP_NS" ...; NULL: guessed. */
} odd_parquet_column;
/* A CSV file with a header line becomes a Parquet file, its rows in their order. */
ODD_API odd_rc      odd_parquet_write(odd_parquet *parquet, const char *csv, const char *to,
                                 const odd_parquet_column *columns, size_t column_count);
/* The same of a table all of whose columns are known, with a letter for each: 'n' numbers,
 * 't' times in UTC, 's' texts. */
ODD_API odd_rc odd_parquet_write_kinds(odd_parquet *parquet, const char *csv, const char *kinds,
                                       const char *to);
/* The file `path` is written to the file or pipe `to`: a header line, then a line for each row;
 * times in UTC, without a zone unless the column has one; what is missing is an empty cell.
 * *left_out names the columns that are neither numbers, times nor text; "": none. */
ODD_API odd_rc      odd_parquet_csv(odd_parquet *parquet, const char *path, const char *to,
                               const char **left_out);

/* -- datasets and trained models -----------------------------------------------------------------
 * Files under a folder (that of a server, say): datasets/NAME/VERSION, models/NAME/VERSION.  A
 * version is the hash of what it holds, and is there whole or not at all.  Another process may use
 * the folder at the same time.  "NAME@VERSION" names one, a version may be shortened; "NAME" alone
 * is the newest dataset, or the champion (without one, the newest model).
 * Training loads XGBoost and liblinear at first use; answering needs neither. */

#define ODD_VERSION_SIZE 17 /* 16 hexadecimal digits. */

ODD_API odd_rc      odd_registry_open(const char *path, odd_registry **registry);
ODD_API void        odd_registry_close(odd_registry *registry); /* NULL is a no-op. */
ODD_API const char *odd_registry_errmsg(const odd_registry *registry);

/* A table in text (CSV): a line of names, then rows; any number of calls, then what is done with
 * it, after which the next one begins. */
ODD_API odd_rc odd_registry_put(odd_registry *registry, const void *bytes, size_t size);

typedef struct {              /* Zero is the default in every field but name and now.         */
    const char *name;
    const char *source, *note; /* Where it comes from, and what a person says of it.           */
    const char *keys;         /* Columns that tell rows apart, with commas: no two are alike.  */
    odd_time    now;
} odd_freezing;
/* What was put becomes a version.  ODD_EXISTS: it is there already, and is named.  ODD_RANGE: two
 * rows have the same keys. */
ODD_API odd_rc odd_registry_freeze(odd_registry *registry, const odd_freezing *freezing,
                                   char version[ODD_VERSION_SIZE]);

typedef enum {
    ODD_DATASETS = 1,         /* name, version, rows, columns, made, source, note, latest      */
    ODD_DATASET_COLUMNS,      /* column, kind, missing, distinct, lowest, highest, mean, deviation,
                                 median, most (the commonest text), most_rows                  */
    ODD_TRAINED,              /* name, version, state (champion candidate archived), origin
                                 (trained imported), task, target, dataset, beats, made        */
    ODD_CARD,                 /* part, name, value, lower, upper, text                         */
    ODD_AUDIT                 /* time, verb, version, before, author, reason                   */
} odd_registry_view;
/* name: of what; NULL: all datasets, all models. */
ODD_API odd_rc odd_registry_query(odd_registry *registry, odd_registry_view view, const char *name,
                                  odd_rows **rows);

/* The canonical text of a dataset through `write` (0 ends it); the manifest of one, in JSON, valid
 * until the next call. */
typedef int (*odd_registry_write)(void *context, const void *bytes, size_t size);
ODD_API odd_rc odd_dataset_csv(odd_registry *registry, const char *name, odd_registry_write write,
                               void *context);
ODD_API odd_rc odd_dataset_manifest(odd_registry *registry, const char *name, const char **json);
/* ODD_CORRUPT: its bytes are not those that were frozen. */
ODD_API odd_rc odd_dataset_verify(odd_registry *registry, const char *name);

typedef struct {              /* Zero is the default in every field but the first two.         */
    const char *dataset;
    const char *name;         /* Of the model.                                                 */
    const char *target, *time; /* Columns; time: the first of times.                           */
    const char *left_out, *segments, *protected_ones; /* Columns, with commas.                 */
    const char *task;         /* classification, regression, anomaly; NULL: by the target.     */
    double      budget;       /* Units of work; 0: 3000.                                       */
    uint64_t    gap_rows, seed;
    const char *author;
    odd_time    now;          /* Rows that are later are left out.                             */
} odd_training;
/* ODD_EXISTS: these very bytes are there already, and are named. */
ODD_API odd_rc odd_registry_train(odd_registry *registry, const odd_training *training,
                                  char version[ODD_VERSION_SIZE]);
/* Trains it again by its manifest.  ODD_CORRUPT: other bytes came out. */
ODD_API odd_rc odd_registry_retrain(odd_registry *registry, const char *model);

typedef struct {
    const char *model, *author, *reason;
    odd_time    now;
    int         by_force;     /* Also if it beats no baselines, or features have gone.         */
    int       (*has_feature)(void *context, const char *name); /* NULL: that is not asked.     */
    void       *context;
} odd_promotion;
/* It becomes the champion.  ODD_RANGE: it does not beat the baselines, wants columns that the
 * newest version of its dataset does not have, or features that there are not.  Back: the champion
 * before becomes it again. */
ODD_API odd_rc odd_registry_promote(odd_registry *registry, const odd_promotion *promotion);
ODD_API odd_rc odd_registry_back(odd_registry *registry, const odd_promotion *promotion);

/* A model of other people, XGBoost's JSON or UBJSON, or one that was written by export. */
ODD_API odd_rc odd_registry_import(odd_registry *registry, const char *name, const void *bytes,
                                   size_t size, const char *author, odd_time now,
                                   char version[ODD_VERSION_SIZE]);
ODD_API odd_rc odd_registry_export(odd_registry *registry, const char *model,
                                   odd_registry_write write, void *context);

/* The registry may be closed before it.  Any number of threads may ask. */
ODD_API odd_rc odd_predictor_open(odd_registry *registry, const char *model,
                                  odd_predictor **predictor);
ODD_API void   odd_predictor_close(odd_predictor *predictor); /* NULL is a no-op. */
ODD_API const char *odd_predictor_name(const odd_predictor *predictor);
ODD_API const char *odd_predictor_version(const odd_predictor *predictor);
ODD_API const char *odd_predictor_task(const odd_predictor *predictor);
ODD_API size_t odd_predictor_columns(const odd_predictor *predictor);
ODD_API const char *odd_predictor_column(const odd_predictor *predictor, size_t column);
/* 'n' a number, 's' a text, 't' a time. */
ODD_API char   odd_predictor_kind(const odd_predictor *predictor, size_t column);
ODD_API size_t odd_predictor_classes(const odd_predictor *predictor); /* 0: it says numbers. */
ODD_API const char *odd_predictor_class(const odd_predictor *predictor, size_t number);

typedef struct {              /* A cell of a row, of the kind of its column.                   */
    double      number;       /* NaN: missing.                                                 */
    const char *text;         /* NULL: missing.                                                */
    odd_time    time;         /* ODD_TIME_NONE: missing.                                       */
} odd_predictor_cell;
/* One row.  values, of ODD_PREDICTOR_VALUES: a chance for each class; or the number, and how far it
 * may be off in nine of ten rows; or the score and the surprise of an anomaly. */
#define ODD_PREDICTOR_VALUES 100
ODD_API void odd_predictor_say(const odd_predictor *predictor, const odd_predictor_cell *cells,
                               double values[ODD_PREDICTOR_VALUES]);
/* The newest rows of the dataset that it was trained from, with what it says of them and what came
 * true, as reference rows of that model and version.  ODD_DONE: it was imported, there is none. */
ODD_API odd_rc odd_registry_reference(odd_registry *registry, const odd_predictor *predictor,
                                      odd_events *events);
/* The rows of the table that was put: row, prediction, probability, lower, upper, surprise. */
ODD_API odd_rc odd_registry_predict(odd_registry *registry, const odd_predictor *predictor,
                                    odd_rows **rows);

#ifdef __cplusplus
}
#endif
#endif
