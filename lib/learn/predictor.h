/* SPDX-License-Identifier: Apache-2.0
 *
 * predictor.h - a trained thing: its inputs, its members, what their probabilities are worth.
 *
 * A row's slots go to each member; what they say is blended by their weights, then calibrated.
 *
 * SHAPE      A row costs O(slots x members + trees x depth).
 * OWNERSHIP  predictor_open to predictor_close; bytes of a file are borrowed for the call.
 * ERRORS     predictor_load: ODD_CORRUPT for bytes that are cut short, altered or lead outside of
 *            their arrays; ODD_VERSION for those of a newer format.
 * EXACTNESS  The same predictor gives the same bytes, and these the same answers.
 */
#ifndef LEARN_PREDICTOR_H
#define LEARN_PREDICTOR_H
#include "learn/encoder.h"
#include "learn/forest.h"

#define PREDICTOR_MEMBERS_MAX 4
#define PREDICTOR_CLASSES_MAX 100
#define PREDICTOR_CURVE_MAX 256
#define PREDICTOR_SLOTS_MAX 20000

typedef enum { TASK_CLASSES = 0, TASK_NUMBER, TASK_ANOMALY } PredictorTask;
typedef enum { MEMBER_LINEAR = 0, MEMBER_FOREST } MemberKind;
typedef enum {
    LINK_NONE = 0,
    LINK_LOGISTIC,    /* One output: the chance of the second of two classes. */
    LINK_SOFTMAX,
    LINK_ONE_VS_REST, /* Logistic ones that are divided by their sum. */
    LINK_EXP,
    LINK_DEPTH        /* Mean depth in isolation trees: the shallower, the odder. */
} Link;
typedef enum {
    CALIBRATION_NONE = 0,
    CALIBRATION_CURVE, /* Points, straight lines between them. */
    CALIBRATION_PLATT, /* Logistic of slope times log odds plus shift. */
    CALIBRATION_TEMPERATURE
} CalibrationKind;

typedef struct {
    uint8_t kind, link; /* MemberKind, Link */
    uint8_t unused[6];
    double  weight;
    double  depth;      /* DEPTH: what is usual. */
    size_t  outputs, slots; /* LINEAR */
    double *weights;    /* LINEAR: (outputs, slots + 1), the last one is the shift. */
    double *centres, *scales; /* (slots); what is missing counts as the centre. */
    Forest  forest;
} Member;

typedef struct {
    Mem    *mem;
    uint8_t task, calibration; /* PredictorTask, CalibrationKind */
    uint8_t unused[6];
    Names   words; /* The target's name, then the classes, in order. */
    Encoder encoder;
    Member  members[PREDICTOR_MEMBERS_MAX];
    size_t  member_count;
    double  slope, shift; /* PLATT; TEMPERATURE has a slope alone. */
    double  curve[2][PREDICTOR_CURVE_MAX]; /* x ascending, and y. */
    size_t  curve_count;
} Predictor;

/* Words are kept behind a letter that says what they are, as a class may be called as the target
 * is.  False: no memory. */
#define WORD_TARGET '='
#define WORD_CLASS '.'
bool predictor_word(Names *words, char mark, Str text);
Str  predictor_word_text(const Names *words, uint32_t number);

void   predictor_open(Predictor *predictor, Mem *mem);
void   predictor_close(Predictor *predictor);
const char *predictor_task_word(PredictorTask task); /* "classification" ... */
size_t predictor_outputs(const Predictor *predictor); /* Classes; else 1. */
Str    predictor_class(const Predictor *predictor, size_t k);
Str    predictor_target(const Predictor *predictor);

/* Room for a linear member; false: no memory. */
bool member_linear(Mem *mem, Member *member, size_t outputs, size_t slots);
void member_close(Mem *mem, Member *member);

/* What one member says of a row's slots: ret is (outputs). */
void member_say(const Member *member, PredictorTask task, size_t outputs, const float *slots,
                double *ret);
/* All together, before it is calibrated; and calibrated.  ANOMALY: a score, and a surprise. */
void predictor_blend(const Predictor *predictor, const float *slots, double *ret);
void predictor_calibrate(const Predictor *predictor, double *values);
void predictor_say(const Predictor *predictor, const float *slots, double *ret);

/* The most likely class. */
size_t predictor_best(const double *values, size_t outputs);

void   predictor_save(const Predictor *predictor, ImageOut *out);
odd_rc predictor_load(Predictor *predictor, Str bytes, Problem *problem); /* Into an open one. */

#endif
