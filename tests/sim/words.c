/* SPDX-License-Identifier: Apache-2.0 */
#include "words.h"

#include <stdarg.h>
#include <stdio.h>

static Words say(int level, const char *format, ...) __attribute__((format(printf, 2, 3)));

static Words say(int level, const char *format, ...)
{
    Words words = {.level = level};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words.text, sizeof words.text, format, arguments);
    va_end(arguments);
    return words;
}

static Words database(int turn, Dice *d)
{
    static const char *const tables[] = {"orders", "baskets", "users", "items"};
    const char *table = tables[dice_below(d, 4)];
    if (turn < 55)
        return say(SAYS_INFO,
                   "connection authorized: user=shop database=shop application_name=pool-%d",
                   dice_below(d, 20));
    if (turn < 75)
        return say(
            SAYS_INFO, "checkpoint complete: wrote %d buffers; write=%d.%03d s, sync=0.%03d s",
            200 + dice_below(d, 3000), dice_below(d, 200), dice_below(d, 1000), dice_below(d, 100));
    if (turn < 92)
        return say(SAYS_INFO, "automatic analyze of table \"shop.public.%s\" took %d ms", table,
                   20 + dice_below(d, 400));
    return say(SAYS_INFO, "duration: %d.%03d ms  statement: SELECT * FROM %s WHERE id = %d",
               250 + dice_below(d, 300), dice_below(d, 1000), table, dice_below(d, 90000));
}

static Words checkout(int turn, Dice *d)
{
    if (turn < 40)
        return say(SAYS_INFO, "order %d placed by user-%d: %d items, %d.%02d EUR",
                   100000 + dice_below(d, 900000), dice_below(d, 5000), 1 + dice_below(d, 6),
                   10 + dice_below(d, 90), dice_below(d, 100));
    if (turn < 80)
        return say(SAYS_INFO, "basket %d of user-%d updated", dice_below(d, 100000),
                   dice_below(d, 5000));
    if (turn < 97)
        return say(SAYS_INFO, "payment of order %d authorised in %d ms",
                   100000 + dice_below(d, 900000), 90 + dice_below(d, 120));
    return say(SAYS_WARNING, "basket %d has an item that is sold out", dice_below(d, 100000));
}

static Words catalog(int turn, Dice *d)
{
    static const char *const words[] = {"lamp", "chair", "desk", "sofa", "rug", "shelf"};
    if (turn < 45)
        return say(SAYS_INFO, "search for '%s' gave %d items in %d ms", words[dice_below(d, 6)],
                   dice_below(d, 80), 6 + dice_below(d, 30));
    if (turn < 90)
        return say(SAYS_INFO, "item %d viewed", dice_below(d, 20000));
    if (turn < 98)
        return say(SAYS_INFO, "cache refreshed: %d entries in %d ms", 3000 + dice_below(d, 900),
                   20 + dice_below(d, 60));
    return say(SAYS_WARNING, "item %d has no picture", dice_below(d, 20000));
}

static Words payments(int turn, Dice *d)
{
    if (turn < 70)
        return say(SAYS_INFO, "authorised %d.%02d EUR, reference %08x", 10 + dice_below(d, 90),
                   dice_below(d, 100), (unsigned)dice_throw(d));
    if (turn < 90)
        return say(SAYS_INFO, "captured reference %08x", (unsigned)dice_throw(d));
    if (turn < 98)
        return say(SAYS_INFO, "settlement %d sent: %d payments", dice_below(d, 10000),
                   20 + dice_below(d, 60));
    return say(SAYS_WARNING, "card declined for reference %08x", (unsigned)dice_throw(d));
}

static Words accounts(int turn, Dice *d)
{
    if (turn < 55)
        return say(SAYS_INFO, "user-%d signed in from 192.0.2.%d", dice_below(d, 5000),
                   1 + dice_below(d, 250));
    if (turn < 95)
        return say(SAYS_INFO, "session of user-%d renewed", dice_below(d, 5000));
    return say(SAYS_WARNING, "wrong password for user-%d from 192.0.2.%d", dice_below(d, 5000),
               1 + dice_below(d, 250));
}

