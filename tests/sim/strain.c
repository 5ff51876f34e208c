/* SPDX-License-Identifier: Apache-2.0 */
#include "strain.h"

#define DOWN_MINUTES 2
#define LEAK_KILLED_PART 0.96 /* Of its time, when it is killed. */
#define PATIENCE 4.0        /* Times what is usual; then it is told that somebody is slow. */
#define SHARE_OF_A_CALL 0.6 /* Of requests of a caller that need the called one. */

static void deploy(Strain *s, const Fault *f)
{
    double share = 0.12 + 0.3 * f->size;
    s->errors[f->service] += share;
    s->latency_ms[f->service] *= 1.2 + f->size;
    s->troubles[f->service][TROUBLE_BUG] = share * company_services[f->service].requests / 3;
}

int strain_killed(const Fault *leak)
{
    return leak->first + (int)(LEAK_KILLED_PART * (leak->last - leak->first));
}

static void leak(Strain *s, const Fault *f, int minute)
{
    double part = fault_part(f, minute) / LEAK_KILLED_PART;
    int killed = strain_killed(f);
    if (minute < killed) {
        s->leaked_mb[f->service] = part * (2200 + 1500 * f->size);
        if (part > 0.9) {
            s->latency_ms[f->service] *= 1 + 20 * (part - 0.9);
            s->troubles[f->service][TROUBLE_COLLECTING] = 2;
        }
    } else if (minute < killed + DOWN_MINUTES) {
        s->is_down[f->service] = true;
    }
}

static void disk(Strain *s, const Fault *f, int minute)
{
    double part = fault_part(f, minute) / DISK_FULL_PART;
    s->filled[f->host] = part < 1 ? part : 1;
    if (part < 1)
        return;
    s->errors[f->service] += 0.4 + 0.4 * f->size;
    s->troubles[f->service][TROUBLE_SPACE] = 6 + 10 * f->size;
}

static void slow(Strain *s, const Fault *f)
{
    s->latency_ms[f->service] *= 8 + 20 * f->size;
    s->errors[f->service] += 0.03;
    s->waits_for_disk[f->host] = 0.3 + 0.3 * f->size;
    s->troubles[f->service][TROUBLE_STATEMENT] = 5 + 10 * f->size;
}

static void guessing(Strain *s, const Fault *f)
{
    double lines = 20 + 60 * f->size;
    if (f->service < 0)
        s->guesses[f->host] = lines;
    else
        s->troubles[f->service][TROUBLE_PASSWORD] = lines;
}

static void certificate(Strain *s, const Fault *f)
{
    s->requests[f->service] *= 0.03; /* Old connections live on. */
}

static void put_fault(Strain *s, const Fault *f, int minute)
{
    static const double jumps_s[] = {7200, -3600};
    switch (f->sort) {
    case FAULT_DEPLOY:
        deploy(s, f);
        break;
    case FAULT_LEAK:
        leak(s, f, minute);
        break;
    case FAULT_DISK:
        disk(s, f, minute);
        break;
    case FAULT_SLOW:
        slow(s, f);
        break;
    case FAULT_SILENT:
        if (f->service >= 0)
            s->lines_silent[f->service] = true;
        else
            s->samples_silent[f->host] = true;
        break;
    case FAULT_GUESSING:
        guessing(s, f);
        break;
    case FAULT_DRIFT:
        s->unit = f->variant ? 100 : 0.01;
        break;
    case FAULT_CERTIFICATE:
        certificate(s, f);
        break;
    case FAULT_CLOCK:
        s->clock_s[f->host] = jumps_s[f->variant];
        break;
    case FAULT_COUNT:
        break;
    }
}

/* What a caller writes of the one it calls. */
static void complain(Strain *s, int caller, int called, bool is_refused_by_certificate)
{
    double calls = company_services[caller].requests * SHARE_OF_A_CALL / 4;
    calls = calls > 20 ? 20 : calls;
    if (is_refused_by_certificate)
        s->troubles[caller][TROUBLE_CERTIFICATE] += calls;
    else if (s->is_down[called])
        s->troubles[caller][TROUBLE_REFUSED] += calls;
    else if (s->latency_ms[called] > PATIENCE * s->usual_ms[called])
        s->troubles[caller][TROUBLE_TIMEOUT] += calls / 4;
}

/* Those that are called stand before those that call. */
static void spread(Strain *s, bool by_certificate)
{
    for (int caller = 0; caller < SERVICE_COUNT; caller++)
        for (int called = 0; called < caller; called++) {
            if (!(company_services[caller].calls & 1u << called))
                continue;
            s->usual_ms[caller] += SHARE_OF_A_CALL * s->usual_ms[called];
            bool is_closed = by_certificate && called == s->cause;
            double failing = s->is_down[called] || is_closed ? 0.95 : s->errors[called];
            s->errors[caller] += (1 - s->errors[caller]) * SHARE_OF_A_CALL * failing;
            if (!is_closed && !s->is_down[called])
                s->latency_ms[caller] += SHARE_OF_A_CALL * s->latency_ms[called];
            complain(s, caller, called, is_closed);
        }
}

Strain strain_at(const Fault *faults, int minute)
{
    Strain strain = {.unit = 1, .cause = -1};
    bool by_certificate = false;
    for (int i = 0; i < SERVICE_COUNT; i++) {
        strain.usual_ms[i] = strain.latency_ms[i] = company_services[i].latency_ms;
        strain.errors[i] = 0.002;
        strain.requests[i] = 1;
    }
    for (int i = 0; i < FAULT_COUNT; i++)
        if (minute >= faults[i].first && minute < faults[i].last) {
            put_fault(&strain, &faults[i], minute);
            strain.cause = faults[i].service;
            by_certificate |= faults[i].sort == FAULT_CERTIFICATE;
        }
    spread(&strain, by_certificate);
    return strain;
}
