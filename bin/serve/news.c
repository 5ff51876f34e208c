/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/news.h"

bool news_has(const News *news, odd_time last_time, bool resolved, odd_time known)
{
    if (last_time == ODD_TIME_NONE || (resolved && !news->is_first))
        return true;
    bool is_late = known != ODD_TIME_NONE && known < news->started;
    odd_time from = is_late ? known : news->started;
    return last_time >= from - NEWS_SPAN_S * 1000000000LL;
}