static Words features(int turn, Dice *d)
{
    if (turn < 85)
        return say(SAYS_INFO, "served 4 features of user-%d in %d ms", dice_below(d, 5000),
                   3 + dice_below(d, 9));
    return say(SAYS_INFO, "window recomputed: %d users in %d ms", 1000 + dice_below(d, 900),
               300 + dice_below(d, 500));
}

Words words_usual(int service, Dice *dice)
{
    int turn = dice_below(dice, 100);
    switch (service) {
    case ORDERS_DB:
        return database(turn, dice);
    case SHOPPER_STATS:
        return features(turn, dice);
    case SCORING:
        return say(SAYS_INFO, "scored order %d: 0.%03d in %d ms", 100000 + dice_below(dice, 900000),
                   dice_below(dice, 600), 5 + dice_below(dice, 12));
    case PAYMENTS:
        return payments(turn, dice);
    case CHECKOUT:
        return checkout(turn, dice);
    case CATALOG:
        return catalog(turn, dice);
    default:
        return accounts(turn, dice);
    }
}

static Words of_bug(int bug, Dice *d)
{
    if (bug == 0)
        return say(SAYS_ERROR,
                   "NullPointerException in DiscountRule.apply(DiscountRule.java:88) "
                   "for user-%d",
                   dice_below(d, 5000));
    if (bug == 1)
        return say(SAYS_ERROR, "request %08x failed: cannot read field 'currency' of undefined",
                   (unsigned)dice_throw(d));
    return say(SAYS_WARNING, "falling back to defaults for user-%d: unknown flag 'new-flow'",
               dice_below(d, 5000));
}

Words words_trouble(int service, Trouble trouble, int cause, int bug, Dice *d)
{
    const char *other = cause >= 0 ? company_services[cause].name : "";
    switch (trouble) {
    case TROUBLE_BUG:
        return of_bug(bug, d);
    case TROUBLE_REFUSED:
        return say(SAYS_ERROR, "call to %s failed: connection refused", other);
    case TROUBLE_TIMEOUT:
        return say(SAYS_WARNING, "still waiting for %s after %d ms", other,
                   2000 + dice_below(d, 3000));
    case TROUBLE_CERTIFICATE:
        return say(SAYS_ERROR,
                   "call to https://%s.shop.internal failed: x509: certificate has "
                   "expired or is not yet valid",
                   other);
    case TROUBLE_SPACE:
        return service == ORDERS_DB
                   ? say(SAYS_ERROR,
                         "could not extend file \"base/16384/%d\": No space left on "
                         "device",
                         2000 + dice_below(d, 900))
                   : say(SAYS_ERROR, "cannot write /var/lib/%s/spool/%08x: No space left on device",
                         company_services[service].name, (unsigned)dice_throw(d));
    case TROUBLE_COLLECTING:
        return say(SAYS_WARNING, "full collection took %d ms, heap is %d %% full",
                   900 + dice_below(d, 2000), 93 + dice_below(d, 7));
    case TROUBLE_PASSWORD:
        return say(SAYS_WARNING, "wrong password for user-%d from 198.51.100.%d",
                   dice_below(d, 5000), 20 + bug);
    case TROUBLE_STATEMENT:
    case TROUBLE_COUNT:
        break;
    }
    return say(
        SAYS_INFO, "duration: %d.%03d ms  statement: UPDATE orders SET state = %d WHERE id = %d",
        2000 + dice_below(d, 5000), dice_below(d, 1000), dice_below(d, 6), dice_below(d, 90000));
}

Words words_access(bool has_failed, double latency_ms, Dice *d)
{
    static const char *const paths[] = {"/", "/search", "/basket", "/item", "/login", "/order"};
    int path = dice_below(d, 6);
    double ms = latency_ms * (0.4 + dice_share(d));
    return say(SAYS_INFO, "192.0.2.%d \"GET %s?id=%d HTTP/1.1\" %d %d %d.%03d",
               1 + dice_below(d, 250), paths[path], dice_below(d, 20000), has_failed ? 502 : 200,
               has_failed ? 157 : 900 + dice_below(d, 30000), (int)(ms / 1000), (int)ms % 1000);
}
