/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api.h"

#include "api/hub.h"

static void tell(void *context, const char *finding_json)
{
    hub_tell(context, "finding", finding_json);
}

bool api_open(ApiContext *api)
{
    api->hub = hub_open();
    if (api->hub != NULL && (api->live == NULL || live_listen(api->live, tell, api->hub)))
        return true;
    api_close(api);
    return false;
}

void api_close(ApiContext *api)
{
    hub_close(api->hub);
    api->hub = NULL;
}
