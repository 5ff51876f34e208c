/* SPDX-License-Identifier: Apache-2.0 */
#include "company.h"

#define CALLS(service) (1u << (service))

const char *const company_hosts[HOST_COUNT] = {"edge-1", "app-1", "app-2", "db-1", "ml-1"};

const Service company_services[SERVICE_COUNT] = {
    [ORDERS_DB] = {"orders-db", "16.4", DB_1, 420, 4, 2100, 4, 0},
    [SHOPPER_STATS] = {"shopper-stats", "3.7", ML_1, 25, 9, 640, 5, CALLS(ORDERS_DB)},
    [SCORING] = {"scoring", "7.0", ML_1, 20, 14, 900, 5, CALLS(SHOPPER_STATS)},
    [PAYMENTS] = {"payments", "2.31", APP_1, 20, 120, 520, 6, 0},
    [CHECKOUT] = {"checkout", "5.12", APP_1, 90, 22, 700, 10,
                  CALLS(PAYMENTS) | CALLS(ORDERS_DB) | CALLS(SCORING)},
    [CATALOG] = {"catalog", "4.2", APP_2, 240, 16, 800, 10, CALLS(ORDERS_DB)},
    [ACCOUNTS] = {"accounts", "1.19", APP_2, 60, 12, 450, 8, CALLS(ORDERS_DB)},
    [GATEWAY] = {"gateway", "1.26", EDGE_1, 390, 3, 180, 20,
                 CALLS(CHECKOUT) | CALLS(CATALOG) | CALLS(ACCOUNTS)},
};

bool company_depends(int caller, int called)
{
    if (company_services[caller].calls & CALLS(called))
        return true;
    for (int next = 0; next < caller; next++)
        if ((company_services[caller].calls & CALLS(next)) && company_depends(next, called))
            return true;
    return false;
}

double company_load(odd_time time)
{
    /* By hour, from midnight on, and between them along a line. */
    static const double hours[25] = {.28, .2,  .16, .14, .14, .18, .28, .45, .65, .8, .9,  .97, 1,
                                     .98, .95, .93, .93, .96, 1,   1.05, 1.08, .98, .75, .48, .28};
    static const double days[7] = {1, 1, .98, 1.02, 1.06, .82, .74}; /* From Monday on. */
    int64_t minutes = time / MINUTE_NS, of_day = minutes % DAY_MINUTES;
    double  part = (double)(of_day % 60) / 60;
    int64_t day = (minutes / DAY_MINUTES + 3) % 7; /* 1970 began on a Thursday. */
    double  hour = hours[of_day / 60] * (1 - part) + hours[of_day / 60 + 1] * part;
    return hour * days[day];
}
